"""The layout of the graded columns on the clients' sheet, and of what comes with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import polars as pl

from tierxl.method.issues import CannotGrade
from tierxl.method.rating.grading import Grading
from tierxl.method.table.headers import WORKING
from tierxl.method.table.rows import SUBTOTAL
from tierxl.sheets import clients as look
from tierxl.sheets.description import LAST_COLUMN, LAST_ROW, Area, ConditionalFormat, Validation
from tierxl.workbooks.clients_print import clients_pages
from tierxl.workbooks.outline import Pages, Place, Surroundings
from tierxl.workbooks.table import ClientTable, letter_at

if TYPE_CHECKING:
    from tierxl.workbooks.live_columns import LiveColumns
    from tierxl.workbooks.rewriting import Rewriting

FIRST_VIEW = 180
"""The characters across that a screen of 1366 points shows of a sheet."""
_PADDING, _WIDEST = 2, 40


@dataclass(frozen=True)
class NewTable:
    """The table that the clients become: its name, its area, and its headers."""

    name: str
    area: Area
    headers: Sequence[str]


@dataclass(frozen=True)
class Layout:
    """The changes of a grading on the clients' sheet.

    Attributes:
        columns: the column of each graded column.
        headers: its header.
        new: the graded columns that the sheet does not have yet.
        grown: the new area of the table that the clients are, if they are one.
        added: the headers that this table gets at its right end.
        made: the table that the clients become, if they can be one.
        filtered: the area that gets a filter, if the sheet has none and no table.
        frozen: the first cell (row, column) that scrolls, if the sheet has no frozen panes.
        beside: the column to scroll to beside the names: the next one where these become frozen, or the tiers'.
        pages: the pages that are set up, if nobody has set up others.
        widths: the columns that get a width, in characters.
        parted: merged cells among the graded ones, to be parted: each client has its own.
        choices: the lists to offer on the user's columns.
        colourings: the live colours of the graded columns.
        vertical: where texts stand in the graded cells, so that they stand beside the clients' names.
        rewriting: the cells of the user's that are to get another text, where the user asked for that.
        left_out: the columns at the right end that the clients no longer have.
        live: the formulas of the graded columns, where they have any.
        shared: the first number that formulas on the sheet can share.
    """

    columns: dict[str, int]
    headers: dict[str, str]
    new: Sequence[str]
    grown: Area | None
    added: Sequence[str]
    made: NewTable | None
    filtered: Area | None
    frozen: tuple[int, int] | None
    beside: int | None
    pages: Pages | None
    widths: dict[int, float]
    parted: Sequence[Area]
    choices: Sequence[Validation]
    colourings: Sequence[ConditionalFormat]
    vertical: str
    rewriting: "Rewriting | None" = None
    left_out: frozenset[int] = frozenset()
    live: "LiveColumns | None" = None
    shared: int = 0


@dataclass(frozen=True)
class GradedClients:
    """The clients of a workbook with their grading, and the layout of its columns on their sheet.

    Attributes:
        formulas: the columns that stay as they are: their formulas calculate the same.
        inputs: columns with what each client was graded by, by their headers, where such formulas take them.
    """

    layout: Layout
    place: Place
    table: ClientTable
    grading: Grading
    formulas: frozenset[int] = frozenset()
    inputs: Mapping[str, pl.Series] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """The header of a graded column; None of one that the clients no longer have."""
        return None if self.layout.columns[name] in self.layout.left_out else self.layout.headers[name]

    def values(self, name: str) -> pl.Series:
        """The values of a graded column; blanks of one that formulas of an earlier grading took."""
        if name in self.inputs:
            return self.inputs[name]
        if name not in self.grading.columns.columns:
            return pl.Series([None] * len(self.grading.columns))
        values = self.grading.columns[name].to_native()
        assert isinstance(values, pl.Series)
        return values

    @property
    def styles(self) -> dict[str, str]:
        """The style of each graded column."""
        return dict.fromkeys(self.layout.columns, "text") | look.graded_styles(self.grading)

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
        """The numbers of the graded columns that are written."""
        return sorted({*self.layout.columns.values()} - self.formulas)

    @property
    def colourings(self) -> list[ConditionalFormat]:
        """Their live colours."""
        return [colouring for colouring in self.layout.colourings if colouring.area.left not in self.formulas]

    @property
    def new_columns(self) -> list[int]:
        """The numbers of those graded columns that the sheet does not have yet."""
        return sorted(self.layout.columns[name] for name in self.layout.new)


def lay_out(
    place: Place,
    table: ClientTable,
    surroundings: Surroundings,
    shown: Mapping[str, float],
    names: Iterable[str] = (),
) -> Layout:
    """Decide where the graded columns go: over those of an earlier grading, else right of the user's.

    Formulas of the user's may look at the columns that are there, so these never change their places.

    Args:
        place: where the clients stand.
        table: the clients.
        surroundings: what stands around them.
        shown: the graded columns that are wanted, and their widths; those that are there stay all the same.
        names: the names of tables and cells that the workbook has.

    Raises:
        CannotGrade: there is no room right of the clients.
    """
    headers = {name: name for name in (*place.graded, *shown)} | table.headers.of_graded_columns
    new = [name for name in shown if name not in place.graded]
    start = _first_free_column(place, surroundings, len(new)) if new else 0
    columns = place.graded | {name: start + at for at, name in enumerate(new)}
    is_beside = bool(new) and start == place.right + 1
    added = [headers[name] for name in new] if is_beside else []
    left_out = frozenset() if new else _left_out(place, shown)
    right = place.right + len(added) - len(left_out)
    made = _new_table(place, table, surroundings, headers, added, names) if added or place.graded else None
    is_filtered = bool(place.sheet.tables or made or surroundings.has_filter)
    graded = set(columns.values())
    widths = _widened(place, table, surroundings) | {columns[name]: float(shown[name]) for name in new}
    widths |= dict.fromkeys(left_out, surroundings.width)
    client = client_column(place, table)
    return Layout(
        columns,
        headers,
        new,
        grown=replace(place.table.area, right=right) if place.table else None,
        added=added,
        made=made,
        filtered=None if is_filtered else Area(place.header_row, place.left, place.last, right),
        frozen=None if surroundings.is_frozen else (place.first, client + 1),
        beside=_beside(client, columns, surroundings, widths),
        pages=clients_pages(place, columns, surroundings, widths),
        widths=widths,
        parted=[
            area
            for area in surroundings.merged
            if area.top >= place.first and set(range(area.left, area.right + 1)) <= graded
        ],
        choices=[*_choices(place, table, surroundings), *_explanation(place, columns["Tier"], surroundings)],
        colourings=list(_colourings(columns, place.first)),
        vertical=surroundings.vertical,
        left_out=left_out,
    )


def _left_out(place: Place, shown: Mapping[str, float]) -> frozenset[int]:
    """The columns at the right end that formulas of an earlier grading took, where there are none now."""
    idle = {column for name, column in place.graded.items() if name.startswith(WORKING) and name not in shown}
    at_the_end = takewhile(lambda column: column in idle, range(place.right, place.left, -1))
    return frozenset(at_the_end)


def _colourings(columns: Mapping[str, int], first: int) -> Iterator[ConditionalFormat]:
    """The live colours of the graded columns from a row on, and the marks beside the tiers."""
    cells = {name: f"${letter_at(column - 1)}{first}" for name, column in columns.items()}
    marks = {"Tier": look.mark_formulas(cells)}
    for name, styles in look.GRADED_COLOURS.items():
        if name in columns:
            area = Area(first, columns[name], LAST_ROW, columns[name])
            yield ConditionalFormat(area, styles, formulas=marks.get(name, {}))


def _widened(place: Place, table: ClientTable, surroundings: Surroundings) -> dict[int, float]:
    """The user's columns that cut their texts as nobody has set their width, and the width that they need."""
    widths = {}
    for number, header, column in zip(place.columns, table.headers, table.cells.iter_columns(), strict=True):
        if column.dtype == pl.String and number not in surroundings.widths:
            longest: Any = column.str.len_chars().max()
            if longest and longest > surroundings.width:
                widths[number] = float(min(max(longest, len(header)) + _PADDING, _WIDEST))
    return widths


