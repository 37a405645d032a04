"""The workflow for Windows and Mac cannot run here: it names files, commands and functions that there are."""

import re
import runpy
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from tests.deployment.test_powershell import POSIX, POWERSHELL, is_powershell
from tierxl.cli import app
from tierxl.functions import FUNCTIONS
from tierxl.method.policy import Policy

CHECKOUT = Path(__file__).parents[2]
TEXT = (CHECKOUT / ".github/workflows/windows.yml").read_text(encoding="utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
RUNS = "\n".join(step["run"] for step in STEPS if "run" in step)
SCRIPT = runpy.run_path(str(CHECKOUT / "tests/install/call_over_com.py"))


def test_it_says_at_its_top_that_it_cannot_run_here():
    assert "It cannot run where tierxl is developed" in TEXT[: TEXT.index("name:")]


def test_it_runs_on_windows_and_on_a_mac():
    machines = {job["runs-on"] for job in JOBS.values()}
    assert {"windows-latest", "macos-latest"} <= machines


def test_every_step_does_one_thing():
    assert all(("run" in step) != ("uses" in step) for step in STEPS)


def test_every_file_that_it_names_is_there():
    named = set(re.findall(r"(?:install|\.github|docs|tests)[\\/][\w.\\/-]+\.\w+", TEXT))
    assert len(named) >= 4
    for name in named:
        assert (CHECKOUT / name.replace("\\", "/")).is_file(), name


def test_every_command_and_option_that_it_uses_is_there():
    used = set(re.findall(r'tierxl(?:\.exe")? (\w+)', RUNS))
    assert used == {"doctor", "demo"} <= set(get_command(app).commands)
    assert set(re.findall(r"install\.ps1.* -(\w+)$", RUNS, re.MULTILINE)) == {"GetPython", "Uninstall"}
    assert all(f"] ${name}" in POWERSHELL for name in ("GetPython", "Uninstall"))
    assert set(re.findall(r"install\.sh --([\w-]+)", RUNS)) == {"uninstall"}
    assert "--uninstall)" in POSIX


def test_every_step_of_windows_is_powershell_and_fails_with_the_script_that_it_runs():
    for run in (
        step["run"] for job in ("windows", "windows-other-pythons") for step in JOBS[job]["steps"] if "run" in step
    ):
        assert is_powershell(run), run
        assert "LASTEXITCODE" in run or not ("install.ps1" in run or "python.exe" in run)


def test_python_is_started_as_the_macros_of_the_workbook_do_it():
    assert SCRIPT["first_imports"]().startswith("import sys, os")


def test_every_function_is_called_with_all_its_arguments():
    assert set(SCRIPT["CALLS"]) == set(FUNCTIONS)
    for name, (cells, _) in SCRIPT["CALLS"].items():
        assert len(cells) == len(FUNCTIONS[name].arguments), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_answers_that_it_expects_are_those_of_the_functions(name: str):
    cells, expected = SCRIPT["CALLS"][name]
    known = [cell if isinstance(cell, tuple) else ((cell,),) for cell in cells if cell != SCRIPT["LEFT_OUT"]]
    answer = FUNCTIONS[name](Policy(), date(2026, 11, 29), *([list(row) for row in rows] for rows in known))
    over_com = tuple(map(tuple, answer)) if isinstance(answer, list) else answer
    assert SCRIPT["is_as_expected"](over_com, expected), answer
    assert not SCRIPT["is_as_expected"](over_com, "something else")
