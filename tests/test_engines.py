"""Opening an engine."""

import sys

import pytest

from tierxl.engines import opened
from tierxl.method.issues import CannotGrade


def test_without_pyspark_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "tierxl.engines.spark", raising=False)
    for module in [name for name in sys.modules if name.partition(".")[0] == "pyspark"] or ["pyspark"]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(CannotGrade, match=r"not installed: run pip install 'tierxl\[spark\]'"), opened("spark"):
        pass
