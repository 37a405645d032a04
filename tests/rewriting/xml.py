"""Legal rewritings of the XML of parts: the same elements and texts, written in another way."""

from collections.abc import Callable

from lxml import etree

from tests.packages import CONTENT_TYPES, MAIN, OFFICE
from tests.rewriting.container import Chances, happens
from tests.rewriting.content import Content, Element, Rewriting
from tests.rewriting.spelling import UTF_16, Spelling

_COMMENTS = (
    " clients ", "<sheetData>", "</sheetData>", '<row r="1">', "</row>", '<c r="A1">', "</c>", "<worksheet>", "]]>",
    "<sheets>", "&amp;", '"',
)  # fmt: skip
_NOTES = (("row", 'r="1"'), ("mso-note", None), ("c", '<c r="A1"><v>1</v></c>'))
_SPACES = ("\n", " ", "\n    ", "\t", "\r")


def _each(attribute: str) -> Rewriting:
    def rewriting(content: Content, random: Chances) -> None:
        for spelling in content.spelling.values():
            setattr(spelling, attribute, random)

    rewriting.__name__ = attribute
    return rewriting


SPELLINGS = tuple(
    _each(attribute)
    for attribute in (
        "space_in_start_tags", "space_at_tag_ends", "single_quotes", "attribute_order", "end_tags", "references",
        "signs_as_such", "cdata", "line_ends", "repeated_declarations", "mixed_prefixes",
    )
)  # fmt: skip
"""Each has the name of the attribute of a spelling that it sets for all parts."""


# --- Between elements ------------------------------------------------------------------------------------------------


def _holds_elements(element: Element) -> bool:
    """Whether an element holds elements and no text."""
    return (
        isinstance(element.tag, str)
        and len(element) > 0
        and not any((text or "").strip() for text in (element.text, *(child.tail for child in element)))
    )


def space_between_elements(content: Content, random: Chances) -> None:
    for tree in content.trees.values():
        for element in filter(_holds_elements, tree.iter()):
            if happens(random, 0.3):
                element.text = random.choice(_SPACES)
            for child in element:
                if happens(random, 0.3):
                    child.tail = random.choice(_SPACES)


def indents(content: Content, random: Chances) -> None:
    """Space between all elements."""
    for tree in content.trees.values():
        for element in filter(_holds_elements, tree.iter()):
            element.text = random.choice(_SPACES)
            for child in element:
                child.tail = element.text


def _comment(random: Chances) -> Element:
    return etree.Comment(random.choice(_COMMENTS))


def _note(random: Chances) -> Element:
    return etree.ProcessingInstruction(*random.choice(_NOTES))


def _between_elements(content: Content, random: Chances, make: Callable[[Chances], Element]) -> None:
    for tree in content.trees.values():
        for element in list(filter(_holds_elements, tree.iter())):
            if happens(random, 0.2):
                element.insert(random.randint(0, len(element)), make(random))


def comments(content: Content, random: Chances) -> None:
    _between_elements(content, random, _comment)


def processing_instructions(content: Content, random: Chances) -> None:
    _between_elements(content, random, _note)


def comments_around_the_root(content: Content, random: Chances) -> None:
    for tree in content.trees.values():
        if happens(random):
            tree.addprevious(random.choice((_comment, _note))(random))
        if happens(random):
            tree.addnext(random.choice((_comment, _note))(random))


def comments_in_texts(content: Content, random: Chances) -> None:
    """Texts that a comment or a processing instruction parts in two."""
    for tree in content.trees.values():
        for element in list(tree.iter(f"{MAIN}t", f"{MAIN}v", f"{MAIN}f", f"{MAIN}definedName")):
            if element.text and not len(element) and happens(random, 0.2):
                cut = random.randint(0, len(element.text))
                note = random.choice((_comment, _note))(random)
                note.tail, element.text = element.text[cut:], element.text[:cut]
                element.append(note)


# --- Prefixes --------------------------------------------------------------------------------------------------------


def _with_prefix(content: Content, random: Chances, places: tuple[str, ...]) -> None:
    for name, tree in content.trees.items():
        if tree.tag.startswith(MAIN):
            content.spelling[name].prefixes_at[random.choice(places)] = random.choice(("x", "main", "s"))


def prefix_on_the_root(content: Content, random: Chances) -> None:
    """The main namespace with a prefix, and no namespace without."""
    for name, tree in content.trees.items():
        if happens(random, 0.7):
            content.spelling[name].root_prefixes[random.choice(("x", "main"))] = etree.QName(tree).namespace


def prefix_below_the_root(content: Content, random: Chances) -> None:
    """The main namespace with a prefix from an element on that declares it."""
    _with_prefix(content, random, ("sheetData", "sheets", "cellXfs", "tableColumns"))
    _with_prefix(content, random, ("sheetViews", "definedNames", "fonts", "autoFilter", "si"))


def prefix_on_rows(content: Content, random: Chances) -> None:
    _with_prefix(content, random, ("row",))


def prefix_on_cells(content: Content, random: Chances) -> None:
    _with_prefix(content, random, ("c", "v", "f", "is", "t", "tableColumn", "xf", "font", "sheet"))


def prefix_of_relationships(content: Content, random: Chances) -> None:
    """Another prefix than r for the ids of relationships."""
    for name, tree in content.trees.items():
        if tree.tag.startswith(MAIN):
            content.spelling[name].root_prefixes[random.choice(("rel", "d3p1"))] = OFFICE


# --- Declarations and encodings --------------------------------------------------------------------------------------


def _spellings(content: Content, random: Chances) -> list[Spelling]:
    return [spelling for spelling in content.spelling.values() if happens(random, 0.7)]


def declaration_left_out(content: Content, random: Chances) -> None:
    for spelling in _spellings(content, random):
        if spelling.encoding == "utf-8":
            spelling.declaration = ""


def other_declarations(content: Content, random: Chances) -> None:
    """The XML declaration without what may be left out, and with other quotes and white space."""
    for spelling in _spellings(content, random):
        spelling.declaration = random.choice((
            "<?xml version='1.0' encoding='{}' ?>", '<?xml version="1.0" encoding="{}" standalone="no"?>\r\n',
            '<?xml\nversion = "1.0"\tencoding="{}"?>',
        ))  # fmt: skip
        spelling.declared_encoding = random.choice((spelling.declared_encoding, spelling.declared_encoding.lower()))


def byte_order_mark(content: Content, random: Chances) -> None:
    for spelling in _spellings(content, random):
        if spelling.encoding == "utf-8":
            spelling.mark = b"\xef\xbb\xbf"


def utf_16(content: Content, random: Chances) -> None:
    for spelling in _spellings(content, random):
        spelling.encoding = random.choice(list(UTF_16))
        spelling.mark, spelling.declared_encoding = UTF_16[spelling.encoding], "UTF-16"


def other_encodings(content: Content, random: Chances) -> None:
    """Encodings that XML allows and packages do not."""
    for name, spelling in content.spelling.items():
        if name != CONTENT_TYPES and happens(random):
            spelling.mark, spelling.encoding = b"", random.choice(("iso-8859-1", "us-ascii", "windows-1252"))
            spelling.declared_encoding = spelling.encoding.upper()


XML: tuple[Rewriting, ...] = (
    comments_in_texts, comments, processing_instructions, comments_around_the_root, space_between_elements, indents,
    prefix_on_the_root, prefix_below_the_root, prefix_on_rows, prefix_on_cells, prefix_of_relationships, *SPELLINGS,
    utf_16, byte_order_mark, other_declarations, declaration_left_out,
)  # fmt: skip
