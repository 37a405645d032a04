"""The policy: every number and switch of the method, typed and checked.

The defaults stand in ``policy.toml``, each with its explanation and source.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tierxl.method.issues import CannotGrade

Share = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "percent"})]
Points = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]
Margin = Annotated[float, Field(ge=-1_000, le=1_000)]
ScoreCut = Annotated[float, Field(ge=0, le=100)]
Rows = Literal["auto", "orders", "clients"]
Switch = Literal["on", "off", "five-factor", "revenue"]

FORMER_SETTINGS = (("reading", "percent_points_beyond"),)
"""Settings of an earlier edition, by section and name: in a policy file or on a Settings sheet they do nothing."""


_LONGEST_TEXT = 2_000
_NOT_PLAIN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _plain(text: str) -> str:
    """A text, if a cell of a workbook can hold it as it is."""
    if not text or text != text.strip() or len(text) > _LONGEST_TEXT or _NOT_PLAIN.search(text):
        raise ValueError(f"write a text of at most {_LONGEST_TEXT:,} characters, without spaces around it")
    return text


def _option(text: str) -> str:
    if ";" in text:
        raise ValueError("write an option without a semicolon, which separates the options")
    return _plain(text)


def _header(text: str) -> str:
    return text and _plain(text)


def _day_order(value: Any) -> Any:
    """An order of day and month. The default of an earlier edition, which took dates with the year first, is auto."""
    return "auto" if value == "iso" else value


def _field(name: str) -> str:
    if name not in default_settings()["columns"]:
        raise ValueError("there is no such column")
    return name


class _Section(BaseModel):
    """A section of the policy; ``in_order`` has pairs of its settings, of which the first must not be the greater."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    in_order: ClassVar[tuple[tuple[str, str], ...]] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for lower, upper in self.in_order:
            values = getattr(self, lower), getattr(self, upper)
            if "auto" not in values and values[0] > values[1]:
                raise ValueError(f"{lower} must not be more than {upper}")
        return self


class Grading(_Section):
    """The method of grading: the score of five factors, or revenue alone."""

    method: Literal["five-factor", "revenue"]


class Reading(_Section):
    """The reading of amounts, dates and percentages that are written as text."""

    decimal_mark: Literal["auto", ".", ","]
    day_order: Annotated[Literal["auto", "day first", "month first"], BeforeValidator(_day_order)]
    rows: Rows

    @model_validator(mode="before")
    @classmethod
    def _without_former(cls, settings: Any) -> Any:
        if not isinstance(settings, Mapping):
            return settings
        return {name: value for name, value in settings.items() if ("reading", name) not in FORMER_SETTINGS}


class Revenue(_Section):
    """The top shares of clients by revenue that are rated High, and at least Medium; fractions."""

    in_order = (("high_top", "medium_top"),)
    high_top: Percent
    medium_top: Percent


class Wallet(_Section):
    """The wallet shares from which a rating is High, and at least Medium; fractions."""

    in_order = (("medium_from", "high_above"),)
    high_above: Percent
    medium_from: Percent


class Profit(_Section):
    """The margins from which profitability is High, and at least Medium; fractions, or "auto"."""

    in_order = (("acceptable", "target"),)
    target: Literal["auto"] | Margin = Field(json_schema_extra={"unit": "percent"})
    acceptable: Literal["auto"] | Margin = Field(json_schema_extra={"unit": "percent"})


class RatingPoints(_Section):
    """The points of each rating of a factor, from 0 to 1; a better rating never has fewer."""

    high: Points
    medium: Points
    low: Points
    laggard: Points

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.laggard <= self.low <= self.medium <= self.high:
            raise ValueError("a better rating must not have fewer points")
        return self


class Likelihood(_Section):
    """The likelihood that wallet upside is won, from 0 to 1, by the client's appetite for change."""

    high: Share
    medium: Share
    low: Share
    not_known: Share


class Weights(_Section):
    """The weights of the five factors in the score."""

    revenue: Weight
    profitability: Weight
    wallet_upside: Weight
    strategic_value: Weight
    pain: Weight

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not any(self.model_dump().values()):
            raise ValueError("at least one weight must be more than 0")
        return self


class Tiers(_Section):
    """The scores from which a client starts in tier A and in B, and the distance from them that is borderline."""

    in_order = (("b_from", "a_from"),)
    a_from: ScoreCut
    b_from: ScoreCut
    borderline: ScoreCut


class Moves(_Section):
    """The switches of the moves, and the most tiers that they move a client together."""

    retention_risk: Switch
    profitability: Switch
    opportunity: Switch
    high_touch: Switch
    max_move: Annotated[int, Field(ge=0, le=2)]


