"""Packages of workbooks, part by part: what is in them, and what one that was graded has beside additions of tierxl's.

Each comparison gives sentences about what differs though it should not; none is as it should be.
"""

import io
import itertools
import posixpath
import re
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from openpyxl.utils import get_column_letter, range_boundaries

CONTENT_TYPES = "[Content_Types].xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
VBA_PROJECT = f"{MICROSOFT}/vbaProject"
ID = f"{{{OFFICE}}}id"

_OPEN = re.compile(
    rb"""<(\w+:)?bookViews><(\w+:)?workbookView activeTab="\d+"/></(\w+:)?bookViews>"""
    rb"""|\s+(tabSelected|activeTab)\s*=\s*["']\w+["']"""
)
"""The views of a workbook that had none, and which sheet of others is open."""


@dataclass(frozen=True)
class Relationship:
    id: str
    kind: str
    target: str
    mode: str

    @property
    def is_external(self) -> bool:
        return self.mode == "External"


class Package:
    """A workbook as the parts that its file holds."""

    def __init__(self, source: Path | Mapping[str, bytes]) -> None:
        if isinstance(source, Path):
            with zipfile.ZipFile(source) as package:
                self.names = [name for name in package.namelist() if not name.endswith("/")]
                self.parts = {name: package.read(name) for name in self.names}
        else:
            self.names, self.parts = list(source), dict(source)

    def xml(self, name: str) -> Element:
        """A part as a tree, to look at and not to change: one with the same bytes is parsed once."""
        return _parsed(self.parts[name])

    def relationships(self, source: str) -> list[Relationship]:
        """The relationships of a part, or of the package where that is ""; the targets are names of parts."""
        place = rels_of(source)
        if place not in self.parts:
            return []
        return [
            Relationship(
                each.get("Id", ""),
                each.get("Type", ""),
                each.get("Target", "")
                if each.get("TargetMode") == "External"
                else _resolved(source, each.get("Target", "")),
                each.get("TargetMode", ""),
            )
            for each in self.xml(place)
        ]

    def related(self, source: str, *endings: str) -> list[str]:
        """The parts of a kind, by the end of the relationship's type, that a part is related to."""
        return [each.target for each in self.relationships(source) if each.kind.endswith(endings)]

    @cached_property
    def workbook(self) -> str:
        (name,) = self.related("", "/officeDocument")
        return name

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The part of each sheet, by its title, in their order."""
        targets = {each.id: each.target for each in self.relationships(self.workbook)}
        listed = self.xml(self.workbook).iterfind(f"{MAIN}sheets/{MAIN}sheet")
        return {sheet.get("name", ""): targets.get(sheet.get(ID, ""), "") for sheet in listed}

    @cached_property
    def styles(self) -> str | None:
        return next(iter(self.related(self.workbook, "/styles")), None)

    def tables(self, title: str) -> dict[str, str]:
        """The tables of a sheet: the area of each to its part."""
        return {self.xml(part).get("ref", ""): part for part in self.related(self.sheets[title], "/table")}

    @cached_property
    def content_types(self) -> dict[str, str]:
        """The content types that are given: of parts by "/name", of extensions by ".extension"."""
        return {
            (each.get("PartName") or f".{each.get('Extension')}").casefold(): each.get("ContentType", "")
            for each in self.xml(CONTENT_TYPES)
        }

    def content_type(self, name: str) -> str | None:
        """The content type of a part: its own, else the one of its extension."""
        own, by_extension = f"/{name}".casefold(), f".{name.rpartition('.')[2]}".casefold()
        return self.content_types.get(own) or self.content_types.get(by_extension)

    def reachable(self) -> set[str]:
        """The parts that a program finds by following the relationships."""
        found, ahead = set[str](), [""]
        while ahead:
            source = ahead.pop()
            for each in self.relationships(source):
                if not each.is_external and each.target in self.parts and each.target not in found:
                    found.add(each.target)
                    ahead.append(each.target)
        return found


@lru_cache(maxsize=512)
def _parsed(part: bytes) -> Element:
    return ET.fromstring(part)


def rels_of(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(source: str, target: str) -> str:
    if target.startswith("/"):
        return target.removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


@dataclass(frozen=True)
class Place:
    """Where a grading writes on the clients' sheet.

    Attributes:
        sheet: the title of the sheet.
        header: the row of the headers.
        last: the row of the last client.
        columns: the graded columns.
    """

    sheet: str
    header: int
    last: int
    columns: frozenset[int]

    def has(self, row: int, column: int) -> bool:
        return column in self.columns and self.header <= row <= self.last


# --- Parts -----------------------------------------------------------------------------------------------------------


def may_change(before: Package, place: Place) -> set[str]:
    """The parts that a grading extends; it touches no other.

    A query that fills the table of clients is told of the columns that it does not fill, as Excel itself does: grades
    outside of the table would stay behind when the user sorts it.
    """
    sheet = before.sheets[place.sheet]
    tables = {part for area, part in before.tables(place.sheet).items() if _stands_at(area, place)}
    styles = {before.styles} if before.styles else set[str]()
    queries = {query for table in tables for query in before.related(table, "/queryTable")}
    return {CONTENT_TYPES, before.workbook, rels_of(before.workbook), sheet, rels_of(sheet), *styles, *tables, *queries}


def _stands_at(area: str, place: Place) -> bool:
    _, top, _, bottom = range_boundaries(area)
    return top == place.header and bottom >= place.last


def changed_parts(before: Package, after: Package, place: Place) -> list[str]:
    extended = may_change(before, place)
    gone = [f"{name} is gone" for name in before.parts if name not in after.parts]
    return gone + [
        f"{name} is not byte for byte what it was"
        for name, part in before.parts.items()
        if name in after.parts and name not in extended and after.parts[name] != part
    ]


def unsound_additions(before: Package, after: Package) -> list[str]:
    """New parts have names of their own, a type, and are found by following the relationships."""
    doubled = [name for name, count in Counter(name.casefold() for name in after.names).items() if count > 1]
    found = [f"more than one part is called {name}" for name in doubled]
    reachable = after.reachable()
    for name in after.parts.keys() - before.parts.keys():
        if name.endswith(".rels"):
            continue
        if name not in reachable:
            found.append(f"no relationship leads to {name}")
        if after.content_type(name) in (None, "application/xml"):
            found.append(f"{name} has no content type")
    kept = [name for name in before.parts if name in after.parts and name != CONTENT_TYPES]
    return found + [
        f"the content type of {name} is another"
        for name in kept
        if before.content_type(name) != after.content_type(name)
    ]


def changed_relationships(before: Package, after: Package, place: Place) -> list[str]:
    found = []
    for source in (before.workbook, before.sheets[place.sheet]):
        was, now = before.relationships(source), after.relationships(source)
        found += _missing_or_moved(f"the relationships of {source}", was, now)
        ids = Counter(each.id for each in now)
        found += [f"{source} has {count} relationships {name}" for name, count in ids.items() if count > 1]
        found += [f"{each.target} does not exist" for each in now if each not in was and each.target not in after.parts]
    return found


def changed_content_types(before: Package, after: Package) -> list[str]:
    was, now = ([(each.tag, *sorted(each.items())) for each in p.xml(CONTENT_TYPES)] for p in (before, after))
    keys = Counter(next(v for k, v in each[1:] if k != "ContentType").casefold() for each in now)
    doubled = [f"the content type of {name} is given {count} times" for name, count in keys.items() if count > 1]
    return doubled + _missing_or_moved("the content types", was, now)


def changed_namespaces(before: Package, after: Package, place: Place) -> list[str]:
    """Prefixes are declared as they were: attributes such as mc:Ignorable name them in their text."""
    return [
        f"{name} has lost its prefixes {sorted(lost)}"
        for name in may_change(before, place)
        if name in before.parts and name in after.parts
        and (lost := _prefixes(before.parts[name]) - _prefixes(after.parts[name]))
    ]  # fmt: skip


def _prefixes(part: bytes) -> set[tuple[str, str]]:
    """The prefixes that the root of a part declares."""
    declared = set[tuple[str, str]]()
    for event, value in ET.iterparse(io.BytesIO(part), ("start-ns", "start")):
        if event == "start":
            break
        declared.add(value)
    return declared


# --- The workbook and the styles -------------------------------------------------------------------------------------


_ADDED_NAMES = ("_xlnm._FilterDatabase", "_xlnm.Print_Area", "_xlnm.Print_Titles")
"""The names that a grading gives to the clients' sheet where it has none: its filter, and its pages."""


