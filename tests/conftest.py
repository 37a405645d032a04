"""Workbooks that many tests look at, each made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import files
from tests.calc.office import Office
from tierxl.use_cases.grade import GradedFile


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graded")


@pytest.fixture(scope="session")
def sample(folder: Path) -> GradedFile:
    """The sample portfolio, graded into a workbook."""
    return files.grade(files.SAMPLE, folder / "sample.xlsx")


@pytest.fixture(scope="session")
def sample_workbook(sample: GradedFile) -> Path:
    assert sample.target is not None
    return sample.target


@pytest.fixture(scope="session")
def regraded_sample(sample_workbook: Path, folder: Path) -> Path:
    """The graded sample, graded again."""
    again = files.grade(sample_workbook, folder / "sample-again.xlsx")
    assert again.target is not None
    return again.target


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One LibreOffice for the tests of a module."""
    started = Office(tmp_path_factory.mktemp("office"))
    yield started
    started.terminate()
