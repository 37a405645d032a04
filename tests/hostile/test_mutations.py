"""Workbooks whose XML is taken apart and put together otherwise: each is graded or refused, in one sentence."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.packages import MAIN, parts
from tests.test_byte_soup import taste

pytestmark = pytest.mark.hypothesis

Element = ET.Element
VALUES = ("", "0", "-1", "1", "abc", "A1", "A1:B2", "s", "str", "b", "e", "d", "true", "rId9", "../x.xml", "1e5", "é")
TAGS = ("c", "v", "row", "sheetData", "is", "t", "si", "sst", "xf", "sheet", "f", "font", "numFmt", "definedName")


def delete_attribute(_root: Element, element: Element, name: str, _: str) -> None:
    element.attrib.pop(name, None)


def change_attribute(_root: Element, element: Element, name: str, value: str) -> None:
    element.set(name, value)


def change_text(_root: Element, element: Element, _: str, value: str) -> None:
    element.text = value


def rename(_root: Element, element: Element, _: str, value: str) -> None:
    element.tag = f"{{{MAIN}}}{TAGS[VALUES.index(value) % len(TAGS)]}"


def delete(root: Element, element: Element, _: str, __: str) -> None:
    for parent in root.iter():
        if element in list(parent):
            parent.remove(element)


def double(root: Element, element: Element, _: str, __: str) -> None:
    for parent in list(root.iter()):
        if element in list(parent):
            parent.append(element)


def move_to_the_end(root: Element, element: Element, _: str, __: str) -> None:
    if element is not root and not any(root in each for each in element.iter()):
        delete(root, element, "", "")
        root.append(element)


CHANGES: tuple[Callable[[Element, Element, str, str], None], ...] = (
    delete_attribute, change_attribute, change_text, rename, delete, double, move_to_the_end,
)  # fmt: skip
changes = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(0, 300), st.integers(0, 5), st.sampled_from(VALUES)),
    min_size=1, max_size=4,
)  # fmt: skip


def changed(part: bytes, wanted: list[tuple[Callable[[Element, Element, str, str], None], int, int, str]]) -> bytes:
    """A part of XML after some changes: each says which, at which element, at which attribute, and to what."""
    root = ET.fromstring(part)
    for change, at, attribute, value in wanted:
        elements = list(root.iter())
        element = elements[at % len(elements)]
        names = [*element.attrib, "r"]
        change(root, element, names[attribute % len(names)], value)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def package(changed_parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, part in changed_parts.items():
            made.writestr(name, part)
    return written.getvalue()


@pytest.fixture(scope="module")
def bowl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations")


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(parts())), wanted=changes, target=st.sampled_from([".csv", ".csv", ".xlsx"]))
def test_a_workbook_whose_parts_are_put_together_otherwise(
    bowl: Path, name: str, wanted: list[tuple[Callable[[Element, Element, str, str], None], int, int, str]], target: str
):
    raw = package({**parts(), name: changed(parts()[name], wanted)})
    taste(bowl, ".xlsx", raw, target)


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(parts())), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7),
    target=st.sampled_from([".csv", ".csv", ".xlsx"]),
)  # fmt: skip
def test_a_workbook_with_a_bit_of_a_part_turned(bowl: Path, name: str, place: float, bit: int, target: str):
    part = bytearray(parts()[name])
    part[int(place * len(part))] ^= 1 << bit
    taste(bowl, ".xlsx", package({**parts(), name: bytes(part)}), target)