def changed_workbook(before: Package, after: Package, place: Place) -> list[str]:
    was, now = before.xml(before.workbook), after.xml(after.workbook)
    extended = (f"{MAIN}sheets", f"{MAIN}definedNames")
    found = _other_attributes("the workbook", was, now) + _other_children("the workbook", was, now, extended)
    found += _no_prefix("the sheets", was.find(extended[0]), now.find(extended[0]))
    found += _missing_or_moved(
        "the names", *([shown(each) for each in root.iterfind(f"{extended[1]}/*")] for root in (was, now))
    )
    old, titles = {shown(each) for each in was.iterfind(f"{extended[1]}/*")}, list(after.sheets)
    for name in now.iterfind(f"{extended[1]}/*"):
        if shown(name) not in old:
            owner = titles[int(name.get("localSheetId", "-1"))] if name.get("localSheetId") else None
            is_added = owner == place.sheet and name.get("name") in _ADDED_NAMES
            if owner in (None, *before.sheets) and not is_added:
                found.append(f"a name of the user's is new: {shown(name)}")
    numbers = Counter(sheet.get("sheetId") for sheet in now.iterfind(f"{extended[0]}/*"))
    return found + [f"{count} sheets have the number {number}" for number, count in numbers.items() if count > 1]


_GROWING_STYLES = tuple(
    MAIN + name for name in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
)


