"""Workbooks of the corpus, each graded once for all tests."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")
