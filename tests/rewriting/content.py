"""What a package holds, apart from how it is written: trees of XML that rewritings change."""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from tests.packages import CONTENT_TYPES, MAIN, OFFICE, rels_of
from tests.rewriting.container import Chances, Container, zipped
from tests.rewriting.spelling import Spelling, spelled

Element = Any

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONSHIP, RELATIONSHIPS = (f"{{{_PACKAGE}/relationships}}{name}" for name in ("Relationship", "Relationships"))
TYPES, DEFAULT, OVERRIDE = (f"{{{_PACKAGE}/content-types}}{name}" for name in ("Types", "Default", "Override"))
_PARSER = etree.XMLParser(resolve_entities=False, huge_tree=False)
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


Rewriting = Callable[["Content", Chances], None]
"""A change of a package that keeps its meaning."""


@dataclass
class Content:
    """A workbook that is being rewritten.

    Attributes:
        trees: the parts in the namespaces of workbooks and packages, as trees.
        others: all other parts.
        order: the names of all parts, in the order of the file.
        spelling: how the XML of a part is written, by its name; parts without one are written plainly.
        container: how the zip file is written.
        item_names: what parts are called in the zip file, where that is not their name.
    """

    trees: dict[str, Element]
    others: dict[str, bytes]
    order: list[str]
    spelling: dict[str, Spelling] = field(default_factory=dict)
    container: Container = field(default_factory=Container)
    item_names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> "Content":
        trees: dict[str, Element] = {}
        others: dict[str, bytes] = {}
        with zipfile.ZipFile(path) as package:
            order = [name for name in package.namelist() if not name.endswith("/")]
            for name in order:
                part = package.read(name)
                tree = etree.fromstring(part, _PARSER) if name.endswith((".xml", ".XML", ".rels")) else None
                if tree is not None and tree.tag.startswith((MAIN, f"{{{_PACKAGE}/relationships", TYPES)):
                    trees[name] = tree
                else:
                    others[name] = part
        return cls(trees, others, order, {name: Spelling() for name in trees})

    def parts(self) -> dict[str, bytes]:
        """The parts under the names of their items, written."""
        return {
            self.item_names.get(name, name): spelled(self.trees[name], self.spelling[name])
            if name in self.trees
            else self.others[name]
            for name in self.order
        }

    def write(self, path: Path) -> Path:
        path.write_bytes(zipped(self.parts(), self.container))
        return path

    def add(self, name: str, tree: Element, content_type: str) -> None:
        """Add a part."""
        self.trees[name], self.spelling[name] = tree, Spelling()
        self.order.append(name)
        etree.SubElement(self.trees[CONTENT_TYPES], OVERRIDE, PartName=f"/{name}", ContentType=content_type)

    # --- What is where ----------------------------------------------------------------------------------------------

    def relationships(self, source: str) -> Iterator[tuple[Element, str]]:
        """The relationships of a part within the package, and the names of the parts that they lead to."""
        tree = self.trees.get(rels_of(source))
        for each in () if tree is None else tree.iter(RELATIONSHIP):
            if each.get("TargetMode") != "External":
                yield each, resolved(source, each.get("Target"))

    def related(self, source: str, kind: str) -> str | None:
        names = (target for each, target in self.relationships(source) if each.get("Type").endswith(f"/{kind}"))
        return next(names, None)

    @cached_property
    def workbook(self) -> str:
        name = self.related("", "officeDocument")
        assert name
        return name

    @property
    def sheets(self) -> list[Element]:
        """The trees of the worksheets."""
        return [tree for tree in self.trees.values() if tree.tag == f"{MAIN}worksheet"]

    def rows(self) -> Iterator[Element]:
        for sheet in self.sheets:
            yield from sheet.iterfind(f"{MAIN}sheetData/{MAIN}row")

    def cells(self) -> Iterator[Element]:
        for row in self.rows():
            yield from row.iterfind(f"{MAIN}c")

    @cached_property
    def shared_strings(self) -> Element:
        """The tree of the shared strings, which is made where there is none."""
        name = self.related(self.workbook, "sharedStrings")
        if name is None:
            folder = posixpath.dirname(self.workbook)
            name = posixpath.join(folder, "sharedStrings.xml")
            self.add(name, etree.Element(f"{MAIN}sst", nsmap={None: MAIN[1:-1]}), f"{_SHEET_TYPES}.sharedStrings+xml")
            etree.SubElement(self.trees[rels_of(self.workbook)], RELATIONSHIP, Id="rIdStrings",
                             Type=f"{OFFICE}/sharedStrings", Target="sharedStrings.xml")  # fmt: skip
        return self.trees[name]

    def shared_string(self, cell: Element) -> Element:
        """A copy of the shared string of a cell."""
        items = self.shared_strings.findall(f"{MAIN}si")
        return deepcopy(items[int(cell.find(f"{MAIN}v").text)])


def resolved(source: str, target: str) -> str:
    """The name of the part that a target leads to."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
