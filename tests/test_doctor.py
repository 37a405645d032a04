"""The doctor names what is amiss, and the cure in words that a user can follow."""

import getpass
import plistlib
import re
import shutil
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyopenvba import ExcelFile

from tests import files
from tests.add_in_links import ELSEWHERE, LINKS, linked_workbook
from tests.deployment.machines import (
    ALTERNATE,
    ALTERNATE_POLICY,
    CLOUD_MACRO_POLICY,
    DEFENDER,
    DISABLED,
    EXCEL,
    INTERNET_POLICY,
    MACRO_POLICY,
    MACROS,
    OFFICE,
    OFFICE_OF_USER,
    TEMPLATES,
    TICKED,
    TRUST_OFF,
    TRUST_OFF_POLICY,
    VBA_POLICY,
    XLWINGS,
    FakeOffice,
    computer,
    macro_workbook,
    office_on,
)
from tests.files import package, parts_of, workbook
from tests.runs import first
from tierxl import doctor
from tierxl.doctor import Finding, Machine, examine, this_machine
from tierxl.doctor import machine as machine_module
from tierxl.doctor.start_up import start_up_folder
from tierxl.doctor.vba import ADD_IN
from tierxl.template.shipped import write_template
from tierxl.use_cases.commands import complaint
from tierxl.workbooks.shipped import shipped

WINDOWS_PYTHON = r"%LOCALAPPDATA%\tierxl\env\Scripts\pythonw.exe"
MAC_PYTHON = "$HOME/Library/tierxl/env/bin/python"


def look(machine: Machine, book: Path | None = None) -> dict[str, Finding]:
    """The findings by what was looked at. Whatever is not good has a cure, in sentences."""
    findings = examine(book, machine)
    for finding in findings:
        assert bool(finding.cure) == (finding.status != "good"), finding
        assert not finding.cure or re.search(r"(\.|doctor|install|--calc|--in-place|\")$", finding.cure), finding
    found = {finding.check: finding for finding in findings}
    assert len(found) == len(findings)
    return found


def statuses(found: dict[str, Finding]) -> dict[str, str]:
    return {check: finding.status for check, finding in found.items() if finding.status != "good"}


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    """A Windows computer on which all is well."""
    machine = computer(tmp_path, "win32", {DEFENDER: "0", TEMPLATES: "%USERPROFILE%/Templates"})
    make(machine.home / "Templates/Client Tiers.xltx")
    add_in_of(machine)
    for bits in (32, 64):
        make(machine.prefix / f"xlwings{bits}-{XLWINGS}.dll")
    return machine


@pytest.fixture
def mac(tmp_path: Path) -> Machine:
    """A Mac on which all is well."""
    machine = computer(tmp_path, "darwin")
    make(machine.home / f"Library/Application Scripts/com.microsoft.Excel/xlwings-{XLWINGS}.applescript")
    make(machine.executable)
    add_in_of(machine)
    return machine


def add_in_of(machine: Machine) -> Path:
    """The add-in that is shipped, where Excel opens it."""
    folder = start_up_folder(machine)
    assert folder
    return Path(shutil.copy(shipped(ADD_IN), make(folder / "Client Tiers.xlam")))


# --- Python, tierxl, xlwings -----------------------------------------------------------------------------------------


def test_where_all_is_well_nothing_needs_a_cure(windows: Machine, mac: Machine):
    assert statuses(look(windows)) == {}
    assert statuses(look(mac)) == {}


def test_the_versions_are_named(windows: Machine):
    found = look(windows)
    assert found["Python"].detail == f"3.12.4, 64-bit, {windows.executable}"
    assert found["tierxl"].detail == "0.1.0"
    assert found["xlwings"].detail == f"{XLWINGS}, with its libraries"


def test_without_excel_the_command_works_and_the_doctor_says_what_does_not(tmp_path: Path):
    found = look(computer(tmp_path, "linux"))
    assert statuses(found) == {"Excel": "note"}
    assert "The tierxl command does all its work here" in found["Excel"].cure


@pytest.mark.parametrize(("bits", "kept"), [(64, 32), (32, 64)])
def test_a_library_of_xlwings_that_is_gone_is_named(windows: Machine, bits: int, kept: int):
    (windows.prefix / f"xlwings{bits}-{XLWINGS}.dll").unlink()
    found = look(windows)
    assert statuses(found) == {"xlwings": "wrong"}
    assert f"xlwings{bits}-{XLWINGS}.dll" in found["xlwings"].detail
    assert f"xlwings{kept}-" not in found["xlwings"].detail


def test_libraries_of_another_version_do_not_count(windows: Machine):
    newer = replace(windows, package={"tierxl": "0.1.0", "xlwings": "0.40.0"}.get)
    assert statuses(look(newer)) == {"xlwings": "wrong"}


def test_a_mac_without_the_script_of_this_xlwings_cannot_start_python(mac: Machine):
    newer = replace(mac, package={"xlwings": "0.40.0"}.get)
    found = look(newer)
    assert statuses(found) == {"xlwings": "wrong"}
    assert "xlwings-0.40.0.applescript" in found["xlwings"].detail
    assert "tierxl install" in found["xlwings"].cure


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_without_xlwings_excel_cannot_call_python(tmp_path: Path, platform: str):
    assert look(computer(tmp_path, platform, package=lambda _: None))["xlwings"].status == "wrong"


