"""Carrying graded columns and sheets over into a workbook that is open in Excel: all of it, or nothing."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import xlwings as xw

from tierxl.excel.print_setup import set_up_pages
from tierxl.excel.sheets import days_count_from_1904, formulas_of, kind_of_sheet, last_cell
from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.sheets import clients
from tierxl.sheets import live as live_sheet
from tierxl.sheets.description import LAST_ROW, Sheet
from tierxl.sheets.styles import TABLE_STYLE
from tierxl.workbooks.layout import GradedClients
from tierxl.workbooks.ooxml.cell_range import reference
from tierxl.workbooks.ooxml.drafts import write_graded_columns, write_own_sheets
from tierxl.workbooks.ooxml.new_sheets import Draft, new_workbook, write_draft
from tierxl.workbooks.own_sheets import looking_into
from tierxl.workbooks.stretches import stretches

_Undo = list[Callable[[], object]]
_EXCELS_OWN_FOLDER_ON_A_MAC = Path("~/Library/Containers/com.microsoft.Excel/Data")
"""Excel for Mac asks the user before it opens a file anywhere else."""


def draft_of(
    live: xw.Book,
    names: frozenset[str],
    sheets: Sequence[Sheet],
    titles: dict[str, str],
    progress: Progress,
    graded: GradedClients | None,
) -> Draft:
    """A workbook in memory with all that is carried over into an open one.

    Args:
        live: the workbook that is open in Excel.
        names: the names that tables of our own cannot take.
        sheets: the sheets of our own.
        titles: the title of each, by kind.
        progress: called with how many of them are made.
        graded: the graded clients, if their columns are carried over as well.
    """
    draft = Draft(new_workbook(since_1904=days_count_from_1904(live)), names)
    if graded:
        write_graded_columns(draft, graded)
        titles = titles | {clients.KIND: graded.sheet}
    write_own_sheets(draft, sheets, titles, progress)
    return draft


def carry_over(
    live: xw.Book, made: Draft, titles: Sequence[str], graded: GradedClients | None, *, is_free_below: bool
) -> None:
    """Carry sheets of our own, and graded columns, over into an open workbook.

    Args:
        live: the workbook that is open in Excel.
        made: the draft that has them.
        titles: the sheets of our own; each takes the place of its forerunner.
        graded: the graded clients, if their columns are carried over as well.
        is_free_below: whether there is nothing of the user's below the graded columns.

    Raises:
        CannotGrade: Excel does not let us write; what was changed until then is put back.
    """
    tables = {title: {table.ref: table.displayName for table in made.book[title].tables.values()} for title in titles}
    forerunners = {title: live.sheets[title] for title in titles if title in live.sheets}
    looking = list(_looking_into(live, forerunners, graded))
    with _open_beside(live, made) as draft:
        with _all_or_nothing(live.name) as undo:
            copies = dict(_copies(draft, live, titles, undo))
            if graded:
                _carry_columns(draft.sheets[graded.sheet], live.sheets[graded.sheet], graded, undo)
            for title, copy in copies.items():
                _take_place(copy, title, forerunners.get(title), tables[title], undo)
                if title not in forerunners:
                    copy.visible = made.book[title].sheet_state == "visible"
            for thing, what, formula in looking:
                _set(thing, what, formula, undo)
        with _finishing():
            for sheet in forerunners.values():
                sheet.delete()
            if graded:
                sheets = draft.sheets[graded.sheet], live.sheets[graded.sheet]
                _finish_columns(*sheets, graded, is_free_below=is_free_below)
                _scroll(sheets[1], graded)
            live.app.cut_copy_mode = False


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
            f"Excel did not let tierxl write into {name}, and nothing was changed. Is the workbook shared, is it or a "
            f"sheet protected, a cell being edited, or a merged cell in the way? Excel says: {_message(error)}"
        ) from error


@contextmanager
def _finishing() -> Iterator[None]:
    """The steps that cannot be undone, and need not be: what they finish is right already."""
    try:
        yield
    except Exception as error:
        raise CannotGrade(
            f"The grades are written, but Excel did not let tierxl finish: press Grade clients again. "
            f"Excel says: {_message(error)}"
        ) from error


def _message(error: Exception) -> str:
    """The message of an error of Excel's: on Windows it stands among the details."""
    details = getattr(error, "excepinfo", None)
    return str(details[2] if details and details[2] else error)


