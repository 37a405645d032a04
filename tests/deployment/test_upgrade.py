"""A workbook of an older template becomes one of the installed version, and nothing else in it changes."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from typer.testing import CliRunner

from tests.files import package
from tierxl.cli import app
from tierxl.deployment import upgrade as upgrading
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.upgrade import Upgraded, upgrade
from tierxl.doctor.macros import examine
from tierxl.doctor.vba import VbaProject, read_vba
from tierxl.doctor.workbook import settings_of
from tierxl.workbooks.ooxml.package import element
from tierxl.workbooks.ooxml.package_edit import PackageEdit
from tierxl.workbooks.shipped import shipped

SHIPPED = shipped("workbook/Client Tiers.xlsm")
PROJECT, RIBBON, RELATIONS = "xl/vbaProject.bin", "customUI/customUI14.xml", "_rels/.rels"
OWN_TAB = '<tab id="Mine" label="Mine"/>'
OWN_CODE = 'Sub Hello()\r\n    MsgBox "Hello"\r\nEnd Sub\r\n'
OWN_EVENT = "Private Sub Workbook_BeforeSave(ByVal SaveAsUI As Boolean, Cancel As Boolean)\r\n    Hello\r\nEnd Sub\r\n"
OPEN, OWN_LINE = "Private Sub Workbook_Open()\r\n", "    Hello\r\n"
OWN_PYTHON = "/opt/python/bin/python"


@dataclass(frozen=True)
class Workbook:
    """A workbook, as far as these tests look into it."""

    path: Path

    @property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name) for name in package.namelist()}

    @property
    def packed(self) -> dict[str, bytes]:
        """The parts as they lie in the file, without the names before them."""
        content = self.path.read_bytes()
        with zipfile.ZipFile(self.path) as package:
            starts = {
                info.filename: info.header_offset + 30 + sum(
                    int.from_bytes(content[info.header_offset + at : info.header_offset + at + 2], "little")
                    for at in (26, 28)
                )
                for info in package.infolist()
            }  # fmt: skip
            return {
                info.filename: content[(at := starts[info.filename]) : at + info.compress_size]
                for info in package.infolist()
            }

    @property
    def vba(self) -> VbaProject:
        vba = read_vba(self.path)
        assert vba
        return vba

    def stream(self, name: str) -> bytes:
        return bytes(CFB.from_bytes(self.parts[PROJECT]).get_stream_in_storage("VBA", name))

    def rewrite(self, change: Callable[[str, bytes], bytes]) -> None:
        """Change parts, and store all of them as they are."""
        parts = self.parts
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_STORED) as package:
            for name, content in parts.items():
                package.writestr(name, change(name, content))


def made_older(name: str, content: bytes) -> bytes:
    """The parts of the shipped workbook, as an earlier version could have had them."""
    text = content.decode(errors="replace")
    if name == RIBBON:
        return (
            text.replace('label="Check data"', 'label="Look at data"').replace("</tabs>", f"{OWN_TAB}</tabs>").encode()
        )
    if "XLWINGS_VERSION" in text and name != PROJECT:
        old = text.replace(">0.37.8<", ">0.30.1<").replace("$HOME/Library/tierxl/env/bin/python", OWN_PYTHON)
        return old.replace(
            r"%LOCALAPPDATA%\tierxl\env\Scripts\pythonw.exe", r"C:\Ann\tierxl\env\Scripts\python.exe"
        ).encode()
    return content


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """A team's workbook of an earlier version, with a module, a tab and a Python of its own."""
    path = tmp_path_factory.mktemp("older") / "Team.xlsm"
    shutil.copyfile(SHIPPED, path)
    with ExcelFile(path) as file:
        for name in ("xlwings", "xlwings_udfs"):
            file.set_module(name, file.get_module(name).replace("0.37.8", "0.30.1").replace("NEXT_DUE", "NEXT_DAY"))
        of_workbook = file.get_module("ThisWorkbook").replace(" TierxlSettingsChanged", " TierxlCalculateAgain")
        of_workbook = of_workbook.replace(OPEN, f"{OPEN}{OWN_LINE}")
        file.set_module("ThisWorkbook", f"{of_workbook}\r\n{OWN_EVENT}")
        project = file.vba_project()
        project.add_module("Mine", OWN_CODE)
        project.delete_module("TierxlLicences")
        project.add_module("TierxlOutOfUse", "Sub TierxlOutOfUse()\r\nEnd Sub\r\n")
        file.save()
    Workbook(path).rewrite(made_older)
    return Workbook(path)