def test_a_python_from_the_microsoft_store_is_hidden_from_excel(tmp_path: Path):
    store = Path("Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12")
    found = look(computer(tmp_path, "win32", base_prefix=store))["Python"]
    assert found.status == "wrong"
    assert "Microsoft Store" in found.detail
    assert "python.org" in found.cure


def test_a_32_bit_python_does_not_do(tmp_path: Path):
    found = look(computer(tmp_path, "win32", bits=32))["Python"]
    assert found.status == "wrong"
    assert "64-bit" in found.cure


def test_a_python_for_arm_does_not_do_on_windows(tmp_path: Path):
    found = look(computer(tmp_path, "win32", built_for="win-arm64"))["Python"]
    assert found.status == "wrong"
    assert "ARM64" in found.detail
    assert "not the one for ARM64" in found.cure
    assert look(computer(tmp_path, "darwin", built_for="macosx-11.0-arm64"))["Python"].status == "good"


@pytest.mark.parametrize(
    ("user", "alphabet", "letters"),
    [("Paweł", "cp1252", "ł"), ("山田", "cp1252", "山田"), ("山田", "cp932", ""), ("José", "cp1252", "")],
)
def test_a_folder_that_excels_way_to_python_cannot_spell_is_told(
    tmp_path: Path, user: str, alphabet: str, letters: str
):
    prefix = tmp_path / user / "tierxl/env"
    found = look(computer(tmp_path, "win32", prefix=prefix, alphabet=alphabet))["Folder"]
    assert found.status == ("wrong" if letters else "good")
    assert not letters or f" has {letters} in its name" in found.detail
    assert not letters or f'for %I in ("{prefix / "Scripts/pythonw.exe"}") do @echo %~sI' in found.cure


def test_on_a_mac_what_to_do_about_the_error_1743_can_be_pasted(mac: Machine):
    cure = "in a terminal: tccutil reset AppleEvents com.microsoft.Excel. Then press the button again, and allow it"
    assert f"-1743, run {cure}" in look(mac)["Automation"].detail
    assert f"Run {cure}" in complaint(RuntimeError("OSERROR: -1743 Not authorized to send Apple events"))


# --- Settings of Excel and policies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registry", "status", "says"),
    [
        ({}, "good", "Excel asks"),
        ({MACROS: 2}, "good", "Excel asks"),
        ({MACROS: 1}, "note", "all macros may run, from any file, by Excel's settings"),
        ({MACROS: 3}, "note", "only signed macros may run"),
        ({MACROS: 4}, "wrong", "by Excel's settings"),
        ({MACRO_POLICY: 4}, "wrong", "without asking, by a policy"),
        ({MACRO_POLICY: 2, MACROS: 4}, "good", "Excel asks"),
        ({CLOUD_MACRO_POLICY: 3, MACRO_POLICY: 2}, "note", "only signed macros may run"),
        ({VBA_POLICY: 1}, "wrong", "switches VBA off"),
        ({VBA_POLICY: 0, MACROS: 2}, "good", "Excel asks"),
    ],
)
def test_macro_settings_of_windows_are_read_and_a_policy_wins(tmp_path: Path, registry: Any, status: str, says: str):
    found = look(computer(tmp_path, "win32", registry))["Macros"]
    assert (found.status, says in found.detail) == (status, True), found


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("registry", "name", "status"),
    first(
        3,
        [
            ({MACROS: 4}, None, "good"),
            ({MACRO_POLICY: 4}, "Team.xlsx", "good"),
            ({MACRO_POLICY: 3}, None, "good"),
            ({MACRO_POLICY: 4}, "Team.xlsm", "wrong"),
            ({MACRO_POLICY: 4, TRUST_OFF_POLICY: 1}, None, "wrong"),
            ({MACRO_POLICY: 3, TRUST_OFF: 1}, None, "note"),
            ({MACROS: 1}, None, "note"),
            ({VBA_POLICY: 1}, None, "wrong"),
        ],
    ),
)
def test_excel_trusts_the_add_in_in_its_start_up_folder_whatever_is_set_for_other_macros(
    tmp_path: Path, registry: Any, name: str | None, status: str
):
    machine = computer(tmp_path, "win32", registry)
    findings = examine(make(tmp_path / name) if name else None, machine)
    assert [finding.status for finding in findings if finding.check == "Macros"] == [status]


def test_who_can_change_a_setting_is_in_the_cure(tmp_path: Path):
    assert "Trust Center" in look(computer(tmp_path, "win32", {MACROS: 4}))["Macros"].cure
    assert "IT" in look(computer(tmp_path, "win32", {MACRO_POLICY: 4}))["Macros"].cure


def test_a_policy_against_macros_from_the_internet_is_noted(tmp_path: Path):
    assert look(computer(tmp_path, "win32", {INTERNET_POLICY: 1}))["Internet"].status == "note"
    assert "Internet" not in look(computer(tmp_path, "win32", {INTERNET_POLICY: 0}))


@pytest.mark.parametrize(
    ("state", "status"), [("1", "wrong"), (1, "wrong"), ("6", "note"), ("2", "good"), ("0", "good"), (None, "note")]
)
def test_the_antivirus_rule_against_child_processes_is_told_by_its_name(tmp_path: Path, state: Any, status: str):
    found = look(computer(tmp_path, "win32", {DEFENDER: state}))["Antivirus"]
    assert found.status == status
    assert "Block all Office applications from creating child processes" in found.detail


