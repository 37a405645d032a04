"""Issues in the data that are reported, and the error that stops a grading."""

from dataclasses import dataclass


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
    """

    message: str
    row: int | None = None
    client: str = ""
    column: str = ""
    value: str = ""
    cell: str = ""

    @property
    def place(self) -> str:
        """The cell's address, else the row, else nothing."""
        return self.cell or (f"row {self.row}" if self.row is not None else "")

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place, self.client, self.column) if part)
        value = f'"{self.value}" ' if self.value else ""
        return f"{where}: {value}{self.message}" if where else f"{value}{self.message}"
