"""The command starts at once: what is heavy is only imported by the work that needs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import csv_file
from tests.runs import first

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
for command in "\\n".join(sys.argv[1:]).split("\\nthen\\n"):
    sys.argv = ["tierxl", *command.split("\\n")]
    try:
        runpy.run_module("tierxl.cli", run_name="__main__")
    except SystemExit as ended:
        assert not ended.code, ended.code
    print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(code: str, *arguments: str) -> list[set[str]]:
    """What is loaded after each of some commands, with "then" between them, in one process."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return [set(line.split()[1:]) for line in done.stdout.splitlines() if line.startswith("loaded:")]


@pytest.mark.parametrize("arguments", first(1, [["--help"], ["grade", "--help"], ["whatif", "--help"]]))
def test_help_imports_nothing_heavy(arguments: list[str]):
    (modules,) = loaded(LOADED, *arguments)
    assert "typer" in modules
    # Typer itself takes pydantic to look at the options of a command.
    assert modules.isdisjoint(set(HEAVY) - ({"pydantic"} if arguments[0] != "--help" else set()))


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, tierxl; print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    (modules,) = loaded(code)
    assert "tierxl" in modules
    assert modules.isdisjoint(HEAVY)


@pytest.mark.long
def test_printing_the_default_policy_imports_neither_engines_nor_workbooks():
    (modules,) = loaded(LOADED, "policy")
    assert modules.isdisjoint({"polars", "pandas", "openpyxl", "python_calamine", "pyarrow"})


@pytest.mark.long
def test_only_a_calendar_imports_what_calendars_need(tmp_path: Path):
    source = csv_file(tmp_path, "Client,Revenue\nAbel,1\n")
    graded, planned = loaded(LOADED, "grade", str(source), "then", "calendar", str(source))
    assert "icalendar" not in graded
    assert "icalendar" in planned


@pytest.mark.long
def test_a_solver_is_only_loaded_for_a_proposal(tmp_path: Path):
    clients = csv_file(tmp_path, "Client,Revenue,Account manager\nAbel,100,Priya\n")
    team = csv_file(tmp_path, "Account manager,Hours\nPriya,100\n", name="team.csv")
    with_team = str(clients), "--managers", str(team)
    checked, proposed = loaded(LOADED, "check", *with_team, "then", "assign", *with_team)
    assert "highspy" not in checked
    assert "highspy" in proposed