@pytest.mark.parametrize(
    ("settings", "status"),
    first(
        2,
        [
            ({}, "good"),
            ({"VisualBasicMacroExecutionState": "DisabledWithWarnings"}, "good"),
            ({"VisualBasicMacroExecutionState": "DisabledWithoutWarnings"}, "wrong"),
            ({"VisualBasicMacroExecutionState": "EnabledWithoutWarnings"}, "note"),
            ({"VisualBasicEntirelyDisabled": True}, "wrong"),
        ],
    ),
)
def test_macro_settings_of_a_mac_are_read(mac: Machine, settings: dict[str, Any], status: str):
    make(mac.home / "Library/Preferences/com.microsoft.office.plist").write_bytes(plistlib.dumps(settings))
    assert look(mac)["Macros"].status == status


@pytest.mark.parametrize("below", ["", "home"])
def test_on_a_mac_an_administrator_wins_over_the_user(mac: Machine, below: str):
    for folder, state in (
        (mac.home / "Library/Preferences", "DisabledWithWarnings"),
        (mac.root / "Library/Managed Preferences" / below, "DisabledWithoutWarnings"),
    ):
        settings = {"VisualBasicMacroExecutionState": state}
        make(folder / "com.microsoft.office.plist").write_bytes(plistlib.dumps(settings))
    assert look(mac)["Macros"].status == "wrong"


@pytest.mark.parametrize("content", first(1, [b"", b"junk", b"<?xml version='1.0'?><plist>", plistlib.dumps([1])]))
def test_settings_that_cannot_be_read_say_nothing(mac: Machine, content: bytes):
    make(mac.home / "Library/Preferences/com.microsoft.office.plist").write_bytes(content)
    assert look(mac)["Macros"].status == "good"


# --- The template ----------------------------------------------------------------------------------------------------


def test_without_a_folder_for_personal_templates_excel_does_not_offer_ours(tmp_path: Path):
    found = look(computer(tmp_path, "win32"))["Template"]
    assert found.status == "wrong"
    assert "File > New > Personal does not offer Client Tiers" in found.detail
    assert found.cure.endswith("tierxl install")


def test_a_template_that_is_not_in_the_folder_that_excel_shows_is_told(windows: Machine):
    windows.set_registry(*TEMPLATES, "%USERPROFILE%/Others")
    found = look(windows)["Template"]
    assert found.status == "wrong"
    assert str(windows.home / "Others") in found.detail


# --- The add-in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["windows", "mac"])
def test_an_add_in_that_excel_does_not_open_is_told(system: str, request: pytest.FixtureRequest):
    machine = request.getfixturevalue(system)
    assert str(start_up_folder(machine)) in look(machine)["Add-in"].detail
    add_in_of(machine).unlink()
    found = look(machine)["Add-in"]
    assert (found.status, found.cure[-14:]) == ("wrong", "tierxl install")
    assert str(start_up_folder(machine)) in found.detail


def test_an_add_in_that_it_has_put_into_a_folder_for_all_is_found_there(tmp_path: Path, windows: Machine):
    add_in_of(windows).rename(make(tmp_path / "share/Client Tiers.xlam"))
    shared = computer(tmp_path, "win32", {ALTERNATE_POLICY: str(tmp_path / "share")})
    assert look(shared)["Add-in"].status == "good"


def test_an_add_in_on_excels_list_of_disabled_items_is_told(windows: Machine):
    entry = bytes(12) + r"c:\users\ann\xlstart\client tiers.xlam".encode("utf-16-le") + b"\0\0"
    other = entry.replace("client".encode("utf-16-le"), "my client".encode("utf-16-le"))
    for listed, status in (([b"\1\2\3", other], None), ([entry], "wrong")):
        asked: list[str] = []
        machine = replace(windows, registry_values=lambda key, all_=asked, values=listed: all_.append(key) or values)
        found = look(machine).get("Disabled")
        assert (found and found.status, asked) == (status, [DISABLED])


@pytest.mark.parametrize(
    ("setting", "copy"),
    first(
        2,
        [
            (None, "home/AppData/Roaming/Microsoft/AddIns"),
            ((ALTERNATE, "%USERPROFILE%/Firm"), "home/Firm"),
            ((EXCEL, "{tmp_path}/Office16"), "Office16/XLSTART"),
            ((TICKED, '/R "{tmp_path}/Tools/Client Tiers.xlam"'), "Tools"),
            ((TICKED, "Client Tiers.xlam"), "home/AppData/Roaming/Microsoft/AddIns"),
        ],
    ),
)
@pytest.mark.usefixtures("windows")
def test_another_copy_of_the_add_in_is_told_once(
    setting: tuple[tuple[str, str], str] | None, copy: str, tmp_path: Path
):
    make(tmp_path / copy / "Client Tiers.xlam")
    registry = {setting[0]: setting[1].format(tmp_path=tmp_path)} if setting else {}
    found = look(computer(tmp_path, "win32", registry))
    assert (found["Add-in"].status, found["Second copy"].status) == ("good", "wrong")
    assert found["Second copy"].detail.count(str(tmp_path / copy)) == 1


