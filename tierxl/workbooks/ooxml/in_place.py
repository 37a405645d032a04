"""Sheets of our own and graded columns written into a workbook of the user's, which stays as it is otherwise.

Only the parts that must change are written anew: the clients' sheet and its table, the list of sheets, the styles, and
what names the parts. Every other part is passed on byte for byte.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from lxml import etree
from openpyxl.utils import absolute_coordinate, quote_sheetname

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Area
from tierxl.sheets.styles import TABLE_STYLE
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.layout import Layout, NewTable
from tierxl.workbooks.ooxml.cell_range import areas_of, reference
from tierxl.workbooks.ooxml.cell_texts import ESCAPE
from tierxl.workbooks.ooxml.clients_sheet import add_table, change_frame
from tierxl.workbooks.ooxml.live_table import set_formulas
from tierxl.workbooks.ooxml.new_sheets import Draft, DraftParts, sheet_text
from tierxl.workbooks.ooxml.opening import ORDER, open_on
from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    MAIN,
    MAIN_TYPES,
    RELATED,
    ROOT,
    SPREADSHEET_TYPE,
    Element,
    declare,
    element,
    holder,
    parsed,
    relationships_in,
    relationships_of,
    type_of,
    whole,
)
from tierxl.workbooks.ooxml.package_edit import PackageEdit
from tierxl.workbooks.ooxml.print_setup import names_of
from tierxl.workbooks.ooxml.row_patch import patched
from tierxl.workbooks.ooxml.sheet_xml import text_of
from tierxl.workbooks.ooxml.styles import Styles
from tierxl.workbooks.ooxml.verification import OUR_NAMES, verify
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.outline import Place, TableOutline

_SHEET_TYPE, _TABLE_TYPE, _STYLES_TYPE = (SPREADSHEET_TYPE.format(name) for name in ("worksheet", "table", "styles"))
_MACROS, _RIBBONS, _CALCULATION = "vbaProject", "extensibility", "calcChain"
_CELL_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FILTER_NAME = OUR_NAMES[-1]
_NOT_IN_AN_ATTRIBUTE = re.compile(r"[\x00-\x1f\ufffe\uffff]")
_BYTES_OF_A_ROW = 3_000
"""The most that the graded cells of a row have, roughly."""


@dataclass(frozen=True)
class _Draft:
    """The sheets of our own as they fit into the user's workbook.

    Attributes:
        parts: their parts.
        styles, formats: the number there of each of their cell styles, and of their styles of conditional formats.
        table_ids: numbers for tables that no table has.
    """

    parts: DraftParts
    styles: dict[int, int]
    formats: dict[int, int]
    table_ids: Iterator[int]


def write_in_place(
    draft: Draft, workbook: WorkbookFile, place: Place, layout: Layout, titles: Sequence[str], target: Path
) -> None:
    """Write a user's workbook with drafted sheets and graded columns.

    Args:
        draft: the sheets of our own, and the clients' sheet with nothing but the graded columns.
        workbook: the user's.
        place: where the clients stand in it.
        layout: what changes on their sheet.
        titles: the titles of the sheets of our own.
        target: where to write; may be the user's file.

    Raises:
        CannotGrade: something of the user's cannot be kept, or the file cannot be written; it is as it was then.
    """
    with replacing(target) as temporary:
        parts = DraftParts(draft)
        _refuse_what_cannot_stay(workbook)
        edit = PackageEdit(workbook.package)
        _remove_earlier_sheets(edit, workbook, place, titles, target)
        drafted = _Draft(parts, *_add_styles(edit, workbook, parts), _free_table_ids(edit, workbook))
        added = [_add_sheet(edit, workbook, drafted, title, titles) for title in titles]
        _change_clients(edit, workbook, drafted, place, layout)
        positions = _set_names(edit, workbook, parts, titles, place, layout)
        if titles and _is_copy(target, workbook.path):
            others = [part for title, part in workbook.sheet_parts.items() if title not in titles]
            open_on(edit, workbook.main, positions[titles[0]], added[0], others)
        if layout.live:  # not every formula has its value beside it
            holder(edit.tree(workbook.main), "calcPr", ORDER).set("fullCalcOnLoad", "1")
        declare(edit.types, workbook.main, MAIN_TYPES[target.suffix.lower()])
        edit.write(temporary)
        verify(workbook, temporary, place, layout, titles, edit.passed_on(_may_change(workbook, place)))
        workbook.package.close()


def _is_copy(target: Path, source: Path) -> bool:
    """True where a workbook is written to another place; there is no file at that of a new one yet."""
    return target != source and not (target.exists() and target.samefile(source))


def loses_macros(workbook: WorkbookFile, target: Path) -> bool:
    """True if a workbook has macros that a file of the target's type cannot hold."""
    has_macros = bool(workbook.package.related(workbook.main, _MACROS))
    return has_macros and target.suffix.lower() == ".xlsx"


