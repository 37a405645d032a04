"""The styles of one workbook among those of another."""

from copy import deepcopy

from lxml import etree

from tierxl.method.issues import CannotGrade
from tierxl.workbooks.ooxml.package import MAIN, Element, whole

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_PARTS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FIRST_OWN_FORMAT = 164
"""Number formats below this number are the same in every workbook."""

MOST_CELL_STYLES = 65_490
"""The most cell styles that Excel takes; a workbook with more is repaired, and loses them all."""

LISTS = ("fonts", "fills", "borders", "cellXfs", "dxfs")
"""The containers of styles that cells and rules name by their number."""

_Key = tuple[str, tuple[tuple[str, str], ...], tuple["_Key", ...]]


class Styles:
    """The styles of a workbook, to which those of another are added; what is there already is not added twice.

    Attributes:
        root: the styles.
    """

    def __init__(self, root: Element) -> None:
        self.root = root

    def take_in(self, other: Element) -> tuple[dict[int, int], dict[int, int]]:
        """Add the styles of another workbook.

        Raises:
            CannotGrade: there is no room for them.

        Returns:
            The new number of each of its cell styles, and of each of its styles of conditional formats.
        """
        formats = self._take_in_formats(other)
        numbers = {
            attribute: self._take_in_all(container, children(other, container))
            for attribute, container in _PARTS.items()
        }
        cells = []
        for cell_style in children(other, "cellXfs"):
            style = deepcopy(cell_style)
            if children(self.root, "cellStyleXfs"):
                style.set("xfId", "0")
            else:
                style.attrib.pop("xfId", None)
            style.set("numFmtId", formats.get(style.get("numFmtId", "0"), style.get("numFmtId", "0")))
            for attribute, changed in numbers.items():
                style.set(attribute, str(changed[int(style.get(attribute, "0"))]))
            cells.append(style)
        styles, colours = self._take_in_all("cellXfs", cells), self._take_in_all("dxfs", children(other, "dxfs"))
        if len(children(self.root, "cellXfs")) > MOST_CELL_STYLES:
            raise CannotGrade(
                f"The workbook has nearly the {MOST_CELL_STYLES:,} cell formats that Excel can hold, and there is no "
                "room for those of the graded columns: copy your sheets into a new workbook, and grade that."
            )
        return styles, colours

    def number_formats(self) -> dict[int, str]:
        """The number formats of this workbook's own: number to code."""
        return {whole(line, "numFmtId"): line.get("formatCode", "") for line in children(self.root, "numFmts")}

    def _take_in_formats(self, other: Element) -> dict[str, str]:
        there = {code: number for number, code in self.number_formats().items()}
        free = max([_FIRST_OWN_FORMAT - 1, *there.values()]) + 1
        changed = {}
        for line in children(other, "numFmts"):
            code = line.get("formatCode")
            if code not in there:
                there[code] = free
                self._append("numFmts", etree.Element(f"{{{MAIN}}}numFmt", numFmtId=str(free), formatCode=code))
                free += 1
            changed[line.get("numFmtId")] = str(there[code])
        return changed

    def _take_in_all(self, container: str, elements: list[Element]) -> dict[int, int]:
        there: dict[_Key, int] = {}
        for number, element in enumerate(children(self.root, container)):
            there.setdefault(comparable(element), number)
        count = len(children(self.root, container))
        changed = {}
        for number, element in enumerate(elements):
            key = comparable(element)
            if key not in there:
                self._append(container, deepcopy(element))
                there[key], count = count, count + 1
            changed[number] = there[key]
        return changed

    def _append(self, container: str, element: Element) -> None:
        holder = self.root.find(f"{{{MAIN}}}{container}")
        if holder is None:
            holder = etree.Element(f"{{{MAIN}}}{container}")
            before = [child for child in self.root if _rank(child) < _ORDER.index(container)]
            self.root.insert(len(before), holder)
        holder.append(element)
        holder.set("count", str(len(holder)))


def children(root: Element, container: str) -> list[Element]:
    """The elements of a container among the styles, in the order of their numbers."""
    holder = root.find(f"{{{MAIN}}}{container}")
    return [] if holder is None else [child for child in holder if isinstance(child.tag, str)]


def _rank(element: Element) -> int:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return _ORDER.index(name) if name in _ORDER else -1


def comparable(element: Element) -> _Key:
    """A key that two elements share if they are the same, whatever prefixes their names have."""
    children = tuple(comparable(child) for child in element if isinstance(child.tag, str))
    return etree.QName(element).localname, tuple(sorted(element.attrib.items())), children
