"""Legal rewritings of packages and their zip file: the same parts under other names, related and packed otherwise."""

import posixpath

from tests.packages import CONTENT_TYPES, MAIN, OFFICE, rels_of
from tests.rewriting.container import Chances, happens
from tests.rewriting.content import DEFAULT, OVERRIDE, RELATIONSHIPS, Content, Element, Rewriting

# --- Relationships ---------------------------------------------------------------------------------------------------


def _sources(content: Content) -> list[str]:
    """The parts that have relationships, and the package itself."""
    return [name for name in ("", *content.order) if rels_of(name) in content.trees]


def absolute_targets(content: Content, random: Chances) -> None:
    for source in _sources(content):
        for relationship, target in content.relationships(source):
            if happens(random, 0.7) and not relationship.get("Target").startswith("#"):
                relationship.set("Target", f"/{target}")


def relative_targets(content: Content, random: Chances) -> None:
    """Targets with steps that lead nowhere: ./ and down and up again."""
    for source in _sources(content):
        for relationship, target in content.relationships(source):
            if happens(random, 0.7) and not relationship.get("Target").startswith("#"):
                down = posixpath.relpath(target, posixpath.dirname(source) or ".")
                folder = posixpath.basename(posixpath.dirname(source))
                relationship.set("Target", random.choice((f"./{down}", f"../{folder}/{down}" if folder else down)))


def target_modes(content: Content, random: Chances) -> None:
    """Targets that are said to be inside of the package."""
    for source in _sources(content):
        for relationship, _ in content.relationships(source):
            if happens(random):
                relationship.set("TargetMode", "Internal")


def relationship_ids(content: Content, random: Chances) -> None:
    """Other ids for the relationships of the workbook and of its sheets."""
    for source in _sources(content):
        if content.trees.get(source) is None or not content.trees[source].tag.startswith(MAIN):
            continue
        ids = {}
        for number, relationship in enumerate(content.trees[rels_of(source)]):
            ids[relationship.get("Id")] = random.choice((f"R{number:016x}", f"rel-{number}", f"_{number}.x"))
            relationship.set("Id", ids[relationship.get("Id")])
        for element in content.trees[source].iter():
            for name, value in element.items():
                if name.startswith(f"{{{OFFICE}}}") and value in ids:
                    element.set(name, ids[value])


def relationship_order(content: Content, random: Chances) -> None:
    for tree in content.trees.values():
        if tree.tag == RELATIONSHIPS and happens(random, 0.7):
            _shuffle(tree, random)


def _shuffle(tree: Element, random: Chances) -> None:
    children = list(tree)
    random.shuffle(children)
    tree[:] = children


# --- Content types ---------------------------------------------------------------------------------------------------


def content_types_of_extensions(content: Content, random: Chances) -> None:
    """The commonest content type of an extension as its default, and others where a part has another."""
    types = content.trees[CONTENT_TYPES]
    overrides = [each for each in types.iterfind(OVERRIDE) if each.get("PartName").lower().endswith(".xml")]
    chosen = random.choice(overrides).get("ContentType")
    defaults = [each for each in types.iterfind(DEFAULT) if each.get("Extension").lower() == "xml"]
    named = {each.get("PartName").lstrip("/").lower() for each in types.iterfind(OVERRIDE)}
    for default in defaults:
        for name in content.order:
            if name.lower().endswith(".xml") and name.lower() not in named and name != CONTENT_TYPES:
                types.append(types.makeelement(OVERRIDE, PartName=f"/{name}", ContentType=default.get("ContentType")))
        types.remove(default)
    for each in overrides:
        if each.get("ContentType") == chosen:
            types.remove(each)
    types.insert(0, types.makeelement(DEFAULT, Extension="xml", ContentType=chosen))


def content_types_of_parts(content: Content, random: Chances) -> None:
    """A content type of its own for every part."""
    types = content.trees[CONTENT_TYPES]
    named = {each.get("PartName").lstrip("/").lower() for each in types.iterfind(OVERRIDE)}
    defaults = {each.get("Extension").lower(): each.get("ContentType") for each in types.iterfind(DEFAULT)}
    for name in content.order:
        ending = name.rpartition(".")[2].lower()
        if name.lower() not in named and ending in defaults and name != CONTENT_TYPES and happens(random, 0.8):
            types.append(types.makeelement(OVERRIDE, PartName=f"/{name}", ContentType=defaults[ending]))


