"""The parameters of the policy, its weights and its cuts, by the names that people type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.issues import CannotGrade
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import Weights
from tierxl.method.rating.ratings import Cuts


@dataclass(frozen=True)
class Parameter:
    """A weight or a cut of the policy.

    Attributes:
        section, setting: where it stands in the policy.
        name: what people call it when they type it.
        applies: whether a policy rates anything by it.
    """

    section: str
    setting: str
    name: str
    applies: Callable[[Policy], bool] = lambda _: True

    def value(self, policy: Policy, cuts: Cuts) -> float | None:
        """The setting of a policy; for "auto" the portfolio's own cut. None where nothing is rated by it."""
        if not self.applies(policy):
            return None
        value = getattr(getattr(policy, self.section), self.setting)
        if value == "auto":
            return {"target": cuts.target_margin, "acceptable": cuts.acceptable_margin}[self.setting]
        return float(value)

    def with_value(self, policy: Policy, value: float) -> Policy:
        """A policy with another value of this parameter.

        Raises:
            CannotGrade: the policy does not take that value.
        """
        present = getattr(getattr(policy, self.section), self.setting)
        tried = round(value) if isinstance(present, int) else round(value, RATIO_DECIMALS)
        return policy.changed({self.section: {self.setting: tried}})

    @property
    def spellings(self) -> tuple[str, ...]:
        """The texts that people may type for the parameter, as they are compared."""
        return tuple(dict.fromkeys(map(_plain, (self.name, self.setting, f"{self.section} {self.setting}"))))


def _rates_revenue_by(measure: str) -> Callable[[Policy], bool]:
    return lambda policy: policy.revenue.by == measure


def _reads_retention_risk(policy: Policy) -> bool:
    return policy.retention.derive == "on"


WEIGHTS = tuple(Parameter("weights", setting, setting.replace("_", "-")) for setting in Weights.model_fields)
CUTS = (
    Parameter("tiers", "a_from", "A"),
    Parameter("tiers", "b_from", "B"),
    Parameter("revenue", "high_top", "revenue-high-top", _rates_revenue_by("rank")),
    Parameter("revenue", "medium_top", "revenue-medium-top", _rates_revenue_by("rank")),
    Parameter("revenue", "high_share", "revenue-high-share", _rates_revenue_by("share")),
    Parameter("revenue", "medium_share", "revenue-medium-share", _rates_revenue_by("share")),
    Parameter("revenue", "high_amount", "revenue-high-amount", _rates_revenue_by("amount")),
    Parameter("revenue", "medium_amount", "revenue-medium-amount", _rates_revenue_by("amount")),
    Parameter("wallet", "high_above", "wallet-high-above"),
    Parameter("wallet", "medium_from", "wallet-medium-from"),
    Parameter("profit", "target", "profit-target"),
    Parameter("profit", "acceptable", "profit-acceptable"),
    Parameter("profit", "target_top", "profit-target-top", lambda policy: policy.profit.target == "auto"),
    Parameter("profit", "laggard_below", "profit-laggard-below"),
    Parameter("retention", "revenue_down", "retention-revenue-down", _reads_retention_risk),
    Parameter("retention", "silent_days", "retention-silent-days", _reads_retention_risk),
)


def settings_tried(weights: Sequence[str], cuts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Settings of the policy, from weights and cuts as people type them.

    Args:
        weights: such as ``revenue=40``.
        cuts: such as ``A=70`` or ``revenue-high-top=15%``.

    Raises:
        CannotGrade: there is no such weight or cut, or something is not written so.
    """
    settings: dict[str, dict[str, Any]] = {}
    typed = [("weight", WEIGHTS, "revenue=40", text) for text in weights]
    typed += [("cut", CUTS, "A=70", text) for text in cuts]
    for kind, parameters, example, text in typed:
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise CannotGrade(f'"{text}" is no {kind}: write a name and a number, such as {example}.')
        parameter = _called(name, kind, parameters)
        settings.setdefault(parameter.section, {})[parameter.setting] = _number(value.strip())
    return settings


def _called(name: str, kind: str, parameters: Sequence[Parameter]) -> Parameter:
    spellings = {spelling: parameter for parameter in parameters for spelling in parameter.spellings}
    if _plain(name) in spellings:
        return spellings[_plain(name)]
    near = get_close_matches(_plain(name), spellings, n=1)
    meant = f" did you mean {spellings[near[0]].name}?" if near else ""
    there = ", ".join(parameter.name for parameter in parameters)
    raise CannotGrade(f'There is no {kind} "{name.strip()}":{meant} The {kind}s are {there}.')


def _number(text: str) -> Any:
    """The number of a text such as 0.15 or 15%; another text as it is, which the policy then refuses."""
    unit = 100 if text.endswith("%") else 1
    try:
        number = round(float(text.removesuffix("%")) / unit, RATIO_DECIMALS)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()
