"""XML in its plain form: UTF-8, the main namespace without a prefix, no comments, nothing between elements.

The rows of a sheet are read where they stand in the text, which takes text in this form. Nearly every program writes
so; other ways to say the same are parsed, and written anew in this form.
"""

import gzip
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import IO, cast

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from tierxl.method.issues import CannotGrade
from tierxl.workbooks.limits import damaged
from tierxl.workbooks.ooxml.package import MAIN, PACKING_ERRORS, Element

_XML = "http://www.w3.org/XML/1998/namespace"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_SHEET, _DATA, _ROW, _CELL = (f"{{{MAIN}}}{name}" for name in ("worksheet", "sheetData", "row", "c"))
_OF_A_CELL = {f"{{{MAIN}}}{name}" for name in ("f", "v", "is")}
_OTHER = "other"
"""The prefix of elements of other namespaces that have none."""

_LARGEST_SORTED = 100_000_000
"""The most text of rows that is put in order in memory."""

_NOT_PLAIN = re.compile(r">(?:\s|&#13;)+<| xmlns|&(?!(?:amp|lt|gt|quot|#[0-9]+);)")
"""Space between elements, a namespace that is declared among them, an entity."""

_Namespaces = Mapping[str | None, str]


class NotPlainError(Exception):
    """The text of a sheet is not in its plain form."""


def plain(root: Element) -> bytes:
    """An XML part in its plain form."""
    return f"{_DECLARATION}{_written(root, {})}".encode()


def plain_sheet(opened: Callable[[], IO[bytes]], path: Path) -> Callable[[], IO[bytes]]:
    """Opens the part of a worksheet in its plain form, with rows and cells that say where they stand, in their order.

    Args:
        opened: opens the part as it is.
        path: the workbook, for errors.

    Raises:
        CannotGrade: the part is damaged, or has a row twice.
    """
    packed = BytesIO()
    rows: list[int] = []
    try:
        with gzip.open(packed, "wb", compresslevel=1) as copy, opened() as stream:
            for text in _sheet(stream, rows, path):
                copy.write(text.encode())
        if any(after <= before for before, after in pairwise(rows)):
            packed = _with_sorted_rows(packed, rows, path)
    except (etree.XMLSyntaxError, CellCoordinatesException, *PACKING_ERRORS) as error:
        raise damaged(path) from error
    return lambda: cast("IO[bytes]", gzip.open(BytesIO(packed.getvalue())))


