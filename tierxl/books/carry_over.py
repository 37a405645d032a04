"""Carrying graded columns and sheets over into a workbook that is open in Excel: all of it, or nothing."""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import xlwings as xw
from openpyxl import Workbook
from openpyxl.worksheet.filters import AutoFilter

from tierxl.books.file import save
from tierxl.books.paint import TABLE_STYLE
from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import LAST_ROW

_Undo = list[Callable[[], object]]
_EXCELS_OWN_FOLDER_ON_A_MAC = Path("~/Library/Containers/com.microsoft.Excel/Data")
"""Excel for Mac asks the user before it opens a file anywhere else."""


@dataclass(frozen=True)
class GradedColumns:
    """What is carried over of the clients' sheet.

    Attributes:
        sheet: the title of the sheet.
        header_row: the row of the headers.
        rows: the rows of the clients, and of clients that are gone.
        columns: the graded columns.
        new: those of them that the sheet does not have yet.
        is_free_below: whether there is nothing of the user's below them.
        lists: the areas of the user's columns that are to offer a list of values.
        grown: the table of clients with its new area, where it is to reach over the new columns.
        made: the table that the clients are to become, with its area.
    """

    sheet: str
    header_row: int
    rows: Sequence[int]
    columns: Sequence[int]
    new: Sequence[int]
    is_free_below: bool
    lists: Sequence[str]
    grown: dict[str, str]
    made: dict[str, str]


def carry_over(live: xw.Book, made: Workbook, titles: Sequence[str], columns: GradedColumns | None) -> None:
    """Carry sheets of our own, and graded columns, over into an open workbook.

    Args:
        live: the workbook that is open in Excel.
        made: the workbook in memory that has them; it is used up.
        titles: the sheets of our own; each takes the place of its forerunner.
        columns: the graded columns, if they are carried over as well.

    Raises:
        CannotGrade: Excel does not let us write; what was changed until then is put back.
    """
    tables = {title: {table.ref: table.displayName for table in made[title].tables.values()} for title in titles}
    _keep_only(made, titles, columns)
    with _all_or_nothing(live.name) as undo, _open_beside(live, made) as draft:
        forerunners = {title: live.sheets[title] for title in titles if title in live.sheets}
        copies = {title: _copied(draft.sheets[title], live, forerunners.get(title), undo) for title in titles}
        if columns:
            _carry_columns(draft.sheets[columns.sheet], live.sheets[columns.sheet], columns, undo)
        _take_places(live, copies, forerunners, tables)
        if columns:
            sheet = live.sheets[columns.sheet]
            for name, area in columns.made.items():
                _make_table(sheet.range(area), name)
        live.app.cut_copy_mode = False


def _keep_only(made: Workbook, titles: Sequence[str], columns: GradedColumns | None) -> None:
    """Leave in the workbook what is carried over, and nothing that its cells do not bear out."""
    wanted = {*titles, *([columns.sheet] if columns else [])}
    for sheet in made.worksheets:
        if sheet.title not in wanted:
            made.remove(sheet)
    made.defined_names.clear()
    if columns:
        made[columns.sheet].tables.clear()
        made[columns.sheet].auto_filter = AutoFilter()


@contextmanager
def _all_or_nothing(name: str) -> Iterator[_Undo]:
    """Collects how to undo each step; where one fails, undoes the others, the last one first."""
    undo: _Undo = []
    try:
        yield undo
    except Exception as error:
        for step in reversed(undo):
            with suppress(Exception):
                step()
        if isinstance(error, CannotGrade):
            raise
        raise CannotGrade(
            f"Excel did not let tierxl write into {name}, and nothing was changed. Is the workbook or a sheet "
            f"protected, a cell being edited, or a merged cell in the way? Excel says: {_said(error)}"
        ) from error


def _said(error: Exception) -> str:
    """What Excel said: on Windows its sentence stands among the details of the error."""
    details = getattr(error, "excepinfo", None)
    return str(details[2] if details and details[2] else error)