def _beside(
    client: int, columns: Mapping[str, int], surroundings: Surroundings, widths: dict[int, float]
) -> int | None:
    """The column to scroll to: the tier's, if that were out of sight, or the next one to names that become frozen."""
    of_column = surroundings.widths | widths
    last = max(columns[name] for name in look.FIRST_SEEN)
    across = sum(of_column.get(number, surroundings.width) for number in range(1, last + 1))
    if across > FIRST_VIEW and columns["Tier"] > client:
        return columns["Tier"]
    return None if surroundings.is_frozen else client + 1


def client_column(place: Place, table: ClientTable) -> int:
    """The column with the clients' names."""
    return place.columns[table.headers.position_of["client"]]


def _first_free_column(place: Place, surroundings: Surroundings, count: int) -> int:
    """The column right of the clients where so many columns are free; further right where the user has cells."""
    start = place.right + 1
    used = {column for column in place.filled | surroundings.formulas if column >= start}
    for area in (*_other_tables(place), *surroundings.merged, *surroundings.drawn):
        if area.top <= place.last and area.bottom >= place.header_row and area.right >= start:
            used |= set(range(area.left, area.right + 1))
    for candidate in sorted({start, *(column + 2 for column in used)}):
        wanted = range(candidate, candidate + count)
        if wanted.stop - 1 <= LAST_COLUMN and used.isdisjoint(wanted):
            return candidate
    raise CannotGrade(
        f'The sheet "{place.sheet.title}" has no room for {count} columns right of the clients: '
        "move or remove what stands there."
    )


