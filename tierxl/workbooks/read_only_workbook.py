"""Workbooks that are read and never written: OpenDocument, Excel 97 to 2003, binary Excel."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Area
from tierxl.workbooks.limits import refuse_hostile_package, refuse_too_many_bytes, refuse_too_many_cells
from tierxl.workbooks.outline import Place, SheetOutline, Surroundings
from tierxl.workbooks.reading import Line
from tierxl.workbooks.workbook import ClientWorkbook

ENDINGS = (".ods", ".xls", ".xlsb")
_PACKAGE = b"PK"


class ReadOnlyWorkbook(ClientWorkbook):
    """A workbook on the disk of which only the values are known: no tables, number formats and sheets of ours."""

    def __init__(self, path: Path) -> None:
        """Open a workbook.

        Args:
            path: the file.

        Raises:
            CannotGrade: it is no workbook, encrypted, or damaged.
        """
        refuse_too_many_bytes(path, path.stat().st_size)
        with path.open("rb") as file:
            if file.read(len(_PACKAGE)) == _PACKAGE:
                refuse_hostile_package(path, file)
        try:
            self._workbook = CalamineWorkbook.from_path(path)
        except PasswordError as error:
            raise CannotGrade(f"{path.name} is protected by a password: save it without one to open it.") from error
        except (CalamineError, OSError, ValueError) as error:
            raise _unreadable(path.name) from error
        titles = self._workbook.sheet_names
        hidden = {sheet.name for sheet in self._workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
        self._read: dict[str, CalamineSheet] = {}
        super().__init__(path.name, [SheetOutline(title, is_hidden=title in hidden) for title in titles], titles, set())

    def lines(self, title: str, without: Collection[int] = ()) -> Iterator[Line]:  # noqa: ARG002  they are read at once
        sheet = self._sheet(title)
        before = [""] * (sheet.start[1] if sheet.start else 0)
        for line in sheet.iter_rows():
            yield [*before, *line]

    def formats(self, title: str, cells: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:  # noqa: ARG002  unknown
        return {column: ["General"] * len(rows) for column, rows in cells.items()}

    def formulas(self, title: str, column: int, rows: Collection[int]) -> dict[int, str]:  # noqa: ARG002  unknown
        return {}

    def merged(self, title: str) -> list[Area]:
        ranges = self._sheet(title).merged_cell_ranges or []
        return [Area(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]

    def surroundings(self, place: Place, name_column: int) -> Surroundings:  # noqa: ARG002  nothing is written beside it
        return Surroundings()

    def _sheet(self, title: str) -> CalamineSheet:
        if title not in self._read:
            try:
                sheet = self._workbook.get_sheet_by_name(title)
            except (CalamineError, OSError, ValueError) as error:
                raise _unreadable(self.name) from error
            refuse_too_many_cells(f'The sheet "{title}"', sheet.total_height * sheet.total_width)
            self._read = {title: sheet}
        return self._read[title]


def _unreadable(name: str) -> CannotGrade:
    return CannotGrade(
        f"{name} is not a workbook that can be read: open it in Excel or LibreOffice, and save it as .xlsx."
    )
