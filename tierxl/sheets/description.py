"""Sheets and their tables as data: a workbook, the report and the screen show them, each in its way.

Rows and columns count from 1. A style is a name from :mod:`tierxl.sheets.styles`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from operator import attrgetter
from typing import Any, Literal

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.rating.figures import PERCENT, Cut, Wording
from tierxl.method.table.clients import Frame
from tierxl.sheets.lines import Lines, Value
from tierxl.sheets.numbers import Numbers
from tierxl.sheets.styles import STYLES

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
TITLE_HEIGHT = 26
"""The height of the first row, in points."""
_HEIGHTS = {"title": TITLE_HEIGHT, "verdict": 20, "section": 20}
"""The heights of rows in points, by the style of large letters in them."""

FEWEST_FILTERED = 10
"""Rows from which on a table has buttons that filter."""

FEWEST_FROZEN = 30
"""Rows from which on a table reaches beyond a screen, so that its headers stay while it scrolls."""

FIGURES_COLUMN = 40
"""The first column of the figures behind charts, out of sight."""

LONG_TABLE = 100
"""Rows from which on a table is written by columns, in which no cell has a style of its own."""

MOST_REPEATED = 5_000
"""Rows that a table shows of those that stand on another sheet, too: with many clients they only make a file large."""

_ROW_HEIGHT = 0.5
"""The height of a row in centimetres, a little less than it is, so that something is kept free below a chart."""


def letters(column: int) -> str:
    """The letters of a column."""
    higher, last = divmod(column - 1, 26)
    return (letters(higher) if higher else "") + chr(ord("A") + last)


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
        """True where the two have a cell in common."""
        is_beside = other.left > self.right or other.right < self.left
        return not is_beside and other.top <= self.bottom and other.bottom >= self.top


@dataclass(frozen=True)
class Cell:
    """One value with its style; it can span columns to its right, and lead to the sheet of ours of a kind.

    In a workbook that grades itself the value is that of the formula, if there is one; in it stands ⟨all Tier⟩ for a
    column of the clients, as :mod:`tierxl.formulas` names them. A dated one says how things were on the day of the
    grading, and so has no place where nobody grades again.
    """

    row: int
    column: int
    value: Value
    style: str = "text"
    span: int = 1
    link: str = ""
    formula: str = ""
    is_dated: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        header: the text of its header.
        width: its width, in characters; 0 where another table of the sheet says it.
        style: the style of its cells.
        value: the values of its cells. Of a frame: an expression, or the name of a column, which is the header if left
            out. Of records: a function of one, or the name of an attribute.
        colours: the style that a cell takes by its text, as a conditional format.
        above: the number above which a cell takes a style, and that style.
        cuts: the cuts that its numbers are judged by: they have the decimals that keep each on its side.
        formula: the formula of its cells, as for a :class:`Cell`; ⟨Tier⟩ is the cell of that column in the row.
    """

    header: str
    width: float = 0
    style: str = "text"
    value: Any = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    above: tuple[float, str] | None = None
    cuts: Sequence[Cut] = ()
    formula: str = ""

    @property
    def expression(self) -> nw.Expr:
        """The values of the column of a frame."""
        return nw.col(self.value or self.header) if isinstance(self.value, str) else self.value

    def of_record(self, record: Any) -> Value:
        """The value of the column for a record."""
        value: Value = attrgetter(self.value)(record) if isinstance(self.value, str) else self.value(record)
        return value

    @property
    def is_number(self) -> bool:
        """True where its cells are set to the right, as amounts are."""
        return STYLES[self.style].align == "right"

    def beside(self, cuts: Sequence[Cut], frame: Frame) -> "Column":
        """The column with the decimals that keep the numbers of a frame on their sides of some cuts."""
        return replace(self, style=style_beside(self.style, frame, self.header, cuts), cuts=cuts)


def chosen(columns: Iterable[Column], widths: Mapping[str, float]) -> list[Column]:
    """Some columns of a table for another one: those with the headers of the widths, in their order."""
    of_header = {column.header: column for column in columns}
    return [replace(of_header[header], width=width) for header, width in widths.items()]


def style_beside(style: str, frame: Frame, column: str, cuts: Sequence[Cut]) -> str:
    """The style of a column of scores or percentages, with the decimals that keep each on its side of the cuts."""
    decimals = Wording(nw.col(column), cuts, PERCENT if style == "percent" else 1).decimals(frame)
    return style if decimals == 1 else f"{style}-{decimals}"


@dataclass(frozen=True)
class Series:
    """One series of a chart: a name, the cells of its categories or x values, the cells of its values, a style."""

    name: str
    x: Area
    y: Area
    style: str


