r"""The parts of a workbook that bring an Office add-in with its properties along: xlwings Lite keeps its Python there.

A property is JSON, with each slash written as ``\/``, in an attribute of the part of the add-in.
"""

import json
from collections.abc import Mapping

from lxml import etree

from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    RELATED,
    ROOT,
    Element,
    Package,
    declare,
    new_relationships,
    relate,
    relationships_of,
)

PANES, ADD_IN = "xl/webextensions/taskpanes.xml", "xl/webextensions/webextension1.xml"
LITE = "wa200008175"
"""xlwings Lite in Microsoft's store."""

MAIN_PY = "main.py"
"""The property with the Python that Lite runs."""

_RELATED = "http://schemas.microsoft.com/office/2011/relationships"
_TYPE = "application/vnd.ms-office.webextension{}+xml"
_ADD_IN = "http://schemas.microsoft.com/office/webextensions/webextension/2010/11"
_PANES = "http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11"
_PANE = f"""<wetp:taskpanes xmlns:wetp="{_PANES}"><wetp:taskpane dockstate="right" visibility="1" width="438" row="3">\
<wetp:webextensionref xmlns:r="{RELATED}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>"""
_FRAME = f"""<we:webextension xmlns:we="{_ADD_IN}" id="{{7B6E0C55-3E0B-4C5E-9A27-0F6D1C9A7A11}}">\
<we:reference id="{LITE}" version="1.0.0.0" store="en-US" storeType="OMEX"/><we:alternateReferences>\
<we:reference id="{LITE.upper()}" version="1.0.0.0" store="{LITE.upper()}" storeType="OMEX"/></we:alternateReferences>\
<we:properties/><we:bindings/><we:snapshot xmlns:r="{RELATED}"/></we:webextension>"""


def add_lite(parts: dict[str, Element], properties: Mapping[str, str]) -> None:
    """Add xlwings Lite with its properties to the parts of a workbook; its pane opens with the workbook."""
    add_in = etree.fromstring(_FRAME)
    set_properties(add_in, properties)
    parts |= {ADD_IN: add_in, PANES: etree.fromstring(_PANE), relationships_of(PANES): new_relationships()}
    relate(parts[relationships_of(PANES)], f"{_RELATED}/webextension", ADD_IN)
    relate(parts[relationships_of(ROOT)], f"{_RELATED}/webextensiontaskpanes", PANES)
    declare(parts[CONTENT_TYPES], PANES, _TYPE.format("taskpanes"))
    declare(parts[CONTENT_TYPES], ADD_IN, _TYPE.format(""))


def lite_part(package: Package) -> str:
    """The part of xlwings Lite in a workbook; empty without it."""
    panes = package.related(ROOT, "webextensiontaskpanes")
    for line in package.relationships(panes) if panes else ():
        reference = package.tree(line.target).find(f"{{{_ADD_IN}}}reference") if line.kind == "webextension" else None
        if reference is not None and reference.get("id", "").lower() == LITE:
            return line.target
    return ""


def properties_of(add_in: Element) -> dict[str, str]:
    """The properties of an add-in that are texts, by name."""
    values = {line.get("name"): json.loads(line.get("value")) for line in add_in.iter(f"{{{_ADD_IN}}}property")}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def set_properties(add_in: Element, properties: Mapping[str, str]) -> None:
    """Set properties of an add-in; all others stay."""
    there = add_in.find(f"{{{_ADD_IN}}}properties")
    by_name = {line.get("name"): line for line in there}
    for name, text in properties.items():
        line = by_name.get(name)
        if line is None:
            line = etree.SubElement(there, f"{{{_ADD_IN}}}property", name=name)
        line.set("value", json.dumps(text).replace("/", r"\/"))