def _other_tables(place: Place) -> list[Area]:
    return [table.area for table in place.sheet.tables if table is not place.table]


def _new_table(
    place: Place,
    table: ClientTable,
    surroundings: Surroundings,
    headers: dict[str, str],
    added: Sequence[str],
    names: Iterable[str],
) -> NewTable | None:
    """A table needs a free name and distinct headers that are text, and nothing in its way that it would harm: sorted,
    subtotals would leave the clients beside them.
    """
    if place.table:
        return None
    by_column = dict(enumerate(place.header_cells, 1))
    by_column |= {column: headers[name] for name, column in place.graded.items()}
    by_column |= dict(enumerate(added, place.right + 1))
    area = Area(place.header_row, place.left, place.last, place.right + len(added))
    shown = [by_column.get(column) for column in range(area.left, area.right + 1)]
    texts = [header for header in shown if isinstance(header, str) and header.strip()]
    is_distinct = len({text.casefold() for text in texts}) == len(shown)
    is_free = not any(map(area.overlaps, (*surroundings.merged, *_other_tables(place))))
    is_barred = surroundings.has_filter or surroundings.has_custom_views or look.TABLE.casefold() in set(names)
    is_grouped = any(other.row < place.last and other.kind == SUBTOTAL for other in table.left_out)
    if is_distinct and is_free and not (is_barred or is_grouped):
        return NewTable(look.TABLE, area, texts)
    return None


def _choices(place: Place, table: ClientTable, surroundings: Surroundings) -> list[Validation]:
    """Lists for the user's level, yes/no and tier columns, where the user has no validation of their own."""
    choices = []
    for at, column in table.headers.columns.items():
        values = look.INPUT_CHOICES.get(column.kind)
        area = Area(place.first, place.columns[at], LAST_ROW, place.columns[at])
        if values and not any(map(area.overlaps, surroundings.validated)):
            choices.append(Validation(area, values, column.name, look.prompt(column)))
    return choices


def _explanation(place: Place, tier: int, surroundings: Surroundings) -> list[Validation]:
    """The meaning of the marks beside the tiers, as an input message, where the user has no validation."""
    tiers = Area(place.first, tier, LAST_ROW, tier)
    is_free = not any(map(tiers.overlaps, surroundings.validated))
    return [Validation(tiers, (), "Tier", look.MARKS_EXPLAINED)] if is_free else []
