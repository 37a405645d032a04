"""Building the extension for LibreOffice Calc: what stands in the folder extension, and what follows from the code."""

import json
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

from tierxl.doctor.office import EXTENSION, OLDEST
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import WorksheetFunction
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.shipped import rendered

NAME = "tierxl.oxt"
CALC = "com.sun.star.sheet.SpreadsheetDocument"

_RANGES = {"clients"}
"""The arguments that are ranges of cells, and nothing else: of these Calc hands over errors and days as such."""

_SHARED = (
    files("tierxl.sheets") / "own_sheet.py",
    files("tierxl.doctor") / "command.py",
    files("tierxl.workbooks") / "stretches.py",
)
"""Modules of which the extension has a copy."""

_RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
_PREFIX = "Tierxl"


def build_extension(target: Path) -> None:
    """Build the extension as one file.

    Raises:
        CannotGrade: the file cannot be written.
    """
    folder = Path(__file__).with_name("extension")
    standing = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    parts = {path.relative_to(folder).as_posix(): path.read_bytes().replace(b"\r\n", b"\n") for path in standing}
    parts |= {name: text.encode() for name, text in _made().items()}
    with replacing(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts):
            package.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)


def _made() -> dict[str, str]:
    functions = FUNCTIONS.values()
    texts = {"identifier": EXTENSION, "version": version("tierxl"), "oldest": OLDEST}
    return {
        "description.xml": rendered("tierxl.calc", "description.xml.j2", **texts),
        "functions.idl": rendered("tierxl.calc", "functions.idl.j2", functions=functions, ranges=_RANGES),
        "pythonpath/tierxl_in_calc/version.txt": version("tierxl"),
        "pythonpath/tierxl_in_calc/functions.json": json.dumps(list(map(_listed, functions)), indent=1),
        **{f"pythonpath/tierxl_in_calc/{module.name}": module.read_text(encoding="utf-8") for module in _SHARED},
        "Addons.xcu": _menu_and_toolbar(),
    }


def _listed(function: WorksheetFunction) -> dict[str, object]:
    return {
        "name": function.name,
        "help": function.help,
        "answers_texts": function.answers == "texts",
        "arguments": [
            {"name": argument.name, "help": argument.help if argument.optional else f"Needed. {argument.help}"}
            for argument in function.arguments
        ],
    }


def _menu_and_toolbar() -> str:
    """A menu and a toolbar with the ribbon's buttons, in their order and with a line between its groups."""
    ribbon = ET.fromstring((files("tierxl.template") / "ribbon.xml").read_text(encoding="utf-8"))  # noqa: S314  our own
    (tab,) = ribbon.iter(f"{_RIBBON}tab")
    entries: list[tuple[str, str]] = []
    for group in ribbon.iter(f"{_RIBBON}group"):
        buttons = [button.attrib for button in group.iter(f"{_RIBBON}button")]
        entries += [("private:separator", "")] if entries else []
        entries += [(f"tierxl:{button['onAction'].removeprefix(_PREFIX)}", button["label"]) for button in buttons]
    return rendered("tierxl.calc", "Addons.xcu.j2", entries=entries, menu=tab.attrib["label"], calc=CALC)
