"""Bringing a workbook that was made from an older template to the installed version, and leaving all else in it."""

import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree
from python_calamine import CalamineWorkbook

from tierxl.deployment.errors import CannotDeploy
from tierxl.deployment.manifest import free_name
from tierxl.doctor.finding import phrase
from tierxl.doctor.lite import carried_version, version_in
from tierxl.doctor.macros import RIBBON
from tierxl.doctor.office import numbers_in
from tierxl.doctor.vba import OF_WORKBOOK, OURS, SHIPPED, WRAPPERS, VbaProject, code_after_upgrade, read_vba
from tierxl.doctor.workbook import SHEET, WITH_MACROS, XLWINGS_VERSION, settings_of
from tierxl.template import lite
from tierxl.workbooks.atomic import claimed, replacing
from tierxl.workbooks.ooxml.package import (
    CONTENT_TYPES,
    MAIN,
    ROOT,
    Element,
    Package,
    element,
    open_package,
    relate,
    relationships_of,
)
from tierxl.workbooks.ooxml.package_edit import PackageEdit
from tierxl.workbooks.ooxml.web_extension import lite_part, properties_of, set_properties
from tierxl.workbooks.ooxml.workbook_file import WorkbookFile
from tierxl.workbooks.shipped import shipped

_OUR_SETTING = re.compile(r"[\\/]tierxl[\\/]env[\\/]|^tierxl\.", re.IGNORECASE)
"""A Python that our scripts have installed, or a module of ours: what a setting names if it is not the user's own."""
_OF_OTHERS = re.compile(r'CallUDF\("(?!tierxl\.)([^"]+)"')


@dataclass(frozen=True)
class Upgraded:
    """Result of an upgrade.

    Attributes:
        target: the workbook that was written.
        changes: what is new in it; nothing where it was of the installed version already, and nothing was written.
        original: the copy of what the workbook was, where the new one has taken its place.
    """

    target: Path
    changes: list[str]
    original: Path | None = None


def upgrade(book: Path, target: Path) -> Upgraded:
    """Bring the macros, functions, ribbon and settings of a workbook to those of the template that is installed.

    All other parts are passed on byte for byte, and modules of the user's own stay. What was written is read back and
    compared before it takes the place of the target.

    Args:
        book: the workbook, which was made from our template.
        target: the file to write; the workbook itself is replaced after a copy of it was made beside it.

    Raises:
        CannotDeploy: the workbook is none of ours, or something in it must be cleared up by its owner first.
        CannotGrade: it cannot be read or written.
    """
    template = shipped(SHIPPED)
    if book.suffix.lower() == target.suffix.lower() == ".xlsx" and carried_version(book):
        return _upgrade_lite(book, target)
    if book.suffix.lower() == ".xlam":
        raise CannotDeploy(f"{book.name} is the add-in, which is replaced as a whole. {phrase('install_add_in')}")
    if book.suffix.lower() not in WITH_MACROS or target.suffix.lower() != book.suffix.lower():
        raise CannotDeploy(f"{book.name} and what is written must be of the same kind, with macros: .xlsm or .xltm.")
    with claimed(target, [book]):
        old, new = read_vba(book), read_vba(template)
        settings = settings_of(book)
        if old is None or new is None or not (old.is_from_template and settings):
            raise CannotDeploy(f"{book.name} was not made from the template. {phrase('new_workbook')}")
        wanted = settings | _new_settings(settings, settings_of(template))
        _refuse(book, old, settings, wanted)
        with closing(open_package(book)) as package:
            edit = PackageEdit(package)
            expected = _expected(old.code, new.code)
            parts = dict(_renew_modules(edit, old.code, expected, template))
            parts |= _renew_ribbon(edit, template)
            parts |= _renew_settings(edit, settings, wanted)
            return _write_workbook(edit, target, parts, expected, wanted) if parts else Upgraded(target, [])


