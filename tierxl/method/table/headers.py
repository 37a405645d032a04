"""The header row of a list of clients: the one place that knows which header means which field."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import overload

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table.columns import (
    BY_FIELD,
    COLUMNS,
    FORMER_GRADED_COLUMNS,
    GRADED_COLUMNS,
    WITH_CONTENT_ONLY,
    Column,
)
from tierxl.method.table.contents import candidates, find_by_contents
from tierxl.method.table.crm import Export, currency_header, export_of
from tierxl.method.table.finding import Findings, Step, find
from tierxl.method.table.spelling import Spellings
from tierxl.method.table.vocabulary import normal, words, words_for
from tierxl.method.words import listed, quoted

WORKING = "tierxl "
"""The beginning of the headers of columns that the formulas of graded columns take."""
_MARKED = re.compile(r"(.*) \(tierxl(?: (\d+))?\)", re.DOTALL)
_FOUND_BY = {
    Step.CHOSEN: "as you chose",
    Step.NAME: "by its name",
    Step.EXPORT: "as the system that it was exported from calls it",
    Step.QUALIFIED: "by its name, but for what qualifies it",
    Step.LANGUAGE: "by its name in another language",
    Step.CONTENTS: "by its cells: no other column can be it",
}
NO_HEADER = "without a header"
_MOST_HEADERS, _LONGEST_LIST = 30, 300
"""Headers that an error lists; the characters of the list where a dialog has to hold it."""
_FORMER = -1_000_000
_GRADED_BY_WORDS = {tuple(words(name)): (name, 0) for name in GRADED_COLUMNS} | {
    tuple(words(former)): (name, _FORMER) for former, name in FORMER_GRADED_COLUMNS.items()
}


@dataclass(frozen=True)
class ColumnChoice:
    """The columns that a user chose, and the way in which one is chosen.

    Attributes:
        header_of: the header of each field that was chosen.
        command: the command that takes the option ``--column``, such as ``tierxl grade "kunden.csv"``; "" without one.
        settings: the title of the Settings sheet that takes the headers; "" without one.
    """

    header_of: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    settings: str = ""

    def way_out(self, name: str, *headers: str) -> str:
        """The sentence on how to say that a header means a column: the first of those that may."""
        if self.command:
            return f"Try: {self.command} --column {quoted(f'{name}={headers[0]}')}"
        rename = f"Give {'that column' if len(headers) == 1 else 'the right one'} the header {name}"
        example = f'"{headers[0]}"' if len(headers) == 1 else f'its header, such as "{headers[0]}",'
        return f"{rename}, or write {example} on {self.settings}, Columns, {name}." if self.settings else f"{rename}."


@dataclass(frozen=True)
class UsedColumn:
    """A column of a list that is used.

    Attributes:
        name: the column of the method that it is.
        header: its header.
        step: the way in which it was found.
        factor: the number that its amounts are multiplied by.
    """

    name: str
    header: str
    step: Step
    factor: float = 1

    def __str__(self) -> str:
        return f'{self.name} is "{self.header}"' if self.header else f"{self.name} is the column {NO_HEADER}"

    @property
    def is_to_be_told(self) -> bool:
        """True where the column was not called by its name, nor chosen."""
        return self.step not in (Step.CHOSEN, Step.NAME) or self.factor != 1

    @property
    def found_by(self) -> str:
        """The way in which the column was found, in words."""
        multiplied = "" if self.factor == 1 else f"; its amounts are multiplied by {self.factor:,.0f}"
        return f"{_FOUND_BY[self.step]}{multiplied}"


@dataclass(frozen=True)
class Usage:
    """The use that is made of the columns of a list.

    Attributes:
        used: the columns that are used, in the order of the list.
        unused: the headers of all others.
        meant: the column that a header nearly names, by the header.
    """

    used: tuple[UsedColumn, ...] = ()
    unused: tuple[str, ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)

    def with_column(self, name: str, header: str) -> "Usage":
        """The same with a column that is used beside those of the method."""
        unused = tuple(other for other in self.unused if other != header)
        return replace(self, used=(*self.used, UsedColumn(name, header, Step.NAME)), unused=unused)

    @property
    def lists(self) -> dict[str, Sequence[str]]:
        """The columns that are used and those that are not, by their names."""
        used = [one.name if one.header == one.name else f"{one.name} ({one.header or NO_HEADER})" for one in self.used]
        unused = [
            f"{header} (did you mean {self.meant[header]}?)" if header in self.meant else header
            for header in self.unused
        ]
        return {"Used": used, "Not used": unused or ["none"]}


@dataclass(frozen=True)
class Headers(Sequence[str]):
    """The user's headers of a list of clients: a sequence of texts, without the columns of an earlier grading.

    Every position that it speaks of is one in this sequence.

    Attributes:
        texts: the headers as they are written; "" for a blank one.
        compared: the same as they are compared, see :func:`tierxl.method.table.columns.normal`.
        places: the position of each in the header row.
        graded: the columns of an earlier grading: the name of each to its position in the header row; columns that
            their formulas take have their header as a name.
        row: the number of the header row, where rows have numbers.
        letter_of: the letter of the column at a position in the header row, for errors about sheets and files.
        choice: the columns that the user chose.
        beside: the headers of other tables in the same row.
        cells_of: the cells of the column at a position, or the first of them, where they are known.
        shown_currencies: by field, the currency that number formats tell, or orders summed to clients.

    Example:
        >>> headers = Headers.of(["Customer", "City", "Turnover"])
        >>> headers.position_of
        {'client': 0, 'revenue': 2}
    """

    texts: tuple[str, ...]
    compared: tuple[str, ...]
    places: tuple[int, ...]
    graded: dict[str, int] = field(default_factory=dict)
    row: int | None = None
    letter_of: Callable[[int], str] | None = None
    choice: ColumnChoice = field(default_factory=ColumnChoice)
    beside: tuple[str, ...] = ()
    cells_of: Callable[[int], Sequence[object]] | None = field(default=None, compare=False)
    shown_currencies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        row: Sequence[object],
        among: Iterable[int] | None = None,
        letter_of: Callable[[int], str] | None = None,
        *,
        number: int | None = None,
        choice: ColumnChoice | None = None,
        users: Collection[str] | None = None,
    ) -> "Headers":
        """The headers in a row.

        Args:
            row: the cells.
            among: the positions in the row that belong to the list; all if left out.
            letter_of: see :class:`Headers`.
            number: the number of the row.
            choice: see :class:`Headers`.
            users: the user's own headers at the earlier grading of the list, where it is known.
        """
        texts = ["" if cell is None else str(cell) for cell in row]
        compared = [normal(text) for text in texts]
        among = range(len(row)) if among is None else list(among)
        others = [at for at in among if texts[at].strip() not in (users or ())]
        names = {at: found for at in others if (found := _graded_name(texts[at]))}
        graded = _graded_places(names, is_known=users is not None)
        if graded:
            graded |= {texts[at]: at for at in others if texts[at].startswith(WORKING)}
        places = tuple(at for at in among if at not in graded.values())
        own = tuple(texts[at] for at in places), tuple(compared[at] for at in places)
        listed = set(among)
        beside = tuple(text for at, text in enumerate(texts) if text and at not in listed)
        return cls(*own, places, graded, number, letter_of, choice or ColumnChoice(), beside)

    def with_cells(self, cells_of: Callable[[int], Sequence[object]]) -> "Headers":
        """The headers of a list whose cells are known: clients and revenue that no header names are found by them."""
        return replace(self, cells_of=cells_of)

    def in_currencies(self, shown: Mapping[str, str]) -> "Headers":
        """The headers of a list whose amounts are shown in currencies, by the field of each."""
        return replace(self, shown_currencies=shown)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self.texts[at]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def findings(self) -> Findings:
        """The columns of the list, with the way in which each was found."""
        found = find(self.texts, self.compared, self.choice.header_of, self.export)
        return found if self.cells_of is None else find_by_contents(self.texts, found, self.cells_of)

    @property
    def found(self) -> set[str]:
        """The fields that a header means, or several do."""
        return {*self.findings.of, *self.findings.doubles}

    @cached_property
    def columns(self) -> dict[int, Column]:
        """The columns that the headers mean: position to column, in the order of the row."""
        meant = {finding.position: BY_FIELD[name] for name, finding in self.findings.of.items()}
        doubles = {at: BY_FIELD[name] for name, positions in self.findings.doubles.items() for at in positions}
        return dict(sorted((meant | doubles).items()))

    @cached_property
    def position_of(self) -> dict[str, int]:
        """The position of each field.

        Raises:
            CannotGrade: a required column is missing, a header that was chosen is not there, or two headers mean the
                same column.
        """
        for name, positions in self.findings.doubles.items():
            raise CannotGrade(self._double(BY_FIELD[name], positions))
        for name, header in self.findings.absent.items():
            where = f" ({self.choice.settings}, Columns)" if self.choice.settings else ""
            problem = f'{BY_FIELD[name].name} is to be the column "{header}"{where}, but there is none.'
            raise CannotGrade(f"{problem} {self._there}")
        for column in COLUMNS:
            if column.required and column.field not in self.findings.of:
                raise CannotGrade(self._missing(column))
        return {name: finding.position for name, finding in self.findings.of.items()}

    @property
    def factors(self) -> dict[str, float]:
        """The number that the amounts of a field are multiplied by, where its header says one, such as "(k€)"."""
        return {name: finding.factor for name, finding in self.findings.of.items() if finding.factor != 1}

    @property
    def are_of_clients(self) -> bool:
        """True where there is a header for each required column."""
        return all(column.field in self.found for column in COLUMNS if column.required)

    @cached_property
    def likely_misspelt(self) -> dict[int, Column]:
        """The columns that are missing and that a header nearly names: position of the header to column."""
        missing = [column for column in COLUMNS if column.field not in self.found]
        spellings = Spellings({name: column for column in missing for name in (column.name, *column.aliases)})
        others = [at for at, word in enumerate(self.compared) if at not in self.columns and not _is_of_no_field(word)]
        meant = {at: spellings.meant_by(self.texts[at]) for at in others}
        return {at: columns.pop() for at, columns in meant.items() if len(columns) == 1}

    @cached_property
    def export(self) -> Export | None:
        """The CRM system that the list was exported from, if it was."""
        return export_of(self.compared)

    @cached_property
    def currency(self) -> int | None:
        """The position of the column that names the currency of the revenue, if there is one.

        Raises:
            CannotGrade: see :attr:`position_of`.
        """
        header = currency_header(self.compared[self.position_of["revenue"]], self.compared)
        return None if header is None else self.compared.index(header)

    @property
    def columns_to_read(self) -> list[int]:
        """The positions of the columns whose cells a grading reads.

        Raises:
            CannotGrade: see :attr:`position_of`.
        """
        return [*self.position_of.values(), *(() if self.currency is None else (self.currency,))]

    @cached_property
    def of_graded_columns(self) -> dict[str, str]:
        """The header of each graded column beside the user's: its name, with our mark where the user has that name."""
        taken = [found for header in self if (found := _graded_name(header)) and found[1] >= 0]
        headers = {}
        for name in GRADED_COLUMNS:
            number = max((number + 1 for other, number in taken if other == name), default=0)
            headers[name] = name if not number else f"{name} (tierxl)" if number == 1 else f"{name} (tierxl {number})"
        return headers

    @cached_property
    def unused(self) -> list[int]:
        """The positions of the headers that mean nothing here: those columns pass through untouched."""
        return [at for at, header in enumerate(self.compared) if header and at not in (*self.columns, self.currency)]

    @property
    def usage(self) -> Usage:
        """The use that is made of the columns."""
        found = sorted(self.findings.of.items(), key=lambda item: item[1].position)
        used = (UsedColumn(BY_FIELD[name].name, self[it.position].strip(), it.step, it.factor) for name, it in found)
        meant = {self[at].strip(): column.name for at, column in self.likely_misspelt.items()}
        unused = (self[at] for at in self.unused)
        return Usage(tuple(used), tuple(header.strip() for header in (*unused, *self.beside)), meant)

    def issues(self) -> list[Issue]:
        """An issue for each header that nearly names a column, and for each column of an export that may mislead."""
        issues = [
            Issue(
                f'is not used. Did you mean "{column.name}"? {self.choice.way_out(column.name, self[at])}',
                column=self[at],
            )
            for at, column in self.likely_misspelt.items()
        ]
        if self.export:
            issues += [
                Issue(f"in an export of {self.export.system} this {doubt}", column=self[at])
                for at in self.columns
                if (doubt := self.export.doubts.get(self.compared[at]))
            ]
        return issues

    @property
    def _there(self) -> str:
        """All headers, and the row that they stand in, as an error tells them."""
        where = f"The headers in row {self.row}" if self.row else "The headers"
        headers = list(filter(None, self)) or ["none"]
        lengths = accumulate(len(header) + len(", ") for header in headers)
        fitting = sum(length <= _LONGEST_LIST for length in lengths)
        most = _MOST_HEADERS if self.choice.command else min(_MOST_HEADERS, max(1, fitting))
        return f"{where}: {listed(headers[:most], len(headers))}."

    def _named(self, at: int) -> str:
        """A header as an error names it, with the letter of its column."""
        letter = f" (column {self.letter_of(self.places[at])})" if self.letter_of else ""
        return f'"{self[at]}"{letter}'

    def _double(self, column: Column, positions: Sequence[int]) -> str:
        """The error about headers that mean one column."""
        mean = f"{'both' if len(positions) == len('ab') else 'all'} mean {column.name}"
        problem = (
            f"The columns {listed([self._named(at) for at in positions])} {mean}: rename one of them or remove it."
        )
        return f"{problem} {self.choice.way_out(column.name, *(self[at] for at in positions))}"

    def _missing(self, column: Column) -> str:
        """The error about a column that must be there."""
        likely = [at for at, nearest in self.likely_misspelt.items() if nearest == column] or self._candidates(column)
        if not likely:
            others = ", ".join(column.aliases[:4])
            rename = f"give one column the header {column.name} (or {others}, …)"
            return f"There is no {column.name} column: {rename}. {self._there}"
        shown = " or ".join(map(self._named, likely))
        way_out = self.choice.way_out(column.name, *(self[at] for at in likely))
        return f"There is no {column.name} column. {self._there} Did you mean {shown}? {way_out}"

    def _candidates(self, column: Column) -> list[int]:
        """The positions of the columns that can be a required one, by their cells: those that differ most first."""
        if (cells_of := self.cells_of) is None:
            return []
        likely = candidates(self.texts, self.findings, cells_of).get(column.field, [])
        return sorted(likely, key=lambda at: -len({*map(str, cells_of(at))}))


