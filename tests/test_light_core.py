"""The method, its sheets and the worksheet functions run where there is little, as in a browser."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

LIBRARIES = {
    "annotated_types",
    "narwhals",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}
ENGINES = {
    "polars": {"polars", "_polars_runtime_32"},
    "pandas": {"pandas", "numpy", "dateutil", "six", "pytz", "tzdata"},
}
SCRIPT = """
import importlib, json, os, sys, threading
from importlib.abc import MetaPathFinder

of_python = set(sys.modules)

allowed = set(sys.argv[1].split())
class Nothing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in allowed | sys.stdlib_module_names and not top.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
sys.modules["pyarrow"] = None  # pandas asks for it
for other in {"polars", "pandas"} - allowed:
    sys.modules[other] = None

def no_thread(self):
    raise RuntimeError("can't start new thread")
threading.Thread.start = no_thread
def audit(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(arguments[0])
sys.addaudithook(audit)

from datetime import date
from tierxl.functions import FUNCTIONS
from tierxl.method.engine import ENGINE
from tierxl.method.policy import Policy
from tierxl.method.rating import grading
grading.MANY = 2
from tierxl.functions.graded_range import graded_range
from tierxl.method.plan.portfolio import portfolio
from tierxl.sheets import history
from tierxl.sheets.graded_workbook import own_sheets

sys.platform = "emscripten"
day, policy = date(2026, 11, 1), Policy()
clients = [
    ["Client", "Revenue", "Wallet share", "Account manager", "Challenging"],
    ["Abel", 900.0, "80 %", "Priya", "yes"],
    ["Bea", 300.0, 0.4, "Priya", "no"],
    ["Cy", 100.0, None, "Sam", "no"],
]
answers = [FUNCTIONS[name](policy, day, clients, *more) for name, *more in (
    ("TIER_TABLE", "Tier"), ("TIER_WHY", "Bea"), ("SHOULD_TIER",),
)] + [FUNCTIONS["TIER_RATING"](policy, day, "High", "Low", "High", "Medium", "Low")]
import tierxl
frame = importlib.import_module(ENGINE).DataFrame({"Client": ["Abel", "Bea"], "Revenue": [9.0, 3.0]})
answers.append(tierxl.grade(frame, as_of=day).frame["Tier"].to_list())
result = graded_range(clients, policy, day).grading
sheets = own_sheets(result, portfolio(result), result.issues, history.Past(), [], frozenset())
cells = [
    [[cell.value for cell in sheet.cells], [list(line) for table in sheet.tables for line in table.rows]]
    for sheet in sheets
]

import importlib.metadata
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
loaded = {name.partition(".")[0] for name, module in sys.modules.items() if module and name not in of_python}
third = loaded & {name for name in importlib.metadata.packages_distributions()} - {"tierxl"}
json.dump([answers, sorted(third), cells], sys.stdout, default=str)
"""


def graded_with(engine: str) -> list[Any]:
    allowed = " ".join({"tierxl"} | LIBRARIES | ENGINES[engine])
    process = [sys.executable, "-c", SCRIPT, allowed]
    done = subprocess.run(process, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def with_polars() -> list[Any]:
    return graded_with("polars")


def test_a_grading_imports_narwhals_polars_and_pydantic_and_nothing_else(with_polars: list[Any]):
    assert set(with_polars[1]) == LIBRARIES | ENGINES["polars"]


def test_it_starts_no_threads_and_writes_no_files_where_there_are_none(with_polars: list[Any]):
    tiers, why, advice, rating, of_frame = with_polars[0]
    assert tiers == [["Tier"], ["B"], ["C"], ["C"]]
    assert of_frame == ["A", "C"]
    assert why.startswith("Starts at ")
    assert advice[0][0]
    assert rating == "A"


def test_where_polars_is_missing_pandas_grades_and_says_the_same(with_polars: list[Any]):
    answers, loaded, cells = graded_with("pandas")
    assert "polars" not in loaded
    assert set(loaded) <= LIBRARIES | ENGINES["pandas"]
    assert (answers, cells) == (with_polars[0], with_polars[2])
