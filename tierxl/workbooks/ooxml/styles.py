"""The styles of one workbook among those of another."""

from copy import deepcopy

from openpyxl.styles.stylesheet import Stylesheet

from tierxl.method.issues import CannotGrade
from tierxl.workbooks.ooxml.package import MAIN, Element, element, holder, whole

_ORDER = (*Stylesheet.__elements__, "extLst")
_PARTS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FIRST_OWN_FORMAT = 164
"""Number formats below this number are the same in every workbook."""

MOST_CELL_STYLES = 65_490
"""The most cell styles that Excel takes; a workbook with more is repaired, and loses them all."""

LISTS = ("fonts", "fills", "borders", "cellXfs", "dxfs")
"""The containers of styles that cells and rules name by their number."""

Key = tuple[str, tuple[tuple[str, str], ...], str, tuple["Key", ...]]


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
        styles = self._take_in_all("cellXfs", cells)
        colours = self._take_in_all("dxfs", self._numbered(children(other, "dxfs")))
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
        free = self._free_number()
        changed = {}
        for line in children(other, "numFmts"):
            code = line.get("formatCode")
            if code not in there:
                there[code] = free
                self._append("numFmts", element("numFmt", numFmtId=str(free), formatCode=code))
                free += 1
            changed[line.get("numFmtId")] = str(there[code])
        return changed

    def _free_number(self) -> int:
        """A number that no number format has, neither of cells nor of conditional formats."""
        taken = (whole(line, "numFmtId") for line in self.root.iter(f"{{{MAIN}}}numFmt"))
        return max([_FIRST_OWN_FORMAT - 1, *taken]) + 1

    def _numbered(self, styles: list[Element]) -> list[Element]:
        """Styles of conditional formats whose number formats have the numbers of the same ones here, or free ones."""
        there = self.root.iterfind(f"{{{MAIN}}}dxfs/{{{MAIN}}}dxf/{{{MAIN}}}numFmt")
        numbers = {line.get("formatCode"): whole(line, "numFmtId") for line in there}
        free, numbered = self._free_number(), deepcopy(styles)
        for style in numbered:
            for line in style.iterfind(f"{{{MAIN}}}numFmt"):
                line.set("numFmtId", str(numbers.setdefault(line.get("formatCode"), free + len(numbers))))
        return numbered

    def _take_in_all(self, container: str, elements: list[Element]) -> dict[int, int]:
        there: dict[Key, int] = {}
        for number, style in enumerate(children(self.root, container)):
            there.setdefault(comparable(style), number)
        count = len(children(self.root, container))
        changed = {}
        for number, style in enumerate(elements):
            key = comparable(style)
            if key not in there:
                self._append(container, deepcopy(style))
                there[key], count = count, count + 1
            changed[number] = there[key]
        return changed

    def _append(self, container: str, style: Element) -> None:
        styles = holder(self.root, container, _ORDER)
        styles.append(style)
        styles.set("count", str(len(styles)))


def children(root: Element, container: str) -> list[Element]:
    """The elements of a container among the styles, in the order of their numbers."""
    styles: list[Element] = root.findall(f"{{{MAIN}}}{container}/*")
    return styles


def comparable(element: Element) -> Key:
    """A key that two elements share if they are the same, but for the cell that they name."""
    attributes = tuple(sorted(item for item in element.items() if item[0] != "r"))
    if not len(element):
        return element.tag, attributes, element.text or "", ()
    return element.tag, attributes, "", tuple(map(comparable, element))
