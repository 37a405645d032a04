"""What installing writes, upgrading keeps, and removing leaves."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlwings

from tests.deployment.machines import (
    ALTERNATE,
    ALTERNATE_POLICY,
    DOCUMENTS,
    TEMPLATES,
    TEMPLATES_POLICY,
    TICKED,
    computer,
)
from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.install import Installed, Uninstalled, install, installed_workbook, uninstall
from tierxl.deployment.manifest import changing
from tierxl.deployment.places import Places, places_on
from tierxl.doctor import Machine, examine
from tierxl.template.shipped import write_template

PLATFORMS = ("win32", "darwin", "linux")


def builder(content: str = "template 1", calls: list[dict[str, Any]] | None = None) -> Callable[..., None]:
    """A stand-in that writes a text where the real one builds a workbook."""

    def build_template(target: Path, **interpreters: str) -> None:
        assert target.suffix in {".xlam", ".xltx", ".xlsm"}
        target.write_text(content)
        if calls is not None:
            calls.append(interpreters)

    return build_template


def tree(folder: Path) -> dict[str, str | None]:
    """Every file with its content, every link with its target, every folder."""
    return {
        str(path.relative_to(folder)): (
            f"→ {path.readlink()}" if path.is_symlink() else path.read_text() if path.is_file() else None
        )
        for path in sorted(folder.rglob("*"))
    }


def with_environment(machine: Machine) -> Machine:
    """The environment that the scripts make."""
    for name in ("python", "tierxl"):
        program = machine.executable.with_name(name)
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(name)
    return machine


@pytest.fixture(params=PLATFORMS)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    return with_environment(computer(tmp_path, request.param))


@pytest.fixture
def places(machine: Machine) -> Places:
    return places_on(machine)


@pytest.fixture
def linux(tmp_path: Path) -> Machine:
    return with_environment(computer(tmp_path, "linux"))


def files_of(places: Places) -> list[Path]:
    return [path for path in (places.template, places.add_in) if path]


def test_the_template_is_put_where_excel_offers_it_and_the_add_in_where_excel_opens_it(
    machine: Machine, places: Places
):
    assert installed_workbook(places) is None
    installed = install(machine, places, builder())
    assert (installed.template, installed.add_in) == (places.template, places.add_in)
    assert installed_workbook(places) == (places.add_in or places.template)
    assert {path.read_text() for path in files_of(places)} == {"template 1"}
    assert installed.kept == []
    assert (places.add_in is None) == (machine.platform == "linux"), "where there is no Excel"


def test_an_upgrade_replaces_one_file_for_all_workbooks(machine: Machine, places: Places):
    for number in (1, 2):
        install(machine, places, builder(f"template {number}"))
    if places.add_in:
        assert [path.name for path in places.add_in.parent.iterdir()] == ["Client Tiers.xlam"]
        assert places.add_in.read_text() == "template 2"


@pytest.mark.long
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_what_is_shipped_is_well_in_the_judgement_of_the_doctor_and_goes_without_a_trace(tmp_path: Path, platform: str):
    machine = with_environment(computer(tmp_path, platform))
    places = places_on(machine)
    for _ in range(2):
        install(machine, places, write_template)
        found = {finding.check: finding.status for finding in examine(places.template, machine)}
        assert (found["Add-in"], found["Workbook"]) == ("good", "good")
    assert uninstall(machine, places).changed == []
    assert [path for path in machine.home.rglob("*") if path.name.startswith("Client Tiers")] == []


def test_an_add_in_of_the_users_own_is_kept_where_excel_does_not_open_it(tmp_path: Path):
    windows = with_environment(computer(tmp_path, "win32"))
    places = places_on(windows)
    assert places.add_in
    places.add_in.parent.mkdir(parents=True)
    places.add_in.write_text("mine")
    assert install(windows, places, builder()).kept == [places.data / "Client Tiers (yours).xlam"]
    assert [path.name for path in places.add_in.parent.iterdir()] == ["Client Tiers.xlam"]
    assert (places.data / "Client Tiers (yours).xlam").read_text() == "mine"


def test_removing_takes_an_add_in_that_was_changed_out_of_the_folder_from_which_excel_opens_it(tmp_path: Path):
    windows = with_environment(computer(tmp_path, "win32"))
    places = places_on(windows)
    install(windows, places, builder())
    assert places.add_in
    places.add_in.write_text("signed since")
    (kept,) = uninstall(windows, places).changed
    assert (kept, kept.read_text()) == (places.data / "Client Tiers (yours).xlam", "signed since")
    assert not places.add_in.exists()


@pytest.mark.parametrize("work", [lambda *at: install(*at, builder()), uninstall])
def test_nothing_changes_while_excel_is_open(machine: Machine, places: Places, work: Callable[..., object]):
    install(machine, places, builder("template 1"))
    before = tree(machine.home)
    with pytest.raises(CannotDeploy, match=r"Excel is open: .* Nothing was changed"):
        work(replace(machine, is_excel_open=lambda: True), places)
    assert tree(machine.home) == before


@pytest.mark.parametrize(("content", "stays"), [("template 0", False), ("ours", True)])
def test_the_template_of_an_earlier_version_goes_unless_the_team_has_changed_it(
    tmp_path: Path, content: str, stays: bool
):
    windows = with_environment(computer(tmp_path, "win32"))
    places = places_on(windows)
    earlier = places.template.with_suffix(".xltm")
    with changing(places.manifest) as manifest:
        manifest.put(earlier, b"template 0")
    earlier.write_text(content)
    install(windows, places, builder())
    assert earlier.exists() == stays
    assert uninstall(windows, places).changed == []
    assert earlier.exists() == stays


@pytest.mark.parametrize(
    ("setting", "value"),
    [(ALTERNATE, "{folder}"), (ALTERNATE_POLICY, "{folder}"), (TICKED, '/R "{folder}/Client Tiers.xlam"')],
)
def test_where_it_has_put_the_add_in_into_a_folder_for_all_there_is_no_second_one(
    tmp_path: Path, setting: tuple[str, str], value: str
):
    """Excel opens one file of a name, and complains of the other each time it starts."""
    own = with_environment(computer(tmp_path, "win32"))
    install(own, places_on(own), builder())
    shared = tmp_path / "share/Client Tiers.xlam"
    shared.parent.mkdir()
    shared.write_text("of IT")
    windows = computer(tmp_path, "win32", {setting: value.format(folder=shared.parent)})
    assert install(windows, places_on(windows), builder()).add_in is None
    assert [path.name for path in windows.home.rglob("*.xlam")] == []
    uninstall(windows, places_on(windows))
    assert shared.read_text() == "of IT"


def test_where_there_is_one_for_all_an_own_one_that_was_changed_is_kept_where_excel_does_not_open_it(tmp_path: Path):
    own = with_environment(computer(tmp_path, "win32"))
    add_in = install(own, places_on(own), builder()).add_in
    assert add_in
    add_in.write_text("signed since")
    (tmp_path / "Client Tiers.xlam").write_text("of IT")
    windows = computer(tmp_path, "win32", {ALTERNATE: str(tmp_path)})
    (kept,) = install(windows, places_on(windows), builder()).kept
    assert (kept.name, kept.read_text()) == ("Client Tiers (yours).xlam", "signed since")
    assert list(add_in.parent.iterdir()) == []


def test_a_start_up_folder_on_a_server_is_the_users_own(tmp_path: Path):
    """Firms keep AppData\\Roaming elsewhere than the home folder."""
    environ = computer(tmp_path, "win32").environ | {"APPDATA": str(tmp_path / "server/ann")}
    windows = with_environment(computer(tmp_path, "win32", environ=environ))
    for number in (1, 2):
        add_in = install(windows, places_on(windows), builder(f"template {number}")).add_in
        assert add_in == tmp_path / "server/ann/Microsoft/Excel/XLSTART/Client Tiers.xlam"
        assert add_in.read_text() == f"template {number}"
    uninstall(windows, places_on(windows))
    assert not add_in.exists()


def test_removing_leaves_the_home_folder_as_it_was(machine: Machine, places: Places):
    (machine.home / "mine.txt").write_text("mine")
    before = {name: text for name, text in tree(machine.home).items() if "tierxl" not in name}
    install(machine, places, builder())
    install(machine, places, builder("template 2"))
    uninstalled = uninstall(machine, places)
    assert uninstalled.changed == []
    after = {name: text for name, text in tree(machine.home).items() if "tierxl" not in name}
    assert after == before
    if machine.is_windows:
        assert uninstalled.environment == places.environment  # a running Python cannot be deleted there
        assert machine.prefix.exists()
        assert list(places.data.iterdir()) == [places.environment]
    else:
        assert uninstalled.environment is None
        assert not places.data.exists()


def test_the_python_that_the_script_has_fetched_goes_with_the_environment(linux: Machine):
    places = places_on(linux)
    install(linux, places, builder())
    (places.python / "cpython-3.13/bin").mkdir(parents=True)
    uninstall(linux, places)
    assert not places.data.exists()


def test_folders_that_were_there_stay(machine: Machine, places: Places):
    places.template.parent.mkdir(parents=True, exist_ok=True)
    install(machine, places, builder())
    uninstall(machine, places)
    assert places.template.parent.exists() != (places.template.parent == places.data)


def test_a_folder_with_something_of_the_users_stays(machine: Machine, places: Places):
    install(machine, places, builder())
    mine = places.template.with_name("Mine.xltm")
    mine.write_text("mine")
    uninstall(machine, places)
    assert mine.read_text() == "mine"
    assert not places.template.exists()


def test_an_upgrade_replaces_the_template(machine: Machine, places: Places):
    install(machine, places, builder())
    installed = install(machine, places, builder("template 2"))
    assert installed.kept == []
    assert places.template.read_text() == "template 2"
    assert [path.name for path in places.template.parent.glob("Client Tiers*")] == [places.template.name]


def test_an_upgrade_keeps_what_the_team_has_changed_under_another_name(machine: Machine, places: Places):
    install(machine, places, builder())
    kept = []
    for number in (2, 3):
        places.template.write_text(f"ours {number}")
        kept += install(machine, places, builder(f"template {number}")).kept
        assert places.template.read_text() == f"template {number}"
    ending = places.template.suffix
    assert kept == [places.template.with_name(f"Client Tiers (yours{more}){ending}") for more in ("", " 2")]
    assert [path.read_text() for path in kept] == ["ours 2", "ours 3"]
    uninstall(machine, places)
    assert [path.read_text() for path in kept] == ["ours 2", "ours 3"]


def test_a_template_of_the_users_own_with_our_name_is_kept(machine: Machine, places: Places):
    places.template.parent.mkdir(parents=True, exist_ok=True)
    places.template.write_text("mine")
    (kept,) = install(machine, places, builder()).kept
    assert kept.read_text() == "mine"


def test_removing_leaves_a_template_that_was_changed(machine: Machine, places: Places):
    install(machine, places, builder())
    places.template.write_text("ours")
    assert uninstall(machine, places).changed == [places.template]
    assert places.template.read_text() == "ours"
    assert not places.manifest.exists()


def test_a_template_that_the_user_has_deleted_comes_back_and_is_not_missed(machine: Machine, places: Places):
    install(machine, places, builder())
    places.template.unlink()
    install(machine, places, builder())
    assert places.template.exists()
    places.template.unlink()
    assert uninstall(machine, places).changed == []


def test_where_nothing_is_installed_nothing_is_removed(linux: Machine):
    places = places_on(linux)
    places.template.write_text("mine")
    uninstall(linux, places)
    assert tree(places.data) == {places.template.name: "mine"}


def test_removing_twice_is_the_same_as_once(machine: Machine, places: Places):
    install(machine, places, builder())
    uninstall(machine, places)
    after = tree(machine.home)
    uninstall(machine, places)
    assert tree(machine.home) == after


# --- A bundle --------------------------------------------------------------------------------------------------------


def test_the_files_of_a_bundle_are_taken_as_they_are(machine: Machine, places: Places, tmp_path: Path):
    for path in files_of(places):
        (tmp_path / path.name).write_text("signed")
    calls: list[dict[str, Any]] = []
    install(machine, places, builder(calls=calls), tmp_path)
    assert {path.read_text() for path in files_of(places)} == {"signed"}
    assert calls == []


def test_a_bundle_without_a_template_does_not_matter(machine: Machine, places: Places, tmp_path: Path):
    install(machine, places, builder(), tmp_path)
    assert places.template.read_text() == "template 1"


# --- Which Python the template starts --------------------------------------------------------------------------------


def test_the_template_knows_the_private_environment_by_itself(machine: Machine, places: Places):
    calls: list[dict[str, Any]] = []
    install(machine, places, builder(calls=calls))
    assert calls == [{}] * len(files_of(places))


@pytest.mark.parametrize(
    ("platform", "interpreter"),
    [("win32", {"interpreter_windows": "pythonw.exe"}), ("darwin", {"interpreter_mac": "python"}), ("linux", {})],
)
def test_another_environment_is_named_in_the_template(tmp_path: Path, platform: str, interpreter: dict[str, str]):
    own = tmp_path / "own/bin" / ("python.exe" if platform == "win32" else "python")
    machine = computer(tmp_path, platform, prefix=tmp_path / "own", executable=own)
    calls: list[dict[str, Any]] = []
    installed = install(machine, places_on(machine), builder(calls=calls))
    named = {name: str(own.with_name(program)) for name, program in interpreter.items()}
    assert calls == [named] * len(files_of(places_on(machine)))
    assert installed.command.parent == own.parent
    assert not (machine.home / ".local/bin").exists()


def test_removing_leaves_an_environment_that_is_not_the_private_one(tmp_path: Path, linux: Machine):
    places = places_on(linux)
    other = computer(tmp_path, "linux", prefix=tmp_path / "own", executable=tmp_path / "own/bin/python")
    install(other, places, builder())
    assert uninstall(other, places) == Uninstalled([], places.environment)
    assert linux.executable.exists()


# --- The command -----------------------------------------------------------------------------------------------------


def test_the_command_is_linked_where_users_have_their_commands(machine: Machine, places: Places):
    command = install(machine, places, builder()).command
    if machine.is_windows:
        assert command == places.environment / "Scripts/tierxl.exe"
    else:
        assert command == machine.home / ".local/bin/tierxl"
        assert command.resolve() == (places.environment / "bin/tierxl").resolve()


@pytest.mark.parametrize("what", ["file", "folder", "link", "broken link"])
def test_another_command_of_that_name_stays(linux: Machine, what: str):
    places = places_on(linux)
    assert places.link
    places.link.parent.mkdir(parents=True)
    match what:
        case "file":
            places.link.write_text("mine")
        case "folder":
            places.link.mkdir()
        case "link":
            places.link.symlink_to(linux.executable)
        case _:
            places.link.symlink_to("nosuch")
    before = tree(places.link.parent)
    assert install(linux, places, builder()).command == places.environment / "bin/tierxl"
    assert tree(places.link.parent) == before
    uninstall(linux, places)
    assert tree(places.link.parent) == before


def test_a_link_that_the_user_has_changed_stays(linux: Machine):
    places = places_on(linux)
    install(linux, places, builder())
    assert places.link
    places.link.unlink()
    places.link.symlink_to("elsewhere")
    uninstall(linux, places)
    assert str(places.link.readlink()) == "elsewhere"


# --- Windows ---------------------------------------------------------------------------------------------------------


def windows_with(tmp_path: Path, *settings: tuple[tuple[str, str], str]) -> Machine:
    documents = (DOCUMENTS, "%USERPROFILE%/OneDrive - Firm/Documents")
    return with_environment(computer(tmp_path, "win32", dict((documents, *settings))))


def test_excel_is_told_of_the_folder_of_the_template_as_long_as_it_is_installed(tmp_path: Path):
    machine = windows_with(tmp_path)
    install(machine, places_on(machine), builder())
    install(machine, places_on(machine), builder("template 2"))
    folder = "%USERPROFILE%/OneDrive - Firm/Documents/Custom Office Templates"
    assert machine.registry(*TEMPLATES) == folder
    assert json.loads(places_on(machine).manifest.read_text())["settings"] == {"\\".join(TEMPLATES): folder}
    assert places_on(machine).template.is_file()
    uninstall(machine, places_on(machine))
    assert machine.registry(*TEMPLATES) is None
    assert not places_on(machine).manifest.exists()


@pytest.mark.parametrize("setting", [TEMPLATES, TEMPLATES_POLICY])
def test_a_folder_that_the_user_or_a_policy_has_chosen_stays(tmp_path: Path, setting: tuple[str, str]):
    machine = windows_with(tmp_path, (setting, "%USERPROFILE%/Ours"))
    before = machine.registry(*TEMPLATES)
    install(machine, places_on(machine), builder())
    assert machine.registry(*TEMPLATES) == before
    uninstall(machine, places_on(machine))
    assert machine.registry(*TEMPLATES) == before


def test_a_folder_that_was_chosen_since_stays_when_tierxl_is_removed(tmp_path: Path):
    machine = windows_with(tmp_path)
    install(machine, places_on(machine), builder())
    machine.set_registry(*TEMPLATES, "%USERPROFILE%/Ours")
    uninstall(machine, places_on(machine))
    assert machine.registry(*TEMPLATES) == "%USERPROFILE%/Ours"


def test_a_folder_with_templates_of_the_users_is_still_offered(tmp_path: Path):
    machine = windows_with(tmp_path)
    install(machine, places_on(machine), builder())
    places_on(machine).template.with_name("Mine.xltm").write_text("mine")
    uninstall(machine, places_on(machine))
    assert machine.registry(*TEMPLATES) is not None


# --- macOS -----------------------------------------------------------------------------------------------------------

SCRIPT = f"xlwings-{xlwings.__version__}.applescript"


def test_a_mac_gets_the_script_that_xlwings_brings(tmp_path: Path):
    machine = with_environment(computer(tmp_path, "darwin"))
    places = places_on(machine)
    install(machine, places, builder())
    assert places.scripts
    assert (places.scripts / SCRIPT).read_bytes() == (Path(xlwings.__file__).parent / SCRIPT).read_bytes()


def test_a_script_that_was_there_stays(tmp_path: Path):
    machine = with_environment(computer(tmp_path, "darwin"))
    places = places_on(machine)
    assert places.scripts
    places.scripts.mkdir(parents=True)
    (places.scripts / SCRIPT).write_bytes((Path(xlwings.__file__).parent / SCRIPT).read_bytes())
    (places.scripts / "xlwings-0.1.0.applescript").write_text("older")
    before = tree(places.scripts)
    install(machine, places, builder())
    assert tree(places.scripts) == before
    uninstall(machine, places)
    assert tree(places.scripts) == before


# --- What goes wrong -------------------------------------------------------------------------------------------------


def test_where_it_cannot_be_written_is_said_and_what_was_written_can_be_removed(tmp_path: Path):
    machine = with_environment(computer(tmp_path, "darwin"))
    places = places_on(machine)
    assert places.scripts
    places.scripts.parent.mkdir(parents=True)
    places.scripts.write_text("a file where a folder should be")
    with pytest.raises(CannotDeploy, match=r"Application Scripts/.* cannot be changed \(.*\): close it"):
        install(machine, places, builder())
    assert places.template.exists()
    uninstall(machine, places)
    assert not places.template.exists()
    assert places.scripts.is_file()


def test_no_draft_of_the_add_in_lies_in_the_folder_of_which_excel_opens_all(
    machine: Machine, places: Places, monkeypatch: pytest.MonkeyPatch
):
    def write(path: Path, content: bytes) -> None:
        assert path.parent != (places.add_in or places.data).parent
        path.write_text(content.decode())

    monkeypatch.setattr(Path, "write_bytes", write)
    for number in (1, 2):
        install(machine, places, builder(f"template {number}"))
        assert list(machine.home.rglob("*.new")) == []


def test_an_add_in_that_windows_does_not_let_be_replaced_is_named_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Windows holds a file that a program has open, and one that is read-only."""
    windows = with_environment(computer(tmp_path, "win32"))
    add_in = places_on(windows).add_in
    assert add_in
    install(windows, places_on(windows), builder())
    replace_in = Path.replace

    def replace_file(draft: Path, target: Path) -> Path:
        if target == add_in:
            raise PermissionError(13, "Access is denied", str(draft), None, str(target))
        return replace_in(draft, target)

    monkeypatch.setattr(Path, "replace", replace_file)
    with pytest.raises(CannotDeploy, match=r"XLSTART/Client Tiers\.xlam cannot be changed .*write protection"):
        install(windows, places_on(windows), builder("template 2"))
    assert {path.name: path.read_text() for path in add_in.parent.iterdir()} == {"Client Tiers.xlam": "template 1"}


