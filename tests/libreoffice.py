"""LibreOffice as a program that turns files into others, with a profile of its own in each process of the tests."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.runs import Test, marked

EXCEL, PDF = "xlsx:Calc MS Excel 2007 XML", "pdf:calc_pdf_Export"

NEEDS_LIBREOFFICE = (
    pytest.mark.libreoffice,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"),
)


def in_libreoffice(test: Test) -> Test:
    return marked(test, NEEDS_LIBREOFFICE)


_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
"""Setting that makes LibreOffice calculate the workbooks of others when it opens them."""


LARGE_HEAP = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), "4000000000")
"""What keeps memory that was given back: LibreOffice takes a gigabyte anew as it starts, of which 0.2 are in use."""


def convert(to: str, folder: Path, *sources: Path) -> None:
    """Write files in another format into a folder; formulas keep the values that are stored."""
    _convert(_profile(""), to, folder, *sources)


def calculate(to: str, folder: Path, *sources: Path) -> None:
    """Write files in another format into a folder, with all formulas calculated anew."""
    _convert(_profile(_RECALCULATE), to, folder, *sources)


@cache
def _profile(settings: str) -> Path:
    profile = Path(tempfile.mkdtemp(prefix="libreoffice-"))
    if settings:
        (profile / "user").mkdir()
        (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    return profile


def _convert(profile: Path, to: str, folder: Path, *sources: Path) -> None:
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", to,
         "--outdir", str(folder), *map(str, sources)],
        env=os.environ | LARGE_HEAP, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    suffix = to.partition(":")[0]
    missing = [source.name for source in sources if not (folder / f"{source.stem}.{suffix}").exists()]
    assert missing == [], done.stderr + done.stdout