def changed_styles(before: Package, after: Package) -> list[str]:
    assert after.styles
    now = after.xml(after.styles)
    if before.styles is None:
        first = now.find(f"{MAIN}cellXfs/{MAIN}xf")
        assert first is not None
        is_plain = {first.get(name, "0") for name in ("numFmtId", "fontId", "fillId", "borderId")} == {"0"}
        return [] if is_plain else ["cells without a style look different"]
    was = before.xml(before.styles)
    found = _other_attributes("the styles", was, now) + _other_children("the styles", was, now, _GROWING_STYLES)
    for name in _GROWING_STYLES:
        found += _no_prefix(name, was.find(name), now.find(name))
    numbers = Counter(each.get("numFmtId") for each in now.iterfind(f"{MAIN}numFmts/*"))
    return found + [f"{count} number formats are called {number}" for number, count in numbers.items() if count > 1]


# --- The clients' sheet ----------------------------------------------------------------------------------------------


def changed_cells(before: Package, after: Package, place: Place) -> list[str]:
    """Cells outside of the graded ones are what they were, down to their XML, and there is none more or less."""
    was, now = (
        {
            at: _placed(cell, *at)
            for at, cell in cells_of(package.xml(package.sheets[place.sheet]))
            if not place.has(*at)
        }
        for package in (before, after)
    )
    return [
        f"{get_column_letter(column)}{row} was {was.get((row, column))} and is {now.get((row, column))}"
        for row, column in sorted(was.keys() | now.keys())
        if was.get((row, column)) != now.get((row, column))
    ]


def changed_rows(before: Package, after: Package, place: Place) -> list[str]:
    """Rows have the attributes that they had; one without a height set by hand may have another height."""
    was, now = (dict(rows_of(package.xml(package.sheets[place.sheet]))) for package in (before, after))
    found = [f"row {row} is gone" for row in was.keys() - now.keys()]
    found += [f"row {row} is new" for row in now.keys() - was.keys() if not place.header <= row <= place.last]
    for row, element in was.items():
        free = {"r", "spans"}
        if place.header <= row <= place.last and element.get("customHeight", "0") in ("0", "false"):
            free |= {"ht", "customHeight"}
        old, new = ({k: v for k, v in e.items() if k not in free} for e in (element, now.get(row, element)))
        if old != new:
            found.append(f"row {row} was {old} and is {new}")
    numbers = [row for row, _ in rows_of(after.xml(after.sheets[place.sheet]))]
    return found if numbers == sorted(set(numbers)) else [*found, "the rows are not in their order"]


def unsorted_cells(after: Package, place: Place) -> list[str]:
    """Excel repairs a row whose cells are not in the order of their columns."""
    places = [at for at, _ in cells_of(after.xml(after.sheets[place.sheet]))]
    return [] if places == sorted(set(places)) else ["cells are not in their order"]