# --- What is removed -------------------------------------------------------------------------------------------------


def _refuse_what_cannot_stay(workbook: WorkbookFile) -> None:
    package = workbook.package
    for line in (*package.relationships(ROOT), *package.relationships(workbook.main)):
        if line.kind == "origin":
            raise CannotGrade(
                f"{package.path.name} has a digital signature, which no longer holds once anything changes: "
                "remove the signature (File, Info, View Signatures), grade, and sign again."
            )
        if line.kind == "revisionHeaders":
            raise CannotGrade(
                f"{package.path.name} is a shared workbook that keeps a history of changes, into which "
                "tierxl cannot write: stop sharing it (Review, Unshare Workbook), and grade again."
            )


def _remove_earlier_sheets(
    edit: PackageEdit, workbook: WorkbookFile, place: Place, titles: Sequence[str], target: Path
) -> None:
    """Remove what belongs to sheets of our own alone, and what the target cannot hold."""
    package = edit.package
    own = {workbook.sheet_parts[title] for title in titles if title in workbook.sheet_parts}
    kinds = {_CALCULATION} if _removes_formulas(workbook, own, place) else set()
    kinds |= {_MACROS, _RIBBONS} if loses_macros(workbook, target) else set()
    removed = package.reached() - package.reached(own, kinds)
    edit.removed = removed | {package.name_of(relationships_of(name)) for name in removed}
    for source in (ROOT, workbook.main):
        edit.remove_relationships(source, kinds)


def _removes_formulas(workbook: WorkbookFile, own: set[str], place: Place) -> bool:
    """True if there are formulas in cells that are written anew.

    Raises:
        CannotGrade: a formula in a graded column fills cells outside of these.
    """
    graded = set(place.graded.values())
    title, has_formulas = place.sheet.title, False
    for address, _, attributes in workbook.part(title).formulas(graded):
        reach = re.search(r'\bref="([^"]+)"', attributes)
        if any(not set(range(area.left, area.right + 1)) <= graded for area in areas_of(reach and reach[1])):
            raise CannotGrade(
                f'The formula in {address} of the sheet "{title}" fills cells right or left of the graded columns '
                "as well: take it out of the graded column."
            )
        has_formulas = True
    return has_formulas or any(workbook.package.holds(name, _CELL_FORMULA) for name in own)


# --- What is added ---------------------------------------------------------------------------------------------------


def _add_styles(edit: PackageEdit, workbook: WorkbookFile, parts: DraftParts) -> tuple[dict[int, int], dict[int, int]]:
    """The new number of each cell style of the draft, and of each of its styles of conditional formats."""
    drafted = parsed(parts.parts["xl/styles.xml"], edit.package.path)
    name = edit.package.related(workbook.main, "styles")
    if name not in edit.package:
        name = "xl/styles.xml"
        edit.add_related(workbook.main, "styles", name, _STYLES_TYPE)
        edit.set_tree(name, drafted)
    return Styles(edit.tree(name)).take_in(drafted)


def _free_table_ids(edit: PackageEdit, workbook: WorkbookFile) -> Iterator[int]:
    """Numbers that no table of the user's has."""
    package = edit.package
    lines = [line for part in workbook.sheet_parts.values() for line in package.relationships(part)]
    names = {package.name_of(line.target) for line in lines if line.kind == "table" and line.target in package}
    used = {whole(package.tree(name), "id") for name in names - edit.removed}
    return (number for number in count(1) if number not in used)


def _add_sheet(edit: PackageEdit, workbook: WorkbookFile, drafted: _Draft, title: str, titles: Sequence[str]) -> str:
    """Add a sheet of our own: in the place of its forerunner, else before the next of our titles that is there.

    Returns:
        Its part.
    """
    name = workbook.sheet_parts.get(title)
    if name is None:
        name = edit.new_name("xl/worksheets/sheet1.xml")
        sheets = edit.tree(workbook.main).find(f"{{{MAIN}}}sheets")
        number = max(whole(sheet, "sheetId") for sheet in sheets) + 1
        later = set(titles[titles.index(title) + 1 :])
        position = next((at for at, sheet in enumerate(sheets) if sheet.get("name") in later), len(sheets))
        listed = etree.SubElement(sheets, f"{{{MAIN}}}sheet", name=title, sheetId=str(number))
        if drafted.parts.is_hidden[title]:
            listed.set("state", "hidden")
        sheets.insert(position, listed)
        listed.set(f"{{{RELATED}}}id", edit.add_related(workbook.main, "worksheet", name, _SHEET_TYPE))
    frame = drafted.parts.frame(title)
    for rule in frame.iter(f"{{{MAIN}}}cfRule"):
        rule.set("dxfId", str(drafted.formats[int(rule.get("dxfId"))]))
    _add_related(edit, drafted, drafted.parts.sheets[title], name)
    edit.set_text(name, lambda: sheet_text(frame, drafted.parts.text(title, drafted.styles)))
    return name


