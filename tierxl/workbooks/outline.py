"""Outlines of a workbook: its sheets and tables, and the place of the clients."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tierxl.method.table.headers import Headers
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area
from tierxl.workbooks.reading import Line


@dataclass(frozen=True)
class TableOutline:
    """A table of a workbook: its name, and its area with the header row and the totals rows."""

    name: str
    area: Area
    totals_rows: int = 0


@dataclass(frozen=True)
class SheetOutline:
    """A sheet with cells: its title, its kind where it is one of ours, its tables, whether it has a pivot table, and
    whether it is known to be hidden.
    """

    title: str
    kind: str | None = None
    tables: tuple[TableOutline, ...] = ()
    has_pivot: bool = False
    is_hidden: bool = False


ALL_CELLS = Area(1, 1, LAST_ROW, LAST_COLUMN)


@dataclass(frozen=True)
class Pages:
    """The pages on which a sheet is printed, in landscape.

    Attributes:
        area: the cells that are printed.
        columns: the first and the last column that stand left of them on each page; 0 and 0 for none.
        rows: the first and the last row that stand above them on each page; 0 and 0 for none.
        scale: in percent; None where that, the paper, columns and rows are so already.
    """

    area: Area = ALL_CELLS
    columns: tuple[int, int] = (0, 0)
    rows: tuple[int, int] = (0, 0)
    scale: int | None = None


@dataclass(frozen=True)
class Surroundings:
    """The surroundings of the cells on the clients' sheet.

    Attributes:
        merged: the areas that are merged to one cell.
        validated: the areas that offer or allow only some values.
        drawn: the cells in which something is drawn, such as a sparkline.
        formulas: the columns right of the clients that have formulas beside them, whatever these come to.
        has_filter: whether the sheet has a filter of its own.
        has_custom_views: whether the sheet has views with names, which Excel bars where there is a table.
        is_frozen: whether the sheet's panes are frozen or split, or stay as they are all the same.
        pages: the pages that somebody has set up; all cells where no area is named or several are.
        widths: the columns whose width is set, in characters.
        width: that of all others.
        vertical: where the clients' names stand in their cells: top, center or bottom.
    """

    merged: Sequence[Area] = ()
    validated: Sequence[Area] = ()
    drawn: Sequence[Area] = ()
    formulas: frozenset[int] = frozenset()
    has_filter: bool = False
    has_custom_views: bool = False
    is_frozen: bool = False
    pages: Pages | None = None
    widths: dict[int, float] = field(default_factory=dict)
    width: float = 9.0
    vertical: str = "bottom"


@dataclass(frozen=True)
class Place:
    """The place of the clients in a workbook.

    Attributes:
        sheet: the outline of the sheet.
        table: the table of the workbook that they are, if they are one.
        header_row: the row of the headers.
        header_cells: the values of that row, from the first column on.
        headers: the user's headers.
        first, last: the first and last row of clients.
        bottom: the last row in which there may be clients.
        left, right: the first and last column of the table, the graded columns included.
        filled: the columns right of the clients that have cells beside them.
        removed: the rows whose client the user has removed since the earlier grading.
    """

    sheet: SheetOutline
    table: TableOutline | None
    header_row: int
    header_cells: Line
    headers: Headers
    first: int
    last: int
    bottom: int
    left: int
    right: int
    filled: frozenset[int] = frozenset()
    removed: Sequence[int] = ()

    @property
    def columns(self) -> list[int]:
        """The column of each of the user's headers."""
        return [at + 1 for at in self.headers.places]

    @property
    def graded(self) -> dict[str, int]:
        """The column of each graded column of an earlier grading."""
        return {name: at + 1 for name, at in self.headers.graded.items()}