_EXTENDED = tuple(
    MAIN + name
    for name in (
        "sheetData", "dimension", "sheetViews", "cols", "conditionalFormatting", "dataValidations", "autoFilter",
        "tableParts",
    )
)  # fmt: skip


def changed_sheet(before: Package, after: Package, place: Place) -> list[str]:
    """What stands around the cells of the clients' sheet is what it was, but for what a grading adds to it."""
    was, now = (package.xml(package.sheets[place.sheet]) for package in (before, after))
    pages = () if was.find(f"{MAIN}pageSetup") is not None else (f"{MAIN}pageSetup",)
    found = _other_attributes("the sheet", was, now) + _other_children("the sheet", was, now, (*_EXTENDED, *pages))
    for compare in (_dimension, _views, _columns, _formats, _validations, _filter, _table_parts):
        found += compare(was, now, place)
    return found


def _dimension(was: Element, now: Element, _: Place) -> list[str]:
    places = [(row, column) for (row, column), _ in cells_of(now)]
    before, after = was.find(f"{MAIN}dimension"), now.find(f"{MAIN}dimension")
    if after is None:
        return [] if before is None else ["the dimension is gone"]
    left, top, right, bottom = range_boundaries(after.get("ref", ""))
    outside = [at for at in places if not (top <= at[0] <= bottom and left <= at[1] <= right)]
    return [f"the dimension {after.get('ref')} is too small"] if outside else []


def _views(was: Element, now: Element, _: Place) -> list[str]:
    if was.find(f"{MAIN}sheetViews") is None:
        return []
    before, after = (root.findall(f"{MAIN}sheetViews/*") for root in (was, now))
    if len(before) != len(after):
        return ["there are other views"]
    found = []
    for old, new in zip(before, after, strict=True):
        has_pane = old.find(f"{MAIN}pane") is not None
        left, right = (each if has_pane else _unfrozen(each) for each in (old, new))
        if shown(left) != shown(right):
            found.append(f"the view was {shown(left)} and is {shown(right)}")
    return found


def _columns(was: Element, now: Element, place: Place) -> list[str]:
    old, new = (
        [(int(c.get("min", "")), int(c.get("max", "")), c) for c in root.iterfind(f"{MAIN}cols/*")]
        for root in (was, now)
    )
    found = ["columns overlap"] if any(a[1] >= b[0] for a, b in itertools.pairwise(new)) else []
    edges = {edge for first, last, _ in (*old, *new) for edge in (first, last + 1)}
    edges |= {edge for column in place.columns for edge in (column, column + 1)}
    for column in sorted(edges - place.columns):
        before, after = (_look_of(column, spans) for spans in (old, new))
        is_widened = not before and after.keys() == {"width", "customWidth"}  # so that no name is cut
        if before != after and not is_widened:
            found.append(f"column {get_column_letter(column)} was {before} and is {after}")
    return found


def _look_of(column: int, spans: Sequence[tuple[int, int, Element]]) -> dict[str, str]:
    for first, last, element in spans:
        if first <= column <= last:
            return {key: value for key, value in element.items() if key not in ("min", "max")}
    return {}


def _formats(was: Element, now: Element, place: Place) -> list[str]:
    tag = f"{MAIN}conditionalFormatting"
    before, after = ([shown(each) for each in root.iterfind(tag)] for root in (was, now))
    found = _missing_or_moved("the live formats", before, after)
    for each in now.iterfind(tag):
        for area in each.get("sqref", "").split() if shown(each) not in before else ():
            left, top, right, _ = range_boundaries(area)
            if not set(range(left, right + 1)) <= place.columns or top <= place.header:
                found.append(f"there are new live formats on {area}")
    return found


def _validations(was: Element, now: Element, place: Place) -> list[str]:
    tag = f"{MAIN}dataValidations"
    before, after = was.find(tag), now.find(tag)
    found = _no_prefix("the validations", before, after)
    others = [] if before is None else [each.get("sqref", "") for each in before]
    others += [each.text or "" for each in was.iterfind(f".//{X14}dataValidation/{XM}sqref")]
    taken = [range_boundaries(area) for areas in others for area in areas.split()]
    added = [] if after is None else list(after)[0 if before is None else len(before) :]
    for area in (area for each in added for area in each.get("sqref", "").split()):
        left, top, right, bottom = range_boundaries(area)
        if any(left <= box[2] and box[0] <= right and top <= box[3] and box[1] <= bottom for box in taken):
            found.append(f"a new list on {area} lies over a validation of the user's")
        if top <= place.header:
            found.append(f"a new list on {area} is not below the headers")
    return found