def _upgrade_lite(book: Path, target: Path) -> Upgraded:
    """Bring the Python that a workbook carries for xlwings Lite to the installed version."""
    with claimed(target, [book]), closing(open_package(book)) as package:
        edit = PackageEdit(package)
        part = lite_part(package)
        add_in = edit.tree(part)
        old, new = properties_of(add_in), lite.properties()
        if numbers_in(version_in(old) or "") > numbers_in(version_in(new) or ""):
            raise CannotDeploy(f"{book.name} is newer than the tierxl that is installed. Run the install script first.")
        fresh = {name: text for name, text in new.items() if text != old.get(name)}
        if not fresh:
            return Upgraded(target, [])
        set_properties(add_in, fresh)
        copy = free_name(book, "before upgrade") if target.resolve() == book.resolve() else None
        with replacing(target) as draft:
            edit.write(draft)
            with closing(open_package(draft)) as written:
                is_whole = properties_of(written.tree(part)) == old | new
            if not (is_whole and _is_all_else_the_same(package, draft, [part])):
                raise CannotDeploy(f"{book.name} cannot be upgraded without harm, so it was left as it is.")
            if copy:
                shutil.copy2(book, copy)
    return Upgraded(target, [f"Python of xlwings Lite: {', '.join(fresh)}"], copy)


