"""The History sheet: the result of each grading, one line a client and a day. A later grading reads it back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import TIER_NAMES
from tierxl.method.plan.history import TYPES, latest_days, latest_first, no_lines, with_grading
from tierxl.method.rating.figures import Cut
from tierxl.method.rating.grading import RATING_COLUMNS, Grading
from tierxl.method.rating.ratings import margin_cuts, wallet_cuts
from tierxl.method.rating.score import score_cuts
from tierxl.method.table import cells
from tierxl.method.table.clients import Frame
from tierxl.method.table.dates import day
from tierxl.method.table.distinct import key_of, read_each
from tierxl.method.table.vocabulary import normal
from tierxl.method.words import in_words
from tierxl.sheets.cells import plain
from tierxl.sheets.description import LAST_ROW, LONG_TABLE, Cell, Column, Sheet, Table
from tierxl.sheets.lines import Value
from tierxl.sheets.styles import TIER_STYLES

TITLE = "History"
KIND = TITLE.lower()
_COLUMNS = (
    Column("As of", 12, "date"),
    Column("Client key", 20, "identifier"),
    Column("Client", 28),
    Column("Revenue", 13, "money"),
    Column("Tier", 11, "tier", colours=TIER_STYLES),
    Column("Score", 9, "score"),
    *(Column(rating, 11, "centred") for rating in RATING_COLUMNS),
    Column("Override", 10, "centred"),
    Column("Policy", 12, "identifier"),
    Column("Wallet share", 10, "percent"),
    Column("Margin", 10, "percent"),
)
_PRINTED = [column.header for column in _COLUMNS].index("Policy")
"""The columns that are printed: what a person asks of a day."""
_NEEDED = ("As of", "Client key", "Tier")
"""The columns without which a line says nothing."""

_HEADER_ROW = 5
_NOTE = (
    "One line for each client and each day of a grading. tierxl adds the lines of a new day, replaces those of the "
    "same day and leaves the others. Delete the lines of a day to forget it."
)
_UNREAD = "Lines that cannot be used: correct or delete them, and grade again"
_KINDS = {str, int, float, bool, date, datetime, type(None)}
_BATCH = 20_000
_TIERS = frozenset(TIER_NAMES.values())

Line = Sequence[Any]


@dataclass(frozen=True)
class Past:
    """A History sheet as it was read; without lines where the clients were never graded.

    Attributes:
        lines: the lines of earlier gradings, see :data:`tierxl.method.plan.history.TYPES`.
        unread: the lines that cannot be used, as they stand there.
        issues: what is wrong with these, one a line.
    """

    lines: Frame = field(default_factory=no_lines)
    unread: Sequence[tuple[Value, ...]] = ()
    issues: Sequence[Issue] = ()

    def with_days_of(self, other: "Past") -> "Past":
        """The past with the days of another that are not in it, and the other's lines that cannot be used."""
        days = self.lines["As of"].unique().to_list()
        more = other.lines.filter(~nw.col("As of").is_in(days))
        known = set(self.unread)
        unread = [(line, issue) for line, issue in zip(other.unread, other.issues, strict=True) if line not in known]
        return Past(
            latest_first(nw.concat([self.lines, more])),
            [*self.unread, *(line for line, _ in unread)],
            [*self.issues, *(issue for _, issue in unread)],
        )


def describe(grading: Grading, past: Past) -> Sheet:
    """The sheet with a grading added to the past, the latest day at the top."""
    lines = latest_days(with_grading(past.lines, grading), _room(past))
    policy = grading.policy
    margins = margin_cuts(grading.cuts, policy)
    cuts = {"Score": score_cuts(policy), "Wallet share": wallet_cuts(policy), "Margin": margins}
    return _sheet(f"Last graded {in_words(grading.as_of)}.", lines, past, cuts)


def unused() -> Sheet:
    """The sheet of a workbook whose clients are only a sample, and nobody's past."""
    return _sheet("Nothing has been graded yet.", no_lines(), Past())


def moved(grading: Grading, past: Past, title: str) -> dict[Issue, Issue]:
    """The issues of the lines that cannot be used, each with the row in which the line stands after a grading."""
    if not past.unread:
        return {}
    count = len(latest_days(with_grading(past.lines, grading), _room(past)))
    first = _below(count) + 1
    return {issue: replace(issue, cell=_place(title, row)) for row, issue in enumerate(past.issues, first)}


def _sheet(state: str, lines: Frame, past: Past, cuts: Mapping[str, Sequence[Cut]] | None = None) -> Sheet:
    table = Table.of(lines, _COLUMNS, _HEADER_ROW, cuts=cuts, name=TITLE if len(lines) else "")
    unread = list(zip(past.unread, past.issues, strict=True))
    below = Table(
        _below(len(lines)),
        [*(replace(column, colours={}) for column in _COLUMNS), Column("Why it is not used", 60, "unused-note")],
        [(*line, f"Not used: {issue.column} {issue.message}") for line, issue in unread],
        title=_UNREAD,
    )
    return Sheet(
        TITLE,
        [table, below] if unread else [table],
        [state, _NOTE],
        list(_marked(below, past)) if len(unread) < LONG_TABLE else [],
        widths=below.widths if unread else table.widths,
        tab="machine",
        is_hidden=True,
        print_columns=_PRINTED,
        freeze=(_HEADER_ROW + 1, 4),
        print_header_row=_HEADER_ROW,
    )


def crowded(grading: Grading, past: Past) -> list[Issue]:
    """The issue of a sheet that has no room for another day like the one that is graded; none where it has."""
    count, room = len(grading.columns), _room(past)
    there = len(past.lines) + count
    if there > room - count:
        there = len(latest_days(with_grading(past.lines, grading), room))
    if there <= room - count:
        return []
    return [
        Issue(
            f'the sheet "{TITLE}" has no room for another day: its oldest days give way to new ones; '
            "to keep them, keep a copy of the workbook"
        )
    ]


