"""What Python loads before the first cell is answered and the first button has done its work."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings
import xlwings as xw

from tests.files import workbook
from tierxl.excel import start

HEAVY = {"lxml", "numpy", "openpyxl", "pandas", "pyarrow", "pyopenvba"}

SCRIPT = """
import gc, json, sys
import tierxl.excel.start
from tierxl.excel.udfs import TIER_RATING, TIER_TABLE
clients = [["Client", "Revenue"], ["Abel", 5.0]]
answers = [TIER_RATING("High", "Low", "High", "Medium", "Low"), TIER_TABLE(clients, "Tier")]
loaded = set(sys.modules)
from tierxl.excel import macros
waits_for = sorted(set(sys.modules) - loaded)
from tierxl.excel import transfer
writes_with = sorted(set(sys.modules) - loaded)

from datetime import date
from tests import fake_excel
from tierxl.excel.open_workbook import WorkbookInExcel
from tierxl.use_cases import commands
from tierxl.method.progress import silent
book = fake_excel.App().books.open(sys.argv[1])
message = commands.grade_clients(WorkbookInExcel(book), date(2026, 11, 1), silent)
by_button = sorted(set(sys.modules) - loaded)

import numpy, pandas, polars
known = polars.Series(numpy.array([1.0])).to_pandas().tolist()
found = answers, sorted(loaded), message, waits_for, writes_with, by_button, known, gc.isenabled()
json.dump(found, sys.stdout)
"""


pytestmark = pytest.mark.long  # each is a process of its own


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    path = workbook(tmp_path_factory.mktemp("start") / "clients.xlsx")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)], cwd=Path(__file__).parents[2],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_formula_waits_for_no_library_that_only_files_and_frames_need(process: list[Any]):
    answers, loaded, *_ = process
    assert answers == ["A", [["Tier"], ["A"]]]
    assert HEAVY & set(loaded) == set()
    for_others = (
        "tierxl.doctor",
        "tierxl.formulas",
        "tierxl.sheets.graded_workbook",
        "tierxl.template",
        "tierxl.workbooks",
    )
    assert not [name for name in loaded if name.startswith(for_others)]


def test_a_button_waits_for_no_library_that_only_files_need_until_it_writes(process: list[Any]):
    waits_for = set(process[3])
    assert "tierxl.use_cases.open_workbook" in waits_for
    assert (HEAVY | {"filelock", "python_calamine"}) & waits_for == set()
    assert not [name for name in waits_for if name.startswith(("tierxl.workbooks.ooxml", "tierxl.doctor"))]


def test_a_button_that_writes_waits_for_openpyxl_and_what_openpyxl_needs_alone(process: list[Any]):
    writes_with = set(process[4])
    assert HEAVY & writes_with == {"lxml", "openpyxl"}
    assert {"PIL.Image", "filelock", "python_calamine"} & writes_with == set()
    assert not [name for name in writes_with if name.startswith(("tierxl.doctor", "tierxl.template"))]


def test_what_xlwings_takes_along_wherever_it_is_stays_away(process: list[Any]):
    _, loaded, _, waits_for, *_ = process
    assert {"PIL", "cryptography", "matplotlib", "plotly"} & {*loaded, *waits_for} == set()


def test_on_a_mac_the_script_of_xlwings_starts_a_python_without_pandas_as_well(tmp_path: Path):
    """Python runs the line of a .pth file before the command that it was started for."""
    line = files("tierxl.excel").joinpath("tierxl.pth").read_text(encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(line, encoding="utf-8")
    script = (Path(xw.__file__).parent / f"xlwings-{xw.__version__}.applescript").read_text(encoding="utf-8")
    begins = re.search(r'-B -u -W ignore -c \\"(import xlwings\.utils;)', script)
    assert begins

    def loaded(command: str) -> str:
        path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
        process = [sys.executable, "-B", "-u", "-W", "ignore", "-c", command]
        return subprocess.check_output(process, text=True, env=os.environ | {"PYTHONPATH": path})

    assert loaded(f"{begins[1]}import sys;print('pandas' in sys.modules, 'tierxl' in sys.modules)") == "False True\n"
    assert loaded("import sys;print('tierxl' in sys.modules)") == "False\n"


def test_a_button_grades_without_pandas_and_without_what_only_builds_templates(process: list[Any]):
    _, _, message, _, _, loaded, *_ = process
    assert message.startswith("3 clients: 1 A, 0 B, 2 C")
    assert {"pandas", "pyarrow", "pyopenvba"} & set(loaded) == set()


def test_pandas_and_numpy_are_there_for_whoever_asks_for_them_later(process: list[Any]):
    assert process[-2] == [1.0]


def test_garbage_is_looked_for_once_all_is_loaded(process: list[Any]):
    assert process[-1] is True


def test_a_sheet_whose_name_ends_in_py_asks_nobody_for_a_licence_of_xlwings():
    """In the workbook of the first formula, which the add-in does not choose, xlwings would look for code."""
    asked: list[object] = []
    udfs = SimpleNamespace(get_udf_module=lambda name, workbook: asked.append((name, workbook)))
    start.without_code_in_sheets(udfs)
    udfs.get_udf_module("tierxl.excel.udfs", "a workbook")
    assert asked == [("tierxl.excel.udfs", None)]
    called = (Path(xlwings.__file__).parent / "udfs.py").read_text(encoding="utf-8")
    assert "    module = get_udf_module(module_name, this_workbook)\n" in called