@pytest.fixture(scope="module")
def upgraded(older: Workbook) -> Workbook:
    target = older.path.with_name("upgraded.xlsm")
    upgrade(older.path, target)
    return Workbook(target)


def test_the_macros_and_functions_become_those_of_the_installed_version(older: Workbook, upgraded: Workbook):
    assert older.vba.code != upgraded.vba.code
    assert "NEXT_DAY" in older.vba.functions
    new = Workbook(SHIPPED).vba
    assert upgraded.vba.functions == new.functions
    assert {name: code for name, code in upgraded.vba.code.items() if name not in {"Mine", "ThisWorkbook"}} == {
        name: code for name, code in new.code.items() if name != "ThisWorkbook"
    }


def test_the_module_of_the_workbook_keeps_the_events_that_are_the_users_own(upgraded: Workbook):
    code = upgraded.vba.code["ThisWorkbook"]
    assert f"{OPEN}{OWN_LINE}" in code
    ours = code.replace(OWN_EVENT, "").replace(OWN_LINE, "", 1)
    assert sorted(filter(None, ours.split("\r\n"))) == sorted(
        filter(None, Workbook(SHIPPED).vba.code["ThisWorkbook"].split("\r\n"))
    )
    assert code.count("Option Explicit") == code.count("Workbook_BeforeSave") == code.count("Workbook_Open()") == 1


def test_an_event_of_the_users_own_is_no_other_version(tmp_path: Path):
    book = tmp_path / "Team.xlsm"
    shutil.copyfile(SHIPPED, book)
    with ExcelFile(book) as file:
        file.set_module("ThisWorkbook", f"{file.get_module('ThisWorkbook')}\r\n{OWN_EVENT}")
        file.save()
    assert upgrade(book, book).changes == []


def test_modules_of_the_users_own_and_those_of_sheets_keep_their_text(older: Workbook, upgraded: Workbook):
    assert upgraded.vba.code["Mine"] == OWN_CODE
    for name in ("Mine", "Sheet1", "Sheet15"):
        assert upgraded.vba.modules[name] == older.vba.modules[name]


def test_excel_compiles_the_macros_anew(upgraded: Workbook):
    assert upgraded.stream("_VBA_PROJECT") == bytes.fromhex("CC61FFFF000000")