def _room(past: Past) -> int:
    """The number of lines that the sheet has room for."""
    return LAST_ROW - _HEADER_ROW - (len(past.unread) + 3 if past.unread else 0)


def _below(count: int) -> int:
    """The row of the headers above the lines that cannot be used, below so many lines that can."""
    return _HEADER_ROW + max(count, 1) + 3


def _marked(below: Table, past: Past) -> Iterator[Cell]:
    """The cells that cannot be used, and days and numbers among others, in styles that keep them what they are."""
    for row, (line, issue) in enumerate(zip(past.unread, past.issues, strict=True), below.row + 1):
        for at, (column, value) in enumerate(zip(_COLUMNS, line, strict=True), 1):
            if isinstance(value, date) and column.style != "date":
                yield Cell(row, at, value, "unused-date")
            elif column.header == issue.column or (column.style == "date" and isinstance(value, int | float)):
                yield Cell(row, at, value, "unused")


def _place(title: str, row: int) -> str:
    return f"{title}, row {row}"


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(lines: Iterator[Line], title: str) -> Past:
    """Read a History sheet back.

    Args:
        lines: the cells of the sheet, row by row from its first; blanks are None or "".
        title: the sheet's name, for the issues.

    Raises:
        CannotGrade: it has no headers, so that nobody knows what the lines say.
    """
    places, row = _places(lines, title)
    frames, unread, issues = [no_lines()], [], []
    while batch := list(islice(lines, _BATCH)) if places else []:
        columns = {name: _at(place, batch) for name, place in places.items()}
        read, faults = _read(columns)
        is_sound = [True] * len(batch)
        for at, (name, message) in faults.items():
            is_sound[at] = False
            line = tuple(column[at] for column in columns.values())
            if not (all(map(cells.is_blank, line)) or line[0] in (_UNREAD, "As of")):
                unread.append(tuple(map(plain, line)))
                issues.append(
                    Issue(
                        f"{message}; the line is kept and not used",
                        column=name,
                        value=cells.shown(columns[name][at]),
                        cell=_place(title, row + at),
                    )
                )
        frame = nw.from_dict(read, TYPES, backend=ENGINE)
        frames.append(frame.filter(is_sound) if faults else frame)
        row += len(batch)
    return Past(nw.concat(frames), unread, issues)


def _places(lines: Iterator[Line], title: str) -> tuple[dict[str, int], int]:
    """The position of each column by the row of headers, and the row below it; no column on a sheet without any cell.

    Raises:
        CannotGrade: there is no row of headers.
    """
    is_empty = True
    for row, line in enumerate(lines, 1):
        headers = {normal(cell): at for at, cell in enumerate(line) if isinstance(cell, str)}
        if all(normal(name) in headers for name in _NEEDED):
            return {name: headers.get(normal(name), len(line)) for name in TYPES}, row + 1
        is_empty = is_empty and all(map(cells.is_blank, line))
    if is_empty:
        return {}, 1
    raise CannotGrade(
        f'The sheet "{title}" has no headers above its lines any more: write {", ".join(_NEEDED)} back where they '
        "were, or delete the sheet, and grade again."
    )


def _at(place: int, batch: Sequence[Line]) -> Line:
    """The cells of a column."""
    if place < min(map(len, batch)):
        return [line[place] for line in batch]
    return [line[place] if place < len(line) else None for line in batch]


def _read(columns: Mapping[str, Line]) -> tuple[dict[str, list[Any]], dict[int, tuple[str, str]]]:
    """The columns as they are read, and their faults: position to column and message."""
    read: dict[str, list[Any]] = {}
    faults: dict[int, tuple[str, str]] = {}
    for name, column in columns.items():
        read[name], wrong = _column(column, _READERS.get(name, cells.text))
        if name in _NEEDED and None in read[name]:
            blank = {at: "is blank" for at, value in enumerate(read[name]) if value is None}
            wrong = blank | wrong
        faults = {at: (name, message) for at, message in wrong.items()} | faults
    return read, dict(sorted(faults.items()))


def _column(column: Line, reader: Callable[[Any], Any]) -> tuple[list[Any], dict[int, str]]:
    """A column as it is read, and the faults of its cells: position to message."""
    kinds = set(map(type, column))
    if not kinds <= _KINDS:
        column = list(map(plain, column))
    if str in kinds and reader is _number:
        column = [None if cell == "" else cell for cell in column]
        kinds = set(map(type, column))
    if reader is cells.text and kinds <= {str, type(None)}:
        return [text or None for text in column], {}
    if reader is _number and kinds <= {int, float, type(None)}:
        return list(column), {}
    keys = list(zip(map(type, column), column, strict=True))
    values, messages, *_ = read_each({key for key in set(keys) if key_of(key[1])}, reader)
    wrong = {at: messages[key] for at, key in enumerate(keys) if key in messages} if messages else {}
    return [values.get(key) for key in keys], wrong


def _day(cell: Any) -> datetime:
    if isinstance(cell, date | str):
        return day(cell)
    raise ValueError("is not a date: write a date such as 2026-11-22")


def _tier(cell: Any) -> str:
    if cell in _TIERS:
        return str(cell)
    raise ValueError(f"is not a tier: write {', '.join(TIER_NAMES.values())}")


def _number(cell: Any) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    raise ValueError("is not a number")


_READERS: dict[str, Callable[[Any], Any]] = {
    "As of": _day,
    "Tier": _tier,
    **dict.fromkeys(("Revenue", "Score", "Wallet share", "Margin"), _number),
}
