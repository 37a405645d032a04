"""Issues in the data that are reported, and the error that stops a grading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tierxl.method.words import counted


class CannotGrade(Exception):
    """The input cannot be graded; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing in the data that a user should mend or know.

    Attributes:
        message: what was expected, and what to do.
        row: the row in the user's own sheet or file (its header is row 1), if the issue has one.
        client: the client's name, if the issue is about one.
        column: the header as the user wrote it, if the issue is about a cell.
        value: the text of the cell.
        cell: the cell's address, such as ``Settings!C12``, where it is known.
        assumed: True for what tierxl assumed and need not be wrong.
    """

    message: str
    row: int | None = None
    client: str = ""
    column: str = ""
    value: str = ""
    cell: str = ""
    assumed: bool = False

    @property
    def place(self) -> str:
        """The cell's address, else the row, else nothing."""
        return self.cell or (f"row {self.row}" if self.row is not None else "")

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place, self.client, self.column) if part)
        value = f'"{self.value}" ' if self.value else ""
        return f"{where}: {value}{self.message}" if where else f"{value}{self.message}"


@dataclass(frozen=True, slots=True)
class Cause:
    """The issues of one column that say the same, in their order."""

    issues: Sequence[Issue]

    def __str__(self) -> str:
        first, count = self.issues[0], len(self.issues)
        if count == 1:
            return str(first)
        where = ", ".join(part for part in (first.place, first.client) if part)
        value = f'"{first.value}" ' if first.value else ""
        example = f", first {where}" if where else ""
        return f"{count:,} x {first.column or 'the table'}{example}: {value}{first.message}"


def by_cause(issues: Iterable[Issue]) -> list[Cause]:
    """Issues by their causes, in the order in which each cause comes up first."""
    causes: dict[tuple[str, str, bool], list[Issue]] = {}
    for issue in issues:
        causes.setdefault((issue.column, issue.message, issue.assumed), []).append(issue)
    return [Cause(alike) for alike in causes.values()]


def count_of(issues: Sequence[Issue]) -> str:
    """The number of issues, and of assumptions among them: 3 data issues, 1 assumption."""
    assumed = sum(issue.assumed for issue in issues)
    return counted(len(issues) - assumed, "data issue") + (f", {counted(assumed, 'assumption')}" if assumed else "")