def test_a_template_that_cannot_be_built_leaves_what_was_there(machine: Machine, places: Places):
    install(machine, places, builder())
    before = tree(machine.home)

    def broken(_: Path) -> None:
        raise CannotDeploy("The installed xlwings is not whole.")

    with pytest.raises(CannotDeploy, match="not whole"):
        install(machine, places, broken)
    assert tree(machine.home) == before


@pytest.mark.parametrize("content", ["", "junk", "[]", '{"files": 1, "more": 2}'])
def test_a_list_of_files_that_cannot_be_read_is_named(linux: Machine, content: str):
    places = places_on(linux)
    install(linux, places, builder())
    places.manifest.write_text(content)
    for action in (lambda: install(linux, places, builder()), lambda: uninstall(linux, places)):
        with pytest.raises(CannotDeploy, match=r"installed\.json.*delete it and run tierxl install again"):
            action()
    assert places.manifest.read_text() == content


def test_the_list_names_every_file_that_was_written(tmp_path: Path):
    machine = with_environment(computer(tmp_path, "darwin"))
    places = places_on(machine)
    before = tree(machine.home)
    installed: Installed = install(machine, places, builder())
    listed = json.loads(places.manifest.read_text())
    new = {machine.home / name for name, text in tree(machine.home).items() if name not in before and text is not None}
    assert new == {Path(path) for path in (*listed["files"], *listed["links"])} | {places.manifest}
    assert installed.template in new
