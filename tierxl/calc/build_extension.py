"""Building the extension for LibreOffice Calc: what stands in the folder extension, and what follows from the code."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from tierxl.doctor.office import EXTENSION, OLDEST
from tierxl.functions import FUNCTIONS
from tierxl.functions.worksheet_function import WorksheetFunction
from tierxl.workbooks.atomic import replacing

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

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
_PREFIX = "Tierxl"


def build_extension(target: Path) -> None:
    """Build the extension as one file.

    Raises:
        CannotGrade: the file cannot be written.
    """
    parts = dict(_standing(files("tierxl.calc") / "extension", ""))
    parts |= {name: text.encode() for name, text in _made().items()}
    with replacing(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts):
            package.writestr(zipfile.ZipInfo(name, _EARLIEST), parts[name], zipfile.ZIP_DEFLATED)


def _standing(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, by their paths in it."""
    for entry in folder.iterdir():
        if entry.is_file():
            yield prefix + entry.name, entry.read_bytes().replace(b"\r\n", b"\n")
        elif entry.name != "__pycache__":
            yield from _standing(entry, f"{prefix}{entry.name}/")


def _made() -> dict[str, str]:
    functions = FUNCTIONS.values()
    return {
        "description.xml": _description(),
        "functions.idl": _interface(functions),
        "pythonpath/tierxl_in_calc/version.txt": version("tierxl"),
        "pythonpath/tierxl_in_calc/functions.json": json.dumps(list(map(_listed, functions)), indent=1),
        **{f"pythonpath/tierxl_in_calc/{module.name}": module.read_text(encoding="utf-8") for module in _SHARED},
        "Addons.xcu": _menu_and_toolbar(),
    }


def _description() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006">
  <identifier value="{EXTENSION}"/>
  <version value="{version("tierxl")}"/>
  <display-name><name lang="en">tierxl: client tiers</name></display-name>
  <dependencies>
    <d:LibreOffice-minimal-version xmlns:d="http://libreoffice.org/extensions/description/2011" value="{OLDEST}"/>
  </dependencies>
</description>
"""


def _interface(functions: Iterable[WorksheetFunction]) -> str:
    """The functions as an interface, in the language in which LibreOffice describes types."""
    methods = "".join(f"  {_method(function)}\n" for function in functions)
    return f"module tierxl {{\ninterface XFunctions : com::sun::star::uno::XInterface {{\n{methods}}};\n}};\n"


def _method(function: WorksheetFunction) -> str:
    """A function: the document that calls first, which Calc hands over by itself, then the arguments."""
    cell = "string" if function.answers == "texts" else "any"
    types = [
        "com::sun::star::table::XCellRange" if argument.name in _RANGES else "any" for argument in function.arguments
    ]
    arguments = "".join(f", [in] {kind} argument{number}" for number, kind in enumerate(types, 1))
    caller = "[in] com::sun::star::beans::XPropertySet document"
    return f"sequence< sequence<{cell}> > {function.name}({caller}{arguments});"


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
    groups = [list(group.iter(f"{_RIBBON}button")) for group in ribbon.iter(f"{_RIBBON}group")]
    (tab,) = ribbon.iter(f"{_RIBBON}tab")
    entries: list[tuple[str, str]] = []
    for group in groups:
        if entries:
            entries.append(("private:separator", ""))
        entries += [
            (f"tierxl:{button.attrib['onAction'].removeprefix(_PREFIX)}", button.attrib["label"]) for button in group
        ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  oor:name="Addons" oor:package="org.openoffice.Office">
  <node oor:name="AddonUI">
    <node oor:name="OfficeMenuBar">
      <node oor:name="tierxl.Menu" oor:op="replace">
        {_value("Context", CALC)}
        {_value("Title", tab.attrib["label"], language=True)}
        <node oor:name="Submenu">
          {_nodes(entries, 10)}
        </node>
      </node>
    </node>
    <node oor:name="OfficeToolBar">
      <node oor:name="tierxl.Toolbar" oor:op="replace">
        {_nodes(entries, 8, context=True)}
      </node>
    </node>
  </node>
</oor:component-data>
"""


def _nodes(entries: list[tuple[str, str]], indent: int, *, context: bool = False) -> str:
    nodes = []
    for number, (url, title) in enumerate(entries, 1):
        values = [_value("URL", url)]
        if title:
            values += [_value("Title", title, language=True), _value("Target", "_self")]
        if context:
            values.append(_value("Context", CALC))
        nodes.append(f'<node oor:name="entry{number:02}" oor:op="replace">{"".join(values)}</node>')
    return f"\n{' ' * indent}".join(nodes)


def _value(name: str, value: str, *, language: bool = False) -> str:
    lang = ' xml:lang="en-US"' if language else ""
    return f'<prop oor:name={quoteattr(name)} oor:type="xs:string"><value{lang}>{escape(value)}</value></prop>'
