"""The template's sheets, with samples in them that are graded as any clients are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from tierxl.functions import FUNCTIONS
from tierxl.method.progress import silent
from tierxl.sheets import account_managers, clients, history, live_tiers, settings, start_here
from tierxl.sheets.graded_workbook import OWN_TITLES, own_sheets
from tierxl.template.clients_sheet import write_clients
from tierxl.template.growth import growing_sheet
from tierxl.template.lambda_names import add_lambdas
from tierxl.template.live_formulas import write_formulas
from tierxl.template.plain_live_tiers import Formulas, write_live_tiers
from tierxl.template.sample import ACCOUNT_MANAGERS, CLIENTS, SAMPLE_DAY
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.workbooks.ooxml.drafts import write_own_sheets
from tierxl.workbooks.ooxml.new_sheets import Draft
from tierxl.workbooks.ooxml.sheet_writer import SheetWriter

CALCULATION_ENGINE = 191029
"""The engine of Excel 2019 and later: it takes the stored values as its own, and does not calculate them anew."""


@dataclass(frozen=True)
class Content:
    """A template before its macros are added.

    Attributes:
        book: its sheets.
        spills: the formulas that are to spill on the sheet Live tiers: address to first value.
        formulas: the formulas beside the values of cells, by the title of their sheet.
    """

    book: Workbook
    spills: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, Formulas] = field(default_factory=dict)


def make_content(*, has_macros: bool, has_add_in: bool = False) -> Content:
    """The template before its macros are added. Without macros, its tiers are plain formulas, for any spreadsheet."""
    draft = Draft()
    book = draft.book
    book.calculation = CalcProperties(calcId=CALCULATION_ENGINE, fullCalcOnLoad=not has_macros or None)
    book.properties.title, book.properties.creator = "Client tiers", "tierxl"
    writer = SheetWriter(draft)
    write_clients(writer, CLIENTS, has_macros=has_macros)
    growing_sheet(writer, account_managers.describe(ACCOUNT_MANAGERS))
    graded = _graded(book)
    behind = book.sheetnames.index(clients.TITLE) + 1
    if has_macros:
        content = Content(book, spills=_write_live_tiers(writer, graded, behind))
    else:
        content = Content(book, formulas=write_live_tiers(book, graded.grading, behind))
    sheets = own_sheets(graded.grading, graded.portfolio, graded.issues)
    sheets = [history.unused() if sheet.kind == history.KIND else sheet for sheet in sheets]
    write_own_sheets(draft, sheets, OWN_TITLES | {clients.KIND: clients.TITLE}, silent)
    _write_start_here(writer, has_macros=has_macros, has_add_in=has_add_in)
    if not (has_macros or has_add_in):  # their functions have the same names
        add_lambdas(book)
    titles = book.sheetnames
    behind = titles.index(OWN_TITLES[settings.KIND]) - 1 - titles.index(account_managers.TITLE)
    book.move_sheet(account_managers.TITLE, behind)
    return content


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
    sheet = writer.sheet(described, described.title, 0, {title: title for title in in_sight})
    sheet.page_setup.fitToHeight = 1


def _write_live_tiers(writer: SheetWriter, graded: GradedFile, position: int) -> dict[str, str]:
    described = live_tiers.describe(graded.grading)
    return write_formulas(growing_sheet(writer, described, position), *described.tables)
