"""Where tierxl lives, on each system."""

from pathlib import Path

import pytest

from tests.deployment.machines import DOCUMENTS, TEMPLATES, TEMPLATES_POLICY, computer
from tierxl.deployment.places import places_on
from tierxl.template.configuration import INTERPRETER_MAC, INTERPRETER_WINDOWS


def test_windows(tmp_path: Path):
    places = places_on(computer(tmp_path, "win32"))
    assert places.environment == tmp_path / "home/AppData/Local/tierxl/env"
    assert places.manifest == tmp_path / "home/AppData/Local/tierxl/installed.json"
    assert places.template == tmp_path / "home/Documents/Custom Office Templates/Client Tiers.xltx"
    assert places.add_in == tmp_path / "home/AppData/Roaming/Microsoft/Excel/XLSTART/Client Tiers.xlam"
    assert (places.scripts, places.link) == (None, None)


def test_windows_without_its_variables(tmp_path: Path):
    assert places_on(computer(tmp_path, "win32", environ={})).data == tmp_path / "home/AppData/Local/tierxl"


def test_mac(tmp_path: Path):
    places = places_on(computer(tmp_path, "darwin"))
    assert places.environment == tmp_path / "home/Library/tierxl/env"
    office = tmp_path / "home/Library/Group Containers/UBF8T346G9.Office"
    assert places.template == office / "User Content.localized/Templates.localized/Client Tiers.xltx"
    assert places.add_in == office / "User Content.localized/Startup.localized/Excel/Client Tiers.xlam"
    assert places.scripts == tmp_path / "home/Library/Application Scripts/com.microsoft.Excel"
    assert places.link == tmp_path / "home/.local/bin/tierxl"


def test_a_mac_has_no_space_in_the_path_of_its_python(tmp_path: Path):
    assert " " not in str(places_on(computer(tmp_path, "darwin")).environment.relative_to(tmp_path))


def test_linux(tmp_path: Path):
    places = places_on(computer(tmp_path, "linux"))
    assert places.environment == tmp_path / "home/.local/share/tierxl/env"
    assert places.template == tmp_path / "home/.local/share/tierxl/Client Tiers.xlsm"
    assert (places.add_in, places.scripts, places.link) == (None, None, tmp_path / "home/.local/bin/tierxl")


@pytest.mark.parametrize(("given", "data"), [("/data", "/data/tierxl"), ("data", None), ("", None)])
def test_linux_heeds_the_users_choice_of_a_data_folder_if_it_is_a_whole_path(
    tmp_path: Path, given: str, data: str | None
):
    places = places_on(computer(tmp_path, "linux", environ={"XDG_DATA_HOME": given}))
    assert places.data == (Path(data) if data else tmp_path / "home/.local/share/tierxl")


def test_the_folder_for_templates_that_is_chosen_in_excel_comes_first(tmp_path: Path):
    chosen = computer(tmp_path, "win32", {TEMPLATES: "%USERPROFILE%/Ours", DOCUMENTS: "/elsewhere"})
    assert places_on(chosen).template == tmp_path / "home/Ours/Client Tiers.xltx"


def test_a_policy_on_the_folder_for_templates_wins(tmp_path: Path):
    by_policy = computer(tmp_path, "win32", {TEMPLATES: "/chosen", TEMPLATES_POLICY: "%USERPROFILE%/Firm"})
    assert places_on(by_policy).template == tmp_path / "home/Firm/Client Tiers.xltx"


@pytest.mark.parametrize("chosen", ["", None, 0])
def test_documents_may_have_moved_to_onedrive(tmp_path: Path, chosen: str | int | None):
    moved = computer(tmp_path, "win32", {TEMPLATES: chosen, DOCUMENTS: "%UserProfile%/OneDrive - Firm/Documents"})
    expected = tmp_path / "home/OneDrive - Firm/Documents/Custom Office Templates/Client Tiers.xltx"
    assert places_on(moved).template == expected


def test_the_template_looks_for_python_where_it_is_installed(tmp_path: Path):
    windows, mac = computer(tmp_path, "win32"), computer(tmp_path, "darwin")
    named = windows.expanded(INTERPRETER_WINDOWS).replace("\\", "/")
    assert named == str(places_on(windows).environment / "Scripts/pythonw.exe")
    assert mac.expanded(INTERPRETER_MAC) == str(places_on(mac).environment / "bin/python")
