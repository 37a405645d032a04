"""Changes to a package: parts that are added, changed and removed. All others are passed on byte for byte."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from tierxl.workbooks.ooxml.new_sheets import copy_part, new_package, write_part
from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    Element,
    Package,
    declare,
    new_relationships,
    relate,
    relationships_of,
    undeclare,
    written,
)

Text = Callable[[], Iterator[bytes]]
"""The text of a part, piece by piece."""

_NUMBERED = re.compile(r"[0-9]*(\.[^.]*)$")


class PackageEdit:
    """Changes to a package, which is only read.

    Attributes:
        package: the package.
        removed: the parts that are removed, unless one of the name is added.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.removed: set[str] = set()
        self._trees: dict[str, Element] = {}
        self._texts: dict[str, tuple[Text, int]] = {}

    @property
    def types(self) -> Element:
        """The content types of the parts, to be changed."""
        return self.tree(CONTENT_TYPES)

    def tree(self, name: str) -> Element:
        """A part of XML, to be changed."""
        name = self.package.name_of(name)
        if name not in self._trees:
            self._trees[name] = self.package.tree(name)
        return self._trees[name]

    def relationships(self, source: str) -> Element:
        """The relationships of a part, to be changed."""
        name = self.package.name_of(relationships_of(source))
        if name not in self._trees and name not in self.package:
            self._trees[name] = new_relationships()
        return self.tree(name)

    def remove_relationships(self, source: str, kinds: Collection[str]) -> None:
        """Remove the relationships of some kinds that a part has."""
        relationships = self.relationships(source)
        for line in list(relationships):
            if line.get("Type", "").rpartition("/")[2] in kinds:
                relationships.remove(line)

    def new_name(self, pattern: str) -> str:
        """The first free name that differs from a part's by its number."""
        used = {name.lower() for name in self.package.infos} - {name.lower() for name in self.removed}
        used |= {name.lower() for name in (*self._trees, *self._texts)}
        names = (_NUMBERED.sub(rf"{number}\1", pattern) for number in range(1, len(used) + 2))
        return next(name for name in names if name.lower() not in used)

    def add(self, name: str, tree: Element, content_type: str) -> None:
        """Add a part of XML."""
        self._trees[name] = tree
        declare(self.types, name, content_type)

    def add_related(self, source: str, kind: str, name: str, content_type: str) -> str:
        """Declare a new part, and relate another one to it; the id of the relationship."""
        declare(self.types, name, content_type)
        return relate(self.relationships(source), kind, name)

    def set_tree(self, name: str, tree: Element) -> None:
        """Have a part consist of elements."""
        self._trees[name] = tree

    def set_text(self, name: str, text: Text, largest: int = 0) -> None:
        """Have a part consist of a text, of so many bytes at most, where that may be beyond 2 GB."""
        self._texts[name] = text, largest

    def rewrite(self, name: str, change: Callable[[Iterator[bytes]], Iterator[bytes]]) -> None:
        """Change the text of a part as it is read or written, piece by piece."""
        text, largest = self._texts.get(name) or (partial(self.package.pieces, name), self.package.size(name))
        self._texts[name] = lambda: change(text()), largest

    def passed_on(self, but: Iterable[str]) -> set[str]:
        """The parts that are to be as they are, but for some."""
        return set(self.package.infos) - self.removed - set(self._texts) - set(map(self.package.name_of, but))

    def write(self, path: Path) -> None:
        """Write the changed package."""
        there = {name.lower() for name in (*self._trees, *self._texts)}
        for name in self.removed:
            if name.lower() not in there:
                undeclare(self.types, name)
        texts = self._changed_trees() | self._texts
        with new_package(path) as package:
            for name, info in self.package.infos.items():
                if name in texts:
                    text, largest = texts.pop(name)
                    write_part(package, name, text(), largest)
                elif name not in self.removed:
                    copy_part(package, info, self.package.packed(name))
            for name, (text, largest) in texts.items():
                write_part(package, name, text(), largest)

    def _changed_trees(self) -> dict[str, tuple[Text, int]]:
        """The parts of XML that are new or not what they were: a part that only names change in order stays."""
        there = {name for name in self._trees if name in self.package}
        users = {name for name in there if self.package.name_of(name) not in self.removed}
        texts = {name: written(tree) for name, tree in self._trees.items()}
        kept = {name for name in users if texts[name] == written(self.package.tree(name))}
        return {name: (partial(iter, [text]), 0) for name, text in texts.items() if name not in kept}
