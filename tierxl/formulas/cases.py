"""Rules that decide by a setting, followed through every case.

A rule reads ``if policy.grading.method == "revenue"``. In a worksheet the setting is a cell, so both ways must be in
the formula: the rule runs once for each way that its conditions can come out, and IF() puts the ways together.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, cast

import narwhals as nw

from tierxl.formulas.code import FALSE, TRUE, Code, Truth, Value, chosen_within, compared, constant, references
from tierxl.formulas.settings import SETTINGS, alternatives
from tierxl.formulas.translation import Columns, translated
from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.policy import Policy


class _UndecidedError(Exception):
    """A condition of which the way does not know yet how it comes out."""

    def __init__(self, condition: Code) -> None:
        super().__init__(condition.text)
        self.condition = condition


class _Way:
    """A way through a rule: how conditions come out, by their formulas."""

    def __init__(self, columns: Columns, outcomes: Mapping[str, bool]) -> None:
        self.columns = columns
        self.outcomes = outcomes

    def outcome(self, expression: nw.Expr) -> bool:
        term = translated(expression, self.columns)
        condition = (term if isinstance(term, Truth) else compared("<>", term, Value(constant(0)))).holds
        known = self._known(condition)
        if known is None:
            raise _UndecidedError(condition)
        return known

    def _known(self, condition: Code) -> bool | None:
        if condition in (TRUE, FALSE):
            return condition == TRUE
        if condition.text in self.outcomes:
            return self.outcomes[condition.text]
        others = [other for name in references(condition.text)[:1] for other in alternatives(name)]
        if condition.text not in others:
            return None
        outcomes = [self.outcomes.get(other) for other in others if other != condition.text]
        return False if True in outcomes else None if None in outcomes else True


_way: ContextVar[_Way] = ContextVar("way")


class Cell(nw.Expr):
    """A single cell in a rule, a setting or a figure of the portfolio: Python can decide by it and round it."""

    __hash__ = object.__hash__

    def __bool__(self) -> bool:  # type: ignore[override]
        return _way.get().outcome(self)

    def __ceil__(self) -> "Cell":
        return self.round(RATIO_DECIMALS).ceil()

    def __round__(self, places: int = 0) -> "Cell":
        return self.round(places)


def cell(name: str) -> Cell:
    """The cell of a name."""
    return Cell(*nw.col(name)._nodes)  # noqa: SLF001  Narwhals has no other place for this


class _Section:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, setting: str) -> Cell:
        name = f"{self._name}.{setting}"
        if name not in SETTINGS:
            raise AttributeError(name)
        return cell(name)


SERVICES = "cell services"
"""The name of the rows of services on the sheet Settings."""
FIRST_WAY_OUT = "first exit option"
"""The name of the first option for a client to shed."""


def level_of(service: str, tier: str) -> str:
    """The name of how often a year a tier has a service."""
    return f"{service}, {tier}"


class _ServiceOfCells:
    def __init__(self, name: str) -> None:
        self._name = name

    def per_year(self, tier: str) -> Cell:
        return cell(level_of(self._name, tier))


class _ServicesOfCells:
    def __getitem__(self, name: str) -> _ServiceOfCells:
        return _ServiceOfCells(name)


class _ShedOfCells(_Section):
    @property
    def exit_options(self) -> list[Cell]:
        return [cell(FIRST_WAY_OUT)]


class _PolicyOfCells:
    services = _ServicesOfCells()
    shed = _ShedOfCells("shed")

    def __getattr__(self, section: str) -> _Section:
        return _Section(section)

    def only(self, *_: str) -> "_PolicyOfCells":
        """See :meth:`Policy.only`: cells are the same for every policy."""
        return self

    def uses(self, switch: Cell) -> Any:
        """Where a switch is on under the method."""
        return (switch == "on") | (switch == cell("grading.method"))


def in_all_cases(
    rule: Callable[[Policy], Mapping[str, Code]], columns: Columns, outcomes: Mapping[str, bool] | None = None
) -> dict[str, Code]:
    """The formulas that a rule comes to, by their names, each with all the cases in which it is another.

    Args:
        rule: called once for each way with a policy of cells, another each time: rules remember what they made of one.
        columns: the columns and figures that may be missing.
        outcomes: how conditions come out on the way so far.
    """
    outcomes = outcomes or {}
    token = _way.set(_Way(columns, outcomes))
    try:
        return dict(rule(cast("Policy", _PolicyOfCells())))
    except _UndecidedError as undecided:
        condition = undecided.condition
    finally:
        _way.reset(token)
    ones, others = (in_all_cases(rule, columns, {**outcomes, condition.text: each}) for each in (True, False))
    return {
        name: chosen_within(condition, ones.get(name) or others[name], others.get(name) or ones[name])
        for name in {**ones, **others}
    }