@dataclass(frozen=True)
class Table:
    """Headers with rows below them.

    Attributes:
        row: the row of the headers.
        columns: the columns.
        rows: the values of the cells, row by row.
        column: the column of the first header.
        title: the text above the headers, with its style.
        name: the name as a table of the workbook; without one it is cells only.
        grows: whether a user adds rows: what holds for a column holds to the last row of the sheet then.
        is_hidden: whether its columns are out of sight: only formulas look at them.
    """

    row: int
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    column: int = 1
    title: str = ""
    title_style: str = "section"
    name: str = ""
    header_style: str = "header"
    grows: bool = False
    is_hidden: bool = False

    @classmethod
    def of(
        cls,
        data: Frame | Sequence[Any],
        columns: Sequence[Column],
        row: int = 1,
        *,
        cuts: Mapping[str, Sequence[Cut]] | None = None,
        room: int | None = None,
        title: str = "",
        elsewhere: str = "",
        **options: Any,
    ) -> "Table":
        """The table of a frame, or of records; its title says how many of them it shows where not all have room.

        Args:
            data: the frame, or the records.
            columns: the columns.
            row: the row of the headers.
            cuts: the cuts of columns, by header.
            room: how many rows there may be; if left out, as many as the sheet has.
            title: the title, if there is one.
            elsewhere: where else all rows stand; the table has no more than :data:`MOST_REPEATED` then.
            options: other attributes of the table.
        """
        most = max(LAST_ROW - row if room is None else room, 0)
        most = min(most, MOST_REPEATED) if elsewhere else most
        cuts, by_header = cuts or {}, {column.header: column for column in columns}
        rows: Sequence[Sequence[Value]]
        if isinstance(data, nw.DataFrame):
            judged = data.head(most).select(**{header: column.expression for header, column in by_header.items()})
            rows = Lines(judged)
        else:
            rows = [tuple(column.of_record(record) for column in columns) for record in data[:most]]
            numbers = {header: [by_header[header].of_record(record) for record in data[:most]] for header in cuts}
            judged = nw.from_dict(numbers, dict.fromkeys(cuts, nw.Float64), backend=ENGINE)
        styled = [column.beside(cuts[column.header], judged) if column.header in cuts else column for column in columns]
        remark = too_long(len(rows), len(data), elsewhere)
        return cls(row, styled, rows, title=f"{title} ({remark})" if title and remark else title, **options)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    @property
    def styles(self) -> tuple[str, ...]:
        return tuple(column.style for column in self.columns)

    @property
    def widths(self) -> tuple[float, ...]:
        return tuple(column.width for column in self.columns)

    @property
    def area(self) -> Area:
        return Area(self.row, self.column, self.row + max(len(self.rows), 1), self.column + len(self.columns) - 1)

    @property
    def bottom(self) -> int:
        """The last row."""
        return self.area.bottom

    @property
    def is_filtered(self) -> bool:
        """True where its headers have buttons that filter: it is a table of the workbook, and long enough."""
        return bool(self.name) and len(self.rows) >= FEWEST_FILTERED

    def column_area(self, header: str) -> Area:
        """The cells below a header."""
        column = self.column + self.headers.index(header)
        return Area(self.row + 1, column, LAST_ROW if self.grows else self.bottom, column)

    def extremes(self, at: int) -> list[float]:
        """The least and the greatest number of a column; empty where it has none."""
        if isinstance(self.rows, Lines):
            values: Iterable[Any] = self.rows.extremes(at)
        else:
            values = [row[at] for row in self.rows]
        numbers = [value for value in values if isinstance(value, int | float)]
        return [min(numbers), max(numbers)] if numbers else []

    def series(self, x: str, y: str, style: str, name: str = "", most: int = LAST_ROW) -> Series:
        """A series of a chart, from the cells below two headers; its name is the second one if left out."""
        bottom = self.row + min(len(self.rows), most)
        xs, ys = (replace(self.column_area(header), bottom=bottom) for header in (x, y))
        return Series(name or y, xs, ys, style)

    @property
    def conditional_formats(self) -> "list[ConditionalFormat]":
        """The conditional formats of the columns."""
        return [
            ConditionalFormat(self.column_area(column.header), column.colours, column.above)
            for column in self.columns
            if column.colours or column.above
        ]


def too_long(shown: int, there: int, elsewhere: str) -> str:
    """A remark on a table that shows only its first rows, with the reason; empty where it shows all."""
    reason = elsewhere if elsewhere and shown == MOST_REPEATED else "a sheet has no more rows"
    return f"the first {shown:,} of {there:,}: {reason}" if shown < there else ""


