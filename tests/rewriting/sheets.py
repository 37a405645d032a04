"""Legal rewritings of worksheets: the same cells in other elements."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.packages import MAIN
from tests.rewriting.container import Chances, happens
from tests.rewriting.content import Content, Element, Rewriting

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_IGNORABLE = f"{{{_MC}}}Ignorable"
_X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
_BOOLEANS = {
    "customHeight", "hidden", "collapsed", "customFormat", "customWidth", "bestFit", "date1904", "showGridLines",
    "tabSelected", "applyNumberFormat", "applyFont", "applyFill", "applyBorder", "applyAlignment", "allowBlank",
    "showInputMessage", "showErrorMessage", "showRowStripes", "showColumnStripes",
}  # fmt: skip
_FOREIGN = "urn:example:notes"


def made(name: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.Element(f"{MAIN}{name}", attributes)
    element.text = text
    return element


def column_of(cell: Element) -> int:
    return int(column_index_from_string(_ADDRESS.fullmatch(cell.get("r"))[1]))  # type: ignore[index]


def number_cells(content: Content) -> None:
    """Give every row and cell its r attribute: what all other rewritings rely on."""
    for sheet in content.sheets:
        row_number = 0
        for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            row_number = int(row.get("r", row_number + 1))
            row.set("r", str(row_number))
            column = 0
            for cell in row.iterfind(f"{MAIN}c"):
                column = column_of(cell) if cell.get("r") else column + 1
                cell.set("r", f"{get_column_letter(column)}{row_number}")


# --- Rows and cells --------------------------------------------------------------------------------------------------


def rows_without_r(content: Content, random: Chances) -> None:
    """Rows without a number, where they follow the row before."""
    for sheet in content.sheets:
        before = 0
        for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            number = int(row.get("r"))
            if number == before + 1 and happens(random):
                del row.attrib["r"]
            before = number


def cells_without_r(content: Content, random: Chances) -> None:
    """Cells without an address, where they follow the cell before."""
    for row in content.rows():
        before = 0
        for cell in row.iterfind(f"{MAIN}c"):
            column = column_of(cell)
            if column == before + 1 and happens(random):
                del cell.attrib["r"]
            before = column


def spans_left_out(content: Content, random: Chances) -> None:
    for row in content.rows():
        if happens(random):
            row.attrib.pop("spans", None)


def spans_in_several_pieces(content: Content, random: Chances) -> None:
    """Spans, which are a list and only a hint, that say more or less than is so."""
    for row in content.rows():
        if happens(random):
            row.set("spans", random.choice(("1:3", "1:16384", "1:2 4:9")))


def empty_rows(content: Content, random: Chances) -> None:
    """Rows without cells where there were none."""
    for sheet in content.sheets:
        data = sheet.find(f"{MAIN}sheetData")
        before = 0
        for row in list(data.iterfind(f"{MAIN}row")):
            number = int(row.get("r"))
            if number > before + 1 and happens(random):
                row.addprevious(made("row", r=str(number - 1)))
            before = number
        if happens(random):
            data.append(made("row", r=str(before + random.randint(1, 3))))


def _blank_cells(content: Content, random: Chances, **attributes: str) -> None:
    """Blank cells between the cells that there are."""
    for row in content.rows():
        before = 0
        for cell in list(row.iterfind(f"{MAIN}c")):
            column = column_of(cell)
            if column > before + 1 and happens(random):
                cell.addprevious(made("c", r=f"{get_column_letter(column - 1)}{row.get('r')}", **attributes))
            before = column


def empty_cells(content: Content, random: Chances) -> None:
    _blank_cells(content, random)


def cells_with_style_0(content: Content, random: Chances) -> None:
    """Blank cells that have nothing but the style that they would have anyway."""
    _blank_cells(content, random, s="0")


def empty_values(content: Content, random: Chances) -> None:
    """Blank cells with an empty element for their value."""
    for cell in content.cells():
        if not len(cell) and cell.get("t") is None and happens(random):
            cell.append(made("v"))


def dimension_left_out(content: Content, random: Chances) -> None:
    for sheet in content.sheets:
        for dimension in sheet.findall(f"{MAIN}dimension") if happens(random, 0.8) else ():
            sheet.remove(dimension)


def default_attributes(content: Content, random: Chances) -> None:
    """Attributes that say what is so without them."""
    for row in content.rows():
        for name in ("hidden", "collapsed", "thickBot", "customHeight"):
            if row.get(name) is None and happens(random, 0.2):
                row.set(name, random.choice(("0", "false")))
        for cell in row.iterfind(f"{MAIN}c"):
            if cell.get("s") is None and happens(random, 0.3):
                cell.set("s", "0")
            if cell.get("t") is None and happens(random, 0.3):
                cell.set("t", "n")


def booleans_in_words(content: Content, random: Chances) -> None:
    """true and false for 1 and 0."""
    for tree in content.trees.values():
        for element in tree.iter(f"{MAIN}*"):
            for name in _BOOLEANS & set(element.keys()):
                if element.get(name) in ("0", "1") and happens(random):
                    element.set(name, ("false", "true")[int(element.get(name))])


def columns_one_by_one(content: Content, random: Chances) -> None:
    """Columns that share a width and a style, each by itself."""
    for sheet in content.sheets:
        for column in list(sheet.iterfind(f"{MAIN}cols/{MAIN}col")):
            first, last = int(column.get("min")), int(column.get("max"))
            if last - first < 20 and happens(random):
                for number in range(first, last):
                    one = deepcopy(column)
                    one.set("min", str(number))
                    one.set("max", str(number))
                    column.addprevious(one)
                column.set("min", str(last))


# --- Values ----------------------------------------------------------------------------------------------------------


def inline_strings(content: Content, random: Chances) -> None:
    """Shared strings in the cells themselves."""
    for cell in content.cells():
        if cell.get("t") == "s" and happens(random):
            text = content.shared_string(cell)
            text.tag = f"{MAIN}is"
            cell.remove(cell.find(f"{MAIN}v"))
            cell.append(text)
            cell.set("t", "inlineStr")


def shared_strings(content: Content, random: Chances) -> None:
    """Strings of cells in the list of shared strings."""
    for cell in content.cells():
        text = cell.find(f"{MAIN}is")
        if text is not None and happens(random):
            cell.remove(text)
            text.tag = f"{MAIN}si"
            content.shared_strings.append(text)
            for count in ("count", "uniqueCount"):
                content.shared_strings.attrib.pop(count, None)
            cell.append(made("v", str(len(content.shared_strings.findall(f"{MAIN}si")) - 1)))
            cell.set("t", "s")


def formula_strings(content: Content, random: Chances) -> None:
    """Texts of the type that the results of formulas have."""
    for cell in content.cells():
        if cell.get("t") == "s" and happens(random):
            text = content.shared_string(cell)
            if _is_plain(text) and text[0].text == (text[0].text or "").strip():
                cell.find(f"{MAIN}v").text = text[0].text
                cell.set("t", "str")


def _strings(content: Content) -> list[Element]:
    """The texts that can be edited: of cells, and shared ones."""
    inline = [text for cell in content.cells() for text in cell.iterfind(f"{MAIN}is")]
    shared = content.related(content.workbook, "sharedStrings")
    return inline + (content.trees[shared].findall(f"{MAIN}si") if shared in content.trees else [])


def _is_plain(text: Element) -> bool:
    return [child.tag for child in text] == [f"{MAIN}t"] and not len(text[0])


def rich_text_runs(content: Content, random: Chances) -> None:
    """Texts in runs, without another font."""
    for text in _strings(content):
        if _is_plain(text) and text[0].text and happens(random, 0.3):
            whole = text[0].text
            text.remove(text[0])
            cut = random.randint(0, len(whole))
            for piece in (whole[:cut], whole[cut:]):
                run = made("r")
                run.append(made("t", piece))
                run[0].set(_SPACE, "preserve")
                text.append(run)


def phonetic_runs(content: Content, random: Chances) -> None:
    """Texts with a hint how they are pronounced, which is no part of them."""
    for text in _strings(content):
        if text.find(f"{MAIN}phoneticPr") is None and happens(random, 0.3):
            hint = made("rPh", sb="0", eb="1")
            hint.append(made("t", "kana"))
            text.append(hint)
            text.append(made("phoneticPr", fontId="0"))


def preserved_space(content: Content, random: Chances) -> None:
    """Texts of which it is said that their space counts."""
    for text in _strings(content):
        for each in text.iter(f"{MAIN}t"):
            if happens(random):
                each.set(_SPACE, "preserve")


def escaped_characters(content: Content, random: Chances) -> None:
    """Characters of texts as _x0041_, as ST_Xstring has it."""
    for text in _strings(content):
        for each in text.iter(f"{MAIN}t"):
            if each.text and not len(each) and each.text.isascii() and "_" not in each.text and happens(random, 0.3):
                at = random.randrange(len(each.text))
                each.text = f"{each.text[:at]}_x{ord(each.text[at]):04X}_{each.text[at + 1 :]}"


def numbers_with_exponent(content: Content, random: Chances) -> None:
    """Numbers with an exponent, or with zeros at their end."""
    for cell in content.cells():
        value = cell.find(f"{MAIN}v")
        if cell.get("t", "n") == "n" and value is not None and value.text and happens(random, 0.3):
            value.text = random.choice((f"{value.text}E0", f"{value.text}e+00", _with_zeros(value.text)))


def _with_zeros(number: str) -> str:
    return f"{number}00" if "." in number and "E" not in number.upper() else number


# --- Formulas and extensions -----------------------------------------------------------------------------------------


def shared_formulas(content: Content, random: Chances) -> None:
    """Formulas that could be shared, and are not."""
    for sheet in content.sheets:
        groups = [int(each.get("si", "0")) for each in sheet.iter(f"{MAIN}f")]
        number = max(groups, default=0) + 1
        for cell in sheet.iter(f"{MAIN}c"):
            formula = cell.find(f"{MAIN}f")
            if formula is not None and formula.text and not formula.attrib and happens(random):
                formula.attrib.update({"t": "shared", "ref": cell.get("r"), "si": str(number)})
                number += 1


def _extension_list(content: str = "") -> Element:
    return etree.fromstring(
        f'<extLst xmlns="{MAIN[1:-1]}"><ext uri="{{1B2C3D4E-0000-4000-8000-00000000F00D}}">{content}</ext></extLst>'
    )


def cells_with_extensions(content: Content, random: Chances) -> None:
    for cell in content.cells():
        if happens(random, 0.15):
            cell.append(_extension_list())


def rows_with_extensions(content: Content, random: Chances) -> None:
    for row in content.rows():
        if happens(random, 0.15):
            row.append(_extension_list())


def extensions_with_cells(content: Content, random: Chances) -> None:
    """Extensions of cells and rows that hold elements of another namespace, which are called as those of a sheet."""
    inside = (
        f'<c xmlns="{_FOREIGN}" r="B1"/>',
        f'<q:row xmlns:q="{_FOREIGN}" r="1"><q:c r="A1"><q:v>7</q:v></q:c></q:row>',
        f'<row xmlns="{_FOREIGN}" r="1"><c r="A1"><v>7</v></c></row>',
    )
    for row in content.rows():
        for owner in (*row.iterfind(f"{MAIN}c"), row):
            if happens(random, 0.15) and owner.find(f"{MAIN}extLst") is None:
                owner.append(_extension_list(random.choice(inside)))


# --- Markup compatibility --------------------------------------------------------------------------------------------


def _with_ignorable(element: Element, prefix: str, uri: str) -> Element:
    """An element in the place of another, which declares besides a prefix that can be ignored."""
    known = next((key for key, value in element.nsmap.items() if value == _MC and key), None) or "mc"
    copy = etree.Element(element.tag, element.attrib, nsmap=element.nsmap | {prefix: uri, known: _MC})
    copy.set(_IGNORABLE, " ".join(sorted({*element.get(_IGNORABLE, "").split(), prefix})))
    copy.text, copy.tail = element.text, element.tail
    copy.extend(element)
    if element.getparent() is not None:
        element.getparent().replace(element, copy)
    return copy


def _declaring(content: Content, random: Chances, prefix: str, uri: str) -> Iterator[Element]:
    """The rows and cells of each sheet, of which the root, the sheetData or a row declares a prefix to be ignored."""
    for name, sheet in content.trees.items():
        if sheet.tag == f"{MAIN}worksheet":
            place = random.choice(("root", "sheetData", "row"))
            if place == "root":
                content.trees[name] = _with_ignorable(sheet, prefix, uri)
                yield from content.trees[name].iterfind(f"{MAIN}sheetData")
            elif place == "sheetData":
                yield _with_ignorable(sheet.find(f"{MAIN}sheetData"), prefix, uri)
            else:
                for row in sheet.findall(f"{MAIN}sheetData/{MAIN}row"):
                    if happens(random):
                        yield _with_ignorable(row, prefix, uri)


def ignorable_attributes(content: Content, random: Chances) -> None:
    """Rows and cells with attributes of a namespace that can be ignored, in which a > may stand."""
    for owner in _declaring(content, random, "note", _FOREIGN):
        for element in owner.iter(f"{MAIN}row", f"{MAIN}c"):
            if happens(random, 0.2):
                element.set(f"{{{_FOREIGN}}}r", random.choice(("Z9", "a > b", '<c r="A1">')))


def ignorable_elements(content: Content, random: Chances) -> None:
    """Elements of a namespace that can be ignored, between rows and between cells."""
    for owner in _declaring(content, random, "note", _FOREIGN):
        for each in list(owner.iter(f"{MAIN}sheetData", f"{MAIN}row")):
            if happens(random, 0.2):
                each.insert(random.randint(0, len(each)), etree.Element(f"{{{_FOREIGN}}}c", r="A1"))


def row_descents(content: Content, random: Chances) -> None:
    """The attribute x14ac:dyDescent on rows."""
    for owner in _declaring(content, random, "x14ac", _X14AC):
        for row in owner.iter(f"{MAIN}row"):
            if happens(random):
                row.set(f"{{{_X14AC}}}dyDescent", "0.25")


def rows_out_of_order(content: Content, random: Chances) -> None:
    for sheet in content.sheets:
        _reverse_two(sheet.find(f"{MAIN}sheetData"), random)


def cells_out_of_order(content: Content, random: Chances) -> None:
    for row in content.rows():
        if happens(random, 0.2):
            _reverse_two(row, random)


def _reverse_two(owner: Element, random: Chances) -> None:
    if len(owner) > 1:
        owner.insert(random.randrange(len(owner) - 1), owner[-1])


SHEETS: tuple[Rewriting, ...] = (
    inline_strings, shared_strings, formula_strings, rich_text_runs, phonetic_runs, preserved_space, escaped_characters,
    numbers_with_exponent, shared_formulas, empty_rows, empty_cells, cells_with_style_0, empty_values, spans_left_out,
    spans_in_several_pieces, dimension_left_out, default_attributes, booleans_in_words, columns_one_by_one,
    cells_with_extensions, rows_with_extensions, extensions_with_cells, ignorable_attributes, ignorable_elements,
    row_descents, rows_without_r, cells_without_r,
)  # fmt: skip
