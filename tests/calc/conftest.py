"""One LibreOffice for the tests of a module."""

import shutil
from collections.abc import Iterator

import pytest

from tests.calc.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.terminate()
