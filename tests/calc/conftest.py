"""One worker, and one LibreOffice, for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.calc.office import Office
from tests.calc.talk import Talk, talk


@pytest.fixture(scope="module")
def worker() -> Iterator[Talk]:
    with talk() as talking:
        yield talking


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    started = Office(tmp_path_factory.mktemp("office"))
    yield started
    started.terminate()
