"""A workbook of the user's: its sheets row by row, and what our own sheets in it say."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from tierxl.method.issues import Issue
from tierxl.sheets import history, settings
from tierxl.sheets.description import Area
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.sheets.own_sheet import own_title
from tierxl.workbooks.outline import Place, SheetOutline, Surroundings
from tierxl.workbooks.reading import Line


class ClientWorkbook(ABC):
    """A workbook of the user's, opened to be read and graded, whatever it is read from.

    Attributes:
        name: what the user calls it.
        sheets: its sheets with cells, in their order.
        titles: the titles of all its sheets, those that are charts included, in their order.
        names: the names of cells and tables, in lower case: Excel tells names apart regardless.
        issues: what a user should mend in it.
    """

    def __init__(self, name: str, sheets: Sequence[SheetOutline], titles: Sequence[str], names: set[str]) -> None:
        self.name = name
        self.sheets = sheets
        self.titles = titles
        self.names = names | {table.name.casefold() for sheet in sheets for table in sheet.tables}
        self.issues = [*self._unread_copies(settings.KIND), *self._unread_copies(history.KIND)]

    @abstractmethod
    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:
        """The values of a sheet, row by row from its first row; those of some columns are not needed."""

    @abstractmethod
    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
        """The number formats of some cells: for each column, those of some rows."""

    @abstractmethod
    def formulas(self, title: str, column: int, rows: Sequence[int]) -> dict[int, str]:
        """The formulas in some cells of a column, by row, as English writes them: =SUM(C2:C9)."""

    @abstractmethod
    def surroundings(self, place: Place, name_column: int) -> Surroundings:
        """The surroundings of the cells on the clients' sheet, for clients with their names in a column."""

    def merged(self, title: str) -> Sequence[Area]:  # noqa: ARG002  not every workbook tells
        """The areas of a sheet that are merged to one cell, where the workbook tells."""
        return ()

    def own_sheets(self) -> dict[str, str]:
        """The sheets of ours, which an earlier grading made: kind to title. See :mod:`tierxl.sheets.own_sheet`."""
        kinds = {sheet.title: sheet.kind for sheet in self.sheets if sheet.kind}
        titles = {kind: own_title(kind, kinds, kinds.get) for kind in kinds.values()}
        return {kind: title for kind, title in titles.items() if title is not None}

    def settings(self) -> settings.SettingsRead:
        """The settings of our Settings sheet; none without one."""
        title = self.own_sheets().get(settings.KIND)
        return settings.read(list(self.lines(title)), title) if title else settings.SettingsRead({}, [])

    def past(self) -> history.Past:
        """The earlier gradings of our History sheet; none without one.

        Raises:
            CannotGrade: it has no headers any more.
        """
        title = self.own_sheets().get(history.KIND)
        return history.read(self.lines(title), title) if title else history.Past()

    def _unread_copies(self, kind: str) -> list[Issue]:
        """The sheets of a kind that are copies by their titles, which nobody should take for ours."""
        title = OWN_TITLES[kind]
        return [
            Issue(
                f"is called like a copy of {title}, so it is yours, and is not read. To use it, delete {title}, give "
                "its name to this sheet, and grade again",
                cell=sheet.title,
            )
            for sheet in self.sheets
            if sheet.kind == kind and sheet.title != self.own_sheets().get(kind)
        ]

    def head(self, title: str, count: int) -> list[Line]:
        """The values of the first rows of a sheet."""
        return list(islice(self.lines(title), count))
