"""A workbook that is open in a spreadsheet program, whichever it is."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.method.table.headers import WORKING
from tierxl.sheets.clients import INPUT_CHOICES, columns_to_show
from tierxl.sheets.description import LAST_ROW, Sheet
from tierxl.workbooks.layout import Layout, client_column, lay_out
from tierxl.workbooks.outline import Place, SheetOutline
from tierxl.workbooks.own_sheets import taken_names
from tierxl.workbooks.reading import Line
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import ClientWorkbook

Grid = list[list[Any]]
"""The values of a sheet, row by row from its first cell; None for a blank, the text of an error such as #N/A."""


@dataclass(frozen=True)
class GradedClients:
    """The clients of a workbook with their grading, and the layout of its columns on their sheet."""

    layout: Layout
    place: Place
    table: ClientTable
    grading: Grading

    @property
    def sheet(self) -> str:
        """The title of their sheet."""
        return self.place.sheet.title

    @property
    def rows(self) -> list[int]:
        """The rows of the clients, and of removed clients."""
        return sorted({*self.table.rows, *self.place.removed})

    @property
    def columns(self) -> list[int]:
        """The numbers of the graded columns."""
        return sorted(self.layout.columns.values())

    @property
    def new_columns(self) -> list[int]:
        """The numbers of those graded columns that the sheet does not have yet."""
        return sorted(self.layout.columns[name] for name in self.layout.new)


class OpenWorkbook(ClientWorkbook):
    """A workbook that is open in a spreadsheet program. Each of its sheets is read once."""

    def __init__(self, name: str, sheets: Sequence[SheetOutline], names: set[str]) -> None:
        super().__init__(name, sheets, [sheet.title for sheet in sheets], names)
        self._grids: dict[str, Grid] = {}

    @abstractmethod
    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        """The values of a sheet, or of so many of its first rows, as the program has them now."""

    @abstractmethod
    def write_sheets(
        self,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
        graded: GradedClients | None = None,
    ) -> None:
        """Write sheets of our own, and graded columns where there are any: all is made before the first cell changes.

        Raises:
            CannotGrade: the program does not let us write; the workbook is as it was.
        """

    def write(
        self,
        place: Place,
        table: ClientTable,
        grading: Grading,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
    ) -> None:
        """Write the graded columns and the sheets of our own; see :meth:`write_sheets`.

        Raises:
            CannotGrade: the tiers are formulas; also as there.
        """
        if any(name.startswith(WORKING) for name in place.graded):
            raise CannotGrade(_FOLLOWS_BY_ITSELF)
        around = self.surroundings(place, client_column(place, table))
        layout = lay_out(place, table, around, columns_to_show(grading), taken_names(self, titles))
        self.write_sheets(sheets, titles, progress, GradedClients(layout, place, table, grading))

    def grid(self, title: str) -> Grid:
        """The values of a sheet."""
        if title not in self._grids:
            self._grids[title] = self.values(title)
        return self._grids[title]

    def head(self, title: str, count: int) -> list[Line]:
        """The values of the first rows of a sheet, without reading the others."""
        if title in self._grids:
            return list(self._grids[title][:count])
        return list(self.values(title, count))

    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:  # noqa: ARG002  the block is there
        return iter(self.grid(title))


_FOLLOWS_BY_ITSELF = (
    "The tiers of this workbook are formulas, which follow each change by themselves. To renew Why and the other "
    "sheets, save and close it, and run the command tierxl grade."
)


def columns_to_explain(place: Place) -> list[int]:
    """The columns on which lists of values and messages are offered: of the user's, and that of the tiers."""
    own = [place.columns[at] for at, column in place.headers.columns.items() if column.kind in INPUT_CHOICES]
    return own + [column for name, column in place.graded.items() if name == "Tier"]
