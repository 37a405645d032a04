"""install.ps1, which can only be read here: it asks the same questions as install.sh, and has the same cures."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from tierxl.deployment.bundle import made_for

INSTALL = Path(__file__).parents[2] / "install"
POWERSHELL = (INSTALL / "install.ps1").read_text(encoding="ascii")  # Windows PowerShell takes other letters for others
POSIX = (INSTALL / "install.sh").read_text()


def is_powershell(text: str) -> bool:
    """True for a text that a grammar of PowerShell can read to its end."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    return not parser.parse(text.encode()).root_node.has_error


def test_it_can_be_parsed():
    assert is_powershell(POWERSHELL)
    assert not is_powershell(POWERSHELL.replace("return $fits", "return ($fits"))


def questions() -> tuple[str, str]:
    """What the two scripts ask a Python."""
    posix = re.search(r"-I -c '(.*?)'", POSIX, re.DOTALL)
    windows = re.search(r"\$question = '(.*)' \+\n" + r' +"(.*)" \+\n' * 2 + r' +"(.*)"\n', POWERSHELL)
    assert posix
    assert windows
    return posix[1], "".join(windows.groups())


def asked(question: str, before: str = "") -> tuple[str, bool]:
    """The answer of a Python, and whether it can be used."""
    code = f"{before}\n{question}"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip(), done.returncode == 0


def test_both_scripts_ask_a_python_what_the_bundle_says_it_needs():
    assert [asked(question) for question in questions()] == [(made_for(), True)] * 2


def test_both_scripts_refuse_a_python_of_32_bits():
    for question in questions():
        assert asked(question, "import struct; struct.calcsize = lambda _: 4") == (f"{made_for()} 32-bit", False)


@pytest.mark.parametrize(("built_for", "fits"), [("win-amd64", True), ("win-arm64", False)])
def test_on_windows_for_arm_a_python_of_x64_does_and_one_of_arm64_does_not(built_for: str, fits: bool):
    """What the processor is does not matter: Windows for ARM runs programs of x64."""
    _, question = questions()
    answer, can_be_used = asked(question, f"import sysconfig; sysconfig.get_platform = lambda: {built_for!r}")
    assert can_be_used == fits
    assert answer.endswith(built_for.removeprefix("win"))


def test_both_scripts_have_the_same_causes_and_cures():
    posix = re.findall(r"says '([^'\n]+)'; then\n +echo (['\"])(.*?)\2\n", POSIX, re.DOTALL)
    windows = re.findall(r"\n {8}'([^'\n]+)' \{\n +return (.*?)\n {8}\}", POWERSHELL, re.DOTALL)
    cures = {cause: re.sub(r"['\"] \+\n +['\"]", "", cure)[1:-1] for cause, cure in windows}
    assert {cause: cure.replace("\\\n", "") for cause, _, cure in posix} == cures
    assert len(cures) == 6


def test_excel_must_be_closed_before_any_work_starts():
    at = POWERSHELL.index("if (Get-Process -Name 'EXCEL'")
    for work in ("if ($Uninstall)", "-m venv", "pip install", "Remove-Folder $environment"):
        assert at < POWERSHELL.index(work), work


def test_no_compiler_is_ever_started_on_windows():
    assert "$quiet = '--only-binary', ':all:'," in POWERSHELL


def test_on_windows_a_python_of_its_own_is_x64_and_changes_nothing_else():
    assert "uv python install" not in POWERSHELL.split("function Get-OwnPython")[0]
    assert "--no-config --no-cache --no-bin --no-registry --install-dir $ownPython" in POWERSHELL
    assert '"cpython-$version-windows-x86_64-none"' in POWERSHELL
    assert POWERSHELL.index("Test-Wanted $why") < POWERSHELL.rindex("Get-OwnPython")
    assert "Remove-Folder $ownPython" in POWERSHELL.split("if ($Uninstall)")[1].split("exit 0")[0]


def test_the_windows_script_knows_the_same_folder():
    assert "$data = Join-Path $env:LOCALAPPDATA 'tierxl'" in POWERSHELL
    assert "$environment = Join-Path $data 'env'" in POWERSHELL
