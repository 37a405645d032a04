"""The templates."""

from pathlib import Path

import pytest

from tests.files import workbook
from tests.template.templates import ADD_IN, PLAIN, PLAIN_TEMPLATE, WITH_MACROS


@pytest.fixture(scope="session")
def template(templates: dict[str, Path]) -> Path:
    """The template with macros."""
    return templates[WITH_MACROS]


@pytest.fixture(scope="session")
def plain(templates: dict[str, Path]) -> Path:
    """The template without macros."""
    return templates[PLAIN]


@pytest.fixture(scope="session")
def for_add_in(templates: dict[str, Path]) -> Path:
    """The template without macros that *File > New > Personal* offers."""
    return templates[PLAIN_TEMPLATE]


@pytest.fixture(scope="session")
def add_in(templates: dict[str, Path]) -> Path:
    return templates[ADD_IN]


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """A workbook that has nothing of ours."""
    return workbook(tmp_path / "Budget.xlsx")
