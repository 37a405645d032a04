"""Building: the same file from the same inputs, whole or not at all, for every kind of Excel."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree
from openpyxl import load_workbook

from tests.fake_excel import readable
from tests.files import book_of, parts_of
from tests.template.templates import ADD_IN, BLANK_TEMPLATE, COMMITTED, PLAIN, PLAIN_TEMPLATE, WITH_MACROS, vba_of
from tierxl.calc.build_extension import NAME as EXTENSION
from tierxl.method.issues import CannotGrade
from tierxl.template.build import NAMES, build_add_in, build_template
from tierxl.template.configuration import INTERPRETER_MAC, INTERPRETER_WINDOWS, SHEET
from tierxl.template.lite import NAME as LITE
from tierxl.template.live_workbook import NAME as LIVE
from tierxl.template.shipped import write_template

pytestmark = pytest.mark.long

INSTALL = COMMITTED.parent / "install"

SHEETS = [
    "Start here", "Clients", "Live tiers", "Summary", "Engagement plan", "Neglected clients", "Service levels",
    "Portfolio", "Tier matrix", "Shed list", "Capacity", "Checks", "Account managers", "Settings",
]  # fmt: skip
"""The sheets in sight."""


BUILT = (*NAMES, LIVE, LITE, ADD_IN, EXTENSION)


def test_the_committed_files_are_what_another_process_builds_at_another_hour(tmp_path: Path):
    """Also with the XML library that openpyxl does not take where both are there.

    If they are not: tierxl template build workbook, and move tierxl.oxt into install.
    """
    environment = os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "OPENPYXL_LXML": str(not openpyxl.LXML)}
    command = [sys.executable, "-m", "tierxl.cli", "template", "build", str(tmp_path)]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert [Path(line.split(maxsplit=1)[1]) for line in output.splitlines()] == [tmp_path / name for name in BUILT]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(BUILT)
    differences = {}
    for name in BUILT:
        now, committed = entries(tmp_path / name), entries((INSTALL if name == EXTENSION else COMMITTED) / name)
        differences[name] = [part for part in now | committed if now.get(part) != committed.get(part)]
    assert not any(differences.values()), differences


def entries(path: Path) -> dict[str, tuple[Any, bytes]]:
    """The files in a package, each with its date and its bytes."""
    with ZipFile(path) as package:
        return {entry.filename: (entry.date_time, package.read(entry)) for entry in package.infolist()}


@pytest.mark.parametrize("name", [*NAMES, BLANK_TEMPLATE])
def test_the_sheets_stand_in_their_order(name: str, templates: dict[str, Path]):
    book = book_of(templates[name])
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == SHEETS
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == (
        ["Live figures", "History"] if name in (PLAIN, PLAIN_TEMPLATE) else ["History", SHEET]
    )
    assert book.active.title == "Start here"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (WITH_MACROS, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        (PLAIN, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
        (PLAIN_TEMPLATE, "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"),
        (BLANK_TEMPLATE, "application/vnd.ms-excel.template.macroEnabled.main+xml"),
        (ADD_IN, "application/vnd.ms-excel.addin.macroEnabled.main+xml"),
    ],
)
def test_the_workbook_is_called_what_the_ending_says(name: str, kind: str, templates: dict[str, Path]):
    types = etree.fromstring(parts_of(templates[name])["[Content_Types].xml"])
    assert [line.get("ContentType") for line in types if line.get("PartName") == "/xl/workbook.xml"] == [kind]


def test_the_file_that_new_workbooks_are_made_from_has_the_same_macros(templates: dict[str, Path]):
    assert vba_of(templates[BLANK_TEMPLATE]) == vba_of(templates[WITH_MACROS])


@pytest.mark.parametrize(
    ("name", "calculation"),
    [
        (WITH_MACROS, b'<calcPr calcId="191029"/>'),
        (PLAIN, b'<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        (PLAIN_TEMPLATE, b'<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_shows_the_stored_values_until_it_can_calculate_all(
    name: str, calculation: bytes, templates: dict[str, Path]
):
    assert re.findall(rb"<calcPr[^>]*>", parts_of(templates[name])["xl/workbook.xml"]) == [calculation]


@pytest.mark.parametrize("name", [PLAIN, PLAIN_TEMPLATE])
def test_the_template_without_macros_has_none(name: str, templates: dict[str, Path]):
    parts = parts_of(templates[name])
    assert not [part for part in parts if "vba" in part or "customUI" in part]
    assert b"macro" not in b"".join(part for name, part in parts.items() if name.startswith("xl/drawings"))


def configuration_of(path: Path) -> dict[str, str | None]:
    return dict(load_workbook(readable(path))[SHEET].iter_rows(max_col=2, values_only=True))


def test_one_file_serves_every_user_of_a_team(template: Path):
    found = configuration_of(template)
    assert (found["Interpreter_Win"], found["Interpreter_Mac"]) == (INTERPRETER_WINDOWS, INTERPRETER_MAC)
    assert INTERPRETER_WINDOWS == r"%LOCALAPPDATA%\tierxl\env\Scripts\pythonw.exe"
    assert " " not in INTERPRETER_MAC


@pytest.mark.parametrize("name", [BLANK_TEMPLATE, ADD_IN])
def test_an_installer_can_name_the_python_of_its_machine(name: str, tmp_path: Path):
    target = tmp_path / name
    write_template(target, interpreter_windows=r"D:\Python & more\pythonw.exe", interpreter_mac="/opt/python")
    found = configuration_of(target)
    assert (found["Interpreter_Win"], found["Interpreter_Mac"]) == (r"D:\Python & more\pythonw.exe", "/opt/python")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path):
    with pytest.raises(CannotGrade, match="cannot be written"):
        build_add_in(tmp_path / "no folder" / ADD_IN)


def test_the_shipped_template_is_the_one_that_is_built(template: Path, tmp_path: Path):
    write_template(tmp_path / WITH_MACROS)
    assert parts_of(tmp_path / WITH_MACROS) == parts_of(template)


def test_a_build_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / WITH_MACROS
    target.write_text("old")
    monkeypatch.setattr("xlwings.__version__", "0.0.1")
    with pytest.raises(CannotGrade):
        build_template(target)
    assert [path.name for path in tmp_path.iterdir()] == [WITH_MACROS]
    assert target.read_text() == "old"