class Floor(_Section):
    """The strategic value from which a client gets at least tier B and is never shed."""

    strategic: Literal["Medium", "High", "off"]


class Shed(_Section):
    """The ways out that are offered for a client to shed."""

    exit_options: Annotated[list[Annotated[str, AfterValidator(_option)]], Field(min_length=1)]


class Suitability(_Section):
    """The values from which a signal speaks against tiering, and the top share of the Pareto reading."""

    homogeneous_from: Percent
    small_below: Annotated[int, Field(ge=0)]
    highly_reactive: Literal["Yes", "No", "not answered"]
    equal_gini_below: Share
    resources_from: Annotated[float, Field(ge=0)]
    pareto_top: Percent


class Sensitivity(_Section):
    """The step by which each weight and cut is tried lower and higher; a fraction of its value."""

    step: Percent


class Distinct(_Section):
    """The share of services in which neighbouring tiers should differ; a fraction."""

    differ_in: Percent


class Capacity(_Section):
    """The utilisation above which an account manager has too much to do, and a Senior's share of hours on tier C."""

    full_at: Annotated[float, Field(ge=0, le=10, json_schema_extra={"unit": "percent"})]
    senior_on_c: Percent


class Calendar(_Section):
    """The most review meetings and personal contacts that an account manager has on one day."""

    reviews_per_day: Annotated[int, Field(ge=1, le=100)]
    contacts_per_day: Annotated[int, Field(ge=1, le=100)]


_PER_YEAR = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*yr\b", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*min\b", re.IGNORECASE)


def _service_level(text: str) -> str:
    cadences, minutes = _PER_YEAR.findall(text), _MINUTES.findall(text)
    if not text.strip():
        raise ValueError('is empty; write "None" where a tier does not get the service')
    _plain(text)
    if len(cadences) > 1 or len(minutes) > 1:
        raise ValueError('gives more than one cadence or length; write one, such as "4/yr, 30 min"')
    if len(cadences) != len(minutes):
        raise ValueError('needs both how often and how long, such as "4/yr, 30 min"')
    if cadences and not 0 < float(cadences[0]) <= 365:
        raise ValueError("must happen at least sometimes, and at most 365 times a year")
    return text


ServiceLevel = Annotated[str, AfterValidator(_service_level)]


class Service(_Section):
    """The level of one service for each tier: a text with an optional ``n/yr`` and ``minutes min``."""

    A: ServiceLevel
    B: ServiceLevel
    C: ServiceLevel

    def per_year(self, tier: str) -> Fraction | None:
        """Occurrences a year for a tier; None where the service has no cadence."""
        match = _PER_YEAR.search(getattr(self, tier))
        return Fraction(match[1]) if match else None

    def minutes(self, tier: str) -> Fraction | None:
        """Minutes of one occurrence with its preparation; None where it has no cadence."""
        match = _MINUTES.search(getattr(self, tier))
        return Fraction(match[1]) if match else None


REVIEW_MEETING, PERSONAL_CONTACT = "Review meeting", "Personal contact"


class Policy(_Section):
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
    points: RatingPoints
    likelihood: Likelihood
    weights: Weights
    tiers: Tiers
    moves: Moves
    floor: Floor
    shed: Shed
    suitability: Suitability
    sensitivity: Sensitivity
    distinct: Distinct
    capacity: Capacity
    calendar: Calendar
    columns: dict[Annotated[str, AfterValidator(_field)], Annotated[str, AfterValidator(_header)]]
    services: dict[Annotated[str, AfterValidator(_plain)], Service]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**_overlaid(default_settings(), settings))

    @model_validator(mode="after")
    def _dated_services(self) -> Self:
        for name in (REVIEW_MEETING, PERSONAL_CONTACT):
            if name not in self.services:
                raise ValueError(f'services must include "{name}", which carries due dates')
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

    def __hash__(self) -> int:
        return int(self.fingerprint, 16)

    @cached_property
    def fingerprint(self) -> str:
        """A text of 8 characters that two policies share only if all their settings are the same."""
        settings = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return sha256(settings.encode()).hexdigest()[:8]

    def changed(self, settings: Mapping[str, Any]) -> Self:
        """A policy with other values of some settings.

        Raises:
            CannotGrade: a setting that there is not, or a value that it does not take.
        """
        removed = {name: None for name in default_settings()["services"] if name not in self.services}
        return self.with_settings({"services": removed}, self.model_dump(), settings)

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
