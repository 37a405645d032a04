"""Reading back what was written into a user's workbook, before it takes the place of the file."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, zip_longest
from pathlib import Path

from lxml import etree

from tierxl.method.issues import CannotGrade
from tierxl.sheets.mark import MARK
from tierxl.workbooks.layout import Layout
from tierxl.workbooks.ooxml.cell_range import letters_of
from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    MAIN,
    PACKING_ERRORS,
    ROOT,
    Package,
    relationships_of,
    type_of,
    whole,
)
from tierxl.workbooks.ooxml.print_setup import PRINT_AREA, PRINT_TITLES
from tierxl.workbooks.ooxml.row_patch import CELLS, IS_FIXED, SPANS, parted
from tierxl.workbooks.ooxml.sheet_xml import CELL, Row, SheetPart, SheetText, are_plain, column_of
from tierxl.workbooks.ooxml.styles import LISTS, children, comparable
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place
from tierxl.workbooks.stretches import stretches

OUR_NAMES = (MARK, PRINT_AREA, PRINT_TITLES, "_xlnm._FilterDatabase")
"""The names that a grading gives to sheets of our own; the last one to the clients' sheet, too."""

_FIRST = 500
"""The number of rows that are looked at cell by cell: the cells of a graded column are all made alike."""

_FITTED = re.compile(rb' (?:spans|ht)="[^"]*"')
_ADDED_TO = {
    f"{{{MAIN}}}{name}"
    for name in (
        "dimension", "sheetViews", "cols", "sheetData", "autoFilter", "mergeCells", "conditionalFormatting",
        "dataValidations", "ignoredErrors", "tableParts",
    )
}  # fmt: skip
"""The elements of the clients' sheet that a grading adds to."""


def verify(
    before: WorkbookFile, written: Path, place: Place, layout: Layout, own: Collection[str], kept: Collection[str]
) -> None:
    """Compare a written workbook with the user's: its parts, its names, and every cell of the clients' sheet.

    Args:
        before: the user's workbook.
        written: the written one.
        place: where the clients stand.
        layout: what was to change on their sheet.
        own: the titles of the sheets of our own.
        kept: the parts that were to stay as they are.

    Raises:
        CannotGrade: something of the user's is not what it was.
    """
    with written.open("rb") as file:
        try:
            differences = _differences(before, WorkbookFile(written, Package(written, file)), place, layout, own, kept)
            difference = next(differences, None)
        except (CannotGrade, *PACKING_ERRORS):
            difference = "it cannot be read"
    if difference:
        raise CannotGrade(
            f"{before.path.name} is as it was: what was written was read back, and {difference}. "
            "This is a defect of tierxl: please report it."
        )


def _differences(
    before: WorkbookFile,
    after: WorkbookFile,
    place: Place,
    layout: Layout,
    own: Collection[str],
    kept: Collection[str],
) -> Iterator[str]:
    title = place.sheet.title
    yield from _parts(before.package, after.package, kept)
    yield from _package(before.package, after.package)
    yield from _sheets_and_names(before, after, title, own)
    yield from _styles(before, after)
    written = SheetText(lambda: after.package.open(after.sheet_parts[title]), after.path)
    yield from _cells(before.part(title), written, layout)
    yield from _frame(before.part(title), written)


# --- The package -----------------------------------------------------------------------------------------------------


def _parts(before: Package, after: Package, kept: Collection[str]) -> Iterator[str]:
    for name in sorted(kept):
        if name not in after.infos:
            yield f"its part {name} is missing"
        elif any(one != other for one, other in zip_longest(before.packed(name), after.packed(name))):
            yield f"its part {name} has changed"


def _package(before: Package, after: Package) -> Iterator[str]:
    """Faults that keep a program from opening a package: parts that are there twice, have no type, or are missing."""
    times = Counter(name.lower() for name in after.infos)
    yield from (f"it has its part {name} twice" for name in times if times[name] > 1)
    types, listed = after.tree(CONTENT_TYPES), after.name_of(CONTENT_TYPES)
    for name in after.infos:
        if name not in before.infos and name != listed and not type_of(types, name):
            yield f"its part {name} has no type"
    yield from (f"its part {name} is missing" for name in sorted(_missing(after) - _missing(before)))


