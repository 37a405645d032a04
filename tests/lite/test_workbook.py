"""The workbook for xlwings Lite: its parts, and the Python that it carries."""

import json
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from tests.files import parts_of, with_part, workbook
from tierxl.cli import app
from tierxl.deployment.upgrade import upgrade
from tierxl.doctor import examine
from tierxl.doctor.lite import carried_version
from tierxl.template.lite import NAME, build_lite, properties
from tierxl.workbooks.ooxml.web_extension import ADD_IN, PANES, properties_of, set_properties
from tierxl.workbooks.shipped import shipped

pytestmark = pytest.mark.long

BASE = shipped("workbook/Client Tiers Live.xlsx")
WE = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"

CARRIED = """
import asyncio, json, sys
from pathlib import Path
from tests import fake_lite
sys.modules["xlwings"] = module = fake_lite.module()
exec(compile(Path(sys.argv[1]).read_text(), "main.py", "exec"), {"__name__": "main"})
import tierxl
book = fake_lite.open_book(Path(sys.argv[2]))
asyncio.run(fake_lite.run(module.scripts["Grade clients"], book))
page = book.impl.excel["Clients"]
answers = [module.functions[name](*ranges) for name, *ranges in json.loads(sys.argv[3])]
json.dump([tierxl.__file__, sorted(module.scripts), sorted(module.functions), book.impl.app.alerts,
    book.impl.excel.sheetnames, [cell.value for cell in page[1]], answers], sys.stdout)
"""
TWO = [["Client", "Revenue", "Override tier", "Override expires"], ["Abel", 5, "C", 47_000], ["Bea", 3, "", ""]]
ERROR = {"type": "Error", "basicValue": "#N/A"}
CALLS = {
    "one column by its name": ["TIER_TABLE", TWO, [["Tier"]]],
    "a row of names": ["TIER_TABLE", TWO, [["Tier", "Starting tier"]]],
    "a column of names": ["TIER_TABLE", TWO, [["Tier"], ["Starting tier"]]],
    "a name that is an error": ["TIER_TABLE", TWO, [[ERROR]]],
    "a revenue that is an error": ["TIER_TABLE", [["Client", "Revenue"], ["Abel", ERROR], ["Bea", 3]], [["Tier"]]],
    "a blank cell for the clients": ["TIER_TABLE", [[None]]],
    "a row for the clients": ["TIER_TABLE", [["Client", "Revenue"]]],
    "a column for the clients": ["TIER_TABLE", [["Client"], ["Abel"]]],
    "a blank client": ["TIER_WHY", TWO, [[None]]],
    "a column of clients": ["TIER_WHY", TWO, [["Abel"], [None], ["Nobody"]]],
    "no managers": ["SHOULD_TIER", TWO, [[""]]],
    "a blank list": ["SHOULD_TIER", [[None]], [[None]]],
    "settings that are none": ["TIER_TABLE", TWO, [["Tier"]], [["x"]]],
}
"""Calls of the functions, with their ranges as Excel hands them over: a day is a number, an error an object."""


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / NAME
    build_lite(BASE, path)
    return path


@pytest.fixture
def older(lite: Path, tmp_path: Path) -> Path:
    """The same workbook with the Python of an older tierxl, and a property of Lite's own."""
    path = Path(shutil.copy(lite, tmp_path))

    def change(part: bytes) -> bytes:
        add_in = etree.fromstring(part)
        main = properties_of(add_in)["main.py"].replace(f'VERSION = "{version("tierxl")}"', 'VERSION = "0.0.9"')
        set_properties(add_in, {"main.py": main, "xlwingsWorkbookId": "7"})
        return etree.tostring(add_in)

    return with_part(path, ADD_IN, change)


def test_it_is_the_template_with_the_parts_of_the_add_in(lite: Path):
    before, after = parts_of(BASE), parts_of(lite)
    assert set(after) - set(before) == {ADD_IN, PANES, "xl/webextensions/_rels/taskpanes.xml.rels"}
    assert set(before) <= set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert {"[Content_Types].xml", "_rels/.rels"} <= changed
    assert all(name.startswith("xl/worksheets/sheet") for name in changed - {"[Content_Types].xml", "_rels/.rels"})
    assert b'Target="/xl/webextensions/taskpanes.xml"' in after["_rels/.rels"]
    assert b"vnd.ms-office.webextensiontaskpanes+xml" in after["[Content_Types].xml"]


def test_the_add_in_is_that_of_the_store_with_two_properties_and_its_pane_opens(lite: Path):
    parts = parts_of(lite)
    add_in = etree.fromstring(parts[ADD_IN])
    assert [child.tag.removeprefix(WE) for child in add_in] == [
        "reference", "alternateReferences", "properties", "bindings", "snapshot",
    ]  # fmt: skip
    assert add_in[0].get("id") == "wa200008175"
    assert [line.get("name") for line in add_in.find(f"{WE}properties")] == ["main.py", "requirements.txt"]
    assert etree.fromstring(parts[PANES])[0].get("visibility") == "1"


