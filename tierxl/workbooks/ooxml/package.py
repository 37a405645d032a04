"""The package of a workbook on the disk: its parts, and how they are related."""

import posixpath
import re
import struct
import weakref
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from lxml import etree

from tierxl.method.issues import CannotGrade
from tierxl.sheets.description import Area
from tierxl.workbooks.limits import damaged, refuse_hostile_package
from tierxl.workbooks.ooxml.cell_range import area_of

_Value = TypeVar("_Value")

Element = Any
"""An element of lxml's, which has no types of its own."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

CONTENT_TYPES = "[Content_Types].xml"
SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
"""The content type of a part, without its name."""
MAIN_TYPES = {
    ".xlsx": SPREADSHEET_TYPE.format("sheet.main"),
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltx": SPREADSHEET_TYPE.format("template.main"),
    ".xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
"""The content type of the main part, by the ending of the file: Excel opens no other pairs."""
ROOT = ""
"""The package itself, as the source of relationships."""

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_TREE = 100_000_000
_LOCAL_HEADER, _LENGTHS_OF_NAME_AND_EXTRA = 30, 26
_PIECE = 1 << 20
_LONGEST_HEADER = 1 << 10
"""In bytes."""

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)


@dataclass(frozen=True)
class Relationship:
    """One part pointing to another, or out of the package.

    Attributes:
        id: its name within the part it starts from.
        kind: the last word of its type, such as worksheet.
        target: the part it points to; empty where that lies outside the package.
    """

    id: str
    kind: str
    target: str


class Package:
    """A workbook's package, open for reading.

    Attributes:
        path: the file.
        infos: the entry of each part, by name.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        """Read a package that does no harm.

        Args:
            path: the file, for messages.
            file: the file, open for reading; it is closed with the package.
        """
        self.path = path
        self._let_go = weakref.finalize(self, file.close)
        self._file, self._zip = file, zipfile.ZipFile(file)
        self.infos = {info.filename: info for info in self._zip.infolist()}
        self._relationships: dict[str, list[Relationship]] = {}
        self._names = {name.lower(): name for name in self.infos}

    def close(self) -> None:
        """Let go of the file, so that another can take its place."""
        self._let_go()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def name_of(self, name: str) -> str:
        """A part's name as the package spells it; the case of letters makes no difference."""
        return self._names.get(name.lower(), name)

    def size(self, name: str) -> int:
        """The size of an unpacked part, in bytes."""
        return self.infos[self.name_of(name)].file_size

    def open(self, name: str) -> IO[bytes]:
        """A part as a stream.

        Raises:
            CannotGrade: there is no such part.
        """
        try:
            return self._zip.open(self.name_of(name))
        except (KeyError, zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise damaged(self.path) from error

    def packed(self, name: str) -> Iterator[bytes]:
        """A part as it lies packed in the package, in pieces."""
        info = self.infos[self.name_of(name)]
        self._file.seek(info.header_offset + _LENGTHS_OF_NAME_AND_EXTRA)
        start = info.header_offset + _LOCAL_HEADER + sum(struct.unpack("<HH", self._file.read(4)))
        for done in range(0, info.compress_size, _PIECE):
            self._file.seek(start + done)  # others read the file, too
            yield self._file.read(min(_PIECE, info.compress_size - done))

    def read(self, name: str) -> bytes:
        """A part as a whole.

        Raises:
            CannotGrade: there is no such part, or it is damaged or larger than any of its kind is.
        """
        if name in self and self.size(name) > _LARGEST_TREE:
            raise CannotGrade(f"{self.path.name} is not opened: its part {name} is far too large.")
        try:
            with self.open(name) as stream:
                return stream.read()
        except PACKING_ERRORS as error:
            raise damaged(self.path) from error

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part piece by piece.

        Raises:
            CannotGrade: there is no such part, or it is damaged.
        """
        try:
            with self.open(name) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except PACKING_ERRORS as error:
            raise damaged(self.path) from error

    def holds(self, name: str, text: re.Pattern[bytes]) -> bool:
        """True where a text of a pattern, no longer than a header, stands anywhere in a part; see :meth:`pieces`."""
        before = b""
        for piece in self.pieces(name):
            if text.search(before + piece):
                return True
            before = piece[-_LONGEST_HEADER:]
        return False

    def tree(self, name: str) -> Element:
        """A part of XML.

        Raises:
            CannotGrade: see :meth:`read`; also it is no XML, or XML of a kind that no workbook has.
        """
        return parsed(self.read(name), self.path)

    def relationships(self, source: str) -> list[Relationship]:
        """The relationships that start from a part, or from the package where the source is :data:`ROOT`."""
        place = relationships_of(source)
        if place not in self._relationships:
            self._relationships[place] = relationships_in(self.tree(place), source) if place in self else []
        return self._relationships[place]

    def related(self, source: str, kind: str) -> str:
        """The first part of a kind that a part is related to; empty if there is none."""
        return next((line.target for line in self.relationships(source) if line.kind == kind), "")

    def reached(self, ends: Collection[str] = (), left_out: Collection[str] = ()) -> set[str]:
        """The parts that can be reached from the root, without going on from some, or over some kinds."""
        reached: set[str] = set()
        ahead = [ROOT]
        while ahead:
            source = ahead.pop()
            for line in self.relationships(source) if source not in ends else ():
                name = self.name_of(line.target)
                if line.target in self and name not in reached and line.kind not in left_out:
                    reached.add(name)
                    ahead.append(name)
        return reached

    def main_part(self) -> str:
        """The part with the list of sheets.

        Raises:
            CannotGrade: the package is no workbook.
        """
        main = self.name_of(self.related(ROOT, "officeDocument"))
        if main not in self:
            raise damaged(self.path)
        return main


def open_package(path: Path) -> Package:
    """Open a package.

    Raises:
        CannotGrade: it is no package, damaged, or a trap.
        OSError: the file cannot be read.
    """
    with ExitStack() as refused:
        file = refused.enter_context(path.open("rb"))
        if file.read(len(_OLD_OR_ENCRYPTED)) == _OLD_OR_ENCRYPTED:
            raise CannotGrade(
                f"{path.name} is protected by a password or in the old .xls format: "
                "save it as .xlsx without a password to open it."
            )
        refuse_hostile_package(path, file)
        refused.pop_all()
    return Package(path, file)


PACKING_ERRORS = (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, ValueError, OSError)  # type: ignore[attr-defined]
"""The errors with which reading a damaged package can end."""


def whole(element: Element, name: str, default: int = 0) -> int:
    """An attribute that is a whole number.

    Raises:
        CannotGrade: it is none.
    """
    return attribute(element, name, int, str(default))


def area(element: Element) -> Area:
    """The attribute ``ref``, which names an area; without one, the first cell.

    Raises:
        CannotGrade: it names none.
    """
    return attribute(element, "ref", area_of, "A1")


def attribute(element: Element, name: str, kind: Callable[[str], _Value], default: str) -> _Value:
    """An attribute as a value of a kind, made from its text.

    Raises:
        CannotGrade: its text is none of that kind.
    """
    text = element.get(name, default)
    try:
        return kind(text)
    except ValueError as error:
        place = etree.QName(element).localname
        raise CannotGrade(f'The workbook may be damaged: a part of it has <{place} {name}="{text}">.') from error


def parsed(xml: bytes, path: Path) -> Element:
    """XML as elements.

    Raises:
        CannotGrade: it is no XML, or XML of a kind that no workbook has.
    """
    try:
        root = etree.fromstring(xml, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(path) from error
    if root.getroottree().docinfo.doctype:
        raise CannotGrade(f"{path.name} is not opened: a part of it defines entities of its own, as no workbook does.")
    if isinstance(root.tag, str) and root.tag.startswith(f"{{{_STRICT}"):
        raise CannotGrade(
            f'{path.name} is a "Strict Open XML" workbook: save it as "Excel Workbook (*.xlsx)" and grade that.'
        )
    return root


def element(name: str, /, **attributes: str) -> Element:
    """An element of a workbook."""
    return etree.Element(f"{{{MAIN}}}{name}", attributes, nsmap={None: MAIN})


def holder(parent: Element, name: str, order: Sequence[str]) -> Element:
    """The child of a name, made in its place where there is none; the order is the one that the format prescribes."""
    child = parent.find(f"{{{MAIN}}}{name}")
    return put(parent, element(name), order) if child is None else child


def put(parent: Element, new: Element, order: Sequence[str]) -> Element:
    """Put an element in its place among the children of another."""
    rank = order.index(etree.QName(new).localname)
    before = [at for at, child in enumerate(parent, 1) if 0 <= _rank(child, order) <= rank]
    parent.insert(before[-1] if before else 0, new)
    return new


def _rank(child: Element, order: Sequence[str]) -> int:
    """The position of a child in an order; below 0 where that does not matter."""
    names = (etree.QName(part).localname for part in child.iter())
    return next((order.index(name) for name in names if name in order), -1)


def written(root: Element) -> bytes:
    """Elements as the XML of a part."""
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return xml


def relationships_in(tree: Element, source: str) -> list[Relationship]:
    """The relationships in a part that holds those of another."""
    return [
        Relationship(
            line.get("Id", ""),
            line.get("Type", "").rpartition("/")[2],
            "" if line.get("TargetMode") == "External" else _resolved(source, line.get("Target", "")),
        )
        for line in tree.iter(f"{{{_RELATIONSHIPS}}}Relationship")
    ]


def relationships_of(source: str) -> str:
    """The part that holds the relationships of a part."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(source: str, target: str) -> str:
    """The name of a part that another points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


# --- Changing what is related and declared ---------------------------------------------------------------------------


def new_relationships() -> Element:
    """The relationships of a part that has none yet."""
    return etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})


def relate(relationships: Element, kind: str, target: str) -> str:
    """The id of a new relationship to another part, by its whole name; the kind is a word of Office's, or a URI."""
    used = {line.get("Id") for line in relationships}
    number = next(number for number in range(1, len(used) + 2) if f"rId{number}" not in used)
    kind_of_type = kind if ":" in kind else f"{RELATED}/{kind}"
    etree.SubElement(
        relationships, f"{{{_RELATIONSHIPS}}}Relationship", Id=f"rId{number}", Type=kind_of_type, Target=f"/{target}"
    )
    return f"rId{number}"


def declare(types: Element, name: str, content_type: str) -> None:
    """Set the content type of a part."""
    if type_of(types, name) == content_type:
        return
    undeclare(types, name)
    etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)


def undeclare(types: Element, name: str) -> None:
    """Remove the content type of a part."""
    for line in _declared(types, "Override", "PartName", name):
        types.remove(line)


def type_of(types: Element, name: str) -> str:
    """The content type of a part; empty where none is declared."""
    of_part = _declared(types, "Override", "PartName", name)
    of_ending = _declared(types, "Default", "Extension", name.rpartition(".")[2])
    return next((str(line.get("ContentType")) for line in (*of_part, *of_ending)), "")


def _declared(types: Element, kind: str, attribute: str, name: str) -> list[Element]:
    """The content types of a kind that name a part or an ending; the case of letters makes no difference."""
    lines = types.findall(f"{{{_TYPES}}}{kind}")
    return [line for line in lines if line.get(attribute, "").lstrip("/").lower() == name.lower()]
