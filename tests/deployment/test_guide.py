"""The guide for IT names commands, options and folders that there are."""

import re

import pytest
from typer.main import get_command

from tests.deployment.test_powershell import INSTALL, POSIX, POWERSHELL
from tierxl.cli import app

GUIDE = (INSTALL / "GUIDE.md").read_text(encoding="utf-8")
SCRIPTS_FORBIDDEN = GUIDE.split("## Where a policy forbids scripts")[1].split("\n## ")[0]


def test_every_command_that_it_names_is_there():
    commands = set(get_command(app).commands)
    named = set(re.findall(r'tierxl(?:\.exe"|) (install|uninstall|upgrade|bundle|doctor|grade)\b', GUIDE))
    assert {"install", "uninstall", "doctor"} <= named <= commands


def test_every_option_of_the_scripts_that_it_names_is_there():
    for name in re.findall(r"-(From|GetPython|Uninstall)\b", GUIDE):
        assert f"] ${name}" in POWERSHELL
    for name in re.findall(r"--(from|get-python|uninstall)\b", GUIDE):
        assert f"--{name})" in POSIX


@pytest.mark.parametrize(
    "step",
    [
        r'-m venv "%LOCALAPPDATA%\tierxl\env"',
        "-m pip install --only-binary :all: --upgrade tierxl",
        "-m pip install --no-index --find-links wheels",
        r'tierxl\env\Scripts\tierxl.exe" install',
        r'tierxl\env\Scripts\tierxl.exe" uninstall',
    ],
)
def test_where_a_policy_forbids_scripts_what_the_script_does_can_be_typed(step: str):
    assert step in SCRIPTS_FORBIDDEN
    assert SCRIPTS_FORBIDDEN.count("$env:") == 0, "a Command Prompt knows no $env:"