def test_an_add_in_of_a_similar_name_is_another_one(tmp_path: Path, windows: Machine):
    other = make(tmp_path / "Tools/Old Client Tiers.xlam")
    found = look(replace(windows, registry=computer(tmp_path, "win32", {TICKED: f'/R "{other}"'}).registry))
    assert found["Add-in"].status == "good"
    assert "Second copy" not in found


def test_a_mac_has_a_folder_for_all_users_as_well(tmp_path: Path, mac: Machine):
    shared = "Library/Application Support/Microsoft/Office365/User Content.localized/Startup/Excel/Client Tiers.xlam"
    make(tmp_path / shared)
    assert str(tmp_path / shared) in look(mac)["Second copy"].detail


def test_an_add_in_of_another_version_than_the_environment_is_told(windows: Machine):
    add_in = add_in_of(windows)
    with ExcelFile(add_in) as file:
        module = file.vba_project().get_module("TierxlCalculation")
        file.set_module("TierxlCalculation", module.source.replace("EnableCalculation", "Visible"))
        file.save()
    found = look(windows)["Add-in"]
    assert (found.status, str(add_in) in found.detail) == ("wrong", True)
    add_in.write_bytes(b"damaged")
    assert look(windows)["Add-in"].status == "wrong"


def test_the_add_in_of_xlwings_beside_it_is_told(windows: Machine):
    make(add_in_of(windows).with_name("xlwings.xlam"))
    assert look(windows)["xlwings' own"].status == "note"


def test_a_workbook_without_macros_has_the_buttons_of_the_add_in(windows: Machine, tmp_path: Path):
    book = workbook(tmp_path / "Team.xlsx")
    assert look(windows, book)["Workbook"].status == "good"
    add_in_of(windows).unlink()
    without = look(windows, book)["Workbook"]
    assert (without.status, without.cure[-14:]) == ("note", "tierxl install")


def test_formulas_that_take_their_functions_from_an_add_in_elsewhere_are_told(windows: Machine, tmp_path: Path):
    others = [
        (ELSEWHERE, place)
        for place in ("https://firm.sharepoint.com/Client%20Tiers.xlam", "file:///Users/Bob/Client%20Tiers.xlam")
    ]
    book = linked_workbook(tmp_path / "Team.xlsx", *LINKS.values(), *others)
    found = look(windows, book)["Formulas"]
    assert found.status == "note"
    for place in (
        r"\\server\add-ins\Client Tiers.xlam",
        r" C:\Users\Bob",
        "https://firm.sharepoint.com/Client",
        " /Users/Bob/Client",
    ):
        assert place in found.detail
    assert found.detail.count("Client Tiers.xlam") == 5, "the name alone too, and nothing of the start-up folder"


def test_a_link_to_another_program_hides_no_finding(windows: Machine, tmp_path: Path):
    """A DDE link has no file, and so no relationship."""
    book = linked_workbook(tmp_path / "Team.xlsx", LINKS["at Bob's"], LINKS["nowhere"])
    parts = {name: part for name, part in parts_of(book).items() if not name.endswith("externalLink2.xml.rels")}
    parts["xl/externalLinks/externalLink2.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<ddeLink ddeService="Prices" ddeTopic="Today"/></externalLink>'
    )
    assert "Formulas" in look(windows, package(book, parts))


def test_formulas_of_the_add_in_on_this_computer_and_of_other_files_are_well(windows: Machine, tmp_path: Path):
    here = str(add_in_of(windows)).replace(" ", "%20")
    links = [(ELSEWHERE, f"file:///{here}"), (ELSEWHERE, "Rates.xlsx"), LINKS["in the start-up folder"]]
    assert "Formulas" not in look(windows, linked_workbook(tmp_path / "Team.xlsx", *links))


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def with_calc(machine: Machine) -> FakeOffice:
    """A LibreOffice in which tierxl is installed as it should be."""
    office = office_on(machine)
    office.lists("0.1.0")
    point_to(machine, make(machine.command))
    return office


def point_to(machine: Machine, command: Path) -> None:
    make(machine.own_folder / "calc-worker.txt").write_text(f"{command}\n")


def command_that_says(path: Path, output: str) -> Path:
    make(path).write_text(f"#!/bin/sh\n[ \"$1\" = calc-worker ] && echo '{output}'\nexit 0\n")
    path.chmod(0o755)
    return path


@pytest.fixture(params=["win32", "darwin", "linux"])
def any_machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    return computer(tmp_path, request.param, {OFFICE: str(tmp_path / "Program Files/LibreOffice/program")})


@pytest.fixture
def linux(tmp_path: Path) -> Machine:
    return computer(tmp_path, "linux")


def look_at_calc(machine: Machine) -> dict[str, Finding]:
    found = look(machine)
    return {check: finding for check, finding in found.items() if check in {"LibreOffice", "Extension", "Worker"}}


def test_a_calc_in_which_all_is_well(any_machine: Machine):
    office = with_calc(any_machine)
    found = look_at_calc(any_machine)
    assert found == {
        "LibreOffice": Finding("LibreOffice", "good", f"7.4, {office.program}"),
        "Extension": Finding("Extension", "good", "0.1.0"),
        "Worker": Finding("Worker", "good", str(any_machine.command)),
    }


