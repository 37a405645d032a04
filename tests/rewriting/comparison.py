"""What differs between gradings of a workbook and of the same workbook in another writing."""

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from lxml import etree

from tests import packages
from tests.packages import CONTENT_TYPES, MAIN, Package, Place, Relationship, cells_of, shown
from tierxl.sheets.mark import MARK

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class AnyPackage(Package):
    """A package whose parts may be spelled in any letters: here they have small ones."""

    def __init__(self, source: Path) -> None:
        super().__init__(source)
        self.names = [_small(name) for name in self.names]
        self.parts = {_small(name): part for name, part in self.parts.items()}

    def xml(self, name: str) -> Element:
        """A part without the white space between its elements, to look at and not to change."""
        return _without_space(self.parts[name])

    def relationships(self, source: str) -> list[Relationship]:
        return [
            each if each.is_external else Relationship(each.id, each.kind, _small(each.target), each.mode)
            for each in super().relationships(source)
        ]


@lru_cache(maxsize=512)
def _without_space(part: bytes) -> Element:
    root = ET.fromstring(part)
    for element in root.iter():
        if len(element) and not any((text or "").strip() for text in (element.text, *(e.tail for e in element))):
            element.text = None
            for child in element:
                child.tail = None
    return root


def _small(name: str) -> str:
    return CONTENT_TYPES if name.casefold() == CONTENT_TYPES.casefold() else unquote(name).lstrip("/").casefold()


def harms(before: Package, after: Package, place: Place) -> list[str]:
    """What grading has changed though it should not."""
    compared = (
        packages.changed_parts, packages.changed_relationships, packages.changed_namespaces, packages.changed_workbook,
        packages.changed_cells, packages.changed_rows, packages.changed_sheet, packages.changed_table,
    )  # fmt: skip
    found = [sentence for compare in compared for sentence in compare(before, after, place)]
    found += packages.unsound_additions(before, after) + packages.changed_content_types(before, after)
    found += packages.changed_styles(before, after) + packages.unsorted_cells(after, place)
    found += packages.columns_without_field(after) + packages.hidden_columns(after, place)
    return found


def malformed_parts(package: Package) -> list[str]:
    """The parts that a parser of XML with namespaces does not take."""
    found = []
    for name, part in package.parts.items():
        if name.endswith((".xml", ".rels")) or name == CONTENT_TYPES:
            try:
                etree.fromstring(part)
            except etree.XMLSyntaxError as error:
                found.append(f"{name}: {error}")
    return found


def other_meanings(one: Package, other: Package, place: Place) -> list[str]:
    """What differs between two workbooks that should mean the same: values, formulas, and all that grading writes."""
    found = []
    if list(one.sheets) != list(other.sheets):
        found.append(f"the sheets are {list(one.sheets)} and {list(other.sheets)}")
    for title in one.sheets.keys() & other.sheets.keys():
        left, right = (values(package, title) for package in (one, other))
        found += [
            f"{title}, row {at[0]}, column {at[1]}: {left.get(at)!r} and {right.get(at)!r}"
            for at in sorted(left.keys() | right.keys())
            if left.get(at) != right.get(at)
        ]
    for title in _sheets_of_ours(one):
        left, right = (_looks(package, title) for package in (one, other))
        if left != right:
            found.append(f"the sheet {title} is another")
    left, right = (
        {at: text for at, text in _cells(package, place.sheet).items() if place.has(*at)} for package in (one, other)
    )
    return found + [
        f"the graded cell {at} is {left.get(at)} and {right.get(at)}"
        for at in left.keys() | right.keys()
        if left.get(at) != right.get(at)
    ]


def _sheets_of_ours(package: Package) -> list[str]:
    """The titles of tierxl's own sheets; a user can have one that is called like them."""
    titles, names = list(package.sheets), package.xml(package.workbook).iterfind(f"{MAIN}definedNames/*")
    return [titles[int(name.get("localSheetId", ""))] for name in names if name.get("name") == MARK]


def _looks(package: Package, title: str) -> str:
    """A sheet of tierxl's own with all that it shows, as one text."""
    return _look(*_sheet_and_styles(package, title)) if title in package.sheets else ""