def _add_related(edit: PackageEdit, drafted: _Draft, source: str, name: str) -> None:
    """Add the parts that a part of the draft is related to, under names that are free."""
    parts, path = drafted.parts.parts, edit.package.path
    relationships, added_relationships = relationships_of(source), edit.package.name_of(relationships_of(name))
    edit.removed.add(added_relationships)
    if relationships not in parts:
        return
    tree, types = parsed(parts[relationships], path), parsed(parts[CONTENT_TYPES], path)
    for pointing, line in zip(tree, relationships_in(tree, source), strict=True):
        added = edit.new_name(line.target)
        pointing.set("Target", f"/{added}")
        part = parsed(parts[line.target], path)
        if line.kind == "table":
            part.set("id", str(next(drafted.table_ids)))
        edit.add(added, part, type_of(types, line.target))
        _add_related(edit, drafted, line.target, added)
    edit.set_tree(added_relationships, tree)


# --- The clients' sheet ----------------------------------------------------------------------------------------------


def _change_clients(edit: PackageEdit, workbook: WorkbookFile, drafted: _Draft, place: Place, layout: Layout) -> None:
    title = place.sheet.title
    name, part = workbook.sheet_parts[title], workbook.part(title)
    frame = deepcopy(part.frame)
    change_frame(frame, place, layout, drafted.parts.frame(title), drafted.formats)
    if layout.made:
        added = edit.new_name("xl/tables/table1.xml")
        table = _table(layout.made, next(drafted.table_ids))
        set_formulas(table, layout.made.area.left, layout)
        edit.set_tree(added, table)
        add_table(frame, edit.add_related(name, "table", added, _TABLE_TYPE))
    if place.table:
        _grow_table(edit, name, place.table, place, layout)

    def text() -> Iterator[bytes]:
        rows = part.rows()
        for cells in drafted.parts.patches(title, drafted.styles):
            rows = patched(rows, cells)
        if layout.rewriting:
            column = layout.rewriting.column
            for cells in layout.rewriting.patches(part.styles([column])[column]):
                rows = patched(rows, cells)
        return sheet_text(frame, text_of(rows))

    edit.set_text(name, text, edit.package.size(name) + _BYTES_OF_A_ROW * place.last)