def test_looking_at_libreoffice_starts_none_of_its_programs(any_machine: Machine):
    office = with_calc(any_machine)
    look(any_machine)
    assert office.calls == []


def test_without_libreoffice_nothing_is_wrong(any_machine: Machine):
    assert look_at_calc(any_machine) == {
        "LibreOffice": Finding(
            "LibreOffice", "good", "not here; only functions and buttons in LibreOffice Calc need it"
        )
    }


def test_who_has_libreoffice_only_for_other_things_needs_no_cure(any_machine: Machine):
    office_on(any_machine)
    (finding,) = look_at_calc(any_machine).values()
    assert finding.status == "good"
    assert finding.detail.endswith("tierxl is not in its Calc: tierxl install --calc puts it there")


@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        ("Flatpak", "var/lib/flatpak/app/org.libreoffice.LibreOffice"),
        ("Flatpak", "home/.local/share/flatpak/app/org.libreoffice.LibreOffice"),
        ("snap", "snap/libreoffice"),
        ("snap", "var/lib/snapd/snap/libreoffice"),
    ],
)
def test_a_libreoffice_that_may_start_no_program_is_noted(linux: Machine, kind: str, folder: str):
    (linux.root / folder).mkdir(parents=True)
    (finding,) = look_at_calc(linux).values()
    assert finding.status == "note"
    assert finding.detail.startswith(f"a {kind}, which may start no other program")
    assert "libreoffice.org" in finding.cure
    office_on(linux)
    assert look_at_calc(linux)["LibreOffice"].status == "good"


def test_an_extension_that_is_gone_is_told(any_machine: Machine):
    with_calc(any_machine).deployed.unlink()
    found = look_at_calc(any_machine)
    assert statuses(found) == {"Extension": "wrong"}
    assert "tierxl install --calc" in found["Extension"].cure


@pytest.mark.parametrize("version", ["0.0.9", "1.2.3"])
def test_an_extension_of_another_version_is_told(any_machine: Machine, version: str):
    with_calc(any_machine).lists(version)
    found = look_at_calc(any_machine)
    assert statuses(found) == {"Extension": "wrong"}
    assert found["Extension"].detail == f"{version}, but tierxl is 0.1.0"


def test_an_extension_that_all_users_have_counts_and_the_users_own_before_it(linux: Machine):
    office = with_calc(linux)
    shared = office.program.parent / "share/uno_packages/cache/uno_packages"
    for name, version in (("org.example.other", "3.0"), ("tierxl", "0.0.9")):
        make(shared / f"lu-{name}.tmp_/it.oxt/description.xml").write_text(
            f'<description><identifier value="{name}"/><version value="{version}"/></description>'
        )
    assert look_at_calc(linux)["Extension"].detail == "0.1.0"
    office.deployed.unlink()
    assert look_at_calc(linux)["Extension"].detail == "0.0.9, but tierxl is 0.1.0"


@pytest.mark.parametrize("content", [b"", b"junk", b"Pmp1\n", b"Pmp1\xfftierxl\n", b"Pmp1\xfftierxl\nlu1.tmp\xff\n"])
def test_a_list_of_extensions_that_cannot_be_read_has_no_extension(linux: Machine, content: bytes):
    with_calc(linux).deployed.write_bytes(content)
    assert statuses(look_at_calc(linux)) == {"Extension": "wrong"}


def test_an_extension_that_was_added_by_hand_needs_no_pointer(any_machine: Machine):
    with_calc(any_machine)
    (any_machine.own_folder / "calc-worker.txt").unlink()
    assert statuses(look_at_calc(any_machine)) == {}


@pytest.mark.parametrize("content", ["/nosuch/tierxl\n", "", "\0", "a\nb"])
def test_a_pointer_that_leads_nowhere_is_told(linux: Machine, content: str):
    with_calc(linux)
    linux.command.unlink()
    (linux.own_folder / "calc-worker.txt").write_text(content)
    found = look_at_calc(linux)
    assert statuses(found) == {"Worker": "wrong"}
    assert str(linux.own_folder / "calc-worker.txt") in found["Worker"].detail
    (linux.own_folder / "calc-worker.txt").unlink()
    assert "the command tierxl is not found" in look_at_calc(linux)["Worker"].detail


def test_without_a_pointer_the_command_is_looked_for_as_the_extension_does_it(tmp_path: Path, linux: Machine):
    with_calc(linux)
    (linux.own_folder / "calc-worker.txt").unlink()
    linux.command.unlink()
    at_home = command_that_says(linux.home / ".local/bin/tierxl", '{"ready": "0.1.0"}')
    assert look_at_calc(linux)["Worker"] == Finding("Worker", "good", str(at_home))
    on_path = command_that_says(tmp_path / "programs/tierxl", '{"ready": "0.1.0"}')
    found = look_at_calc(replace(linux, environ={"PATH": str(on_path.parent)}))
    assert found["Worker"] == Finding("Worker", "good", str(on_path))


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a POSIX shell script")
@pytest.mark.parametrize(
    ("output", "status", "says"),
    [
        ('{"ready": "0.1.0"}', "good", "tierxl"),
        ('{"ready": "0.0.9"}', "note", "which is tierxl 0.0.9; this one is 0.1.0"),
        ("No such option: calc-worker", "wrong", "does not start"),
        ("", "wrong", "does not start"),
        ("[]", "wrong", "does not start"),
    ],
)
def test_another_tierxl_that_calc_starts_is_tried(tmp_path: Path, linux: Machine, output: str, status: str, says: str):
    with_calc(linux)
    point_to(linux, command_that_says(tmp_path / "other/tierxl", output))
    found = look_at_calc(linux)["Worker"]
    assert (found.status, says in found.detail) == (status, True), found