@contextmanager
def _open_beside(live: xw.Book, made: Draft) -> Iterator[xw.Book]:
    """A draft, opened in the Excel that has the user's."""
    with _working_folder() as folder:
        path = Path(folder) / f"{Path(folder).name}.xlsx"
        with _disk():
            write_draft(made, path)
        draft = live.app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        try:
            yield draft
        finally:
            draft.close()


def _working_folder() -> "tempfile.TemporaryDirectory[str]":
    sandbox = _EXCELS_OWN_FOLDER_ON_A_MAC.expanduser() if sys.platform == "darwin" else None
    with _disk():
        return tempfile.TemporaryDirectory(prefix="tierxl-", dir=sandbox, ignore_cleanup_errors=True)


@contextmanager
def _disk() -> Iterator[None]:
    """As long as this lasts, an error of the disk says that there is no working copy, and what to do on a Mac."""
    try:
        yield
    except OSError as error:
        raise CannotGrade(
            f"tierxl could not make its working copy, and nothing was changed ({error.strerror or error}). On a Mac, "
            "allow it under System Settings, Privacy & Security, App Management or Files and Folders."
        ) from error


# --- The graded columns ----------------------------------------------------------------------------------------------


def _carry_columns(draft: xw.Sheet, live: xw.Sheet, graded: GradedClients, undo: _Undo) -> None:
    known = [column for column in graded.columns if column not in graded.new_columns]
    rows = stretches([graded.place.header_row, *graded.rows])
    new = [((first, left), (last, right)) for first, last in rows for left, right in stretches(graded.new_columns)]
    old = [((first, left), (last, right)) for first, last in rows for left, right in stretches(known)]
    # What was added is cleared when the table is small again: within a table, Excel fills an empty header at once.
    undo += [live.range(*area).clear for area in new]
    if graded.place.table and graded.layout.grown:
        table = live.tables[graded.place.table.name]
        undo.append(partial(table.resize, table.range))
        table.resize(live.range(reference(graded.layout.grown)))
    for area in old:
        there = live.range(*area)
        undo.append(partial(setattr, there, "formula", there.formula))
    for area in (*new, *old):
        draft.range(*area).copy(live.range(*area))


def _finish_columns(draft: xw.Sheet, live: xw.Sheet, graded: GradedClients, *, is_free_below: bool) -> None:
    """Widths, heights, colours for clients to come, lists of values, and a table."""
    top, made = graded.place.header_row, graded.layout.made
    for left, right in stretches(sorted(graded.layout.widths)):
        _paste("column_widths", draft, live, (top, left), (top, right))
    if is_free_below:
        for left, right in stretches(graded.columns):
            _paste("formats", draft, live, (top + 1, left), (LAST_ROW, right))
    for choices in graded.layout.choices:
        _paste("validation", draft, live, reference(choices.area))
    if graded.layout.pages:
        set_up_pages(live, graded.layout.pages)
    if made:
        _make_table(live.range(reference(made.area)), made.name)
    for rows in (live.range(f"{top}:{top}"), live.range(f"{top + 1}:{max(graded.rows)}")):
        if rows.row_height == live.range((LAST_ROW, 1)).row_height:  # nobody has set a height
            rows.rows.autofit()


def _scroll(live: xw.Sheet, graded: GradedClients) -> None:
    """Scroll the sheet to the tiers where they stand out of sight, if it is the one that is shown."""
    if graded.layout.beside and live.book.sheets.active.name == live.name:
        with suppress(Exception):  # a window may be protected
            if sys.platform == "darwin":
                live.book.api.windows[1].scroll_column.set(graded.layout.beside)
            else:
                live.book.api.Windows(1).ScrollColumn = graded.layout.beside


def _paste(what: str, draft: xw.Sheet, live: xw.Sheet, *area: Any) -> None:
    draft.range(*area).copy()
    live.range(*area).paste(what)


def _make_table(area: xw.Range, name: str) -> None:
    if area.merge_cells is False:
        table = area.sheet.tables.add(area, name, table_style_name=TABLE_STYLE)
        table.show_table_style_row_stripes = False