def _missing(package: Package) -> set[str]:
    """The parts that are pointed to and not there."""
    sources = [ROOT, *(name for name in package.infos if relationships_of(name) in package)]
    targets = {line.target for source in sources for line in package.relationships(source)}
    return {target for target in targets if target and target not in package}


# --- The workbook ----------------------------------------------------------------------------------------------------


def _sheets_and_names(before: WorkbookFile, after: WorkbookFile, clients: str, own: Collection[str]) -> Iterator[str]:
    users = [title for title in before.titles if title not in own]
    if users != [title for title in after.titles if title not in own]:
        yield "its sheets are others"
    if [before.sheet_parts.get(title) for title in users] != [after.sheet_parts.get(title) for title in users]:
        yield "its sheets have changed places"
    lost = _names(before, clients, own) - _names(after, clients, own)
    yield from (f"its name {name} is missing" for name, *_ in lost)
    tables = {table.name for sheet in after.sheets for table in sheet.tables}
    lost_tables = {table.name for sheet in before.sheets if sheet.title not in own for table in sheet.tables} - tables
    yield from (f"its table {name} is missing" for name in sorted(lost_tables))


def _names(workbook: WorkbookFile, clients: str, own: Collection[str]) -> Counter[tuple[str, str, str]]:
    """The defined names of the user's: each with the sheet that it belongs to, and its formula."""
    scopes = {**dict(enumerate(workbook.titles)), -1: ""}
    names: Counter[tuple[str, str, str]] = Counter()
    for name in workbook.main_tree.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        called, scope = name.get("name", ""), scopes.get(whole(name, "localSheetId", -1), "")
        is_of_pages = scope == clients and called == PRINT_AREA  # whose last row moves with the clients
        is_ours = is_of_pages or (called in OUR_NAMES and (scope in own or (scope, called) == (clients, OUR_NAMES[-1])))
        if not is_ours:
            names[called, scope, name.text or ""] += 1
    return names


def _styles(before: WorkbookFile, after: WorkbookFile) -> Iterator[str]:
    for name in LISTS:
        users = [comparable(style) for style in children(before.styles, name)]
        if users != [comparable(style) for style in children(after.styles, name)[: len(users)]]:
            yield f"its styles ({name}) have changed"


# --- The clients' sheet ----------------------------------------------------------------------------------------------


def _frame(before: SheetPart, after: SheetText) -> Iterator[str]:
    """The elements around the cells that a grading has no business with, and that are not there as they were."""
    users, written = (
        Counter(comparable(child) for child in sheet.frame if child.tag not in _ADDED_TO) for sheet in (before, after)
    )
    yield from (f"its sheet of clients has another {etree.QName(tag).localname}" for tag, *_ in users - written)


def _cells(before: SheetPart, after: SheetText, layout: Layout) -> Iterator[str]:
    """The cells of the user's that are not what they were, by address."""
    graded = _Columns(layout.columns.values())
    rewriting = layout.rewriting
    rewritten = _Columns([*layout.columns.values(), rewriting.column]) if rewriting else graded
    texts = rewriting.texts if rewriting else {}
    if not are_plain(islice(after.rows(), _FIRST)):
        yield "the form of its cells is not that of a workbook"
    written = after.rows()
    row: Row | None = next(written, None)
    for number, users in before.rows():
        while row and row[0] < number:
            yield from _different_cell(row[0], _NO_CELLS, graded.apart(*row))
            row = next(written, None)
        if not row or row[0] > number:
            yield f"the row {number} of the clients' sheet is missing"
            return
        if not graded.stand_among(users, *row):
            columns = rewritten if number in texts else graded
            yield from _different_cell(number, columns.apart(number, users), columns.apart(*row))
        row = next(written, None)
    for other in [row, *written] if row else ():
        yield from _different_cell(other[0], _NO_CELLS, graded.apart(*other))
    if not before.is_plain:
        yield from _parsed_cells(before, after, rewritten.numbers)


_NO_CELLS, _END_OF_ROW = b">", b"</row>"