def test_a_command_that_cannot_be_started_is_told(tmp_path: Path, linux: Machine):
    with_calc(linux)
    point_to(linux, make(tmp_path / "other/tierxl"))
    assert statuses(look_at_calc(linux)) == {"Worker": "wrong"}


def test_a_libreoffice_without_its_python_is_told(linux: Machine):
    (with_calc(linux).program / "pythonloader.py").unlink()
    found = look_at_calc(linux)
    assert statuses(found) == {"LibreOffice": "wrong"}
    assert "python3-uno" in found["LibreOffice"].cure


@pytest.mark.parametrize(("version", "status"), [("7.3", "wrong"), ("7.4", "good"), ("7.10", "good"), ("24.8", "good")])
def test_a_libreoffice_that_is_too_old_is_told(linux: Machine, version: str, status: str):
    with_calc(linux)
    office_on(linux, version=version)
    assert look_at_calc(linux)["LibreOffice"].status == status


def test_a_libreoffice_that_does_not_tell_its_version_is_taken(linux: Machine):
    office = with_calc(linux)
    text = (office.program / "bootstraprc").read_text()
    (office.program / "bootstraprc").write_text(text.replace("LibreOffice 7.4", ""))
    assert look_at_calc(linux)["LibreOffice"].detail.startswith("of an unknown version, ")


def test_the_newest_libreoffice_is_examined(linux: Machine):
    for version in ("7.6", "25.2", "24.8"):
        office_on(linux, linux.root / f"opt/libreoffice{version}/program", version)
    assert look_at_calc(linux)["LibreOffice"].detail.startswith("25.2, ")


def test_the_libreoffice_that_a_terminal_starts_comes_first(tmp_path: Path, linux: Machine):
    office_on(linux)
    office = office_on(linux, tmp_path / "own/office/program", "24.2")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "soffice").symlink_to(office.program / "soffice")
    found = look_at_calc(replace(linux, environ={"PATH": str(programs)}))
    assert found["LibreOffice"].detail.startswith(f"24.2, {office.program}")


def test_a_libreoffice_whose_program_is_called_by_a_script_is_found_in_its_place(tmp_path: Path, linux: Machine):
    office_on(linux, linux.root / "usr/lib/libreoffice/program")
    script = make(tmp_path / "programs/unopkg")
    script.chmod(0o755)
    found = look_at_calc(replace(linux, environ={"PATH": str(script.parent)}))
    assert found["LibreOffice"].detail.startswith(f"7.4, {linux.root / 'usr/lib/libreoffice/program'}")


def test_windows_knows_where_a_user_has_put_libreoffice(tmp_path: Path):
    program = tmp_path / "D/Office/program"
    machine = computer(tmp_path, "win32", {OFFICE_OF_USER: str(program)})
    office_on(machine, program, "24.2")
    assert look_at_calc(machine)["LibreOffice"].detail.startswith("24.2, ")


# --- A workbook ------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return macro_workbook(
        tmp_path / "Team.xlsm", Interpreter_Win=WINDOWS_PYTHON, Interpreter_Mac=MAC_PYTHON,
        Add_Workbook_To_PYTHONPATH="False",
    )  # fmt: skip


def windows_python(machine: Machine) -> Path:
    """The interpreter that the workbook names, on a computer whose file system takes a backslash for a letter."""
    return make(Path(machine.environ["LOCALAPPDATA"] + r"\tierxl\env\Scripts\pythonw.exe"))


def test_a_workbook_in_which_all_is_well(windows: Machine, mac: Machine, book: Path):
    interpreter = windows_python(windows)
    found = look(replace(windows, executable=interpreter.with_name("python.exe")), book)
    assert statuses(found) == {}
    assert found["VBA"].detail == f"of xlwings {XLWINGS}, as installed"
    assert found["Interpreter"].detail == str(interpreter)
    assert statuses(look(mac, book)) == {}


@pytest.mark.parametrize("ending", first(1, ["xlsm", "xltm"]))
def test_the_template_that_we_ship_fits_the_xlwings_that_is_installed(tmp_path: Path, mac: Machine, ending: str):
    template = tmp_path / f"Client Tiers.{ending}"
    write_template(template)
    assert statuses(look(mac, template)) == {}
    assert look(this_machine(), template)["VBA"].status == "good"


def test_examining_changes_nothing(mac: Machine, book: Path, tmp_path: Path):
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    examine(book, mac)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(("declared", "status"), first(1, [("0.30.1", "wrong"), (None, "note")]))
def test_vba_of_another_xlwings_is_told(tmp_path: Path, mac: Machine, declared: str | None, status: str):
    """A workbook from a template that did not say its version yet may be all right, so it is only noted."""
    book = macro_workbook(tmp_path / "old.xlsm", XLWINGS_VERSION=declared, Interpreter_Mac=MAC_PYTHON)
    found = look(mac, book)
    assert statuses(found) == {"VBA": status}
    assert (declared or "unknown") in found["VBA"].detail
    assert XLWINGS in found["VBA"].detail
    assert found["VBA"].cure.endswith(f'run in a terminal: "{mac.command}" upgrade "{book}" --in-place')


