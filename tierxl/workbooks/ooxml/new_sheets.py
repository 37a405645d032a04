"""Sheets of our own making, before they are written anywhere: as a new workbook, or into one of the user's."""

import errno
import gc
import math
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import chain, islice, pairwise
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import _writer
from openpyxl.compat import safe_string
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.writer.excel import ExcelWriter

from tierxl.workbooks.ooxml.bulk_cells import Block
from tierxl.workbooks.ooxml.formula_cells import with_formulas
from tierxl.workbooks.ooxml.package import Element
from tierxl.workbooks.ooxml.plain_xml import plain
from tierxl.workbooks.ooxml.row_patch import CellPatch, as_patch, patched
from tierxl.workbooks.ooxml.sheet_xml import Row, SheetPart, reach_over, text_of

_COMPRESSION = 5
"""The level of compression, of 9: see benchmarks/README.md."""

_STYLE = re.compile(rb'(<c r="[A-Z]+[0-9]+" s=")([0-9]+)')
_SHARED = re.compile(rb' t="s"><v>([0-9]+)</v>')
_ITEMS = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
_DATA = re.compile(rb"<sheetData(?:\s[^<>]*)?/>")
_MOST_WITH_PLACES = 5_000
"""Rows of a long table of our own in which every cell names its place; of more, that would be half of the sheet."""