@contextmanager
def _open_beside(live: xw.Book, made: Workbook) -> Iterator[xw.Book]:
    """A workbook in memory, opened in the Excel that has the user's."""
    sandbox = _EXCELS_OWN_FOLDER_ON_A_MAC.expanduser() if sys.platform == "darwin" else None
    with tempfile.TemporaryDirectory(prefix="tierxl-", dir=sandbox, ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"{Path(folder).name}.xlsx"
        save(made, path, {})
        draft = live.app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        try:
            yield draft
        finally:
            draft.close()


# --- The graded columns ----------------------------------------------------------------------------------------------


def _carry_columns(draft: xw.Sheet, live: xw.Sheet, changed: GradedColumns, undo: _Undo) -> None:
    top, bottom = changed.header_row, max(changed.rows)
    heights = live.range((top, 1), (bottom, 1))
    fixed_by_nobody = heights.row_height == live.range((LAST_ROW, 1)).row_height
    for name, grown in changed.grown.items():
        table = live.tables[name]
        undo.append(partial(table.resize, table.range))
        table.resize(live.range(grown))
    known = [column for column in changed.columns if column not in changed.new]
    for first, last in _stretches([top, *changed.rows]):
        for left, right in _stretches(known):
            area = live.range((first, left), (last, right))
            undo.append(partial(setattr, area, "formula", area.formula))
            draft.range((first, left), (last, right)).copy(area)
        for left, right in _stretches(changed.new):
            area = live.range((first, left), (last, right))
            undo.append(area.clear)
            draft.range((first, left), (last, right)).copy(area)
    for left, right in _stretches(changed.new):
        _paste("column_widths", draft, live, (top, left), (top, right))
    if changed.is_free_below:
        for left, right in _stretches(changed.columns):
            _paste("formats", draft, live, (top + 1, left), (LAST_ROW, right))
    for cells in changed.lists:
        _paste("validation", draft, live, cells)
    if fixed_by_nobody:
        live.range(f"{top}:{bottom}").rows.autofit()


def _paste(what: str, draft: xw.Sheet, live: xw.Sheet, *area: Any) -> None:
    draft.range(*area).copy()
    live.range(*area).paste(what)


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches without a gap: first and last of each."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _make_table(area: xw.Range, name: str) -> None:
    if area.merge_cells is False:
        table = area.sheet.tables.add(area, name, table_style_name=TABLE_STYLE)
        table.show_table_style_row_stripes = False


# --- The sheets of our own -------------------------------------------------------------------------------------------


def _copied(sheet: xw.Sheet, live: xw.Book, forerunner: xw.Sheet | None, undo: _Undo) -> xw.Sheet:
    """Copy a sheet behind its forerunner, or to the end."""
    copy = sheet.copy(after=forerunner or live.sheets[-1])
    undo.append(copy.delete)
    return copy


def _take_places(
    live: xw.Book, copies: dict[str, xw.Sheet], forerunners: dict[str, xw.Sheet], tables: dict[str, dict[str, str]]
) -> None:
    """Let the copies take the places, the titles and the tables' names of their forerunners."""
    known = _formula_property(live)
    formulas = list(_formulas_about(live, list(forerunners), known))
    for title, copy in copies.items():
        if title in forerunners:
            forerunners[title].delete()
        copy.name = title
        for table in copy.tables:
            table.display_name = tables[title][table.range.get_address(row_absolute=False, column_absolute=False)]
    for cell, formula in formulas:
        if "#REF!" in getattr(cell, known):
            setattr(cell, known, formula)


def _formula_property(live: xw.Book) -> str:
    """What a cell's formula is called: an Excel without spilling formulas does not know the newer name."""
    try:
        _ = live.sheets[0].range("A1").formula2
    except Exception:  # noqa: BLE001  each system has its own kind of error
        return "formula"
    return "formula2"


def _formulas_about(live: xw.Book, titles: Sequence[str], known: str) -> Iterator[tuple[xw.Range, str]]:
    """The cells of the user's whose formulas look into some sheets, with these formulas."""
    names = "|".join(re.escape(title.replace("'", "''")) for title in titles)
    looks_into = re.compile(rf"(?:'(?:{names})'|\b(?:{names}))!", re.IGNORECASE)
    for sheet in live.sheets if titles else ():
        if sheet.name not in titles:
            used = sheet.used_range
            for row, line in enumerate(_block(getattr(used, known))):
                for column, formula in enumerate(line):
                    if isinstance(formula, str) and formula.startswith("=") and looks_into.search(formula):
                        yield used[row, column], formula


def _block(formulas: Any) -> Sequence[Sequence[Any]]:
    """The formulas of an area as rows, even of a single cell."""
    return ((formulas,),) if isinstance(formulas, str) or formulas is None else formulas
