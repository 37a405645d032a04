"""Which cases of a test are of the default run."""

from collections.abc import Iterable
from typing import Any

import pytest

_Param = type(pytest.param(None))


def first(count: int, cases: Iterable[Any]) -> list[Any]:
    """These cases, of which the first show what the test is about: the others are of the long run."""
    every = list(cases)
    return every[:count] + [_long(case) for case in every[count:]]


def _long(case: Any) -> Any:
    if isinstance(case, _Param):
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, pytest.mark.long])
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
