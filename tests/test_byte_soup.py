"""Whatever bytes a file holds, the command ends with one sentence or with a graded file, never with a traceback."""

import io
import re
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from tests import files
from tierxl.cli import app

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".parquet")
ROWS: list[tuple[Any, ...]] = [
    ("Client", "Client ID", "Revenue", "Margin", "Client since", "Opportunity", "Own"),
    ("Abel", "007", 1200.5, "20 %", datetime(2020, 1, 2), "High", "=1+1"),
    ("Baker", "08", 300, "5 %", None, None, True),
    ("Cohen", None, 50, None, datetime(2021, 1, 2), "soon", "x"),
]
CSV = 'Client,Client ID,Revenue,Margin,Client since,Own\nAbel,007,"1,200",20%,2020-01-02,"x\ny"\nBaker,08,300,,,=1\n'


@pytest.fixture(scope="module")
def bowl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("soup")


def taste(bowl: Path, suffix: str, raw: bytes, target: str = ".csv") -> None:
    """Grade a file of these bytes: it is graded, or refused in one sentence with nothing written."""
    source, output = bowl / f"soup{suffix}", bowl / f"graded{target}"
    source.write_bytes(raw)
    output.unlink(missing_ok=True)
    result = CliRunner().invoke(app, ["grade", str(source), "-o", str(output), "--as-of", "2026-11-22"])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 2)
    assert output.exists() == (result.exit_code == 0)
    if result.exit_code == 2:
        (sentence,) = result.stderr.splitlines()
        assert sentence
        assert result.stdout == ""
    soups = {f"soup{each}" for each in SUFFIXES}
    assert {path.name for path in bowl.iterdir()} <= soups | {
        "graded.csv", "graded.xlsx", "whole.xlsx", "whole.parquet",
    }  # fmt: skip


@cache
def whole(suffix: str, bowl: Path) -> bytes:
    """The bytes of a valid file."""
    match suffix:
        case ".csv":
            return CSV.encode()
        case ".parquet":
            columns = {header: [row[at] for row in ROWS[1:]] for at, header in enumerate(ROWS[0]) if header != "Own"}
            pl.DataFrame(columns).write_parquet(bowl / "whole.parquet")
            return (bowl / "whole.parquet").read_bytes()
        case _:

            def change(_: Workbook, page: Worksheet) -> None:
                page.merge_cells("A8:B9")

            return files.workbook(bowl / "whole.xlsx", ROWS, table="Clients", change=change).read_bytes()


quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(quick, max_examples=10)
@given(raw=st.binary(max_size=300))
@example(raw=b"")
@example(raw=b"PK\x05\x06" + bytes(18))
@example(raw=b"PAR1" + bytes(8) + b"PAR1")
def test_random_bytes(bowl: Path, suffix: str, raw: bytes):
    taste(bowl, suffix, raw)


@settings(quick, max_examples=8)
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=120),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from(",;\t"),
    target=st.sampled_from([".csv", ".xlsx"]),
)
@example(text="\ufffe\x00\x0b", encoding="utf-8", delimiter=",", target=".xlsx")
@example(text='"', encoding="utf-8", delimiter=",", target=".csv")
@example(text="\x85\u2028\x1c,1\n", encoding="utf-8", delimiter=",", target=".xlsx")
def test_random_text_below_a_header(bowl: Path, text: str, encoding: str, delimiter: str, target: str):
    header = delimiter.join(["Client", "Revenue", "Margin", "Client since", "Own"])
    taste(bowl, ".csv", f"{header}\n{text}\nAbel{delimiter}1".encode(encoding, "replace"), target)


edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 4), st.binary(max_size=4)), min_size=1, max_size=6
)


def mutated(raw: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Bytes with some of them replaced: each change says where, how many go, and what comes."""
    soup = bytearray(raw)
    for place, gone, come in changes:
        at = int(place * len(soup))
        soup[at : at + gone] = come
    return bytes(soup)


@pytest.mark.long
@pytest.mark.parametrize(("suffix", "count"), [(".csv", 6), (".xlsx", 25), (".xlsm", 5), (".parquet", 40)])
def test_valid_files_with_a_few_bytes_changed(bowl: Path, suffix: str, count: int):
    @settings(quick, max_examples=count)
    @given(changes=edits)
    def holds(changes: list[tuple[float, int, bytes]]) -> None:
        taste(bowl, suffix, mutated(whole(suffix, bowl), changes))

    holds()


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(quick, max_examples=6)
@given(share=st.floats(0, 1, exclude_max=True))
def test_valid_files_that_are_cut_off(bowl: Path, suffix: str, share: float):
    raw = whole(suffix, bowl)
    taste(bowl, suffix, raw[: int(share * len(raw))])


VALUES = [
    b"0", b"-1", b"99999999999", b"1e308", b"nan", b"", b"A1", b"ZZZZ9", b"A1:XFD1048576", b"n", b"s", b"str", b"e",
    b"d", b"2020-13-45", b"\xc3\x28", b"&#x0;", b"true", b"Clients!A1", b"inlineStr", b"3:1", b"z" * 300,
]  # fmt: skip
_SPOTS = re.compile(rb'"[^"]*"|>[^<]+<')


@settings(quick, max_examples=10)
@given(
    part=st.integers(0, 50),
    spot=st.integers(0, 400),
    value=st.sampled_from(VALUES),
    target=st.sampled_from([".csv", ".xlsx"]),
)
@example(part=0, spot=-1, value=b"", target=".csv")
def test_workbooks_with_a_value_inside_changed(bowl: Path, part: int, spot: int, value: bytes, target: str):
    with zipfile.ZipFile(io.BytesIO(whole(".xlsx", bowl))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = list(parts)[part % len(parts)]
    spots = list(_SPOTS.finditer(parts[name]))
    if spots and spot >= 0:
        found = spots[spot % len(spots)]
        parts[name] = parts[name][: found.start() + 1] + value + parts[name][found.end() - 1 :]
    else:
        del parts[name]
    soup = io.BytesIO()
    with zipfile.ZipFile(soup, "w") as package:
        for each, content in parts.items():
            package.writestr(each, content)
    taste(bowl, ".xlsx", soup.getvalue(), target)
