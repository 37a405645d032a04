"""Checks that a document can be written into, before anything is changed."""

from com.sun.star.sheet.CellFlags import FORMULA

from tierxl_in_calc.areas import cells_at, together
from tierxl_in_calc.document import area_of
from tierxl_in_calc.marks import kind_of
from tierxl_in_calc.refused import Refused
from tierxl_in_calc.stretches import stretches


def check(document, changes):
    """Refuse changes that cannot all be made.

    Raises:
        Refused: the sentence says why.
    """
    name = document.Title
    if document.isReadonly():
        raise Refused(f"{name} is open to be read only, and nothing was changed. Save it under another name first.")
    columns = changes["columns"]
    if columns:
        _check_columns(document, columns)
    for described in changes["sheets"]:
        title = described["title"]
        if document.Sheets.hasByName(title):
            _check_own(document.Sheets[title], described["kind"])
        elif document.isProtected():
            raise Refused(
                f"{name} is protected, so that no sheet can be added, and nothing was changed. "
                "Take the protection off with Tools, Protect Spreadsheet Structure."
            )
    _check_names(document, changes)


def _check_columns(document, columns):
    title = columns["sheet"]
    if not document.Sheets.hasByName(title):
        raise Refused(f'There is no sheet "{title}" any more, and nothing was changed.')
    sheet = document.Sheets[title]
    refuse_protected(sheet)
    rows = stretches(sorted([columns["header_row"], *columns["rows"], *columns["removed_rows"]]))
    across = stretches(sorted(column["column"] for column in columns["columns"]))
    areas = [[top, left, bottom, right] for top, bottom in rows for left, right in across]
    for address in together(document, sheet, areas).queryContentCells(FORMULA).RangeAddresses:
        formulas = cells_at(sheet, area_of(address))
        if any(formula.startswith("{") for line in formulas.getFormulaArray() for formula in line):
            raise Refused(
                f'An array formula stands where a grade goes, on the sheet "{title}" at {_corner(formulas)}, '
                "and nothing was changed. Move or remove it."
            )


def _check_own(sheet, kind):
    if kind_of(sheet) != kind:
        raise Refused(f'The sheet "{sheet.Name}" is yours and is not written over; nothing was changed.')


def refuse_protected(sheet):
    """Refuse a sheet that is protected.

    Raises:
        Refused: it is.
    """
    if sheet.isProtected():
        raise Refused(
            f'The sheet "{sheet.Name}" is protected, and nothing was changed. '
            "Take the protection off with Tools, Protect Sheet."
        )


def _check_names(document, changes):
    """A database range of a name that ours is to have stands on another sheet."""
    ranges = document.DatabaseRanges
    wanted = [(table["name"], sheet["title"]) for sheet in changes["sheets"] for table in sheet["tables"]]
    columns = changes["columns"]
    if columns and columns["table"]:
        wanted.append((columns["table"]["name"], columns["sheet"]))
    for name, title in wanted:
        if name and ranges.hasByName(name) and document.Sheets[ranges[name].DataArea.Sheet].Name != title:
            raise Refused(f'The database range "{name}" stands on another sheet than "{title}"; nothing was changed.')


def _corner(cells):
    return cells.AbsoluteName.rpartition(".")[2].replace("$", "").partition(":")[0]