def _filter(was: Element, now: Element, _: Place) -> list[str]:
    before, after = was.find(f"{MAIN}autoFilter"), now.find(f"{MAIN}autoFilter")
    return [] if before is None or shown(before) == shown(after) else ["the filter is another"]


def _table_parts(was: Element, now: Element, _: Place) -> list[str]:
    tag = f"{MAIN}tableParts"
    found = _no_prefix("the tables", was.find(tag), now.find(tag))
    added = len(now.findall(f"{tag}/*")) - len(was.findall(f"{tag}/*"))
    return found if added in (0, 1) else [*found, f"there are {added} more tables"]


def changed_table(before: Package, after: Package, place: Place) -> list[str]:
    """The table of clients has grown over the graded columns, and is the same besides."""
    found = []
    for area, part in before.tables(place.sheet).items():
        if not _stands_at(area, place):
            continue
        was, now = before.xml(part), after.xml(part)
        left, top, right, bottom = range_boundaries(area)
        grown = f"{get_column_letter(left)}{top}:{get_column_letter(max(place.columns | {right}))}{bottom}"
        if now.get("ref") not in (area, grown):
            found.append(f"the table reaches over {now.get('ref')}")
        found += _other_attributes("the table", was, now, free=("ref",))
        found += _other_children("the table", was, now, (f"{MAIN}autoFilter", f"{MAIN}tableColumns"))
        found += _no_prefix("the table's columns", was.find(f"{MAIN}tableColumns"), now.find(f"{MAIN}tableColumns"))
        old, new = was.find(f"{MAIN}autoFilter"), now.find(f"{MAIN}autoFilter")
        if (old is None) != (new is None):
            found.append("the table has buttons to filter, or has them no more")
        elif old is not None and new is not None:
            found += _other_attributes("the table's filter", old, new, free=("ref",))
            found += _other_children("the table's filter", old, new, ())
    return found


def columns_without_field(after: Package) -> list[str]:
    """The columns of tables that a query fills and of which the query knows nothing: Excel repairs such a table."""
    found = []
    for sheet in after.sheets.values():
        for part in after.related(sheet, "/table"):
            table, queries = after.xml(part), after.related(part, "/queryTable")
            fields = {field.get("id") for query in queries for field in after.xml(query).iter(f"{MAIN}queryTableField")}
            columns = table.iterfind(f"{MAIN}tableColumns/*") if table.get("tableType") == "queryTable" else ()
            found += [f"{part}: {each.get('name')}" for each in columns if each.get("queryTableFieldId") not in fields]
    return found


def hidden_columns(after: Package, place: Place) -> list[str]:
    spans = [
        (int(c.get("min", "")), int(c.get("max", "")), c)
        for c in after.xml(after.sheets[place.sheet]).iterfind(f"{MAIN}cols/*")
    ]
    return [
        get_column_letter(at)
        for at in sorted(place.columns)
        if _look_of(at, spans).get("hidden", "0") not in ("0", "false")
    ]


def covered_sparklines(before: Package, place: Place) -> list[str]:
    sheet = before.xml(before.sheets[place.sheet])
    shown_in = [each.text or "" for each in sheet.iterfind(f".//{X14}sparkline/{XM}sqref")]
    return [at for at in shown_in if place.has(range_boundaries(at)[1], range_boundaries(at)[0])]


def rows_of(sheet: Element) -> Iterator[tuple[int, Element]]:
    """The rows of a sheet with their numbers; one that has none follows the one before it."""
    number = 0
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = int(row.get("r", number + 1))
        yield number, row


