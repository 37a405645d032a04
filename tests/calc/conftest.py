"""One worker for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.calc.talk import Talk, talk


@pytest.fixture(scope="module")
def worker() -> Iterator[Talk]:
    with talk() as talking:
        yield talking
