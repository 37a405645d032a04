"""The XML of a part, written in any of the ways that XML has for one meaning."""

import codecs
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from tests.rewriting.container import Chances, happens

Element = Any
Scope = dict[str | None, str]

XML = "http://www.w3.org/XML/1998/namespace"
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_IN_TEXT = str.maketrans({"\r": "&#13;"} | {sign: _NAMED[sign] for sign in "&<>"})
_SPACE_IN_ATTRIBUTE = {sign: f"&#{ord(sign)};" for sign in "\t\n\r"}
_IN_ATTRIBUTE = {
    quote: str.maketrans(_SPACE_IN_ATTRIBUTE | {sign: _NAMED[sign] for sign in f"&<>{quote}"}) for quote in "\"'"
}
_SPACES = ("  ", "\n", "\t", "\r\n", "\n\t ")


@dataclass
class Spelling:
    """How XML is written. What is a generator of random numbers is chosen at each place, or never where None.

    Attributes:
        space_in_start_tags: white space other than one blank before attributes, and around their equals signs.
        space_at_tag_ends: white space before the end of tags.
        single_quotes: attributes in single quotes.
        attribute_order: attributes in another order.
        end_tags: empty elements with an end tag, and without.
        references: characters as references to their number.
        signs_as_such: the sign > as such in attributes.
        cdata: texts in CDATA sections.
        line_ends: ends of lines as carriage returns, with line feeds or without.
        repeated_declarations: namespaces that are declared again where they are declared already.
        mixed_prefixes: any of the prefixes in scope.
        root_prefixes: prefixes that the root declares, and all elements and attributes below it have.
        prefixes_at: the prefix that an element declares for its namespace, and has with all below it, by its name.
        declaration: the XML declaration; {} stands for the encoding.
        encoding: as Python calls it.
        declared_encoding: as the declaration calls it.
        mark: the byte order mark.
    """

    space_in_start_tags: Chances | None = None
    space_at_tag_ends: Chances | None = None
    single_quotes: Chances | None = None
    attribute_order: Chances | None = None
    end_tags: Chances | None = None
    references: Chances | None = None
    signs_as_such: Chances | None = None
    cdata: Chances | None = None
    line_ends: Chances | None = None
    repeated_declarations: Chances | None = None
    mixed_prefixes: Chances | None = None
    root_prefixes: dict[str, str] = field(default_factory=dict)
    prefixes_at: dict[str, str] = field(default_factory=dict)
    declaration: str = '<?xml version="1.0" encoding="{}" standalone="yes"?>\n'
    encoding: str = "utf-8"
    declared_encoding: str = "UTF-8"
    mark: bytes = b""


UTF_16 = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def spelled(root: Element, spelling: Spelling) -> bytes:
    """The XML of a part."""
    writer = _Writer(spelling)
    before = reversed(list(root.itersiblings(preceding=True)))
    text = spelling.declaration.format(spelling.declared_encoding)
    text += (
        "".join(map(writer.note, before))
        + writer.element(root, {}, {})
        + "".join(map(writer.note, root.itersiblings()))
    )
    return spelling.mark + text.encode(spelling.encoding, "xmlcharrefreplace")


@cache
def _split(tag: str) -> tuple[str | None, str]:
    """The namespace of an element or an attribute, and its name in it."""
    name = etree.QName(tag)
    return name.namespace, str(name.localname)