@pytest.mark.long
def test_another_reader_finds_the_same_modules(upgraded: Workbook):
    command = [sys.executable, "-W", "ignore", "-m", "oletools.olevba", "--json", "--code", str(upgraded.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (found,) = (part["macros"] for part in json.loads(done.stdout) if "macros" in part)
    names = {macro["vba_filename"].rpartition(".")[0] for macro in found}
    assert names == set(upgraded.vba.modules)


def test_the_ribbon_has_our_new_tab_and_the_users_own(upgraded: Workbook):
    ribbon = upgraded.parts[RIBBON].decode()
    assert 'label="Check data"' in ribbon
    assert 'label="Look at data"' not in ribbon
    assert 'id="Mine"' in ribbon


def test_the_settings_become_ours_but_for_a_python_of_the_users_own(upgraded: Workbook):
    ours = settings_of(SHIPPED)
    assert settings_of(upgraded.path) == ours | {"INTERPRETER_MAC": OWN_PYTHON}


def test_a_setting_that_excel_keeps_among_the_texts_of_all_cells_leaves_those_alone():
    """Another cell may have the same text."""
    data = element("sheetData")
    upgrading._write(data, 9, {"A": "XLWINGS_VERSION", "B": "0.30.1"})
    cell = data[0][1]
    cell.set("t", "s")
    cell.set("s", "4")
    cell[:] = [element("v")]
    cell[0].text = "17"
    upgrading._write(data, 9, {"B": "0.37.8"})
    assert [place.get("r") for place in data[0]] == ["A9", "B9"]
    assert (cell.get("t"), cell.get("s"), "".join(cell.itertext())) == ("inlineStr", "4", "0.37.8")


def test_all_else_stays_byte_for_byte(older: Workbook, upgraded: Workbook):
    before, after = older.packed, upgraded.packed
    changed = {name for name in before if before[name] != after.get(name)}
    assert set(before) == set(after)
    assert len(changed) == 3
    assert {PROJECT, RIBBON} < changed
    assert "XLWINGS_VERSION" in older.parts[(changed - {PROJECT, RIBBON}).pop()].decode()


def test_a_second_upgrade_writes_nothing(upgraded: Workbook):
    before = upgraded.path.stat().st_mtime_ns
    assert upgrade(upgraded.path, upgraded.path) == Upgraded(upgraded.path, [])
    assert upgraded.path.stat().st_mtime_ns == before
    assert [path.name for path in upgraded.path.parent.glob("*(*")] == []


def test_the_editor_of_excel_changes_spaces_and_capitals_which_is_no_other_version(tmp_path: Path):
    book = Workbook(tmp_path / "saved.xlsm")
    shutil.copyfile(SHIPPED, book.path)
    with ExcelFile(book.path) as file:
        file.set_module(
            "TierxlCalculation", file.get_module("TierxlCalculation").replace("    ", "  ").replace("Sub ", "sub ")
        )
        file.save()
    assert upgrade(book.path, tmp_path / "new.xlsm").changes == []


@pytest.mark.long
def test_a_workbook_that_has_lost_its_ribbon_gets_that_of_the_template(tmp_path: Path):
    book = Workbook(tmp_path / "Team.xlsm")
    parts = Workbook(SHIPPED).parts
    del parts[RIBBON]
    parts[RELATIONS] = re.sub(rb"<Relationship [^>]*ui/extensibility[^>]*>", b"", parts[RELATIONS])
    package(book.path, parts)
    (lost,) = (finding for finding in examine(book.path, {"renew": "upgrade"}) if finding.status != "good")
    assert (lost.check, lost.cure) == ("Ribbon", "upgrade")
    assert upgrade(book.path, book.path).changes == ["ribbon"]
    assert [finding.status for finding in examine(book.path, {})] == ["good", "good"]
    after = book.parts
    (added,) = set(after) - set(parts)
    assert b'label="Check data"' in after[added]
    assert {name for name in parts if after[name] != parts[name]} == {RELATIONS}


def test_in_place_a_copy_of_what_it_was_is_kept(older: Workbook, upgraded: Workbook, tmp_path: Path):
    book, before = tmp_path / "Team.xlsm", older.path.read_bytes()
    book.write_bytes(before)
    (tmp_path / "Team (before upgrade).xlsm").write_text("of last year")
    result = CliRunner().invoke(app, ["upgrade", str(book), "--in-place"])
    assert (result.exit_code, result.stderr) == (0, "")
    kept = tmp_path / "Team (before upgrade 2).xlsm"
    assert kept.read_bytes() == before
    assert book.read_bytes() == upgraded.path.read_bytes()
    assert f"As it was:        {kept}\n" in result.stdout
    assert (
        "New:              modules ThisWorkbook, TierxlLicences, xlwings, xlwings_udfs, TierxlOutOfUse\n"
        in result.stdout
    )
    assert "New:              settings " in result.stdout


@pytest.mark.long
def test_a_template_of_the_teams_own_is_upgraded_as_well(older: Workbook, tmp_path: Path):
    template = tmp_path / "Ours.xltm"
    shutil.copyfile(older.path, template)
    upgrade(template, tmp_path / "new.xltm")
    assert Workbook(tmp_path / "new.xltm").vba.functions == Workbook(SHIPPED).vba.functions


@pytest.mark.long
def test_what_cannot_be_written_without_harm_is_not_written(
    older: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    book = tmp_path / "Team.xlsm"
    shutil.copyfile(older.path, book)
    write = PackageEdit.write

    def write_and_lose(edit: PackageEdit, path: Path) -> None:
        write(edit, path)
        Workbook(path).rewrite(lambda name, content: b"" if name == "xl/styles.xml" else content)

    monkeypatch.setattr(PackageEdit, "write", write_and_lose)
    with pytest.raises(CannotDeploy, match="cannot be upgraded without harm"):
        upgrade(book, book)
    assert [path.name for path in tmp_path.iterdir()] == ["Team.xlsm"]
    assert book.read_bytes() == older.path.read_bytes()


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vba() -> VbaProject:
    return Workbook(SHIPPED).vba


def with_code(vba: VbaProject, name: str, code: str) -> VbaProject:
    return replace(vba, modules=vba.modules | {name: f"{vba.modules.get(name, '')}{code}"})


REFUSED: dict[str, tuple[Callable[[VbaProject], VbaProject | None], str]] = {
    "signed": (lambda vba: replace(vba, is_signed=True), "Digital Signature > Remove, save, and upgrade again"),
    "protected": (lambda vba: replace(vba, has_password=True), "protected by a password.*remove it, save"),
    "own function": (
        lambda vba: with_code(vba, "xlwings_udfs", 'F = XLPy.CallUDF("ours", "F", Array(x))'),
        "has functions of your own, from ours.*import them anew",
    ),
    "of another template": (
        lambda vba: replace(vba, modules={"xlwings_udfs": "", "ThisWorkbook": "", "xlwings": ""}),
        "was not made from the template",
    ),
    "without macros": (lambda _: None, "was not made from the template"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_its_owner_must_clear_up_first_is_refused_with_how(
    tmp_path: Path, vba: VbaProject, monkeypatch: pytest.MonkeyPatch, why: str
):
    change, sentence = REFUSED[why]
    book = tmp_path / "Team.xlsm"
    shutil.copyfile(SHIPPED, book)
    monkeypatch.setattr(upgrading, "read_vba", lambda path: change(vba) if path == book else vba)
    with pytest.raises(CannotDeploy, match=sentence):
        upgrade(book, book)
    assert book.read_bytes() == SHIPPED.read_bytes()


def test_a_workbook_that_is_newer_than_the_installed_version_is_refused(tmp_path: Path):
    book = Workbook(tmp_path / "Team.xlsm")
    shutil.copyfile(SHIPPED, book.path)
    book.rewrite(lambda name, part: part.replace(b">0.37.8<", b">0.100.0<") if "sheet" in name else part)
    with pytest.raises(CannotDeploy, match="newer than the tierxl that is installed"):
        upgrade(book.path, book.path)


@pytest.mark.parametrize(("book", "target"), [("Team.xlsx", "Team.xlsx"), ("Team.xltm", "Team.xlsm")])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, book: str, target: str):
    with pytest.raises(CannotDeploy, match="of the same kind, with macros"):
        upgrade(tmp_path / book, tmp_path / target)


def test_the_add_in_is_replaced_as_a_whole_by_installing(tmp_path: Path):
    with pytest.raises(CannotDeploy, match=r"is the add-in, .* run in a terminal: tierxl install"):
        upgrade(tmp_path / "Client Tiers.xlam", tmp_path / "new.xlam")