class _Columns:
    """Columns of a sheet that are written anew."""

    def __init__(self, numbers: Iterable[int]) -> None:
        in_order = sorted(numbers)
        self.numbers = frozenset(in_order)
        self.letters = frozenset(map(letters_of, in_order))
        self._stretches = [(letters_of(at), letters_of(end), end - at + 1) for at, end in stretches(in_order)]

    def stand_among(self, users: bytes, number: int, written: bytes) -> bool:
        """True if a written row is the user's with all cells of these columns among its own, as most rows are."""
        start, at = users.find(b">"), written.find(b">")
        is_alike, rest = _unfitted(users[:start]) == _unfitted(written[:at]), []
        for first, last, count in self._stretches:
            begin = written.find(b'%s%s%d"' % (CELL, first, number), at)
            end = written.find(b'%s%s%d"' % (CELL, last, number), begin) if begin >= 0 else -1
            if end < 0:
                return False
            behind = written.find(CELL, end + 1)
            behind = behind if behind >= 0 else len(written) - len(_END_OF_ROW)
            rest.append(written[at:begin])
            is_alike, at = is_alike and written.count(CELL, begin, behind) == count, behind
        rest.append(written[at:])
        return is_alike and written.endswith((b"</c></row>", b"/></row>")) and users[start:] == b"".join(rest)

    def apart(self, number: int, row: bytes) -> bytes:
        """A row without the cells of these columns, and without what is fitted to them."""
        start, end = row.find(b">"), row.rfind(b"</row>")
        if end < 0:
            return _unfitted(row[: row.rfind(b"/>")]) + _NO_CELLS
        attributes, cells = _unfitted(row[:start]), row[start + 1 : end]
        cells, others = parted(cells)
        for first_letters, last_letters, _ in self._stretches:
            first = cells.find(b'%s%s%d"' % (CELL, first_letters, number))
            last = cells.find(b'%s%s%d"' % (CELL, last_letters, number), first) if first >= 0 else -1
            if last < 0:
                cells = CELLS.sub(lambda match: b"" if match[1] in self.letters else match[0], cells)
                break
            behind = cells.find(CELL, last + 1)
            cells = cells[:first] + (cells[behind:] if behind >= 0 else b"")
        return attributes + _NO_CELLS + cells + others


@lru_cache(maxsize=1024)
def _unfitted(attributes: bytes) -> bytes:
    """The attributes of a row without its spans, and without a height that nobody has set; many rows say the same."""
    return (SPANS if IS_FIXED.search(attributes) else _FITTED).sub(b"", attributes)


def _different_cell(number: int, before: bytes, after: bytes) -> Iterator[str]:
    if before == after:
        return
    users, written = ({cell[1]: cell[0] for cell in CELLS.finditer(row)} for row in (before, after))
    letters = min((name for name in users | written if users.get(name) != written.get(name)), key=len, default=b"")
    place = f"the cell {letters.decode()}{number}" if letters else f"the row {number}"
    yield f"{place} of the clients' sheet is not what it was"


def _parsed_cells(before: SheetPart, after: SheetText, ours: Collection[int]) -> Iterator[str]:
    """The rows that differ for a parser, where the user's rows had to be put into their plain form."""
    users, written = (_keys_of_rows(part, ours) for part in (before, after))
    different = [row for row in users if users[row] != written.get(row)]
    yield from (f"the row {row} of the clients' sheet is not what it was" for row in different)


def _keys_of_rows(part: SheetText, without: Collection[int]) -> dict[int, int]:
    """A number for each row with cells, which is the same for the same cells; those of some columns do not count."""
    keys, row = {}, 0
    with part.opened() as stream:
        for _, element in etree.iterparse(stream, tag=f"{{{MAIN}}}row", remove_comments=True, remove_pis=True):
            row, column = whole(element, "r", row + 1), 0
            cells = {}
            for cell in element.iterfind(f"{{{MAIN}}}c"):
                address = cell.get("r")
                column = column_of(address.rstrip("0123456789").upper().encode()) if address else column + 1
                if column not in without:
                    cells[column] = comparable(cell)
            if cells:
                keys[row] = hash(tuple(sorted(cells.items())))
            element.clear()
    return keys