def cells_of(sheet: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """The cells of a sheet by row and column; one that has no address follows the one before it."""
    for number, row in rows_of(sheet):
        column = 0
        for cell in row.iterfind(f"{MAIN}c"):
            column = range_boundaries(cell.get("r", ""))[0] if cell.get("r") else column + 1
            yield (number, column), cell


# --- How two elements compare ----------------------------------------------------------------------------------------


def shown(element: Element | None) -> str:
    """An element as one text, whatever its prefixes and the order of its attributes; "" for none."""
    if element is None:
        return ""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in sorted(element.items()))
    children = "".join(shown(child) + escape(child.tail or "") for child in element)
    return f"<{element.tag}{attributes}>{escape(element.text or '')}{children}</{element.tag}>"


def _unfrozen(view: Element) -> Element:
    """A view without what a frozen pane changes: where a view without panes had been scrolled to goes with it."""
    copy = Element(view.tag, {key: value for key, value in view.items() if key != "topLeftCell"})
    copy.extend(child for child in view if child.tag not in (f"{MAIN}pane", f"{MAIN}selection"))
    return copy


def _placed(cell: Element, row: int, column: int) -> str:
    """A cell as one text; an address that it leaves to the reader is written out."""
    copy = Element(cell.tag, cell.attrib | {"r": f"{get_column_letter(column)}{row}"})
    copy.text = cell.text
    copy.extend(cell)
    return shown(copy)


def _other_attributes(what: str, was: Element, now: Element, free: Iterable[str] = ()) -> list[str]:
    old, new = ({k: v for k, v in each.items() if k not in free} for each in (was, now))
    return [] if (was.tag, old) == (now.tag, new) else [f"{what} was {was.tag} {old} and is {now.tag} {new}"]


def _other_children(what: str, was: Element, now: Element, extended: Sequence[str]) -> list[str]:
    """Children are the same and in their order; of the extended ones there may be more."""
    old, new = ([shown(child) for child in each if child.tag not in extended] for each in (was, now))
    found = [f"{what} has lost {text}" for text in _less(old, new)] + [f"{what} has {text}" for text in _less(new, old)]
    if not found and old != new:
        found.append(f"{what} has its parts in another order")
    tags, places = [child.tag for child in now], iter(child.tag for child in now)
    if not all(child.tag in places for child in was):
        found.append(f"{what} has its parts in another order: {[child.tag for child in was]}, now {tags}")
    return found


def _no_prefix(what: str, was: Element | None, now: Element | None) -> list[str]:
    """A list that was extended begins with all that it had, and its count, where it has one, is right."""
    if was is None or now is None:
        return [f"{what} are gone"] if now is None and was is not None else []
    found = _other_attributes(what, was, now, free=("count",))
    old, new = ([shown(child) for child in each] for each in (was, now))
    if new[: len(old)] != old:
        found += [f"{what} have lost {text}" for text in _less(old, new)] or [f"{what} are in another order"]
    if now.get("count", str(len(new))) != str(len(new)):
        found.append(f"{what} are {len(new)} and not {now.get('count')}")
    return found


def _missing_or_moved(what: str, was: Sequence[Any], now: Sequence[Any]) -> list[str]:
    missing = [f"{what} have lost {each}" for each in was if each not in now]
    places = iter(now)
    if not missing and not all(each in places for each in was):
        return [f"{what} are in another order"]
    return missing


def _less(some: Sequence[str], others: Sequence[str]) -> list[str]:
    return list((Counter(some) - Counter(others)).elements())


# --- Changing a package ----------------------------------------------------------------------------------------------


def replaced(part: bytes, pattern: bytes, replacement: bytes | Callable[[re.Match[bytes]], bytes]) -> bytes:
    """A part with the first place of a pattern replaced; there is one."""
    changed, count = re.subn(pattern, replacement, part, count=1, flags=re.DOTALL)
    assert count, pattern
    return changed


def is_same_but_open(one: Package, other: Package, name: str) -> bool:
    """True for a part that two workbooks have alike, but for the sheet that is open, and UTF-16 where that changes."""
    left, right = (package.parts.get(name, b"") for package in (one, other))
    return left == right or _OPEN.sub(b"", _in_utf8(left)) == _OPEN.sub(b"", _in_utf8(right))


def _in_utf8(part: bytes) -> bytes:
    """A part of XML, which can be in UTF-16."""
    if not part.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return part
    return re.sub(
        r"""encoding=["']utf-16["']""", 'encoding="UTF-8"', part.decode("utf-16"), flags=re.IGNORECASE
    ).encode()
