"""Building the template workbook: sheets, macros, formulas that spill, the button, and the ribbon last."""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from tierxl.calc import build_extension as calc_extension
from tierxl.method.issues import CannotGrade
from tierxl.sheets import clients, live_tiers
from tierxl.template.button import add_button
from tierxl.template.clients_sheet import FIRST_ROW
from tierxl.template.configuration import INTERPRETER_MAC, INTERPRETER_WINDOWS, write_configuration
from tierxl.template.content import Content, make_content
from tierxl.template.live_formulas import make_dynamic
from tierxl.template.macros import add_macros
from tierxl.template.parts import CONTENT_TYPES, PROPERTIES, Parts, change, read_parts, relate, write_parts
from tierxl.template.sample import SAMPLE_DAY
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.ooxml.new_sheets import strict_writing

NAMES = ("Client Tiers.xlsm", "Client Tiers.xlsx")

_CONTENT_TYPES_OF_ENDINGS = {
    ".xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".xlsm": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltm": b"application/vnd.ms-excel.template.macroEnabled.main+xml",
}
"""What the main part of a workbook is called, by the ending of the file: Excel opens no other pairs."""

_RIBBON, _RIBBON_KIND = (
    "customUI/customUI14.xml",
    "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
)


def build(folder: Path) -> list[Path]:
    """Build the template with macros, the one without, and the extension for LibreOffice Calc into a folder.

    Raises:
        CannotGrade: as for :func:`build_template`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGrade(f"{folder} cannot be made: {error.strerror or error}.") from error
    targets = [folder / name for name in NAMES]
    for target in targets:
        build_template(target)
    extension = folder / calc_extension.NAME
    calc_extension.build_extension(extension)
    return [*targets, extension]


def build_template(
    target: Path, interpreter_windows: str = INTERPRETER_WINDOWS, interpreter_mac: str = INTERPRETER_MAC
) -> None:
    """Build one template: .xlsm, .xlsx without macros, or .xltm, from which Excel makes new workbooks.

    Args:
        target: the file; it is written whole or not at all.
        interpreter_windows: the Python that the workbook starts on Windows; environment variables are expanded.
        interpreter_mac: the same on a Mac.

    Raises:
        CannotGrade: the file cannot be written, its ending is of no kind that can be built, or the installed xlwings is
            not whole.
    """
    ending = target.suffix.lower()
    if ending not in _CONTENT_TYPES_OF_ENDINGS:
        raise CannotGrade(f"{target.name} is of no kind that can be built: use {', '.join(_CONTENT_TYPES_OF_ENDINGS)}.")
    has_macros = ending != ".xlsx"
    content = make_content(has_macros=has_macros)
    if has_macros:
        write_configuration(content.book, interpreter_windows, interpreter_mac)
    parts = _saved(content, has_macros=has_macros)
    _become(parts, ending)
    _finish(parts, content)
    if has_macros:
        add_button(parts, _part_of(content, clients.TITLE))
        _add_ribbon(parts)
    with replacing(target) as draft:
        write_parts(parts, draft)


def _saved(content: Content, *, has_macros: bool) -> Parts:
    """The parts of the workbook, with macros or without."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsm"
        with strict_writing():
            content.book.save(path)
        if has_macros:
            add_macros(path)
        return read_parts(path)


def _part_of(content: Content, title: str) -> str:
    """The part of a sheet in the saved workbook."""
    return str(content.book[title].path).lstrip("/")


def _become(parts: Parts, ending: str) -> None:
    plain = _CONTENT_TYPES_OF_ENDINGS[".xlsx"]
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(plain, _CONTENT_TYPES_OF_ENDINGS[ending])


def _finish(parts: Parts, content: Content) -> None:
    """What openpyxl does not write, or writes with the hour of the day."""
    make_dynamic(parts, _part_of(content, live_tiers.TITLE), content.spills)
    moment = f"{SAMPLE_DAY}T00:00:00Z".encode()
    for name in (b"created", b"modified"):
        change(parts, PROPERTIES, rb"(<dcterms:%s [^>]*>)[^<]*" % name, rb"\g<1>" + moment)
    ids = f'<ignoredErrors><ignoredError numberStoredAsText="1" sqref="B{FIRST_ROW}:B1048576"/></ignoredErrors>'
    change(parts, _part_of(content, clients.TITLE), b"(<tableParts)", ids.encode() + rb"\1")


def _add_ribbon(parts: Parts) -> None:
    """Add the ribbon; nothing that does not know such parts may write the file after this."""
    parts[_RIBBON] = (files("tierxl.template") / "ribbon.xml").read_text(encoding="utf-8").encode()
    relate(parts, "", _RIBBON_KIND, _RIBBON)
