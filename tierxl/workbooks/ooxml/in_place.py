"""Bringing sheets of our own and the graded columns into a workbook of the user's, which stays as it is otherwise.

Only the parts that must change are written anew: the clients' sheet and its table, the list of sheets, the styles, and
what names the parts. Every other part is passed on byte for byte.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import partial
from itertools import count
from pathlib import Path

from lxml import etree
from openpyxl.utils import absolute_coordinate, quote_sheetname

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Area
from tierxl.workbooks.atomic import replacing
from tierxl.workbooks.layout import Layout, NewTable
from tierxl.workbooks.ooxml.cell_range import areas_of, reference
from tierxl.workbooks.ooxml.clients_sheet import add_table, change_frame
from tierxl.workbooks.ooxml.new_sheets import (
    MAIN_TYPES,
    Draft,
    DraftParts,
    copy_part,
    new_package,
    sheet_text,
    write_part,
)
from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    MAIN,
    RELATED,
    ROOT,
    Element,
    declare,
    element,
    new_relationships,
    parsed,
    relate,
    relationships_in,
    relationships_of,
    type_of,
    undeclare,
    unrelate,
    whole,
    written,
)
from tierxl.workbooks.ooxml.row_patch import overlaid
from tierxl.workbooks.ooxml.sheet_writer import TABLE_STYLE
from tierxl.workbooks.ooxml.sheet_xml import text_of
from tierxl.workbooks.ooxml.styles import Styles
from tierxl.workbooks.ooxml.verification import OUR_NAMES, verify
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.workbook import Place, TableOutline

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_SHEET_TYPE, _TABLE_TYPE, _STYLES_TYPE = (f"{_TYPE}{name}+xml" for name in ("worksheet", "table", "styles"))
_MACROS, _RIBBONS, _CALCULATION = "vbaProject", "extensibility", "calcChain"
_CELL_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CHUNK, _LONGEST_TAG = 1 << 20, 64
_NUMBERED = re.compile(r"[0-9]*(\.[^.]*)$")
_FILTER_NAME = OUR_NAMES[-1]
_READS_AS_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_AN_ATTRIBUTE = re.compile(r"[\x00-\x1f\ufffe\uffff]")
_BEFORE_NAMES = {f"{{{MAIN}}}{name}" for name in ("sheets", "functionGroups", "externalReferences")}


def graft(
    draft: Draft, workbook: WorkbookFile, place: Place, layout: Layout, titles: Iterable[str], target: Path
) -> None:
    """Write a user's workbook with what was drafted.

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
    with replacing(target) as unfinished:
        grafting = _Grafting(DraftParts(draft), workbook, place, layout, list(titles), target)
        grafting.write(unfinished)
        grafting.verify(unfinished)
        workbook.package.close()


def loses_macros(workbook: WorkbookFile, target: Path) -> bool:
    """Whether a workbook has macros that a file of the target's type cannot hold."""
    has_macros = bool(workbook.package.related(workbook.main, _MACROS))
    return has_macros and target.suffix.lower() == ".xlsx"


