"""Files that fuzzers and people have found to break something: each is graded or refused since then.

A new find goes into the folder found, under a name that says what is odd about it.
"""

import shutil
from pathlib import Path

import pytest

from tests.hostile.command import ends_in_order

pytestmark = pytest.mark.hostile

FOUND = Path(__file__).with_name("found")


def copied(path: Path, folder: Path) -> Path:
    return Path(shutil.copy(path, folder / f"a{path.suffix}"))


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_a_find_is_graded_or_refused(tmp_path: Path, path: Path):
    ends_in_order(copied(path, tmp_path))
