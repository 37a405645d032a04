"""Packages put together part by part, for what no program at hand writes."""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from tests.corpus.make.clients import HEADERS, ROWS

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NAMESPACES = (
    f'xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'mc:Ignorable="x14ac xr xr2 xr3" xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" '
    f'xmlns:xr="{MICROSOFT}/spreadsheetml/2014/revision" xmlns:xr2="{MICROSOFT}/spreadsheetml/2015/revision2" '
    f'xmlns:xr3="{MICROSOFT}/spreadsheetml/2016/revision3"'
)
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
XM = f"{MICROSOFT}/excel/2006/main"


class Assembly:
    """A package in the making."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        self.overrides: dict[str, str] = {}
        self.relationships: dict[str, list[tuple[str, str, str, bool]]] = {}

    def add(self, name: str, content: str | bytes, kind: str | None = None) -> None:
        """Add a part; its type is that of its extension where none is given."""
        if isinstance(content, str):
            content = (content if "<?xml" in content[:10] else DECLARATION + content).encode()
        self.parts[name] = content
        if kind:
            self.overrides[name] = kind

    def relate(self, source: str, kind: str, target: str, name: str = "", *, external: bool = False) -> str:
        """Relate a part, or the package where it is "", to a target; the relationship's id."""
        known = self.relationships.setdefault(source, [])
        name = name or f"rId{len(known) + 1}"
        known.append((name, kind if ":" in kind else f"{OFFICE}/{kind}", target, external))
        return name

    def write(
        self, path: Path, *, method: int = zipfile.ZIP_DEFLATED, folders: Sequence[str] = (), types_last: bool = False
    ) -> None:
        types = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in self.defaults.items())
        types += "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self.overrides.items()
        )
        content_types = f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{types}</Types>'.encode()
        parts = dict(self.parts)
        for source, known in self.relationships.items():
            folder, _, name = source.rpartition("/")
            lines = "".join(
                f'<Relationship Id="{at}" Type="{kind}" Target="{escape(target)}"{_MODE if external else ""}/>'
                for at, kind, target, external in known
            )
            text = f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'
            parts[f"{folder}/_rels/{name}.rels".removeprefix("/")] = text.encode()
        first = {} if types_last else {"[Content_Types].xml": content_types}
        with zipfile.ZipFile(path, "w") as package:
            for folder in folders:
                package.writestr(zipfile.ZipInfo(folder), b"")
            for name, part in {**first, **parts, "[Content_Types].xml": content_types}.items():
                info = zipfile.ZipInfo(name)
                info.compress_type, info.create_system = method, 0
                package.writestr(info, part)


_MODE = ' TargetMode="External"'


class Strings:
    """Shared strings in the making."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.uses = 0

    def at(self, text: str) -> int:
        self.uses += 1
        return self.texts.setdefault(text, len(self.texts))

    def part(self) -> str:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.texts)
        return f'<sst xmlns="{MAIN}" count="{self.uses}" uniqueCount="{len(self.texts)}">{items}</sst>'


def serial(day: date, epoch: date = date(1899, 12, 30)) -> int:
    return (day - epoch).days


def cell(address: str, value: object, strings: Strings | None = None, style: str = "", p: str = "") -> str:
    """A cell, with shared or with inline text; `p` is the prefix of the namespace, `address` may be missing."""
    place = f' r="{address}"' if address else ""
    if value is None:
        return f"<{p}c{place}{style}/>" if style or not address else ""
    if isinstance(value, str):
        if strings is not None:
            return f'<{p}c{place}{style} t="s"><{p}v>{strings.at(value)}</{p}v></{p}c>'
        return f'<{p}c{place}{style} t="inlineStr"><{p}is><{p}t>{escape(value)}</{p}t></{p}is></{p}c>'
    return f"<{p}c{place}{style}><{p}v>{value}</{p}v></{p}c>"


def client_lines(
    header: str = "", money: str = "", day: str = "", epoch: date = date(1899, 12, 30)
) -> list[list[tuple[object, str]]]:
    """The clients with their headers: each cell's value and the attribute of its style."""
    lines: list[list[tuple[object, str]]] = [[(text, header) for text in HEADERS]]
    for row in ROWS:
        values = [serial(value, epoch) if isinstance(value, date) else value for value in row]
        styles = [day if isinstance(value, date) else money if at in (4, 5, 6) else "" for at, value in enumerate(row)]
        lines.append(list(zip(values, styles, strict=True)))
    return lines


def excel_row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}" spans="1:12" x14ac:dyDescent="0.35">{"".join(cells)}</row>'


def excel_rows(lines: list[list[tuple[object, str]]], strings: Strings) -> list[str]:
    """Rows of cells as Excel writes them."""
    return [
        excel_row(
            number,
            (
                cell(f"{get_column_letter(at)}{number}", value, strings, style)
                for at, (value, style) in enumerate(line, 1)
            ),
        )
        for number, line in enumerate(lines, 1)
    ]
