"""The workbook for xlwings Lite: a template with the Python that Lite runs in it, and tierxl itself inside that."""

import ast
import base64
import bz2
import re
import textwrap
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import requires, version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from tierxl.sheets import start_here
from tierxl.template.clients_sheet import WITH_COMMAND
from tierxl.template.shipped import read_parts, write_parts
from tierxl.workbooks.ooxml.package import MAIN
from tierxl.workbooks.ooxml.web_extension import MAIN_PY, add_lite

NAME = "Client Tiers (Mac and web).xlsx"
REQUIREMENTS = "requirements.txt"

_WITH_BUTTON = "Grade them with the button in the pane of xlwings Lite: Home > Add-ins."
_STARTS = ("tierxl.lite.commands", "tierxl.api")
_OF_PYPI = ("narwhals",)
"""The libraries that Lite gets from PyPI, of the versions that tierxl asks for; of xlwings also later ones."""
_OF_PYODIDE = ("polars", "pydantic")
"""Those of Pyodide, whose versions nobody can choose."""
_LINE = 120
_ROOM = Path(str(files("tierxl"))).parent
"""The folder with the package tierxl."""


def build_lite(base: Path, target: Path) -> None:
    """Build the workbook for xlwings Lite.

    Args:
        base: the template that it is made from, without macros.
        target: the file; it is written whole or not at all.

    Raises:
        CannotGrade: the file cannot be written.
    """
    parts = read_parts(base)
    words = start_here.words_in_lite() | {WITH_COMMAND: _WITH_BUTTON}
    for sheet in (part for name, part in parts.items() if name.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))):
        for text in sheet.iter(f"{{{MAIN}}}t"):
            text.text = words.get(text.text, text.text)
    add_lite(parts, properties())
    write_parts(parts, target)


def properties() -> dict[str, str]:
    """The Python that Lite runs, and the libraries that it needs."""
    return {MAIN_PY: _main(), REQUIREMENTS: _requirements()}


def _main() -> str:
    """The text of main.py, with its version and with tierxl in it."""
    text = (files("tierxl.template") / "lite_main.py").read_text(encoding="utf-8")
    lines = textwrap.wrap(base64.b64encode(_bundle()).decode(), _LINE)
    values = {"VERSION": f'"{version("tierxl")}"', "BUNDLE": '"""\n{}\n"""'.format("\n".join(lines))}
    for name, value in values.items():
        text = text.replace(f'{name} = ""', f"{name} = {value}")
    return re.sub(r"  # noqa.*", "", text)


def _requirements() -> str:
    wanted = {re.split(r"[<>=~!; ]", line)[0]: line for line in requires("tierxl") or ()}
    xlwings = f"{wanted['xlwings'].replace('==', '>=')},<1"
    return "".join(f"{line}\n" for line in (xlwings, *map(wanted.__getitem__, _OF_PYPI), *_OF_PYODIDE))


def _bundle() -> bytes:
    """A zip with the modules that the buttons need, and the files beside these: the same bytes for the same modules.

    It is packed as one, by three fifths of what a zip of packed files takes.
    """
    modules = _needed(_STARTS)
    tables = {table for module in modules for table in module.parent.glob("*.toml")}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for path in sorted({*modules, *tables}):
            info = zipfile.ZipInfo(path.relative_to(_ROOM).as_posix())
            info.create_system = 0
            bundle.writestr(info, path.read_bytes())
    return bz2.compress(packed.getvalue())


def _needed(starts: Iterable[str]) -> set[Path]:
    """The files of modules of ours and of all that these import when they are loaded."""
    found: set[Path] = set()
    ahead = list(starts)
    while ahead:
        name = ahead.pop()
        for path in _files_of(name):
            if path not in found:
                found.add(path)
                ahead += _imported(path)
    return found


def _files_of(name: str) -> Iterator[Path]:
    """The file of a module, and those of the packages that it stands in; nothing for what is no module."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        path = _ROOM.joinpath(*parts[:count])
        yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists())


def _imported(path: Path) -> Iterator[str]:
    """The names that a module of ours imports from tierxl when it is loaded."""
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("tierxl"):
            yield from (f"{node.module}.{name.name}" for name in node.names)