class _Grafting:
    """The parts of the user's workbook that change, and those that come and go."""

    def __init__(
        self, draft: DraftParts, workbook: WorkbookFile, place: Place, layout: Layout, titles: list[str], target: Path
    ) -> None:
        self._draft, self._workbook, self._package = draft, workbook, workbook.package
        self._place, self._layout, self._titles = place, layout, set(titles)
        self._trees: dict[str, Element] = {}
        self._texts: dict[str, Callable[[], Iterator[bytes]]] = {}
        self._sizes: dict[str, int] = {}
        self._refuse_what_cannot_stay()
        own = {workbook.sheet_parts[title] for title in titles if title in workbook.sheet_parts}
        going = {_CALCULATION} if self._takes_formulas(own, place) else set()
        going |= {_MACROS, _RIBBONS} if loses_macros(workbook, target) else set()
        self._gone = self._package.reached() - self._package.reached(own, going)
        self._gone |= {self._package.name_of(relationships_of(name)) for name in self._gone}
        self._leave_out(going)
        self._table_ids = self._ids_of_tables()
        self._styles, self._colours = self._take_styles()
        for title in titles:
            self._take_sheet(title)
        self._take_clients(place, layout)
        self._take_names(titles, place, layout)
        self._become(target.suffix.lower())

    # What goes

    def _refuse_what_cannot_stay(self) -> None:
        lines = [*self._package.relationships(ROOT), *self._package.relationships(self._workbook.main)]
        for line in lines:
            if line.kind == "origin":
                raise CannotGrade(
                    f"{self._package.path.name} has a digital signature, which no longer holds once anything changes: "
                    "remove the signature (File, Info, View Signatures), grade, and sign again."
                )
            if line.kind == "revisionHeaders":
                raise CannotGrade(
                    f"{self._package.path.name} is a shared workbook that keeps a history of changes, into which "
                    "tierxl cannot write: stop sharing it (Review, Unshare Workbook), and grade again."
                )

    def _takes_formulas(self, own: set[str], place: Place) -> bool:
        """Whether formulas go with what is written anew.

        Raises:
            CannotGrade: a formula in a graded column fills cells outside of these.
        """
        graded = set(place.graded.values())
        title, found = place.sheet.title, False
        for address, _, said in self._workbook.part(title).formulas(graded):
            reach = re.search(r'\bref="([^"]+)"', said)
            if any(not set(range(area.left, area.right + 1)) <= graded for area in areas_of(reach and reach[1])):
                raise CannotGrade(
                    f'The formula in {address} of the sheet "{title}" fills cells right or left of the graded columns '
                    "as well: take it out of the graded column."
                )
            found = True
        return found or any(map(self._has_formulas, own))

    def _has_formulas(self, sheet: str) -> bool:
        with self._package.open(sheet) as part:
            end = b""
            while chunk := part.read(_CHUNK):
                if _CELL_FORMULA.search(end + chunk):
                    return True
                end = chunk[-_LONGEST_TAG:]
        return False

    def _leave_out(self, kinds: set[str]) -> None:
        for source in (ROOT, self._workbook.main):
            lines = self._package.relationships(source)
            unrelate(self._relationships(source), {line.id for line in lines if line.kind in kinds})

    # What comes

    def _take_styles(self) -> tuple[dict[int, int], dict[int, int]]:
        drafted = parsed(self._draft.parts["xl/styles.xml"], self._package.path)
        name = self._package.related(self._workbook.main, "styles")
        if name not in self._package:
            name = "xl/styles.xml"
            declare(self._tree(CONTENT_TYPES), name, _STYLES_TYPE)
            relate(self._relationships(self._workbook.main), "styles", name)
            self._trees[name] = drafted
        return Styles(self._tree(self._package.name_of(name))).take_in(drafted)

    def _take_sheet(self, title: str) -> None:
        """Take a sheet of our own, in the place of its forerunner if it has one."""
        drafted = self._draft.sheets[title]
        name = self._workbook.sheet_parts.get(title)
        if name is None:
            name = self._new_name("xl/worksheets/sheet1.xml")
            declare(self._tree(CONTENT_TYPES), name, _SHEET_TYPE)
            related = relate(self._relationships(self._workbook.main), "worksheet", name)
            self._list_sheet(title, related)
        frame = self._draft.frame(title)
        for rule in frame.iter(f"{{{MAIN}}}cfRule"):
            rule.set("dxfId", str(self._colours[int(rule.get("dxfId"))]))
        self._take_related(drafted, name)
        self._texts[name] = lambda: sheet_text(frame, self._draft.text(title, self._styles))

    def _list_sheet(self, title: str, related: str) -> None:
        sheets = self._main.find(f"{{{MAIN}}}sheets")
        number = max(whole(sheet, "sheetId") for sheet in sheets) + 1
        listed = etree.SubElement(sheets, f"{{{MAIN}}}sheet", name=title, sheetId=str(number))
        listed.set(f"{{{RELATED}}}id", related)

    def _take_related(self, drafted: str, name: str) -> None:
        """Take the parts that a part of the draft is related to, under names that are free."""
        place, taken_place = relationships_of(drafted), self._package.name_of(relationships_of(name))
        self._gone.add(taken_place)
        if place not in self._draft.parts:
            return
        tree = parsed(self._draft.parts[place], self._package.path)
        for pointing, line in zip(tree, relationships_in(tree, drafted), strict=True):
            taken = self._new_name(line.target)
            pointing.set("Target", f"/{taken}")
            part = parsed(self._draft.parts[line.target], self._package.path)
            if line.kind == "table":
                part.set("id", str(self._new_table_id()))
            self._trees[taken] = part
            declare(self._tree(CONTENT_TYPES), taken, type_of(self._draft_types, line.target))
            self._take_related(line.target, taken)
        self._trees[taken_place] = tree

    def _take_clients(self, place: Place, layout: Layout) -> None:
        title = place.sheet.title
        name, part = self._workbook.sheet_parts[title], self._workbook.part(title)
        frame = deepcopy(part.frame)
        change_frame(frame, place, layout, self._draft.frame(title), self._colours)
        if layout.made:
            taken = self._new_name("xl/tables/table1.xml")
            self._trees[taken] = _table(layout.made, self._new_table_id())
            declare(self._tree(CONTENT_TYPES), taken, _TABLE_TYPE)
            add_table(frame, relate(self._relationships(name), "table", taken))
        if place.table:
            self._grow_table(name, place.table, place, layout)

        def text() -> Iterator[bytes]:
            rows = part.rows()
            for laid in self._draft.laid(title, self._styles):
                rows = overlaid(rows, laid)
            if layout.rewriting:
                column = layout.rewriting.column
                for laid in layout.rewriting.laid(part.styles([column])[column]):
                    rows = overlaid(rows, laid)
            return sheet_text(frame, text_of(rows))

        self._texts[name] = text
        self._sizes[name] = self._package.size(name) + 3_000 * place.last

    def _grow_table(self, sheet: str, clients: TableOutline, place: Place, layout: Layout) -> None:
        """Let the table of clients reach over the new columns.

        Raises:
            CannotGrade: the table does not name each of its columns.
        """
        for line in self._package.relationships(sheet):
            if line.kind == "table":
                table = self._tree(self._package.name_of(line.target))
                if clients.name in (table.get("displayName"), table.get("name")):
                    width = clients.area.right - clients.area.left + 1
                    if len(table.findall(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")) != width:
                        raise CannotGrade(f"The table {clients.name} may be damaged: it does not name all its columns.")
                    added = _grow(table, place, layout)
                    for query in self._package.relationships(line.target):
                        if query.kind == "queryTable" and added:
                            _add_fields(self._tree(self._package.name_of(query.target)), added)

    # What names the parts

    def _take_names(self, titles: list[str], place: Place, layout: Layout) -> None:
        """Take the names that belong to the sheets of our own: their marks, and what is printed."""
        positions = {sheet.get("name"): at for at, sheet in enumerate(self._main.iterfind(f"{{{MAIN}}}sheets/*"))}
        ours = {str(positions[title]) for title in titles}
        names = self._main.find(f"{{{MAIN}}}definedNames")
        if names is None:
            names = etree.Element(f"{{{MAIN}}}definedNames")
            before = [at for at, child in enumerate(self._main, 1) if child.tag in _BEFORE_NAMES]
            self._main.insert(before[-1], names)
        clients = positions[place.sheet.title]
        for name in list(names):
            is_of_ours = name.get("localSheetId") in ours and name.get("name") in OUR_NAMES
            is_of_a_filter = name.get("localSheetId") == str(clients) and name.get("name") == _FILTER_NAME
            if is_of_ours or (layout.filtered and is_of_a_filter):
                names.remove(name)
        if layout.filtered:
            names.append(_filter_name(place.sheet.title, layout.filtered, clients))
        drafted = parsed(self._draft.parts["xl/workbook.xml"], self._package.path)
        in_draft = [sheet.get("name") for sheet in drafted.iterfind(f"{{{MAIN}}}sheets/*")]
        for name in drafted.iterfind(f"{{{MAIN}}}definedNames/*"):
            added = deepcopy(name)
            added.set("localSheetId", str(positions[in_draft[int(name.get("localSheetId"))]]))
            names.append(added)
        if not len(names):
            self._main.remove(names)

    def _become(self, ending: str) -> None:
        """Let the workbook be of the type that its name ends with, and forget what is gone."""
        types, main = self._tree(CONTENT_TYPES), self._workbook.main
        wanted = MAIN_TYPES[ending].decode()
        if type_of(types, main) != wanted:
            declare(types, main, wanted)
        there = {name.lower() for name in (*self._trees, *self._texts)}
        for name in self._gone:
            if name.lower() not in there:
                undeclare(types, name)

    # Trees and names

    @property
    def _main(self) -> Element:
        return self._tree(self._workbook.main)

    @property
    def _draft_types(self) -> Element:
        return parsed(self._draft.parts[CONTENT_TYPES], self._package.path)

    def _tree(self, name: str) -> Element:
        name = self._package.name_of(name)
        if name not in self._trees:
            self._trees[name] = self._package.tree(name)
        return self._trees[name]

    def _relationships(self, source: str) -> Element:
        place = self._package.name_of(relationships_of(source))
        if place not in self._trees:
            self._trees[place] = self._package.tree(place) if place in self._package else new_relationships()
        return self._trees[place]

    def _new_name(self, pattern: str) -> str:
        """The first free name that differs from a part's by its number."""
        taken = {name.lower() for name in self._package.infos} - {name.lower() for name in self._gone}
        taken |= {name.lower() for name in (*self._trees, *self._texts)}
        names = (_NUMBERED.sub(rf"{number}\1", pattern) for number in range(1, len(taken) + 2))
        return next(name for name in names if name.lower() not in taken)

    def _ids_of_tables(self) -> set[int]:
        names = {
            self._package.name_of(line.target)
            for part in self._workbook.sheet_parts.values()
            for line in self._package.relationships(part)
            if line.kind == "table" and line.target in self._package
        }
        return {whole(self._package.tree(name), "id") for name in names - self._gone}

    def _new_table_id(self) -> int:
        new = next(number for number in count(1) if number not in self._table_ids)
        self._table_ids.add(new)
        return new

    # Writing

    def write(self, path: Path) -> None:
        """Write the package."""
        texts = self._changed_trees() | self._texts
        gone = self._gone - set(texts)
        with new_package(path) as package:
            for name, info in self._package.infos.items():
                if name in texts:
                    write_part(package, name, texts.pop(name)(), self._sizes.get(name, 0))
                elif name not in gone:
                    copy_part(package, info, self._package.packed(name))
            for name, text in texts.items():
                write_part(package, name, text())

    def verify(self, path: Path) -> None:
        """Read back what was written.

        Raises:
            CannotGrade: something of the user's is not what it was.
        """
        verify(self._workbook, path, self._place, self._layout, self._titles, self._kept())

    def _kept(self) -> set[str]:
        """The parts of the user's that nothing is added to."""
        main, sheet = self._workbook.main, self._workbook.sheet_parts[self._place.sheet.title]
        added_to = {CONTENT_TYPES, main, self._package.related(main, "styles")}
        added_to |= {relationships_of(source) for source in (ROOT, main, sheet)}
        for line in self._package.relationships(sheet):
            if line.kind == "table":
                queries = self._package.relationships(line.target)
                added_to |= {line.target, *(query.target for query in queries)}
        return set(self._package.infos) - self._gone - set(self._texts) - set(map(self._package.name_of, added_to))

    def _changed_trees(self) -> dict[str, Callable[[], Iterator[bytes]]]:
        changed: dict[str, Callable[[], Iterator[bytes]]] = {}
        for name, tree in self._trees.items():
            text = written(tree)
            if (
                name not in self._package
                or self._package.name_of(name) in self._gone
                or text != written(self._package.tree(name))
            ):
                changed[name] = partial(iter, [text])
        return changed


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
        if grown.left <= column <= place.right:
            columns[column - grown.left].set("name", layout.headers[name])
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
    plain = _READS_AS_CODE.sub("_x005F_", header.replace("\r\n", "\n"))
    return _NOT_IN_AN_ATTRIBUTE.sub(lambda found: f"_x{ord(found[0]):04x}_", plain)


def _filter_name(title: str, area: Area, position: int) -> Element:
    """The hidden name that a filter of a sheet has."""
    name = element("definedName", name=_FILTER_NAME, localSheetId=str(position), hidden="1")
    name.text = f"{quote_sheetname(title)}!{absolute_coordinate(reference(area))}"
    return name
