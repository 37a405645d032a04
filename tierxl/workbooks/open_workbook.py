"""A workbook that is open in a spreadsheet program, whichever it is."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tierxl.method.issues import Issue
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import Grading
from tierxl.method.table.cells import shown
from tierxl.method.table.columns import GRADED_SENTENCES
from tierxl.method.table.headers import WORKING
from tierxl.sheets import engagement_plan, service_levels, settings, shed_list
from tierxl.sheets.cells import FIRST_DAY
from tierxl.sheets.clients import INPUT_CHOICES, columns_to_show
from tierxl.sheets.description import LAST_ROW, Sheet
from tierxl.workbooks.graded_inputs import VALUES, graded_inputs, users_columns, working
from tierxl.workbooks.layout import GradedClients, client_column, lay_out
from tierxl.workbooks.outline import Place, SheetOutline
from tierxl.workbooks.own_sheets import taken_names
from tierxl.workbooks.reading import Line
from tierxl.workbooks.table import ClientTable
from tierxl.workbooks.workbook import ClientWorkbook

FOLLOWING = (settings.KIND, engagement_plan.KIND, shed_list.KIND, service_levels.KIND)
"""The kinds of the sheets of which nothing is as of a grading, where a workbook grades itself."""
_FIRST_ROWS, _FIRST_COLUMNS = range(1, 20), (1, 2)
"""Where the formulas of such a sheet begin."""
Grid = list[list[Any]]
"""The values of a sheet, row by row from its first cell; None for a blank, the text of an error such as #N/A."""


class OpenWorkbook(ClientWorkbook):
    """A workbook that is open in a spreadsheet program. Each of its sheets is read once."""

    def __init__(self, name: str, sheets: Sequence[SheetOutline], names: set[str]) -> None:
        super().__init__(name, sheets, [sheet.title for sheet in sheets], names)
        self._grids: dict[str, Grid] = {}

    @abstractmethod
    def values(self, title: str, rows: int = LAST_ROW) -> Grid:
        """The values of a sheet, or of so many of its first rows, as the program has them now."""

    @abstractmethod
    def write_sheets(
        self,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
        graded: GradedClients | None = None,
    ) -> None:
        """Write sheets of our own, and graded columns where there are any: all is made before the first cell changes.

        Raises:
            CannotGrade: the program does not let us write; the workbook is as it was.
        """

    def write(
        self,
        place: Place,
        table: ClientTable,
        grading: Grading,
        sheets: Sequence[Sheet],
        titles: dict[str, str],
        progress: Progress,
    ) -> None:
        """Write the graded columns and the sheets of our own; see :meth:`write_sheets`.

        Tiers that are formulas stay formulas, and so does what they look at: the columns beside them, and Settings.
        """
        shown, formulas, inputs = columns_to_show(grading), frozenset[int](), dict[str, pl.Series]()
        if self.is_live(place):
            shown = dict.fromkeys(place.graded, 0.0) | shown
            as_of_a_grading = {*map(working, VALUES), *GRADED_SENTENCES}
            formulas = frozenset(column for name, column in place.graded.items() if name not in as_of_a_grading)
            grid = self.grid(place.sheet.title)
            lines = (grid[row - 1] for row in table.rows)
            users = users_columns(place.headers)
            inputs = graded_inputs(users, grading.as_of, lines, self.day_0)
            sheets = [sheet for sheet in sheets if not self.follows(sheet.kind)]
        around = self.surroundings(place, client_column(place, table))
        layout = lay_out(place, table, around, shown, taken_names(self, titles))
        self.write_sheets(sheets, titles, progress, GradedClients(layout, place, table, grading, formulas, inputs))

    def is_live(self, place: Place) -> bool:
        """True where the tiers are formulas, with the columns that they take beside them."""
        if not any(name.startswith(WORKING) for name in place.graded):
            return False
        return bool(self.formulas(place.sheet.title, place.graded["Tier"], range(place.first, place.last + 1)))

    def follows(self, kind: str) -> bool:
        """True where the workbook has a sheet of a kind that formulas keep up to date as a whole: it stays as it is.

        Of Settings, whose cells such formulas take, it is true where it is there at all.
        """
        title = self.own_sheets().get(kind)
        if title is None or kind not in FOLLOWING:
            return False
        return kind == settings.KIND or any(self.formulas(title, column, _FIRST_ROWS) for column in _FIRST_COLUMNS)

    @property
    def day_0(self) -> datetime:
        """The day that it counts as 0."""
        return FIRST_DAY

    def formats_of_rows(self, title: str, column: int, rows: Sequence[int], formats: Mapping[int, str]) -> list[str]:
        """The number formats of some rows of a column, as far as the program has told them; an issue if not of all."""
        if not formats.keys() >= set(rows):
            self.issues.append(
                Issue(
                    "the cells of this column have too many different number formats to look at them all: "
                    "give them one, so that currencies, percentages and leading zeros can be told",
                    column=shown(self.grid(title)[rows[0] - 2][column - 1]) if rows[0] > 1 else "",
                )
            )
        return [formats.get(row, "General") for row in rows]

    def grid(self, title: str) -> Grid:
        """The values of a sheet."""
        if title not in self._grids:
            self._grids[title] = self.values(title)
        return self._grids[title]

    def head(self, title: str, count: int) -> list[Line]:
        """The values of the first rows of a sheet, without reading the others."""
        if title in self._grids:
            return list(self._grids[title][:count])
        return list(self.values(title, count))

    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:  # noqa: ARG002  the block is there
        return iter(self.grid(title))


def columns_to_explain(place: Place) -> list[int]:
    """The columns on which lists of values and messages are offered: of the user's, and that of the tiers."""
    own = [place.columns[at] for at, column in place.headers.columns.items() if column.kind in INPUT_CHOICES]
    return own + [column for name, column in place.graded.items() if name == "Tier"]