def _is_of_no_field(word: str) -> bool:
    """True for a word that names something else than a column of the method, so it is no slip of one."""
    return any(word in words_for(section) for section in ("never_amounts", "never_names", "never_revenue"))


def is_graded_name(header: object) -> bool:
    """True for a header that can be that of a graded column."""
    return _graded_name(str(header)) is not None or str(header).startswith(WORKING)


def is_former_name(header: str) -> bool:
    """True for a header that a graded column had in an earlier edition."""
    known = _graded_name(header)
    return known is not None and known[1] < 0


def _graded_name(header: str) -> tuple[str, int] | None:
    """The graded column that a header can be, and the number of its mark: 0 for the plain name, 1 for "(tierxl)".

    The number of a name of an earlier edition is below 0: a column of today's name is ours rather than that one.
    """
    marked = _MARKED.fullmatch(header)
    known = _GRADED_BY_WORDS.get(tuple(words(marked[1] if marked else header)))
    return known and (known[0], known[1] + (int(marked[2] or 1) if marked else 0))


def _graded_places(names: dict[int, tuple[str, int]], *, is_known: bool) -> dict[str, int]:
    """The columns of an earlier grading: name to position, in the order of the row.

    A lone Score or Action is the user's own. Only a list that carries most of the graded columns, or most of those that
    every grading writes, was graded before; there, a column with our mark in its header is ours, and the plain name
    beside it is the user's. Of columns that are alike in that, the one among the others is ours.

    Args:
        names: the graded column that the header at a position can be, and the number of its mark.
        is_known: whether it is known that the list was graded before; then its tiers are enough.
    """
    ours: dict[str, tuple[int, int, int]] = {}
    for at, (name, number) in names.items():
        neighbours = (at - 1 in names) + (at + 1 in names)
        ours[name] = max(ours.get(name, (_FORMER, 0, -1)), (number, neighbours, at))
    of_every_grading = set(GRADED_COLUMNS) - set(WITH_CONTENT_ONLY)
    are_most = 2 * len(ours) > len(GRADED_COLUMNS) or 2 * len(of_every_grading & set(ours)) > len(of_every_grading)
    if not (are_most or (is_known and "Tier" in ours)):
        return {}
    return {name: at for at, name in sorted((at, name) for name, (*_, at) in ours.items())}
