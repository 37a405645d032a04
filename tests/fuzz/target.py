"""What is fuzzed: whatever a file holds, it is read or refused."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tierxl", "openpyxl"]):
    from tierxl.method.issues import CannotGrade
    from tierxl.workbooks.client_list import clients_in
    from tierxl.workbooks.csv_parquet import read_csv, read_parquet
    from tierxl.workbooks.ooxml.workbook_file import WorkbookFile


def read(path: Path) -> None:
    """Read a file, as a grading does."""
    if path.suffix == ".csv":
        table = read_csv(path)
    elif path.suffix == ".parquet":
        table = read_parquet(path)
    else:
        book = WorkbookFile(path)
        book.settings()
        table, _ = clients_in(book)
    _ = table.headers.position_of


def check(raw: bytes, ending: str, folder: Path) -> None:
    """Read a file of these bytes; an error that is not a refusal is a find."""
    path = folder / f"fuzzed{ending}"
    path.write_bytes(raw)
    try:
        read(path)
    except CannotGrade:
        return


def fuzz(ending: str, seeds: Iterable[bytes], made: Callable[[bytes], bytes] = bytes) -> None:
    """Fuzz a reader, with the options of libFuzzer: -max_total_time=60, -artifact_prefix=…, or a find to try again.

    Args:
        ending: the kind of file.
        seeds: what to start from.
        made: makes a file of what the fuzzer invents.
    """
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = Path(name)
        corpus = folder / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / f"seed-{number}").write_bytes(seed)
        atheris.Setup(
            [
                *sys.argv,
                str(corpus),
                "-timeout=20",
                "-rss_limit_mb=3000",
                "-max_len=20000",
                "-reduce_inputs=0",
                "-len_control=0",
            ],
            lambda raw: check(made(raw), ending, folder),
        )
        atheris.Fuzz()
