"""Building the template workbook and the add-in: sheets, macros, formulas that spill, the button, the ribbon last."""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree
from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from tierxl.calc import build_extension as calc_extension
from tierxl.doctor.vba import ADD_IN
from tierxl.method.issues import CannotGrade
from tierxl.sheets import clients, live_tiers
from tierxl.template import live_workbook
from tierxl.template.button import add_button
from tierxl.template.clients_sheet import FIRST_ROW
from tierxl.template.configuration import write_configuration
from tierxl.template.content import CALCULATION_ENGINE, make_content
from tierxl.template.lite import NAME as LITE
from tierxl.template.lite import build_lite
from tierxl.template.live_formulas import make_dynamic
from tierxl.template.macros import OF_ADD_IN, OF_WORKBOOK, add_macros
from tierxl.template.plain_live_tiers import add_formulas
from tierxl.template.shipped import Parts, become, in_one_form, read_parts, write_parts
from tierxl.template.vba_project import PART as VBA_PROJECT
from tierxl.template.vba_project import without_compiled_code
from tierxl.workbooks.ooxml.new_sheets import strict_writing
from tierxl.workbooks.ooxml.package import MAIN, ROOT, Element, element, relate, relationships_of

NAMES = ("Client Tiers.xlsm", "Client Tiers.xlsx", "Client Tiers.xltx")
"""The workbook with macros, the one without, and the template that Excel makes such workbooks from."""

_RIBBON = "customUI/customUI14.xml"
_RIBBON_KIND = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def build(folder: Path) -> list[Path]:
    """Build the templates, that for xlwings Lite, the add-in for Excel and the extension for Calc into a folder.

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
    live, lite = folder / live_workbook.NAME, folder / LITE
    live_workbook.build_live_workbook(live)
    build_lite(live, lite)
    add_in, extension = folder / Path(ADD_IN).name, folder / calc_extension.NAME
    build_add_in(add_in)
    calc_extension.build_extension(extension)
    return [*targets, live, lite, add_in, extension]


def build_template(target: Path) -> None:
    """Build one template: .xlsm, .xlsx without macros, or .xltx for the add-in; it is written whole or not at all.

    Raises:
        CannotGrade: the file cannot be written, or the installed xlwings is not whole.
    """
    has_macros = target.suffix == ".xlsm"
    content = make_content(has_macros=has_macros, has_add_in=target.suffix == ".xltx")
    book = content.book
    if has_macros:
        write_configuration(book)
    parts = _saved(book, OF_WORKBOOK if has_macros else None)
    become(parts, target.suffix)
    for title, formulas in content.formulas.items():
        add_formulas(parts[_part_of(book, title)], formulas)
    _finish(parts, _part_of(book, clients.TITLE))
    if has_macros:
        make_dynamic(parts, _part_of(book, live_tiers.TITLE), content.spills)
        add_button(parts, _part_of(book, clients.TITLE))
        _add_ribbon(parts, _ribbon())
    write_parts(parts, target)


def build_add_in(target: Path) -> None:
    """Build the add-in: the macros, functions and ribbon of the template, and the settings of xlwings.

    Raises:
        CannotGrade: as for :func:`build_template`.
    """
    book = Workbook()
    book.remove(book.active)
    write_configuration(book)
    book.active.sheet_state = "visible"  # one sheet must be; the window of an add-in is not
    book.views[0].visibility = "hidden"
    book.calculation = CalcProperties(calcId=CALCULATION_ENGINE, fullCalcOnLoad=None)
    book.properties.title, book.properties.creator = "Client tiers", "tierxl"
    book.properties.description = "Grades your clients A, B or C in any workbook: the tab Client tiers, and functions."
    parts = _saved(book, OF_ADD_IN)
    become(parts, target.suffix)
    live_workbook.date_with_the_sample(parts)
    ribbon = _ribbon()
    ribbon.set("onLoad", "TierxlRibbonLoaded")
    for tab in ribbon.iter("{*}tab"):
        tab.set("getVisible", "TierxlIsTabShown")
    for button in ribbon.iter("{*}button"):
        button.set("getEnabled", "TierxlIsButtonOn")
    _add_ribbon(parts, ribbon)
    write_parts(parts, target)


def _ribbon() -> Element:
    return etree.fromstring((files("tierxl.template") / "ribbon.xml").read_bytes())


def _add_ribbon(parts: Parts, ribbon: Element) -> None:
    """Add the ribbon: nothing that does not know such parts may write the file after this."""
    parts[_RIBBON] = ribbon
    relate(parts[relationships_of(ROOT)], _RIBBON_KIND, _RIBBON)


def _saved(book: Workbook, modules: str | None) -> Parts:
    """The parts of the workbook, with macros or without, in one form."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsm"
        with strict_writing():
            book.save(path)
        if modules:
            add_macros(path, modules)
        parts = read_parts(path)
    if modules:
        parts[VBA_PROJECT] = without_compiled_code(parts[VBA_PROJECT])
    return in_one_form(parts, path)


def _part_of(book: Workbook, title: str) -> str:
    """The part of a sheet in the saved workbook."""
    return str(book[title].path).lstrip("/")


def _finish(parts: Parts, sheet: str) -> None:
    """Add to the clients' sheet what openpyxl does not write, and set what it writes with the hour of the day."""
    live_workbook.date_with_the_sample(parts)
    ignored = element("ignoredErrors")
    ignored.append(element("ignoredError", numberStoredAsText="1", sqref=f"B{FIRST_ROW}:B1048576"))
    parts[sheet].find(f"{{{MAIN}}}tableParts").addprevious(ignored)