# --- The sheets of our own -------------------------------------------------------------------------------------------


def _copies(draft: xw.Book, live: xw.Book, titles: Sequence[str], undo: _Undo) -> Iterator[tuple[str, xw.Sheet]]:
    """Copies of sheets: each behind its forerunner, else before the next that has one, else at the end."""
    for at, title in enumerate(titles):
        later = [other for other in titles[at:] if other in live.sheets]
        draft.sheets[title].visible = True  # Excel copies what is in sight
        if later and later[0] != title:
            copy = draft.sheets[title].copy(before=live.sheets[later[0]])
        else:
            copy = draft.sheets[title].copy(after=live.sheets[later[0] if later else -1])
        undo.append(copy.delete)
        yield title, copy


def _take_place(copy: xw.Sheet, title: str, forerunner: xw.Sheet | None, tables: dict[str, str], undo: _Undo) -> None:
    """Let a copy take the title and the tables' names of its forerunner, which steps aside."""
    if forerunner:
        _lift_protection(forerunner, undo)
        names = (f"tierxl old {number}" for number in count())
        aside = next(name for name in names if name not in copy.book.sheets)
        copy.visible = forerunner.visible
        _set(forerunner, "name", aside, undo)
        for number, table in enumerate(forerunner.tables):
            _set(table, "display_name", f"{aside}_{number}".replace(" ", "_"), undo)
    _set(copy, "name", title, undo)
    for table in copy.tables:
        area = table.range.get_address(row_absolute=False, column_absolute=False)
        _set(table, "display_name", tables[area], undo)


def _lift_protection(sheet: xw.Sheet, undo: _Undo) -> None:
    """Let the tables of a sheet of ours have other names: it is protected from slips, without a password."""
    on_a_mac = sys.platform == "darwin"  # where this could not be tried
    if sheet.api.protect_contents.get() if on_a_mac else sheet.api.ProtectContents:
        if on_a_mac:
            sheet.api.unprotect(password="")
        else:
            sheet.api.Unprotect("")  # without this it would ask for the password
        undo.append(sheet.api.protect_worksheet if on_a_mac else sheet.api.Protect)


def _set(thing: Any, what: str, value: str, undo: _Undo) -> None:
    before = getattr(thing, what)
    if before != value:
        undo.append(partial(setattr, thing, what, before))
        setattr(thing, what, value)


# --- The user's formulas that look into the sheets of our own --------------------------------------------------------


def _looking_into(
    live: xw.Book, sheets: dict[str, xw.Sheet], graded: GradedClients | None
) -> Iterator[tuple[Any, str, str]]:
    """The cells and names whose formulas look into some sheets or their tables: what, its formula's name, the formula.

    Excel lets them follow a sheet that steps aside, and loses them with it. Those of a workbook that grades itself look
    at none of these sheets.
    """
    looks_into = looking_into(sheets, [table.display_name for sheet in sheets.values() for table in sheet.tables])
    known = _formula_property(live) if sheets else ""
    for sheet in live.sheets if sheets else ():
        if sheet.name not in sheets and kind_of_sheet(sheet) != live_sheet.KIND:
            bottom, right = last_cell(sheet)
            ours = graded.formulas if graded and sheet.name == graded.sheet else frozenset()
            for left, last in stretches(sorted({*range(1, right + 1)} - ours)):
                for row, line in enumerate(formulas_of(sheet.range((1, left), (bottom, last)), known), 1):
                    for column, formula in enumerate(line, left):
                        if isinstance(formula, str) and formula.startswith("=") and looks_into.search(formula):
                            yield sheet.range((row, column)), known, formula
    for name in live.names if sheets else ():
        if name.name.rpartition("!")[0].strip("'") not in sheets and looks_into.search(name.refers_to or ""):
            yield name, "refers_to", str(name.refers_to)


def _formula_property(live: xw.Book) -> str:
    """The property of a cell with its formula: an Excel without spilling formulas does not know the newer one."""
    try:
        _ = live.sheets[0].range("A1").formula2
    except Exception:  # noqa: BLE001  each system has its own kind of error
        return "formula"
    return "formula2"