def _cells(package: Package, title: str) -> Mapping[tuple[int, int], str]:
    return _cell_looks(*_sheet_and_styles(package, title))


def _sheet_and_styles(package: Package, title: str) -> tuple[bytes, bytes]:
    return package.parts[package.sheets[title]], package.parts[package.styles] if package.styles else b"<none/>"


@lru_cache(maxsize=512)
def _look(sheet: bytes, styles: bytes) -> str:
    return shown(_with_styles(sheet, styles))


@lru_cache(maxsize=64)
def _cell_looks(sheet: bytes, styles: bytes) -> Mapping[tuple[int, int], str]:
    return {at: shown(cell) for at, cell in cells_of(_with_styles(sheet, styles))}


def _with_styles(part: bytes, styles: bytes) -> Element:
    """A sheet that names its styles by what they are, and not by their numbers."""
    sheet, look = deepcopy(_without_space(part)), _Styles.of(styles)
    attributes = {f"{MAIN}c": "s", f"{MAIN}row": "s", f"{MAIN}col": "style"}
    for element in sheet.iter():
        if name := attributes.get(element.tag):
            element.set(name, look.style(int(element.get(name, "0"))))
        elif element.tag == f"{MAIN}cfRule" and element.get("dxfId"):
            element.set("dxfId", look.rule(int(element.get("dxfId", "0"))))
    return sheet


class _Styles:
    """What the numbers of styles stand for."""

    def __init__(self, part: bytes) -> None:
        styles = _without_space(part)
        self._formats, self._rules = (styles.findall(f"{MAIN}{name}/*") for name in ("cellXfs", "dxfs"))
        self._parts = {f"{name[:-1]}Id": styles.findall(f"{MAIN}{name}/*") for name in ("fonts", "fills", "borders")}
        numbers = styles.iterfind(f"{MAIN}numFmts/*")
        self._numbers = {each.get("numFmtId"): each.get("formatCode") for each in numbers}
        self.style, self.rule = cache(self._style), cache(self._rule)

    @staticmethod
    @lru_cache(maxsize=64)
    def of(part: bytes) -> "_Styles":
        return _Styles(part)

    def _style(self, number: int) -> str:
        if number >= len(self._formats):
            return ""
        which = self._formats[number]
        looks = [shown(each[int(which.get(key, "0"))]) for key, each in self._parts.items()]
        code = which.get("numFmtId", "0")
        return "".join([*looks, self._numbers.get(code) or code, *map(shown, which)]).replace('"true"', '"1"')

    def _rule(self, number: int) -> str:
        return shown(self._rules[number]).replace('"true"', '"1"')


def values(package: Package, title: str) -> Mapping[tuple[int, int], Any]:
    """The values and formulas of a sheet, however they are written."""
    if package.sheets[title] not in package.parts:
        return {}
    strings = (package.parts[name] for name in package.related(package.workbook, "/sharedStrings"))
    return _values(package.parts[package.sheets[title]], tuple(strings))


@lru_cache(maxsize=512)
def _values(sheet: bytes, shared_strings: tuple[bytes, ...]) -> Mapping[tuple[int, int], Any]:
    strings = [text for part in shared_strings for text in _strings(part)]
    found = {
        at: (_value(cell, strings), cell.findtext(f"{MAIN}f") or "") for at, cell in cells_of(_without_space(sheet))
    }
    return {at: held for at, held in found.items() if held != ("", "")}


@lru_cache(maxsize=64)
def _strings(part: bytes) -> tuple[str, ...]:
    return tuple(map(_text, _without_space(part)))


def _value(cell: Element, strings: list[str]) -> Any:
    text = cell.findtext(f"{MAIN}v") or ""
    match cell.get("t", "n"):
        case "s":
            return strings[int(text)] if text else ""
        case "inlineStr":
            return _text(cell.find(f"{MAIN}is"))
        case "n":
            return float(text) if text else ""
        case kind:
            return text if kind == "str" else (kind, text)


def _text(item: Element | None) -> str:
    """A text without the hint how it is pronounced."""
    pieces = [] if item is None else [*item.findall(f"{MAIN}t"), *item.findall(f"{MAIN}r/{MAIN}t")]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(piece.text or "" for piece in pieces))
