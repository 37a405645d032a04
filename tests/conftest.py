"""Workbooks that many tests look at, each made once."""

import gc
import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
import typer.testing

if "PYTEST_XDIST_WORKER" in os.environ:  # beside others: an eighth less for a small grading
    os.environ["POLARS_MAX_THREADS"] = "1"

from tests import files
from tests.calc.office import Office
from tests.template.templates import shipped_to
from tierxl.use_cases.graded import GradedFile

gc.disable()  # the tests stay to the end: to look through them for garbage again and again takes seconds


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 100)  # as it comes, a twentieth of the time goes into it


@pytest.fixture(scope="session", autouse=True)
def _commands() -> Iterator[None]:
    """The command line, made once and not at every call."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
        yield


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


@pytest.fixture(scope="session")
def graded_once(folder: Path) -> Path:
    path = files.workbook(folder / "clients.xlsx")
    files.regrade(path)
    return path


@pytest.fixture
def graded_clients(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of a workbook of three clients that has been graded."""
    return Path(shutil.copy(graded_once, tmp_path))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The templates and the add-in by name."""
    return shipped_to(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One LibreOffice for the tests of a module."""
    started = Office(tmp_path_factory.mktemp("office"))
    yield started
    started.terminate()