def cells_alone(number: int, row: bytes) -> bytes:
    """A row in its plain form without all that is no cell or its value, which programs are to ignore.

    Args:
        number: the number of the row.
        row: its text behind that number and the quotation mark.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)  # prefixes are declared elsewhere
    data = etree.fromstring(b'<sheetData xmlns="%s"><row r="%d"%s</sheetData>' % (MAIN.encode(), number, row), parser)
    for element in [*data[0], *(child for cell in data[0] for child in cell)]:
        if element.tag != _CELL and element.tag not in _OF_A_CELL:
            element.getparent().remove(element)
    for element in data.iter():
        for name in [name for name in element.attrib if ":" in name and not name.startswith("{")]:
            del element.attrib[name]
    etree.cleanup_namespaces(data)
    return _written(data[0], {None: MAIN}).encode().removeprefix(b'<row r="%d"' % number)


def _sheet(stream: IO[bytes], rows: list[int], path: Path) -> Iterator[str]:
    """The text of a sheet; the numbers of its rows are added to a list."""
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=(_DATA, _ROW),
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
    )
    data = None
    for event, element in events:
        parent = element.getparent()
        if event == "start" and element.tag == _DATA and parent is not None and parent.tag == _SHEET:
            data = element
            before = "".join(_written(child, parent.nsmap) for child in parent[: parent.index(data)])
            yield f"{_DECLARATION}{_start(parent, {})}>{before}{_start(data, parent.nsmap)}>"
        elif event == "end" and element.tag == _ROW and parent is data and data is not None:
            rows.append(_name_places(element, rows[-1] if rows else 0, path))
            yield _written(element, data.nsmap)
            data.remove(element)
    if data is None:
        raise damaged(path)
    root = data.getparent()
    after = "".join(_written(child, root.nsmap) for child in data.itersiblings())
    yield f"</sheetData>{after}</worksheet>"


def _name_places(row: Element, before: int, path: Path) -> int:
    """Have a row and its cells name their places, which without a name follow from their order; the row's number.

    The cells are put in the order of their columns.
    """
    number = int(row.get("r", before + 1))
    _name_place(row, str(number))
    column, cells = 0, []
    for cell in row.findall(_CELL):
        address = cell.get("r")
        if address is None:
            column += 1
            address = f"{get_column_letter(column)}{number}"
        else:
            address = address.upper()
            letters, stands_in = coordinate_from_string(address)
            column = column_index_from_string(letters)
            if stands_in != number:
                raise CannotGrade(
                    f"{path.name} may be damaged: the cell {address} stands in row {number}. "
                    "Open it in Excel, and save it there."
                )
        _name_place(cell, address)
        _set_last(cell, [child for child in cell if child.tag not in _OF_A_CELL])
        cells.append((column, cell))
    in_order = sorted(cells, key=itemgetter(0))
    if in_order != cells:
        _set_last(row, [cell for _, cell in in_order])
    _set_last(row, [other for other in row if other.tag != _CELL])
    return number


def _set_last(element: Element, children: Iterable[Element]) -> None:
    """Have children stand behind all others."""
    for child in children:
        element.append(child)


def _name_place(element: Element, place: str) -> None:
    """Have a row or a cell name its place before all else."""
    others = [] if element.keys()[:1] == ["r"] else [each for each in element.items() if each[0] != "r"]
    if others:
        element.attrib.clear()
    element.set("r", place)
    for name, present in others:
        element.set(name, present)


def _with_sorted_rows(packed: BytesIO, rows: list[int], path: Path) -> BytesIO:
    """A packed sheet in its plain form with its rows in their order."""
    if len(set(rows)) < len(rows):
        raise CannotGrade(f"{path.name} may be damaged: it has a row twice. Open it in Excel, and save it there.")
    with gzip.open(BytesIO(packed.getvalue())) as file:
        text = file.read(_LARGEST_SORTED + 1)
    if len(text) > _LARGEST_SORTED:
        raise CannotGrade(f"{path.name} has rows out of order: open it in Excel, and save it there.")
    start = text.index(b"<row ", text.index(b"<sheetData"))
    end = text.rindex(b"</sheetData>")
    by_number = dict(zip(rows, text[start:end].split(b"<row ")[1:], strict=True))
    in_order = b"".join(b"<row " + by_number[number] for number in sorted(by_number))
    return BytesIO(gzip.compress(text[:start] + in_order + text[end:], compresslevel=1))


def _written(element: Element, around: _Namespaces) -> str:
    """An element in its plain form, where some namespaces are declared around it."""
    return _as_lxml_writes(element, around) or _piece_by_piece(element, around)


def _as_lxml_writes(element: Element, around: _Namespaces) -> str | None:
    """The same text, at once, if lxml writes the element so, but for a prefix that all elements have."""
    if len({*element.nsmap.values()}) < len(element.nsmap) or MAIN not in element.nsmap.values():
        return None
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    if prefix := next(prefix for prefix, uri in element.nsmap.items() if uri == MAIN):
        if re.search(f"<(?!/?{re.escape(prefix)}:)", text):
            return None
        text = text.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")
    end = len(text.partition(">")[0].removesuffix("/"))
    return None if _NOT_PLAIN.search(text, end) else _start(element, around) + text[end:]


def _piece_by_piece(element: Element, around: _Namespaces) -> str:
    """The same of any element."""
    children = list(element)
    is_text = not children  # space between elements means nothing
    inside = (element.text or "").translate(_IN_TEXT) if is_text or not _is_space(element.text) else ""
    within = _declared_within(element, around)
    for child in children:
        inside += _piece_by_piece(child, within)
        inside += "" if _is_space(child.tail) else child.tail.translate(_IN_TEXT)
    start = _start(element, around)
    return f"{start}>{inside}</{_name(element)}>" if inside else f"{start}/>"


def _start(element: Element, around: _Namespaces) -> str:
    """The start tag of an element, without its end; what it declares stands behind its attributes."""
    parts = [
        f'{_attribute(element, name)}="{value.translate(_IN_ATTRIBUTE)}"' for name, value in element.attrib.items()
    ]
    parts += [
        f'xmlns:{prefix}="{uri}"'
        for prefix, uri in element.nsmap.items()
        if prefix and uri != around.get(prefix) and not (around and uri == MAIN)
    ]
    if not around:
        parts.append(f'xmlns="{MAIN}"')
    others = _declared_within(element, around).get(_OTHER)
    if others not in (None, around.get(_OTHER), element.nsmap.get(_OTHER)):
        parts.append(f'xmlns:{_OTHER}="{others}"')
    return f"<{' '.join([_name(element), *parts])}"


def _declared_within(element: Element, around: _Namespaces) -> _Namespaces:
    """The namespaces that are declared for the children of an element."""
    namespace = etree.QName(element).namespace
    others = namespace if not element.prefix and namespace != MAIN else around.get(_OTHER)
    return {**({_OTHER: others} if others else {}), **element.nsmap}


def _name(element: Element) -> str:
    """The name of an element: without a prefix in the main namespace, with one in all others."""
    name = etree.QName(element)
    return str(name.localname) if name.namespace == MAIN else f"{element.prefix or _OTHER}:{name.localname}"


def _attribute(element: Element, name: str) -> str:
    attribute = etree.QName(name)
    if attribute.namespace is None:
        return str(attribute.localname)
    prefixes = (prefix for prefix, uri in element.nsmap.items() if prefix and uri == attribute.namespace)
    return f"{'xml' if attribute.namespace == _XML else next(prefixes)}:{attribute.localname}"


def _is_space(text: str | None) -> bool:
    return not text or text.isspace()