def content_types_order(content: Content, random: Chances) -> None:
    _shuffle(content.trees[CONTENT_TYPES], random)


def content_types_in_capitals(content: Content, random: Chances) -> None:
    """Extensions and names of parts in other letters than the parts have."""
    for each in content.trees[CONTENT_TYPES].iterfind("*"):
        name = "Extension" if each.tag == DEFAULT else "PartName"
        if happens(random):
            each.set(name, random.choice((each.get(name).upper(), each.get(name).lower())))


# --- Names -----------------------------------------------------------------------------------------------------------


def content_types_item(content: Content, random: Chances) -> None:
    """[Content_Types].xml in other letters."""
    content.item_names[CONTENT_TYPES] = random.choice(("[content_types].xml", "[CONTENT_TYPES].XML"))


def item_names_in_other_letters(content: Content, random: Chances) -> None:
    """Parts in capitals or small letters, while what names them has the letters that they had."""
    for name in content.order:
        if name != CONTENT_TYPES and happens(random):
            content.item_names[name] = random.choice((name.upper(), name.lower(), name.title()))


def part_names(content: Content, random: Chances) -> None:
    """Parts of spreadsheets in other folders and under other names."""
    types = content.trees[CONTENT_TYPES]
    renamed = {}
    for number, name in enumerate(content.order):
        if name in content.trees and content.trees[name].tag.startswith(MAIN) and happens(random, 0.7):
            own = [each for each in types.iterfind(OVERRIDE) if each.get("PartName").lower() == f"/{name.lower()}"]
            folder = random.choice(("", "xl/", "content/parts/", "xl/worksheets/"))
            renamed[name] = f"{folder}Part-{number}.{'bin' if own and happens(random, 0.2) else 'xml'}"
            for each in own:
                each.set("PartName", f"/{renamed[name]}")
            if not own:
                renamed[name] = f"{folder}Part-{number}.{name.rpartition('.')[2]}"
    targets = [
        (relationship, target) for source in _sources(content) for relationship, target in content.relationships(source)
    ]
    for relationship, target in targets:
        if not relationship.get("Target").startswith("#"):
            relationship.set("Target", f"/{renamed.get(target, target)}")
    _rename(content, renamed | {rels_of(old): rels_of(new) for old, new in renamed.items()})


def _rename(content: Content, renamed: dict[str, str]) -> None:
    content.order = [renamed.get(name, name) for name in content.order]
    for parts in (content.trees, content.others, content.spelling):
        for old, new in renamed.items():
            if old in parts:
                parts[new] = parts.pop(old)  # type: ignore[attr-defined]
    content.__dict__.pop("workbook", None)


# --- The zip file ----------------------------------------------------------------------------------------------------


def stored_items(content: Content, random: Chances) -> None:
    content.container.stored = random


def compression_levels(content: Content, random: Chances) -> None:
    content.container.levels = random


def data_descriptors(content: Content, random: Chances) -> None:
    content.container.descriptors = random


def zip64_items(content: Content, random: Chances) -> None:
    content.container.zip64_items = random


def zip64_end(content: Content, _: Chances) -> None:
    content.container.zip64_end = True


def extra_fields(content: Content, random: Chances) -> None:
    content.container.extra_fields = random


def utf8_names(content: Content, random: Chances) -> None:
    content.container.utf8_names = random


def folder_items(content: Content, _: Chances) -> None:
    content.container.folders = True


def item_order(content: Content, random: Chances) -> None:
    content.container.order = random


def zip_comment(content: Content, random: Chances) -> None:
    content.container.comment = random.choice((b"made by a program", bytes(64), b"x" * 65535))


def zip_comment_with_end_record(content: Content, _: Chances) -> None:
    """A comment that looks as if the directory ended in it."""
    content.container.comment = b"PK\5\6" + bytes(18)


PACKAGES: tuple[Rewriting, ...] = (
    absolute_targets, relative_targets, part_names, target_modes, relationship_ids, relationship_order,
    content_types_of_extensions, content_types_of_parts, content_types_order, content_types_in_capitals,
    content_types_item, item_names_in_other_letters, stored_items, compression_levels, data_descriptors, zip64_items,
    zip64_end, extra_fields, utf8_names, folder_items, item_order, zip_comment,
)  # fmt: skip
