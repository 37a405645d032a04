"""Workbooks that other programs made, with much that only Excel knows; README.md says who made which."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Book:
    """A workbook of the corpus.

    Attributes:
        name: its file.
        sheet: the title of the sheet with the clients.
        header: the row of the headers.
        last: the row of the last client.
    """

    name: str
    sheet: str = "Clients"
    header: int = 1
    last: int = 25

    @property
    def path(self) -> Path:
        return FOLDER / self.name

    def __str__(self) -> str:
        return self.name


BOOKS = (
    Book("by-hand-365.xlsx"),
    Book("by-hand-bare.xlsx"),
    Book("by-hand-controls.xlsx"),
    Book("by-hand-odd-xml.xlsx", header=2, last=26),
    Book("by-hand-prefixed.xlsx", "Klanten", 3, 27),
    Book("by-hand-query.xlsx", "Ledger"),
    Book("by-hand-timeline.xlsx", "Accounts"),
    Book("excelize-controls.xlsm"),
    Book("excelize-pivots.xlsx", "Accounts"),
    Book("libreoffice-charts.xlsx"),
    Book("libreoffice-document.xlsx"),
    Book("libreoffice-rules.xlsx", "Portfolio 2026"),
    Book("openpyxl-report.xlsx", header=5, last=29),
    Book("openpyxl-two-lists.xlsx", "Accounts, all", 2, 27),
    Book("pyopenvba-macros.xlsm"),
    Book("pyopenvba-signed.xlsm"),
    Book("xlsxwriter-charts.xlsx"),
    Book("xlsxwriter-lean.xlsx", "Accounts", 4, 28),
    Book("xlsxwriter-macros.xlsm"),
    Book("xlsxwriter-rules.xlsx", "Portfolio 2026"),
)
