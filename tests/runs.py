"""Which tests, and which cases of a test, are of the default run."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., object])
_Param = type(pytest.param(None))


def marked(test: Test, marks: Iterable[pytest.MarkDecorator]) -> Test:
    """A test that needs what some marks say."""
    return reduce(lambda so_far, mark: mark(so_far), marks, test)


def first(count: int, cases: Iterable[Any]) -> list[Any]:
    """These cases, of which the first show what the test is about: the others are of the long run."""
    every = list(cases)
    return every[:count] + [_long(case) for case in every[count:]]


def _long(case: Any) -> Any:
    if isinstance(case, _Param):
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, pytest.mark.long])
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