def _refuse(book: Path, old: VbaProject, settings: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Refuse a workbook that must not be changed as it is."""
    in_editor = "Open the workbook in Excel and press Alt+F11. "
    if old.is_signed:
        raise CannotDeploy(
            f"The macros of {book.name} are signed, and would not be any more. {in_editor}Tools > Digital Signature > "
            "Remove, save, and upgrade again; then have them signed anew."
        )
    if old.has_password:
        raise CannotDeploy(
            f"The macros of {book.name} are protected by a password. {in_editor}Tools > VBAProject Properties > "
            "Protection: enter the password and remove it, save, and upgrade again."
        )
    if numbers_in(settings.get(XLWINGS_VERSION, "")) > numbers_in(wanted[XLWINGS_VERSION]):
        raise CannotDeploy(f"{book.name} is newer than the tierxl that is installed. Run the install script first.")
    if others := set(_OF_OTHERS.findall(old.code[WRAPPERS])):
        raise CannotDeploy(
            f"The module {WRAPPERS} of {book.name} has functions of your own, from {', '.join(sorted(others))}. "
            f"{in_editor}Delete them, save, upgrade again, and import them anew."
        )


# --- Macros and functions --------------------------------------------------------------------------------------------


def _expected(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The code after the upgrade: the user's own modules, and ours anew."""
    own = {name: code for name, code in old.items() if name not in new and not name.startswith(OURS)}
    return own | {name: code_after_upgrade(name, old.get(name), code) for name, code in new.items()}


def _renew_modules(
    edit: PackageEdit, old: Mapping[str, str], expected: Mapping[str, str], template: Path
) -> Iterator[tuple[str, str]]:
    """Put new modules into the VBA project: the part, and what is new in it."""
    fresh = {name: code for name, code in expected.items() if code != old.get(name)}
    surplus = [name for name in old if name not in expected]
    if fresh or surplus:
        part = edit.package.name_of(edit.package.related(edit.package.main_part(), "vbaProject"))
        project = _project(edit.package.path, fresh, surplus, template)
        edit.set_text(part, partial(iter, [project]))
        yield part, f"modules {', '.join((*fresh, *surplus))}"


def _project(book: Path, fresh: Mapping[str, str], surplus: Collection[str], template: Path) -> bytes:
    """The VBA project of a workbook with the new code of some modules, and without others."""
    from pyopenvba import ExcelFile  # noqa: PLC0415  seldom needed

    from tierxl.template.vba_project import without_compiled_code  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        copy = Path(folder, "copy.xlsm")  # a template would only be read
        shutil.copyfile(book, copy)
        with ExcelFile(template) as source, ExcelFile(copy) as file:
            project = file.vba_project()
            for name in surplus:
                project.delete_module(name)
            for name, code in fresh.items():
                module = source.vba_project().get_module(name)
                if name in project.module_names():
                    file.set_module(name, code if name == OF_WORKBOOK else module.source)
                else:
                    project.add_module(name, module.source, kind=module.kind)
            file.save()
        with ExcelFile(copy) as file:
            return without_compiled_code(file.vba_project_bytes())


# --- The ribbon ------------------------------------------------------------------------------------------------------


def _renew_ribbon(edit: PackageEdit, template: Path) -> Iterator[tuple[str, str]]:
    """Put our new tab in the place of the old one; tabs of the user's own stay: the part, and what is new in it.

    Where there is no ribbon any more, as after another program has saved the workbook, it is that of the template.
    """
    with closing(open_package(template)) as with_template:
        part = with_template.related(ROOT, RIBBON)
        new, around = with_template.tree(part), with_template.tree(relationships_of(ROOT))
    ribbons = [line.target for line in edit.package.relationships(ROOT) if line.kind == RIBBON]
    if not ribbons:
        name = edit.new_name(part)
        edit.add(name, new, "application/xml")
        relate(edit.relationships(ROOT), next(kind for kind in around.xpath("*/@Type") if kind.endswith(RIBBON)), name)
        yield from {name: "ribbon", relationships_of(ROOT): "", CONTENT_TYPES: ""}.items()
    for part in ribbons:
        ribbon = edit.package.tree(part)
        for old, tab in zip(_our_tabs(ribbon), _our_tabs(new), strict=False):
            if _canonical(old) != _canonical(tab):
                old.getparent().replace(old, tab)
                edit.set_tree(edit.package.name_of(part), ribbon)
                yield edit.package.name_of(part), "ribbon"


def _canonical(tab: Element) -> str:
    return str(etree.canonicalize(etree.tostring(tab, encoding="unicode", with_tail=False), strip_text=True))


def _our_tabs(ribbon: Element) -> list[Element]:
    return [tab for tab in ribbon.iter("{*}tab") if tab.get("id", "").startswith(OURS)]


# --- The settings of xlwings -----------------------------------------------------------------------------------------


def _new_settings(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The settings that become those of the template: the version, and what is not of the user's own."""
    ours = {name for name, value in old.items() if _OUR_SETTING.search(value)} | {XLWINGS_VERSION}
    return {name: new[name] for name in ours & set(new)}


def _renew_settings(edit: PackageEdit, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Write the settings that differ into their cells, or below the others: the part, and what is new in it."""
    names = [name for name, value in new.items() if value != old.get(name)]
    if names:
        with CalamineWorkbook.from_path(edit.package.path) as opened:
            rows = opened.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
        there = [str(row[0]).upper() for row in rows]
        part = WorkbookFile(edit.package.path, edit.package).sheet_parts[SHEET]
        data = edit.tree(part).find(f"{{{MAIN}}}sheetData")
        for name in names:
            number = there.index(name) + 1 if name in there else len(rows) + 1
            _write(data, number, {"A": name, "B": new[name]} if number > len(rows) else {"B": new[name]})
        yield part, f"settings {', '.join(names)}"


def _write(data: Element, number: int, texts: Mapping[str, str]) -> None:
    """Write texts into the cells of a row, by column; the last row may be new."""
    row = data.find(f"{{{MAIN}}}row[@r='{number}']")
    if row is None:
        row = element("row", r=str(number))
        data.append(row)
    for column, text in texts.items():
        place = f"{column}{number}"
        cell = row.find(f"{{{MAIN}}}c[@r='{place}']")
        if cell is None:
            cell = element("c", r=place)
            row.append(cell)
        cell[:] = [element("is")]
        cell.set("t", "inlineStr")
        cell[0].append(element("t"))
        cell[0][0].text = text


# --- Writing ---------------------------------------------------------------------------------------------------------


def _write_workbook(
    edit: PackageEdit, target: Path, parts: Mapping[str, str], code: Mapping[str, str], settings: Mapping[str, str]
) -> Upgraded:
    """Write the workbook, look whether all is as it should be, and keep a copy of what it replaces."""
    book = edit.package.path
    copy = free_name(book, "before upgrade") if target.resolve() == book.resolve() else None
    with replacing(target) as draft:
        edit.write(draft)
        vba = read_vba(draft)
        if not (_is_all_else_the_same(edit.package, draft, parts) and vba and vba.code == code) or (
            settings_of(draft) != settings
        ):
            raise CannotDeploy(f"{book.name} cannot be upgraded without harm, so it was left as it is.")
        if copy:
            shutil.copy2(book, copy)
    return Upgraded(target, list(filter(None, parts.values())), copy)


def _is_all_else_the_same(before: Package, draft: Path, apart_from: Collection[str]) -> bool:
    """True where two packages have the same parts, byte for byte, but for some."""
    with closing(open_package(draft)) as after:
        return set(before.infos) | set(apart_from) == set(after.infos) and all(
            b"".join(before.packed(name)) == b"".join(after.packed(name))
            for name in set(before.infos) - set(apart_from)
        )