def test_properties_are_json_with_slashes_escaped_and_come_back_as_they_were():
    add_in = etree.fromstring(f'<w:webextension xmlns:w="{WE[1:-1]}"><w:properties/></w:webextension>')
    texts = {"main.py": 'a = "</x> & \\ \u00fc \u2028"\n\ttab\r\n', "requirements.txt": "", "other": "a/b"}
    set_properties(add_in, texts)
    again = etree.fromstring(etree.tostring(add_in))
    assert properties_of(again) == texts
    values = {line.get("name"): line.get("value") for line in again.iter(f"{WE}property")}
    assert values["other"] == '"a\\/b"'
    assert all(json.loads(value) == texts[name] for name, value in values.items())


def test_its_sheets_say_what_to_press_there(lite: Path):
    text = b"".join(part for name, part in parts_of(lite).items() if name.startswith("xl/worksheets/sheet")).decode()
    assert "pane of xlwings Lite" in text
    assert "In a terminal, in the folder of this workbook" not in text
    assert "Grade them with the command" not in text


def test_it_asks_for_the_libraries_of_the_light_core_and_no_others():
    names = [line.partition("<")[0].partition(">")[0] for line in properties()["requirements.txt"].split()]
    assert names == ["xlwings", "narwhals", "polars", "pydantic"]


def test_two_builds_are_the_same_bytes(lite: Path, tmp_path: Path):
    build_lite(BASE, tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == lite.read_bytes()


@pytest.fixture(scope="module")
def carried(lite: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What comes of the Python that the workbook carries, in a process of its own."""
    folder = tmp_path_factory.mktemp("carried")
    main = folder / "main.py"
    main.write_text(properties_of(etree.fromstring(parts_of(lite)[ADD_IN]))["main.py"], encoding="utf-8")
    clients = str(workbook(folder / "clients.xlsx", table="Clients"))
    done = subprocess.run(
        [sys.executable, "-c", CARRIED, str(main), clients, json.dumps([*CALLS.values()])],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def test_the_carried_python_grades_and_no_other_tierxl_is_asked(carried: list[Any]):
    home, scripts, functions, alerts, titles, headers, _ = carried
    assert f"tierxl-{version('tierxl')}.zip" in home
    assert scripts == ["Check data", "Explain selected client", "Grade clients"]
    assert functions == ["SHOULD_TIER", "TIER_TABLE", "TIER_WHY"]
    assert alerts[0][0].startswith("3 clients: 1 A, 0 B, 2 C")
    assert "Summary" in titles
    assert "Tier" in headers


def test_its_functions_take_ranges_of_any_shape_with_blanks_days_and_errors_in_them(carried: list[Any]):
    answers = dict(zip(CALLS, carried[-1], strict=True))
    assert answers["one column by its name"] == [["Tier"], ["C"], ["C"]]
    assert answers["a row of names"] == answers["a column of names"]
    assert answers["a row of names"][:2] == [["Tier", "Starting tier"], ["C", "A"]]
    assert answers["a revenue that is an error"] == [["Tier"], ["Not graded"], ["A"]]
    assert [line[0][:9] for line in answers["a column of clients"]] == ["Starts at", "", "tierxl: c"]
    assert answers["no managers"][0][0] == "Tier, with care"
    complaints = {
        "a name that is an error": 'There is no graded column "#N/A"',
        "a blank cell for the clients": "There is no Client column",
        "a row for the clients": "There are no clients",
        "a column for the clients": "There is no Revenue column",
        "a blank client": 'There is no client ""',
        "a blank list": "There is no Client column",
        "settings that are none": "No setting stands in the last argument",
    }
    for call, complaint in complaints.items():
        assert answers[call].startswith(f"tierxl: {complaint}"), call


def test_doctor_says_which_version_a_workbook_carries(lite: Path, older: Path):
    assert carried_version(BASE) is None
    good = next(found for found in examine(lite) if found.check == "xlwings Lite")
    assert (good.status, good.cure) == ("good", "")
    note = next(found for found in examine(older) if found.check == "xlwings Lite")
    assert "carries tierxl 0.0.9" in note.detail
    assert "upgrade" in note.cure


def test_upgrade_renews_the_carried_python_and_leaves_all_else(lite: Path, older: Path, tmp_path: Path):
    before = parts_of(older)
    result = CliRunner().invoke(app, ["upgrade", str(older), "--in-place"])
    assert result.exit_code == 0, result.output
    after = parts_of(older)
    assert {name for name in before if before[name] != after[name]} == {ADD_IN}
    renewed = properties_of(etree.fromstring(after[ADD_IN]))
    assert renewed == properties() | {"xlwingsWorkbookId": "7"}
    assert carried_version(tmp_path / f"{older.stem} (before upgrade).xlsx") == "0.0.9"
    assert upgrade(lite, tmp_path / "again.xlsx").changes == []


def test_upgrade_refuses_a_workbook_that_carries_a_newer_tierxl(older: Path):
    with_part(older, ADD_IN, lambda part: part.replace(b"0.0.9", b"9.0.0"))
    result = CliRunner().invoke(app, ["upgrade", str(older), "--in-place"])
    assert result.exit_code != 0
    assert "is newer than the tierxl that is installed" in " ".join(result.output.split())


def test_the_file_is_a_zip_without_macros(lite: Path):
    with zipfile.ZipFile(lite) as package:
        assert package.testzip() is None
        assert not [name for name in package.namelist() if "vbaProject" in name or "customUI" in name]
