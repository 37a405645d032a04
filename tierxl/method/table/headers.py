"""The header row of a list of clients: the one place that knows which header means which field."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.table.columns import BY_FIELD, BY_HEADER, COLUMNS, GRADED_COLUMNS, Column, normal
from tierxl.method.table.crm import Export, currency_header, export_of
from tierxl.method.table.spelling import Spellings

_MARKED = re.compile(r"(.*) \(tierxl(?: (\d+))?\)", re.DOTALL)
_GRADED_BY_HEADER = {normal(name): name for name in GRADED_COLUMNS}


@dataclass(frozen=True)
class Headers(Sequence[str]):
    """The user's headers of a list of clients: a sequence of texts, without the columns of an earlier grading.

    Every position that it speaks of is one in this sequence.

    Attributes:
        texts: the headers as they are written; "" for a blank one.
        compared: the same as they are compared, see :func:`tierxl.method.table.columns.normal`.
        places: the position of each in the header row.
        graded: the columns of an earlier grading: the name of each to its position in the header row.
        letter_of: the letter of the column at a position in the header row, for errors about sheets and files.
        factors: what the header of a field says that its amounts are multiplied by, such as 1,000.

    Example:
        >>> headers = Headers.of(["Customer", "City", "Turnover"])
        >>> headers.position_of
        {'client': 0, 'revenue': 2}
    """

    texts: tuple[str, ...]
    compared: tuple[str, ...]
    places: tuple[int, ...]
    graded: dict[str, int] = field(default_factory=dict)
    letter_of: Callable[[int], str] | None = None
    factors: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        row: Sequence[object],
        among: Iterable[int] | None = None,
        letter_of: Callable[[int], str] | None = None,
    ) -> "Headers":
        """The headers in a row.

        Args:
            row: the cells.
            among: the positions in the row that belong to the list; all if left out.
            letter_of: see :class:`Headers`.
        """
        texts = ["" if cell is None else str(cell) for cell in row]
        compared = [normal(text) for text in texts]
        among = range(len(row)) if among is None else list(among)
        graded = _graded_places({at: found for at in among if (found := _graded_name(texts[at], compared[at]))})
        places = tuple(at for at in among if at not in graded.values())
        return cls(tuple(texts[at] for at in places), tuple(compared[at] for at in places), places, graded, letter_of)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self.texts[at]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def columns(self) -> dict[int, Column]:
        """The columns that the headers mean: position to column, in the order of the row.

        In the export of a CRM system more headers are known; where several of them mean one column, the best is taken,
        and the others are the user's own.
        """
        found = {at: BY_HEADER[header] for at, header in enumerate(self.compared) if header in BY_HEADER}
        for field_, of_export in self.export.names.items() if self.export else ():
            others = [at for at, column in found.items() if column.field == field_]
            best = next((header for header in of_export if header in self.compared), None)
            if best is None or best in BY_HEADER or any(self.compared[at] not in of_export for at in others):
                continue
            found = {at: column for at, column in found.items() if at not in others}
            found[self.compared.index(best)] = BY_FIELD[field_]
        return dict(sorted(found.items()))

    @cached_property
    def position_of(self) -> dict[str, int]:
        """The position of each field.

        Raises:
            CannotGrade: a required column is missing, or two headers mean the same column.
        """
        positions: dict[str, int] = {}
        for at, column in self.columns.items():
            if column.field in positions:
                raise CannotGrade(
                    f'The columns "{self[positions[column.field]]}" and "{self[at]}" both mean {column.name}: '
                    "rename one of them or remove it."
                )
            positions[column.field] = at
        for column in COLUMNS:
            if column.required and column.field not in positions:
                raise CannotGrade(self._missing(column))
        return positions

    @property
    def are_of_clients(self) -> bool:
        """True where there is a header for each required column."""
        fields = {column.field for column in self.columns.values()}
        return all(column.field in fields for column in COLUMNS if column.required)

    @cached_property
    def likely_misspelt(self) -> dict[int, Column]:
        """The columns that are missing and that a header nearly names: position of the header to column."""
        fields = {column.field for column in self.columns.values()}
        spellings = Spellings({header: column for header, column in BY_HEADER.items() if column.field not in fields})
        meant = {at: spellings.meant_by(header) for at, header in enumerate(self.compared) if at not in self.columns}
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
        taken = [found for header in zip(self.texts, self.compared, strict=True) if (found := _graded_name(*header))]
        headers = {}
        for name in GRADED_COLUMNS:
            number = max((number + 1 for other, number in taken if other == name), default=0)
            headers[name] = name if not number else f"{name} (tierxl)" if number == 1 else f"{name} (tierxl {number})"
        return headers

    def issues(self) -> list[Issue]:
        """An issue for each header that nearly names a column, and for each column of an export that may mislead."""
        misspelt = {self[at]: column.name for at, column in self.likely_misspelt.items()}
        issues = [
            Issue(f'is no column that tierxl knows. Did you mean "{name}"? Then rename it', column=header)
            for header, name in misspelt.items()
        ]
        if self.export:
            issues += [
                Issue(f"in an export of {self.export.system} this {doubt}", column=self[at])
                for at in self.columns
                if (doubt := self.export.doubts.get(self.compared[at]))
            ]
        return issues

    def _missing(self, column: Column) -> str:
        """The error about a column that must be there."""
        meant = [at for at, nearest in self.likely_misspelt.items() if nearest == column]
        if not meant:
            others = ", ".join(column.aliases[:4])
            return f"There is no {column.name} column: give one column the header {column.name} (or {others}, …)."
        letters = [f" (column {self.letter_of(self.places[at])})" if self.letter_of else "" for at in meant]
        shown = " or ".join(f'"{self[at]}"{letter}' for at, letter in zip(meant, letters, strict=True))
        return f"There is no {column.name} column. Did you mean {shown}? Give that column the header {column.name}."


def is_graded_name(header: object) -> bool:
    """True for a header that can be that of a graded column."""
    return _graded_name(str(header), normal(header)) is not None


def _graded_name(header: str, compared: str) -> tuple[str, int] | None:
    """The graded column that a header can be, and the number of its mark: 0 for the plain name, 1 for "(tierxl)"."""
    marked = _MARKED.fullmatch(header)
    name = _GRADED_BY_HEADER.get(normal(marked[1]) if marked else compared)
    return None if name is None else (name, int(marked[2] or 1) if marked else 0)


def _graded_places(names: dict[int, tuple[str, int]]) -> dict[str, int]:
    """The columns of an earlier grading: name to position, in the order of the row.

    A lone Score or Action is the user's own. Only a list that carries most of the graded columns was graded before;
    there, a column with our mark in its header is ours, and the plain name beside it is the user's.

    Args:
        names: the graded column that the header at a position can be, and the number of its mark.
    """
    ours: dict[str, tuple[int, int]] = {}
    for at, (name, number) in names.items():
        ours[name] = max(ours.get(name, (-1, -1)), (number, at))
    if 2 * len(ours) <= len(GRADED_COLUMNS):
        return {}
    return {name: at for at, name in sorted((at, name) for name, (_, at) in ours.items())}
