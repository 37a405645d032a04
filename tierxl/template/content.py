"""The template's sheets, with samples in them that are graded as any clients are."""

from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from tierxl.functions import FUNCTIONS
from tierxl.method.progress import silent
from tierxl.sheets import account_managers, clients, history, live_tiers, settings, start_here
from tierxl.sheets.graded_workbook import OWN_TITLES, own_sheets
from tierxl.template.clients_sheet import write_clients
from tierxl.template.growth import keep_styles_below
from tierxl.template.lambda_names import add_lambdas
from tierxl.template.live_formulas import write_formulas
from tierxl.template.sample import ACCOUNT_MANAGERS, CLIENTS, SAMPLE_DAY
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.drafts import write_own_sheets
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter, add_link

CALCULATION_ENGINE = 191029
"""The engine of Excel 2019 and later: it takes the stored values as its own, and does not calculate them anew."""


def make_content(*, has_macros: bool, has_add_in: bool = False) -> tuple[Workbook, dict[str, str]]:
    """The template before its macros are added, and the formulas in it that are to spill: address to first value."""
    draft = Draft()
    book = draft.book
    book.calculation = CalcProperties(calcId=CALCULATION_ENGINE, fullCalcOnLoad=None)
    book.properties.title, book.properties.creator = "Client tiers", "tierxl"
    writer = SheetWriter(draft)
    write_clients(writer, CLIENTS, has_macros=has_macros)
    described = account_managers.describe(ACCOUNT_MANAGERS)
    (managers,) = described.tables
    keep_styles_below(writer.sheet(described, described.title), managers)
    graded = _graded(book)
    spills = _write_live_tiers(writer, graded, has_macros=has_macros, has_add_in=has_add_in)
    sheets = own_sheets(graded.grading, graded.portfolio, graded.issues)
    sheets = [history.unused() if sheet.kind == history.KIND else sheet for sheet in sheets]
    write_own_sheets(draft, sheets, OWN_TITLES, silent)
    _write_start_here(writer, has_macros=has_macros, has_add_in=has_add_in)
    if not (has_macros or has_add_in):  # their functions have the same names
        add_lambdas(book)
    titles = book.sheetnames
    behind = titles.index(OWN_TITLES[settings.KIND]) - 1 - titles.index(account_managers.TITLE)
    book.move_sheet(account_managers.TITLE, behind)
    return book, spills


def _graded(book: Workbook) -> GradedFile:
    """The clients of a workbook, graded as the command grades them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clients.xlsx"
        book.save(path)
        return check_file(Request(path, SAMPLE_DAY))


def _write_start_here(writer: SheetWriter, *, has_macros: bool, has_add_in: bool) -> None:
    functions = [
        (function.name, function.help, ", ".join(argument.name for argument in function.arguments))
        for function in FUNCTIONS.values()
    ]
    in_sight = [sheet.title for sheet in writer.book if sheet.sheet_state == "visible"]
    described = start_here.describe(functions, in_sight, has_macros=has_macros, has_add_in=has_add_in)
    sheet = writer.sheet(described, described.title, 0)
    sheet.page_setup.fitToHeight = 1
    for (row, column), title in start_here.links(described).items():
        add_link(sheet, row, column, title)


def _write_live_tiers(writer: SheetWriter, graded: GradedFile, *, has_macros: bool, has_add_in: bool) -> dict[str, str]:
    described = live_tiers.describe(graded.grading, has_macros=has_macros, has_add_in=has_add_in)
    sheet = writer.sheet(described, described.title, writer.book.sheetnames.index(clients.TITLE) + 1)
    (live,) = described.tables
    keep_styles_below(sheet, live)
    needs = None if has_macros else live_tiers.NEEDS_ADD_IN if has_add_in else live_tiers.NEEDS_MACROS
    return write_formulas(sheet, live, needs)