def test_a_workbook_whose_macros_do_not_know_xlwings_is_noted(tmp_path: Path, mac: Machine):
    assert statuses(look(mac, files.macro_workbook(tmp_path / "own.xlsm"))) == {"VBA": "note"}
    without = files.workbook(tmp_path / "none.xlsm")
    assert statuses(look(mac, without)) == {"VBA": "note"}


def test_the_interpreter_that_a_workbook_names_must_exist(windows: Machine, mac: Machine, book: Path):
    on_windows = look(windows, book)["Interpreter"]
    assert on_windows.status == "wrong"
    assert str(windows.home / "AppData/Local") in on_windows.detail
    mac.executable.unlink()
    on_mac = look(mac, book)["Interpreter"]
    assert on_mac.status == "wrong"
    assert str(mac.home / "Library/tierxl/env/bin/python") in on_mac.detail
    assert "install script" in on_mac.cure


def test_the_interpreter_is_started_as_excel_starts_it(windows: Machine, book: Path):
    interpreter = windows_python(windows)
    lines: list[str] = []
    found = look(replace(windows, start=lambda line: lines.append(line) or "ready for Excel"), book)
    assert found["Start"].status == "good"
    start = "import tierxl.excel.start, tierxl.excel.udfs; print('ready for Excel')"
    assert lines == [f'cmd.exe /C ""{interpreter}" -B -c "{start}""']


@pytest.mark.parametrize(
    ("written", "reason"),
    first(
        1,
        [
            ("[WinError 5] Access is denied", "Access is denied"),
            ("Traceback\nModuleNotFoundError: No module named 'tierxl'", "No module named 'tierxl'"),
            ("", "it says nothing"),
        ],
    ),
)
def test_an_interpreter_that_windows_does_not_start_is_told(windows: Machine, book: Path, written: str, reason: str):
    windows_python(windows)
    found = look(replace(windows, start=lambda _: written), book)["Start"]
    assert found.status == "wrong"
    assert found.detail.endswith(reason)
    assert "If access is denied, in a plain Command Prompt too: Excel starts Python through cmd.exe" in found.cure


def test_another_interpreter_than_the_one_examined_is_noted(windows: Machine, book: Path):
    interpreter = windows_python(windows)
    found = look(windows, book)["Interpreter"]
    assert found.status == "note"
    assert f'"{interpreter.with_name("python.exe")}" -m tierxl.cli doctor' in found.cure


@pytest.mark.parametrize("settings", first(1, [{}, {"Interpreter_Mac": None}]))
def test_a_workbook_that_names_no_interpreter_takes_any(tmp_path: Path, mac: Machine, settings: dict[str, None]):
    found = look(mac, macro_workbook(tmp_path / "any.xlsm", **settings))
    assert statuses(found) == {"Interpreter": "wrong"}


def test_a_mac_cannot_start_a_python_with_a_space_in_its_path(tmp_path: Path, mac: Machine):
    python = make(mac.home / "Application Support/bin/python")
    named = macro_workbook(tmp_path / "space.xlsm", Interpreter_Mac="$HOME/Application Support/bin/python")
    found = look(replace(mac, executable=python), named)
    assert found["Interpreter"].status == "wrong"
    assert "space" in found["Interpreter"].detail


def test_without_excel_the_interpreters_are_only_named(tmp_path: Path, book: Path):
    found = look(computer(tmp_path, "linux"), book)
    assert found["Interpreter"] == Finding("Interpreter", "good", f"{WINDOWS_PYTHON} and {MAC_PYTHON}")


def test_variables_are_filled_in_whatever_their_case_and_others_left(windows: Machine, mac: Machine):
    assert windows.expanded("%LocalAppData%|%NoSuch%") == f"{windows.home / 'AppData/Local'}|%NoSuch%"
    assert mac.expanded("$HOME/x") == f"{mac.home}/x"
    for text in ("/$HOME/x", "$DOCUMENTS/x", "python"):
        assert mac.expanded(text) == text


