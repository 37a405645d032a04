"""The policy: every number and switch of the method, typed and checked.

The defaults stand in ``policy.toml``, each with its explanation and source.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ValidationError, model_validator

from tierxl.method.issues import CannotGrade
from tierxl.method.policy_sections import (
    DATED,
    RHYTHM_IN_WORDS,
    Calendar,
    Capacity,
    Concentration,
    Distinct,
    Floor,
    Grading,
    Likelihood,
    Moves,
    Plan,
    Profit,
    RatingPoints,
    Reading,
    Retention,
    Revenue,
    Section,
    Sensitivity,
    Service,
    Shed,
    Size,
    Suitability,
    Switch,
    Tiers,
    Wallet,
    Weights,
    header,
    is_rhythm_in_words,
    plain,
)


def _field(name: str) -> str:
    if name not in default_settings()["columns"]:
        raise ValueError("there is no such column")
    return name


class Policy(Section):
    """Every number and switch of the method. ``Policy()`` is the default policy.

    Build another with :meth:`Policy.with_settings`, ``Policy.with_settings({"weights": {"revenue": 40}})``,
    or from a TOML file with :meth:`Policy.from_toml`. Settings that are left out keep their defaults.
    Shares and margins are fractions, scores run from 0 to 100.

    Raises:
        pydantic.ValidationError: an unknown setting, or a value that the setting does not take, in ``Policy()``
            itself; the other two say so in plain words, as :class:`~tierxl.CannotGrade`.

    Source: ``tierxl policy`` prints every default with its source.
    """

    grading: Grading
    reading: Reading
    revenue: Revenue
    wallet: Wallet
    profit: Profit
    retention: Retention
    points: RatingPoints
    likelihood: Likelihood
    size: Size
    weights: Weights
    tiers: Tiers
    moves: Moves
    floor: Floor
    shed: Shed
    suitability: Suitability
    concentration: Concentration
    sensitivity: Sensitivity
    distinct: Distinct
    plan: Plan
    capacity: Capacity
    calendar: Calendar
    columns: dict[Annotated[str, AfterValidator(_field)], Annotated[str, AfterValidator(header)]]
    services: dict[Annotated[str, AfterValidator(plain)], Service]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**_overlaid(default_settings(), settings))

    @model_validator(mode="after")
    def _dated_services(self) -> Self:
        for name in DATED:
            if name not in self.services:
                raise ValueError(f'services must include "{name}", which carries due dates')
            for tier, level in self.services[name]:
                if is_rhythm_in_words(level):
                    raise ValueError(f'services: "{name}", tier {tier}, {RHYTHM_IN_WORDS}')
        return self

    @classmethod
    def with_settings(cls, *layers: Mapping[str, Any]) -> Self:
        """The default policy with layers of settings over it, the last one on top."""
        settings: dict[str, Any] = {}
        for layer in layers:
            settings = _overlaid(settings, layer)
        try:
            return cls(**settings)
        except ValidationError as error:
            faults = "; ".join(fault.sentence for fault in faults_of(error))
            raise CannotGrade(f"The policy cannot be used: {faults}.") from error

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The policy of a TOML text such as ``tierxl policy`` prints."""
        return cls.with_settings(settings_of_toml(text))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Policy) and self._text == other._text)

    def __hash__(self) -> int:
        return hash(self._text)

    @cached_property
    def _text(self) -> str:
        """All settings; comparing these takes a hundredth of what comparing each does."""
        return json.dumps(self.model_dump(mode="json", warnings=False), sort_keys=True)

    @cached_property
    def fingerprint(self) -> str:
        """A text of 8 characters that two policies share only if all their settings are the same."""
        return sha256(self._text.encode()).hexdigest()[:8]

    def changed(self, settings: Mapping[str, Any]) -> Self:
        """A policy with other values of some settings.

        Raises:
            CannotGrade: a setting that there is not, or a value that it does not take.
        """
        removed = {name: None for name in default_settings()["services"] if name not in self.services}
        return self.with_settings({"services": removed}, self.model_dump(), settings)

    @lru_cache(maxsize=256)  # noqa: B019  policies are few and small
    def only(self, *sections: str) -> Self:
        """The policy with some sections and no other: what is made of it holds for all policies that share these."""
        return self.model_construct({*sections}, **{name: getattr(self, name) for name in sections})

    @property
    def header_of(self) -> dict[str, str]:
        """The header of each field that the user chose a column for."""
        return {name: header for name, header in self.columns.items() if header}

    def uses(self, switch: Switch) -> bool:
        """True if a switch is on under this policy's method."""
        return switch in ("on", self.grading.method)


@dataclass(frozen=True)
class Fault:
    """One wrong setting: its path in the policy, its value, and what was expected."""

    path: tuple[str, ...]
    value: object
    expected: str

    @property
    def sentence(self) -> str:
        name = ".".join(self.path) or "the policy"
        shown = "" if isinstance(self.value, dict | BaseModel) else f" = {self.value!r}"
        return f"{name}{shown}: {self.expected}"


def faults_of(error: ValidationError) -> list[Fault]:
    """The wrong settings behind a failed validation, one a path, in plain words."""
    faults: dict[tuple[str, ...], Fault] = {}
    for detail in error.errors(include_url=False):
        # A choice between types (a number or "auto") reports every branch; the branch is not part of the path.
        path = tuple(
            str(step) for step in detail["loc"] if not re.match(r"(literal|constrained|float)\b|\[key\]", str(step))
        )
        if detail["type"] == "extra_forbidden":
            expected = "there is no such setting"
        else:
            expected = detail["msg"].removeprefix("Value error, ")
        expected = expected.replace("Input should be", "should be").replace("Field required", "is missing")
        if path in faults:
            expected = f"{faults[path].expected} or {expected.removeprefix('should be ')}"
        faults[path] = Fault(path, detail["input"], expected)
    return list(faults.values())


def policy_toml() -> str:
    """The default policy as TOML text, every number with its source."""
    return (files("tierxl.method") / "policy.toml").read_text(encoding="utf-8")


@cache
def default_settings() -> Mapping[str, Any]:
    """The settings of the default policy, as nested mappings."""
    return settings_of_toml(policy_toml())


def settings_of_toml(text: str) -> dict[str, Any]:
    """The settings in a TOML text, unchecked.

    Raises:
        CannotGrade: the text is not TOML.
    """
    try:
        settings: dict[str, Any] = _without_integer_floats(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise CannotGrade(f"The policy file is not valid TOML: {error}.") from error
    return settings


def _overlaid(base: Mapping[str, Any], layer: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of base with those of layer over them; None takes a setting, such as a service, away."""
    merged = dict(base)
    for key, value in layer.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _overlaid(below, value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _without_integer_floats(settings: Any) -> Any:
    """The settings with whole numbers as integers: TOML tells 1 from 1.0, a policy does not."""
    if isinstance(settings, dict):
        return {key: _without_integer_floats(value) for key, value in settings.items()}
    if isinstance(settings, float) and settings.is_integer():
        return int(settings)
    return settings
