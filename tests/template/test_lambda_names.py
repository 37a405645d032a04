"""The worksheet functions as names of the template without macros."""

import shutil
from pathlib import Path

import pytest

from tests.files import book_of, regrade
from tests.template.templates import PLAIN, PLAIN_TEMPLATE, WITH_MACROS
from tierxl.formulas.lambdas import is_hidden
from tierxl.functions import FUNCTIONS

pytestmark = pytest.mark.long

FUNCTIONS_WITHOUT_A_TABLE = {*FUNCTIONS} - {"TIER_TABLE", "TIER_WHY", "SHOULD_TIER"}


def test_the_functions_are_names_with_their_help_and_what_they_take_is_hidden(templates: dict[str, Path]):
    names = book_of(templates[PLAIN]).defined_names
    functions = {name: it for name, it in names.items() if it.value.startswith("_xlfn.LAMBDA(") and not it.hidden}
    assert {*functions} == FUNCTIONS_WITHOUT_A_TABLE
    assert all(it.comment == FUNCTIONS[name].help[:255] for name, it in functions.items())
    assert all(it.hidden for name, it in names.items() if is_hidden(name))


@pytest.mark.parametrize("name", [WITH_MACROS, PLAIN_TEMPLATE])
def test_a_template_whose_functions_are_in_python_has_no_others_of_these_names(name: str, templates: dict[str, Path]):
    assert not {*book_of(templates[name]).defined_names} & {*FUNCTIONS}


def test_a_grading_keeps_them(templates: dict[str, Path], tmp_path: Path):
    path = tmp_path / PLAIN
    shutil.copy(templates[PLAIN], path)
    before = {name: it.value for name, it in book_of(path).defined_names.items()}
    regrade(path)
    after = {name: it.value for name, it in book_of(path).defined_names.items()}
    assert {name: after.get(name) for name in before} == before