@pytest.mark.parametrize("variable", first(1, ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"]))
@pytest.mark.parametrize(("adds", "status"), [("False", "good"), ("True", "note"), (None, "note")])
def test_a_workbook_in_onedrive_may_have_an_address_for_a_path(
    tmp_path: Path, variable: str, adds: str | None, status: str
):
    cloud = tmp_path / "OneDrive - Firm"
    (cloud / "Clients").mkdir(parents=True)
    settings = {"Add_Workbook_To_PYTHONPATH": adds} if adds else {}
    book = macro_workbook(cloud / "Clients/Team.xlsm", Interpreter_Win=WINDOWS_PYTHON, **settings)
    found = look(computer(tmp_path, "win32", environ={variable: str(cloud)}), book)["Place"]
    assert found.status == status
    assert "in OneDrive" in found.detail


def test_cloud_storage_of_a_mac_is_known(mac: Machine):
    cloud = mac.home / "Library/CloudStorage/OneDrive-Firm"
    cloud.mkdir(parents=True)
    book = macro_workbook(cloud / "Team.xlsm", Interpreter_Mac=MAC_PYTHON)
    assert statuses(look(mac, book)) == {"Place": "note"}


@pytest.mark.parametrize("address", ["https://firm.sharepoint.com/Team.xlsm", "HTTPS://d.docs.live.net/1/Team.xlsm"])
def test_an_address_is_not_a_file(mac: Machine, address: str):
    found = look(mac, Path(address))
    assert statuses(found) == {"Workbook": "wrong"}
    assert "address" in found["Workbook"].detail


@pytest.mark.parametrize("zone", ["3", "4"])
def test_a_workbook_from_the_internet_is_blocked_by_windows(tmp_path: Path, book: Path, zone: str):
    mark = f"[ZoneTransfer]\r\nZoneId={zone}\r\nHostUrl=https://example.com/\r\n"
    found = look(computer(tmp_path, "win32", mark=lambda _: mark), book)["Downloads"]
    assert found.status == "wrong"
    assert "Unblock" in found.cure


def test_a_workbook_from_the_firms_own_network_is_not_blocked(tmp_path: Path, book: Path):
    found = look(computer(tmp_path, "win32", mark=lambda _: "[ZoneTransfer]\r\nZoneId=1\r\n"), book)
    assert found["Downloads"].status == "good"


def test_a_downloaded_workbook_on_a_mac_is_noted(tmp_path: Path, book: Path):
    found = look(computer(tmp_path, "darwin", mark=lambda _: "0083;65;Safari;"), book)["Downloads"]
    assert found.status == "note"
    assert f'xattr -d com.apple.quarantine "{book}"' in found.cure


def test_the_mark_of_the_workbook_itself_is_read(tmp_path: Path, book: Path):
    asked: list[Path] = []
    look(computer(tmp_path, "darwin", mark=lambda path: asked.append(path) or ""), book)
    assert asked == [book]


@pytest.mark.parametrize("name", first(1, ["clients.csv", "clients.xls", "clients"]))
def test_a_file_without_macros_is_noted(tmp_path: Path, mac: Machine, name: str):
    assert statuses(look(mac, make(tmp_path / name))) == {"Workbook": "note"}


@pytest.mark.parametrize("content", first(1, [b"", b"junk", b"PK\x03\x04" + bytes(100)]))
def test_a_workbook_that_cannot_be_read_is_told(tmp_path: Path, mac: Machine, content: bytes):
    make(tmp_path / "broken.xlsm").write_bytes(content)
    assert statuses(look(mac, tmp_path / "broken.xlsm")) == {"Workbook": "wrong"}


@pytest.mark.long
def test_a_workbook_cut_off_in_the_middle_is_told(mac: Machine, book: Path):
    whole = book.read_bytes()
    for part in range(1, 8):
        book.write_bytes(whole[: len(whole) * part // 8])
        assert statuses(look(mac, book)) == {"Workbook": "wrong"}


def test_a_workbook_that_is_not_there_is_told(tmp_path: Path, mac: Machine):
    assert statuses(look(mac, tmp_path / "nosuch.xlsm")) == {"Workbook": "wrong"}
    assert statuses(look(mac, tmp_path)) == {"Workbook": "wrong"}


# --- This computer ---------------------------------------------------------------------------------------------------


def test_this_computer_is_examined_by_default(tmp_path: Path):
    found = {finding.check: finding for finding in examine()}
    assert sys.executable in found["Python"].detail
    assert found["xlwings"].status == "good"
    machine = this_machine()
    assert machine.package("no-such-package") is None
    assert machine.mark(tmp_path) == ""
    if sys.platform != "win32":
        assert machine.registry(*MACROS) is None


def test_each_text_of_the_doctor_is_used_and_each_that_is_used_is_there():
    folder = Path(doctor.__file__).parent
    texts = tomllib.loads((folder / "findings.toml").read_text(encoding="utf-8"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    del texts["phrases"]
    names = {text for text in re.findall(r'"([^"\n]+)"', code) if text in texts}
    assert names == set(texts)
    assert set(re.findall(r'finding\("([^"]+)"', code)) <= names


@pytest.mark.parametrize(
    ("system", "program", "output", "is_open"),
    [
        ("win32", "tasklist", b"EXCEL.EXE   4711 Console   1   190,000 K\r\n", True),
        ("win32", "tasklist", b"INFO: No tasks are running which match the specified criteria.\r\n", False),
        ("darwin", "/usr/bin/pgrep", b"4711\n", True),
        ("darwin", "/usr/bin/pgrep", b"", False),
    ],
)
def test_whether_excel_is_open_is_what_the_system_says_of_this_users_programs(
    system: str, program: str, output: bytes, is_open: bool, monkeypatch: pytest.MonkeyPatch
):
    def answer(command: list[str], **_: Any) -> SimpleNamespace:
        assert command[0] == program
        assert any(getpass.getuser() in part for part in command)
        return SimpleNamespace(stdout=output)

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(machine_module.subprocess, "run", answer)
    assert machine_module._is_excel_open() == is_open


def test_where_there_is_no_excel_none_is_open():
    assert sys.platform in ("win32", "darwin") or not this_machine().is_excel_open()