class _Writer:
    def __init__(self, spelling: Spelling) -> None:
        self._as = spelling
        random = spelling.space_in_start_tags
        self._spaces = random.choice(((random.choice(_SPACES),), _SPACES)) if random else _SPACES

    def note(self, node: Element) -> str:
        """A comment or a processing instruction."""
        if node.tag is etree.Comment:
            return f"<!--{node.text or ''}-->"
        return f"<?{node.target} {node.text}?>" if node.text else f"<?{node.target}?>"

    def element(self, node: Element, scope: Scope, preferred: dict[str, str]) -> str:
        declared, preferred = self._declared(node, scope, preferred)
        scope = scope | declared
        tag = self._named(node.tag, scope, declared, preferred)
        attributes = [
            (self._named(name, scope, declared, preferred, is_attribute=True), value) for name, value in node.items()
        ]
        names = [(f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in declared.items()]
        both = names + attributes
        if self._as.attribute_order:
            self._as.attribute_order.shuffle(both)
        start = tag + "".join(self._space() + self._attribute(*each) for each in both) + self._end_space()
        inside = self._text(node.text) + "".join(
            (self.element(child, scope, preferred) if isinstance(child.tag, str) else self.note(child))
            + self._text(child.tail)
            for child in node
        )
        if not inside and not happens(self._as.end_tags):
            return f"<{start}/>"
        return f"<{start}>{inside}</{tag}{self._end_space()}>"

    def _declared(self, node: Element, scope: Scope, preferred: dict[str, str]) -> tuple[Scope, dict[str, str]]:
        """The namespaces that an element declares, and the prefixes that it has with all below it."""
        parent = node.getparent()
        outer = {} if parent is None else parent.nsmap
        declared: Scope = {prefix: uri for prefix, uri in node.nsmap.items() if outer.get(prefix) != uri}
        namespace, local_name = _split(node.tag)
        if parent is None and self._as.root_prefixes:
            preferred = {uri: prefix for prefix, uri in self._as.root_prefixes.items()}
            declared = {prefix: uri for prefix, uri in declared.items() if prefix or uri not in preferred}
            declared |= self._as.root_prefixes
        if local_name in self._as.prefixes_at and namespace:
            prefix = self._as.prefixes_at[local_name]
            declared[prefix] = namespace
            preferred = preferred | {namespace: prefix}
        if scope and happens(self._as.repeated_declarations, 0.1):
            again = self._as.repeated_declarations.choice(sorted(scope, key=str))  # type: ignore[union-attr]
            declared.setdefault(again, scope[again])
        return declared, preferred

    def _named(
        self, tag: str, scope: Scope, declared: Scope, preferred: dict[str, str], *, is_attribute: bool = False
    ) -> str:
        """The name of an element or an attribute with its prefix; a namespace that is in no scope is declared."""
        namespace, local_name = _split(tag)
        if namespace is None:
            if not is_attribute and scope.get(None):
                scope[None] = declared[None] = ""
            return local_name
        if namespace == XML:
            return f"xml:{local_name}"
        known = [prefix for prefix, uri in scope.items() if uri == namespace and (prefix or not is_attribute)]
        if not known:
            known = [f"n{len(scope)}"]
            scope[known[0]] = declared[known[0]] = namespace
        prefix = preferred.get(namespace, known[0])
        if self._as.mixed_prefixes:
            prefix = self._as.mixed_prefixes.choice(known)
        return f"{prefix}:{local_name}" if prefix in known and prefix else local_name

    def _space(self) -> str:
        random = self._as.space_in_start_tags
        return random.choice(self._spaces) if random and happens(random) else " "

    def _end_space(self) -> str:
        random = self._as.space_at_tag_ends
        return random.choice((" ", *_SPACES)) if random and happens(random, 0.3) else ""

    def _attribute(self, name: str, value: str) -> str:
        quote = "'" if happens(self._as.single_quotes) else '"'
        is_equal = "=" if not happens(self._as.space_in_start_tags, 0.1) else " = "
        if self._as.references or self._as.signs_as_such:
            text = "".join(f"&#{ord(c)};" if c in "\t\n\r" else self._escaped(c, quote) for c in value)
        else:
            text = value.translate(_IN_ATTRIBUTE[quote])
        return f"{name}{is_equal}{quote}{text}{quote}"

    def _text(self, text: str | None) -> str:
        if not text:
            return ""
        if text.strip() and text.isascii() and "]]>" not in text and "\r" not in text and happens(self._as.cdata, 0.3):
            cut = self._as.cdata.choice((0, len(text) // 2))  # type: ignore[union-attr]
            return self._text_as_such(text[:cut]) + f"<![CDATA[{text[cut:]}]]>"
        return self._text_as_such(text)

    def _text_as_such(self, text: str) -> str:
        if self._as.references:
            escaped = "".join("&#13;" if c == "\r" else self._escaped(c, "") for c in text)
        else:
            escaped = text.translate(_IN_TEXT)
        if not self._as.line_ends:
            return escaped
        return "".join(self._as.line_ends.choice(("\r\n", "\r", "\n")) if c == "\n" else c for c in escaped)

    def _escaped(self, character: str, quote: str) -> str:
        if happens(self._as.references, 0.2):
            number = ord(character)
            return self._as.references.choice((f"&#{number};", f"&#x{number:x};", f"&#x{number:04X};"))  # type: ignore[union-attr]
        if character == ">" and quote and happens(self._as.signs_as_such):
            return character
        if character in "&<>" or character == quote:
            return _NAMED[character]
        return character