_PIECES = 500
"""The rows of a sheet that are compressed at once."""
_BLOCK = 1 << 20
_LARGE = 1_500_000_000
_SIZES_FOLLOW, _NAME_IS_UTF_8 = 0x8, 0x800
_ORDER_IN_A_FONT = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_IS_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def new_workbook(*, since_1904: bool = False) -> Workbook:
    """An empty workbook, without any sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    return book


@dataclass(frozen=True)
class Draft:
    """Sheets of our own making.

    Attributes:
        book: the sheets, without their long tables.
        names: the names that their tables cannot have, in lower case.
        blocks: the long tables, by the title of their sheet.
        formulas: the formulas beside the values of cells, by the title of their sheet, by row and column.
        places: the cells and ranges of the names in formulas; None where there are to be values only.
    """

    book: Workbook = field(default_factory=new_workbook)
    names: frozenset[str] = frozenset()
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    formulas: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    places: Mapping[str, str] | None = None


class DraftParts:
    """A draft as the parts of a package, in which the long tables are still missing.

    Attributes:
        parts: the parts by name.
        sheets: the part of each sheet, by title.
        is_hidden: whether each sheet is hidden, by title.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        with zipfile.ZipFile(_saved(draft.book)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        _refuse_half_a_sheet(self.parts)
        self.sheets = {sheet.title: sheet.path.lstrip("/") for sheet in draft.book.worksheets}
        self.is_hidden = {sheet.title: sheet.sheet_state == "hidden" for sheet in draft.book.worksheets}
        self._sheets = {
            title: SheetPart(partial(BytesIO, self.parts[name]), Path(title)) for title, name in self.sheets.items()
        }
        self._strings = _ITEMS.findall(self.parts.get("xl/sharedStrings.xml", b""))

    def frame(self, title: str) -> Element:
        """A sheet without its rows, as elements."""
        frame = self._sheets[title].frame
        for block in self._draft.blocks.get(title, []):
            reach_over(frame, block.area)
        return frame

    def text(self, title: str, styles: Mapping[int, int] | None = None) -> Iterator[bytes]:
        """The rows of a sheet with its long tables.

        Args:
            title: the sheet.
            styles: the numbers of its styles in the user's workbook, if it goes into one: there texts stand in the
                cells, and very long tables do not name every place.
        """
        rows = list(self._sheets[title].rows())
        if styles is not None:
            formulas = self._draft.formulas.get(title, {})
            rows = [(number, self._at_home_elsewhere(row, styles)) for number, row in rows]
            rows = [(number, with_formulas(number, row, formulas)) for number, row in rows] if formulas else rows
        blocks = self._draft.blocks.get(title, [])
        if _stand_apart(rows, blocks):
            pieces = [(number, text_of([(number, row)])) for number, row in rows]
            most = math.inf if styles is None else _MOST_WITH_PLACES
            pieces += [(block.area.top, block.text(styles, is_compact=len(block.rows) > most)) for block in blocks]
            return chain.from_iterable(text for _, text in sorted(pieces, key=itemgetter(0)))
        over: Iterable[Row] = rows
        for block in blocks:
            over = patched(over, block.patches(styles))
        return text_of(over)

    def patches(self, title: str, styles: Mapping[int, int]) -> list[Iterator[CellPatch]]:
        """The cells of a sheet, to lay over the rows of another, with the styles' numbers there."""
        rows = self._sheets[title].rows()
        few = (as_patch(number, self._at_home_elsewhere(row, styles)) for number, row in rows)
        return [few, *(block.patches(styles) for block in self._draft.blocks.get(title, []))]

    def _at_home_elsewhere(self, row: bytes, styles: Mapping[int, int]) -> bytes:
        row = _STYLE.sub(lambda match: b"%s%d" % (match[1], styles[int(match[2])]), row)
        return _SHARED.sub(lambda match: b' t="inlineStr"><is>%s</is>' % self._strings[int(match[1])], row)


@contextmanager
def strict_writing() -> Iterator[None]:
    """As long as this lasts, openpyxl writes fonts in the order of the schema, and numbers to the last bit."""
    before = Font.__elements__, _writer.safe_string
    Font.__elements__, _writer.safe_string = _ORDER_IN_A_FONT, _all_digits
    try:
        yield
    finally:
        Font.__elements__, _writer.safe_string = before


def _all_digits(value: object) -> str:
    """A number with all its digits, of which openpyxl writes 16."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return repr(value) if is_number else safe_string(value)


def _saved(book: Workbook) -> BytesIO:
    """The package of a workbook, as openpyxl writes it.

    Raises:
        OSError: the disk is full. What openpyxl leaves behind then complains again when it is cleared, in silence.
    """
    file = BytesIO()
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    failure: OSError | None = None  # without the traceback, which would keep what openpyxl leaves behind
    try:
        try:
            with strict_writing():
                ExcelWriter(book, zipfile.ZipFile(file, "w")).save()  # unpacked again at once, so not packed at all
        except FileNotFoundError:  # no folder takes the files that openpyxl writes sheets into
            failure = _of_disk(errno.ENOSPC, "there is no room for temporary files; free some space on the disk")
        except OSError as error:
            failure = _of_disk(error.errno or errno.EIO)
        except etree.LxmlError as error:  # it names the system's error in its own way, such as IO_ENOSPC
            failure = _of_disk(getattr(errno, str(error).removeprefix("IO_"), errno.EIO))
        if failure:
            gc.collect()
    finally:
        sys.unraisablehook = hook
    if failure:
        raise failure
    return file


def _of_disk(number: int, why: str = "") -> OSError:
    """An error of the disk by its number, in the system's words if there are no better ones."""
    return OSError(number, why or os.strerror(number))


def _refuse_half_a_sheet(parts: Mapping[str, bytes]) -> None:
    """Refuse sheets whose end is missing, as openpyxl leaves them without a word on a full disk.

    Raises:
        OSError: the disk's own error, where it comes again.
    """
    cut = [part for name, part in parts.items() if _IS_SHEET.match(name) and not part.endswith(b"</worksheet>")]
    if cut:
        with TemporaryFile() as file:
            file.write(bytes(_BLOCK))
        raise _of_disk(errno.EIO)


def _stand_apart(rows: Sequence[Row], blocks: Sequence[Block]) -> bool:
    """True if no row has cells of two long tables, or of one and others beside it."""
    spans = sorted([(number, number) for number, _ in rows] + [(block.area.top, block.area.bottom) for block in blocks])
    return all(last < first for (_, last), (first, _) in pairwise(spans))


def sheet_text(frame: Element, rows: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet as text: its frame, with the text of rows in it."""
    text = plain(frame)
    data = _DATA.search(text)
    assert data
    yield text[: data.end() - 2] + b">"
    yield from rows
    yield b"</sheetData>" + text[data.end() :]


def write_draft(draft: Draft, file: Path | BytesIO) -> None:
    """Write a draft as a new workbook, on the disk or in memory."""
    made = DraftParts(draft)
    long = {made.sheets[title]: title for title in draft.blocks}
    with new_package(file) as package:
        for name, part in made.parts.items():
            title = long.get(name)
            write_part(package, name, sheet_text(made.frame(title), made.text(title)) if title else [part])


@contextmanager
def new_package(file: Path | BytesIO) -> Iterator[zipfile.ZipFile]:
    """A package, open for writing. One that could not be finished is let go of without another word."""
    package = zipfile.ZipFile(file, "w")
    try:
        yield package
        package.close()
    except BaseException:
        opened, package.fp = package.fp, None
        if opened:
            with suppress(OSError):
                opened.close()
        raise


def write_part(package: zipfile.ZipFile, name: str, text: Iterable[bytes], size: int = 0) -> None:
    """Write a part in pieces.

    Args:
        package: the package, open for writing.
        name: the part.
        text: its pieces.
        size: how large it may become, in bytes, where it may be more than two thousand million.
    """
    info = zipfile.ZipInfo(name)
    info.compress_type, info._compresslevel = zipfile.ZIP_DEFLATED, _COMPRESSION  # type: ignore[attr-defined]  # noqa: SLF001
    with package.open(info, "w", force_zip64=size > _LARGE) as part:
        pieces = iter(text)
        while some := b"".join(islice(pieces, _PIECES)):
            part.write(some)


class _Copied(zipfile.ZipInfo):
    """The entry of a part of another package: its name, size and packing are as they are there."""

    def __init__(self, info: zipfile.ZipInfo) -> None:
        super().__init__(info.filename, info.date_time)
        self.compress_type, self.flag_bits = info.compress_type, info.flag_bits & ~_SIZES_FOLLOW
        self.create_system, self.external_attr = info.create_system, info.external_attr
        self.CRC, self.compress_size, self.file_size = info.CRC, info.compress_size, info.file_size
        self._name = info.orig_filename.encode("utf-8" if info.flag_bits & _NAME_IS_UTF_8 else "cp437")

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self._name, self.flag_bits


def copy_part(package: zipfile.ZipFile, info: zipfile.ZipInfo, packed: Iterable[bytes]) -> None:
    """Pass a part of another package on as it lies packed there, which zipfile does not offer.

    Args:
        package: the package, open for writing.
        info: the part's entry in the other package.
        packed: the part as it lies there.
    """
    file, entry = package.fp, _Copied(info)
    assert file
    file.seek(package.start_dir)
    entry.header_offset = file.tell()
    file.write(entry.FileHeader())
    file.writelines(packed)
    package.start_dir = file.tell()
    package.filelist.append(entry)
    package.NameToInfo[entry.filename] = entry
    package._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001
