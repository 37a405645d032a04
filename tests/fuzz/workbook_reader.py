"""Fuzz the reader of workbooks: python -m tests.fuzz.workbook_reader -max_total_time=60.

The first byte says which part of a small workbook is replaced by the others; so each part is read as XML, whose
checksums are right.
"""

import io
import zipfile

from tests.fuzz.target import fuzz
from tests.hostile.packages import parts

NAMES = sorted(parts())


def made(raw: bytes) -> bytes:
    changed = dict(parts())
    if raw:
        changed[NAMES[raw[0] % len(NAMES)]] = raw[1:]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, part in changed.items():
            package.writestr(name, part)
    return written.getvalue()


if __name__ == "__main__":
    fuzz(".xlsx", [bytes([at]) + parts()[name] for at, name in enumerate(NAMES)], made)
