"""What a sheet is made of, as data: a book writes it, whatever engine is behind the book.

Rows and columns count from 1. A style is a name from :mod:`tierxl.sheets.styles`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, overload

import narwhals as nw

Value = str | int | float | bool | date | datetime | None

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

LONG_TABLE = 100
"""Rows from which on a table is written by columns, in which no cell has a style of its own."""

MOST_REPEATED = 5_000
"""Rows that a table shows of those that stand on another sheet, too: with many clients they only make a file large."""


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, its corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def row(self, number: int) -> "Area":
        """One row of the area; the first is 0."""
        return Area(self.top + number, self.left, self.top + number, self.right)

    def overlaps(self, other: "Area") -> bool:
        """Whether the two have a cell in common."""
        is_beside = other.left > self.right or other.right < self.left
        return not is_beside and other.top <= self.bottom and other.bottom >= self.top


@dataclass(frozen=True)
class Cell:
    """One value with its style; it can span columns to its right."""

    row: int
    column: int
    value: Value
    style: str = "text"
    span: int = 1


class Lines(Sequence[tuple[Value, ...]]):
    """The rows of a table that stand in a frame, for tables as long as a portfolio."""

    def __init__(self, frame: nw.DataFrame[Any]) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame)

    @overload
    def __getitem__(self, at: int) -> tuple[Value, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> "Lines": ...
    def __getitem__(self, at: int | slice) -> "tuple[Value, ...] | Lines":
        return Lines(self._frame[at]) if isinstance(at, slice) else self._frame.row(range(len(self))[at])

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return iter(self._frame.iter_rows())

    def columns(self) -> list[Any]:
        """The columns, as the engine behind the frame has them."""
        return [column.to_native() for column in self._frame.iter_columns()]


@dataclass(frozen=True)
class Table:
    """Headers with rows below them; with a name it is a table of the workbook, with filters.

    Attributes:
        styles: the style of each column's cells.
    """

    row: int
    column: int
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    styles: Sequence[str]
    name: str = ""
    header_style: str = "header"

    @property
    def area(self) -> Area:
        return Area(self.row, self.column, self.row + max(len(self.rows), 1), self.column + len(self.headers) - 1)

    def column_area(self, header: str, *, to_last_row: bool = False) -> Area:
        """The cells below a header; to the sheet's last row where the colours should follow new rows."""
        column = self.column + list(self.headers).index(header)
        return Area(self.row + 1, column, LAST_ROW if to_last_row else self.area.bottom, column)


@dataclass(frozen=True)
class Colouring:
    """Live colours: cells of an area take a style by their text, or where they are above a number."""

    area: Area
    styles: dict[str, str] = field(default_factory=dict)
    above: tuple[float, str] | None = None


@dataclass(frozen=True)
class Choices:
    """The values that a cell of an area should have; another one is questioned, not refused."""

    area: Area
    values: tuple[str, ...]
    title: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Series:
    """One series of a chart: a name, the cells of its categories or x values, the cells of its values, a style."""

    name: str
    x: Area
    y: Area
    style: str


@dataclass(frozen=True)
class Chart:
    """A native chart with its top left corner at a cell; width and height in centimetres.

    Attributes:
        marks: series of columns that are shown as a mark at their height, above the same categories.
    """

    kind: Literal["columns", "stacked columns", "bars", "curve", "points"]
    title: str
    row: int
    column: int
    series: tuple[Series, ...]
    x_title: str
    y_title: str
    x_format: str = "General"
    y_format: str = "General"
    x_logarithmic: bool = False
    y_maximum: float | None = None
    marks: tuple[Series, ...] = ()
    width: float = 16
    height: float = 8.5


@dataclass(frozen=True)
class Sheet:
    """One sheet of our own.

    Attributes:
        kind: the mark by which a later grading knows the sheet, whatever it is called then.
        title: the name on its tab.
        freeze: the first cell (row, column) that scrolls.
        widths: column widths in characters, from the first column on.
        heights: row heights in points, where they are not left to the workbook.
        print_columns: how many columns are printed; all by default.
    """

    kind: str
    title: str
    cells: Sequence[Cell] = ()
    tables: Sequence[Table] = ()
    colourings: Sequence[Colouring] = ()
    choices: Sequence[Choices] = ()
    charts: Sequence[Chart] = ()
    widths: Sequence[float] = ()
    heights: dict[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] | None = None
    print_columns: int | None = None
    print_header_row: int | None = None
