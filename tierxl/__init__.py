"""tierxl grades clients A, B or C, says why, and turns the tiers into an engagement plan.

``tierxl.grade(frame)`` grades a data frame, ``tierxl.explain(frame, client)`` says why a client has its tier,
``tierxl.Policy`` holds every number and switch of the method. The command ``tierxl`` grades files.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tierxl.lean_imports import without_collection

if TYPE_CHECKING:
    from tierxl.api import Graded, explain, grade
    from tierxl.method.issues import CannotGrade, Issue
    from tierxl.method.plan.portfolio import Portfolio
    from tierxl.method.policy import Policy
    from tierxl.method.rating.explanation import Explanation
    from tierxl.method.table.managers import Manager

__all__ = ["CannotGrade", "Explanation", "Graded", "Issue", "Manager", "Policy", "Portfolio", "explain", "grade"]

_HOMES = {
    "grade": "tierxl.api",
    "explain": "tierxl.api",
    "Graded": "tierxl.api",
    "Explanation": "tierxl.method.rating.explanation",
    "CannotGrade": "tierxl.method.issues",
    "Issue": "tierxl.method.issues",
    "Manager": "tierxl.method.table.managers",
    "Policy": "tierxl.method.policy",
    "Portfolio": "tierxl.method.plan.portfolio",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tierxl' has no attribute {name!r}")
    with without_collection():
        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