def _grow_table(edit: PackageEdit, sheet: str, clients: TableOutline, place: Place, layout: Layout) -> None:
    """Let the table of clients reach over the new columns.

    Raises:
        CannotGrade: the table does not name each of its columns.
    """
    for line in edit.package.relationships(sheet):
        table = edit.tree(line.target) if line.kind == "table" else None
        if table is not None and clients.name in (table.get("displayName"), table.get("name")):
            width = clients.area.right - clients.area.left + 1
            if len(table.findall(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")) != width:
                raise CannotGrade(f"The table {clients.name} may be damaged: it does not name all its columns.")
            added = _grow(table, place, layout)
            set_formulas(table, clients.area.left, layout)
            for query in edit.package.relationships(line.target):
                if query.kind == "queryTable" and added:
                    _add_fields(edit.tree(query.target), added)


# --- The workbook ----------------------------------------------------------------------------------------------------


def _set_names(
    edit: PackageEdit,
    workbook: WorkbookFile,
    parts: DraftParts,
    titles: Sequence[str],
    place: Place,
    layout: Layout,
) -> dict[str, int]:
    """Set the names that belong to the sheets of our own: their marks, and what is printed.

    Returns:
        The place of each sheet.
    """
    main = edit.tree(workbook.main)
    positions: dict[str, int] = {sheet.get("name"): at for at, sheet in enumerate(main.iterfind(f"{{{MAIN}}}sheets/*"))}
    moved = {str(at): str(positions[title]) for at, title in enumerate(workbook.titles)}
    ours, clients = {str(positions[title]) for title in titles}, positions[place.sheet.title]
    for view in main.iterfind(f"{{{MAIN}}}bookViews/*"):
        _follow(view, ("activeTab", "firstSheet"), moved)
    printed = names_of(layout.pages, place.sheet.title) if layout.pages else {}
    names = holder(main, "definedNames", ORDER)
    for name in list(names):
        _follow(name, ("localSheetId",), moved)
        is_of_ours = name.get("localSheetId") in ours and name.get("name") in OUR_NAMES
        is_of_a_filter = name.get("localSheetId") == str(clients) and name.get("name") == _FILTER_NAME
        is_of_pages = name.get("localSheetId") == str(clients) and name.get("name") in printed
        if is_of_ours or is_of_pages or (layout.filtered and is_of_a_filter):
            names.remove(name)
    if layout.filtered:
        formula = f"{quote_sheetname(place.sheet.title)}!{absolute_coordinate(reference(layout.filtered))}"
        names.append(_name(_FILTER_NAME, str(clients), formula, hidden="1"))
    names.extend(_name(name, str(clients), formula) for name, formula in printed.items())
    drafted = parsed(parts.parts["xl/workbook.xml"], edit.package.path)
    in_draft = [sheet.get("name") for sheet in drafted.iterfind(f"{{{MAIN}}}sheets/*")]
    for name in drafted.iterfind(f"{{{MAIN}}}definedNames/*"):
        added = deepcopy(name)
        added.set("localSheetId", str(positions[in_draft[int(name.get("localSheetId"))]]))
        names.append(added)
    if not len(names):
        main.remove(names)
    return positions


def _name(name: str, position: str, formula: str, **attributes: str) -> Element:
    """A defined name that belongs to the sheet at a position."""
    named = element("definedName", name=name, localSheetId=position, **attributes)
    named.text = formula
    return named


def _follow(thing: Element, attributes: Sequence[str], moved: Mapping[str, str]) -> None:
    """Let what names a sheet by its position go where the sheet went."""
    for attribute in attributes:
        if thing.get(attribute) in moved:
            thing.set(attribute, moved[thing.get(attribute)])


def _may_change(workbook: WorkbookFile, place: Place) -> set[str]:
    """The parts to which a grading adds, beside the sheets."""
    package, main, sheet = workbook.package, workbook.main, workbook.sheet_parts[place.sheet.title]
    names = {CONTENT_TYPES, main, package.related(main, "styles")}
    names |= {relationships_of(source) for source in (ROOT, main, sheet)}
    for line in package.relationships(sheet):
        if line.kind == "table":
            names |= {line.target, *(query.target for query in package.relationships(line.target))}
    return names


# --- Tables ----------------------------------------------------------------------------------------------------------


def _table(made: NewTable, number: int) -> Element:
    """A new table."""
    area = reference(made.area)
    table = element("table", id=str(number), name=made.name, displayName=made.name, ref=area, totalsRowShown="0")
    table.append(element("autoFilter", ref=area))
    columns = element("tableColumns", count=str(len(made.headers)))
    columns.extend(
        element("tableColumn", id=str(at), name=_as_attribute(header)) for at, header in enumerate(made.headers, 1)
    )
    table.append(columns)
    shown = dict.fromkeys(("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes"), "0")
    table.append(element("tableStyleInfo", name=TABLE_STYLE, **shown))
    return table


def _grow(table: Element, place: Place, layout: Layout) -> list[Element]:
    """Let a table of the user's reach over the graded columns, under their headers; the columns that it gets."""
    assert layout.grown
    table.set("ref", reference(layout.grown))
    grown, totals = layout.grown, whole(table, "totalsRowCount")
    for filtered in table.iterfind(f"{{{MAIN}}}autoFilter"):
        filtered.set("ref", reference(Area(grown.top, grown.left, grown.bottom - totals, grown.right)))
    columns = table.find(f"{{{MAIN}}}tableColumns")
    for name, column in place.graded.items():
        if grown.left <= column <= min(place.right, grown.right):
            columns[column - grown.left].set("name", layout.headers[name])
    for left_out in columns[place.right - len(layout.left_out) - grown.left + 1 :]:
        columns.remove(left_out)
    first = max((whole(column, "id") for column in columns), default=0) + 1
    added = [element("tableColumn", id=str(at), name=header) for at, header in enumerate(layout.added, first)]
    columns.extend(added)
    columns.set("count", str(len(columns)))
    return added


def _add_fields(query: Element, columns: list[Element]) -> None:
    """Let a query that fills a table know of columns that it does not fill."""
    refresh = query.find(f"{{{MAIN}}}queryTableRefresh")
    fields = query.find(f"{{{MAIN}}}queryTableRefresh/{{{MAIN}}}queryTableFields")
    if refresh is None or fields is None:
        return
    first = max((whole(field, "id") for field in fields), default=0) + 1
    for number, column in enumerate(columns, first):
        column.set("uniqueName", str(number))
        column.set("queryTableFieldId", str(number))
        fields.append(element("queryTableField", id=str(number), dataBound="0", tableColumnId=column.get("id")))
    fields.set("count", str(len(fields)))
    refresh.set("nextId", str(first + len(columns)))
    refresh.set("unboundColumnsRight", str(whole(refresh, "unboundColumnsRight") + len(columns)))


def _as_attribute(header: str) -> str:
    """A header as the name of a table's column: breaks of its lines and the like are written as their number."""
    plain = ESCAPE.sub("_x005F_", header.replace("\r\n", "\n"))
    return _NOT_IN_AN_ATTRIBUTE.sub(lambda match: f"_x{ord(match[0]):04x}_", plain)