@dataclass(frozen=True)
class ConditionalFormat:
    """A conditional format: cells of an area take a style by a formula, by their text, or above a number.

    A formula speaks of the first row of the area, and is asked before the text is.
    """

    area: Area
    styles: Mapping[str, str] = field(default_factory=dict)
    above: tuple[float, str] | None = None
    formulas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Validation:
    """A data validation: the values that a cell of an area should have; another one is questioned, not refused.

    Without values and numbers it is an input message only.
    """

    area: Area
    values: tuple[str, ...]
    title: str = ""
    prompt: str = ""
    numbers: Numbers | None = None


@dataclass(frozen=True)
class Chart:
    """A native chart with its top left corner at a cell; width and height in centimetres.

    Attributes:
        marks: series of columns that are shown as a mark at their height, above the same categories.
        labelled: whether each column has its value above it.
        named: series of a single point among others, which has the name of the series beside it.
    """

    kind: Literal["columns", "stacked columns", "bars", "curve", "points"]
    title: str
    row: int
    column: int
    series: tuple[Series, ...]
    y_title: str
    x_title: str = ""
    x_format: str = "General"
    y_format: str = "General"
    x_logarithmic: bool = False
    y_maximum: float | None = None
    marks: tuple[Series, ...] = ()
    labelled: bool = False
    named: tuple[Series, ...] = ()
    width: float = 16
    height: float = 8.5

    @property
    def has_legend(self) -> bool:
        """True where the colours need one: a single series, and a curve, are explained by the titles."""
        return self.kind != "curve" and len(self.series) + len(self.marks) > 1

    @property
    def bottom(self) -> int:
        """The last row that it covers, with what is kept free below it."""
        return self.row + ceil(self.height / _ROW_HEIGHT)


@dataclass(frozen=True)
class Sheet:
    """One sheet of our own: a title with notes below it, and titled tables.

    Attributes:
        title: the name on its tab.
        tables: its tables.
        notes: the lines below its heading, from the second row on.
        texts: other cells.
        heading: the text of its first cell; the title if left out.
        freeze: the first cell (row, column) that scrolls.
        widths: column widths in characters, from the first column on.
        heights: row heights in points, where they are not left to the workbook.
        print_columns: how many columns are printed, from the first on; all by default.
        print_rows: how many rows are printed; all that hold something by default.
        print_header_row: the row that is printed on each page.
        is_one_page: whether it is printed on one page, however long it is.
        is_portrait: whether the page stands upright.
        is_hidden: whether a new one is hidden; one that the user has shown again stays in sight.
        is_protected: whether its cells are kept from slips; no password is needed to lift that.
        tab: the colour of its tab, by what a user does with it.
        is_empty: whether it has only a sentence to say: it is made only in place of one that an earlier grading made.
    """

    title: str
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    texts: Sequence[Cell] = ()
    heading: str = ""
    validations: Sequence[Validation] = ()
    charts: Sequence[Chart] = ()
    widths: Sequence[float] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] | None = None
    print_columns: int | None = None
    print_rows: int | None = None
    print_header_row: int | None = None
    is_one_page: bool = False
    is_portrait: bool = False
    is_hidden: bool = False
    is_protected: bool = False
    tab: Literal["read", "fill in", "machine"] = "read"
    is_empty: bool = False

    @property
    def kind(self) -> str:
        """The mark by which a later grading knows the sheet, whatever it is called then."""
        return self.title.lower()

    @property
    def cells(self) -> list[Cell]:
        """The heading, the notes, the titles of the tables, and the other cells."""
        return [
            Cell(1, 1, self.heading or self.title, "title"),
            *(Cell(row, 1, note, "note") for row, note in enumerate(self.notes, 2)),
            *(
                Cell(table.row - 1, table.column, table.title, table.title_style)
                for table in self.tables
                if table.title
            ),
            *self.texts,
        ]

    @property
    def values(self) -> dict[tuple[int, int], Value]:
        """The value of each cell, by row and column: those of the tables, and the other cells in their place."""
        values = {
            (row, column): value
            for table in self.tables
            for row, line in enumerate((table.headers, *table.rows), table.row)
            for column, value in enumerate(line, table.column)
        }
        return values | {(cell.row, cell.column): cell.value for cell in self.cells}

    @property
    def row_heights(self) -> dict[int, float]:
        """The heights of rows in points: those of large letters, and those that the sheet sets."""
        return {cell.row: _HEIGHTS[cell.style] for cell in self.cells if cell.style in _HEIGHTS} | dict(self.heights)

    @property
    def conditional_formats(self) -> list[ConditionalFormat]:
        """The conditional formats of the tables."""
        return [each for table in self.tables for each in table.conditional_formats]

    @property
    def has_formulas(self) -> bool:
        """True where some of its cells can be formulas."""
        columns = (column for table in self.tables for column in table.columns)
        return any(cell.formula for cell in self.texts) or any(column.formula for column in columns)
