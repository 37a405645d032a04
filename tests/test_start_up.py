"""The command starts at once: what is heavy is only imported by the work that needs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import csv_file

HEAVY = (
    "polars",
    "pandas",
    "numpy",
    "narwhals",
    "openpyxl",
    "python_calamine",
    "pydantic",
    "pyarrow",
    "icalendar",
    "reportlab",
    "jinja2",
)
LOADED = """
import runpy, sys
sys.argv = ["tierxl", *sys.argv[1:]]
try:
    runpy.run_module("tierxl.cli", run_name="__main__")
except SystemExit as ended:
    assert not ended.code, ended.code
print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(code: str, *arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["whatif", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]):
    modules = loaded(LOADED, *arguments)
    assert "typer" in modules
    # Typer itself takes pydantic to look at the options of a command.
    assert modules.isdisjoint(set(HEAVY) - ({"pydantic"} if arguments[0] != "--help" else set()))


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, tierxl; print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    modules = loaded(code)
    assert "tierxl" in modules
    assert modules.isdisjoint(HEAVY)


def test_printing_the_default_policy_imports_neither_engines_nor_workbooks():
    modules = loaded(LOADED, "policy")
    assert modules.isdisjoint({"polars", "pandas", "openpyxl", "python_calamine", "pyarrow"})


@pytest.mark.long
def test_only_a_calendar_imports_what_calendars_need(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,1\n")
    assert "icalendar" not in loaded(LOADED, "grade", str(source))
    assert "icalendar" in loaded(LOADED, "calendar", str(source))


@pytest.mark.long
def test_a_solver_is_only_loaded_for_a_proposal(tmp_path: Path):
    clients = csv_file(tmp_path, "Client,Revenue,Account manager\nAbel,100,Priya\n")
    team = csv_file(tmp_path, "Account manager,Hours\nPriya,100\n", name="team.csv")
    assert "highspy" not in loaded(LOADED, "check", str(clients), "--managers", str(team))
    assert "highspy" in loaded(LOADED, "assign", str(clients), "--managers", str(team))
