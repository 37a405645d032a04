"""The sections of the policy, each typed and checked: every number and switch of one part of the method."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "percent"})]
Points = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]
Margin = Annotated[float, Field(ge=-1_000, le=1_000)]
MarginToReach = Annotated[float, Field(ge=-1_000, le=1)]
ScoreCut = Annotated[float, Field(ge=0, le=100)]
Rows = Literal["auto", "orders", "clients"]
Amount = Annotated[float, Field(gt=0, le=1e15)]
Times = Annotated[float, Field(ge=1, le=1_000)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Switch = Literal["on", "off", "five-factor", "revenue"]

FORMER_SETTINGS = (("reading", "percent_points_beyond"),)
"""Settings of an earlier edition, by section and name: in a policy file or on a Settings sheet they do nothing."""


LONGEST_SETTING = 2_000
"""The most characters of a text."""
MOST_A_YEAR = 365
"""The most times a year that a service happens."""
_NOT_PLAIN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """A text, if a cell of a workbook can hold it as it is."""
    if not text or text != text.strip() or len(text) > LONGEST_SETTING or _NOT_PLAIN.search(text):
        raise ValueError(f"write a text of at most {LONGEST_SETTING:,} characters, without spaces around it")
    return text


def _option(text: str) -> str:
    if ";" in text:
        raise ValueError("write an option without a semicolon, which separates the options")
    return plain(text)


def header(text: str) -> str:
    return text and plain(text)


def _currency(text: str) -> str:
    if not re.fullmatch(r'[^\d\s"\\;\[\]]{0,10}', text):
        raise ValueError("write a sign or a code, such as £ or CHF")
    return text


def _day_order(value: Any) -> Any:
    """An order of day and month. The default of an earlier edition, which took dates with the year first, is auto."""
    return "auto" if value == "iso" else value


class Section(BaseModel):
    """A section of the policy; ``in_order`` has pairs of its settings, of which the first must not be the greater."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    in_order: ClassVar[tuple[tuple[str, str], ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_one_zero(cls, settings: Any) -> Any:
        if not isinstance(settings, Mapping):
            return settings
        return {name: value + 0 if isinstance(value, float) else value for name, value in settings.items()}  # no -0.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for lower, upper in self.in_order:
            values = getattr(self, lower), getattr(self, upper)
            if not any(isinstance(value, str) for value in values) and values[0] > values[1]:
                raise ValueError(f"{lower} ({values[0]:g}) must not be more than {upper} ({values[1]:g})")
        return self


class Grading(Section):
    """The method of grading: the score of five factors, or revenue alone."""

    method: Literal["five-factor", "revenue"]


class Reading(Section):
    """The reading of amounts, dates and percentages that are written as text."""

    decimal_mark: Literal["auto", ".", ","]
    day_order: Annotated[Literal["auto", "day first", "month first"], BeforeValidator(_day_order)]
    rows: Rows
    currency: Annotated[str, AfterValidator(_currency)]

    @model_validator(mode="before")
    @classmethod
    def _without_former(cls, settings: Any) -> Any:
        if not isinstance(settings, Mapping):
            return settings
        return {name: value for name, value in settings.items() if ("reading", name) not in FORMER_SETTINGS}


class Revenue(Section):
    """The revenue rating: by rank among the clients, by the share of the total revenue, or by fixed amounts.

    Attributes:
        by: which of the three.
        high_top, medium_top: by rank, the top shares of clients that are High, and at least Medium; fractions.
        tie_limit: by rank, the most times its own size to which clients of equal revenue may swell a group.
        high_share, medium_share: by share, the shares of the total that the High, and the at least Medium, make up.
        high_amount, medium_amount: by amount, the revenue from which a client is High, and at least Medium; money.
    """

    in_order = (("high_top", "medium_top"), ("high_share", "medium_share"), ("medium_amount", "high_amount"))
    by: Literal["rank", "share", "amount"]
    high_top: Percent
    medium_top: Percent
    tie_limit: Times
    high_share: Percent
    medium_share: Percent
    high_amount: Literal["not set"] | Amount
    medium_amount: Literal["not set"] | Amount

    @model_validator(mode="after")
    def _amounts(self) -> Self:
        if self.by == "amount" and "not set" in (self.high_amount, self.medium_amount):
            raise ValueError("by amount needs both high_amount and medium_amount")
        return self


class Wallet(Section):
    """The wallet shares from which a rating is High, and at least Medium; fractions."""

    in_order = (("medium_from", "high_above"),)
    high_above: Percent
    medium_from: Percent


class Profit(Section):
    """The margins from which profitability is High, and at least Medium, and below which it is a loss; fractions.

    ``target`` can be "auto": the margin that the ``target_top`` share of the clients reach; and ``acceptable``: half
    of the target.
    """

    in_order = (("acceptable", "target"),)
    target: Literal["auto"] | MarginToReach = Field(json_schema_extra={"unit": "percent"})
    acceptable: Literal["auto"] | MarginToReach = Field(json_schema_extra={"unit": "percent"})
    target_top: Percent
    laggard_below: Margin = Field(json_schema_extra={"unit": "percent"})


class Retention(Section):
    """The signs of retention risk, from which it is read where it is blank.

    Attributes:
        derive: whether it is read from its signs.
        revenue_down: the loss of revenue against the year before from which it is a sign; a fraction of that.
        silent_days: the days since the last contact beyond which it is a sign.
        high_signs, medium_signs: the signs from which the risk is High, and Medium.
    """

    in_order = (("medium_signs", "high_signs"),)
    derive: Literal["on", "off"]
    revenue_down: Percent
    silent_days: Days
    high_signs: Annotated[int, Field(ge=1, le=4)]
    medium_signs: Annotated[int, Field(ge=1, le=4)]


class RatingPoints(Section):
    """The points of each rating of a factor, from 0 to 1; a better rating never has fewer."""

    in_order = (("laggard", "low"), ("low", "medium"), ("medium", "high"))
    high: Points
    medium: Points
    low: Points
    laggard: Points


class ShareByLevel(Section):
    """The share of the wallet upside that counts, from 0 to 1, by a level of the client."""

    high: Share
    medium: Share
    low: Share
    not_known: Share


class Likelihood(ShareByLevel):
    """The likelihood that wallet upside is won, by the client's appetite for change."""


class Size(ShareByLevel):
    """The size of the wallet upside, by the client's potential: all that it could spend with us."""


class Weights(Section):
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


class Tiers(Section):
    """The scores from which a client starts in tier A and in B, and the distance from them that is borderline."""

    in_order = (("b_from", "a_from"),)
    a_from: ScoreCut
    b_from: ScoreCut
    borderline: ScoreCut


class Moves(Section):
    """The switches of the moves, and the most tiers that they move a client together."""

    retention_risk: Switch
    profitability: Switch
    opportunity: Switch
    high_touch: Switch
    max_move: Annotated[int, Field(ge=0, le=2)]


class Floor(Section):
    """The strategic value from which a client gets at least tier B and is never shed."""

    strategic: Literal["Medium", "High", "off"]


class Shed(Section):
    """The ways out that are offered for a client to shed."""

    exit_options: Annotated[list[Annotated[str, AfterValidator(_option)]], Field(min_length=1)]


class Suitability(Section):
    """The values from which a signal speaks against tiering, and the top share of the Pareto reading.

    ``two_factors_from`` is the share of the graded clients from which having two rated factors makes them comparable.
    """

    homogeneous_from: Percent
    small_below: Annotated[int, Field(ge=0)]
    highly_reactive: Literal["Yes", "No", "not answered"]
    equal_gini_below: Share
    two_factors_from: Percent
    resources_from: Annotated[float, Field(ge=0)]
    pareto_top: Percent


class Concentration(Section):
    """The shares of all positive revenue above which one client, or one segment, is warned of; fractions."""

    client_above: Percent
    segment_above: Percent


class Sensitivity(Section):
    """The step by which each weight and cut is tried lower and higher; a fraction of its value."""

    step: Percent


class Distinct(Section):
    """The share of services in which neighbouring tiers should differ; a fraction."""

    differ_in: Percent


class Plan(Section):
    """The days by which personal contact may be late before a client is neglected."""

    grace_days: Days


class Capacity(Section):
    """The utilisation above which an account manager has too much to do, and a Senior's share of hours on tier C."""

    full_at: Annotated[float, Field(ge=0, le=10, json_schema_extra={"unit": "percent"})]
    senior_on_c: Percent


class Calendar(Section):
    """The most review meetings and personal contacts that an account manager has on one day."""

    reviews_per_day: Annotated[int, Field(ge=1, le=100)]
    contacts_per_day: Annotated[int, Field(ge=1, le=100)]


_PER_YEAR = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*yr\b", re.IGNORECASE)
_IN_WORDS = re.compile(
    r"\b(?:bi|semi|half)?-?(?:dai|week|fortnight|mth|month|qtr|quarter|year|annual)ly\b|\b(?:bi|semi-?)?annual\b"
    r"|\b(?:every|each|per|an?)\s+(?:day|week|fortnight|month|quarter|year|yr)\b(?!-)|\bevery\s+\w+\s+(?:days|weeks|months)\b"
    r"|\d\s*(?:x|times|p\.?\s?a)\b|\btwice\b",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*min\b", re.IGNORECASE)


def _service_level(text: str) -> str:
    cadences, minutes = _PER_YEAR.findall(text), _MINUTES.findall(text)
    if not text.strip():
        raise ValueError('is empty; write "None" where a tier does not get the service')
    plain(text)
    if len(cadences) > 1 or len(minutes) > 1:
        raise ValueError('gives more than one cadence or length; write one, such as "4/yr, 30 min"')
    if len(cadences) != len(minutes):
        raise ValueError('needs both how often and how long, such as "4/yr, 30 min"')
    if cadences and not 0 < float(cadences[0]) <= MOST_A_YEAR:
        raise ValueError(f"must happen at least sometimes, and at most {MOST_A_YEAR} times a year")
    return text


def is_rhythm_in_words(level: str) -> bool:
    """True for a level that says how often in words, from which no due date can be told."""
    return _IN_WORDS.search(level) is not None and not _PER_YEAR.search(level)


RHYTHM_IN_WORDS = 'says how often in words: write it as a number, such as "12/yr, 30 min"'
ServiceLevel = Annotated[str, AfterValidator(_service_level)]


class Service(Section):
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

    def level(self, tier: str, per_year: float) -> str:
        """The level of a tier as a client has it who has the service so often a year; 0 is never."""
        text: str = getattr(self, tier)
        own, of_tier = Fraction(repr(per_year)), self.per_year(tier)
        cadence = f"{per_year:g}/yr"
        if own == (of_tier or 0):
            return text
        return _PER_YEAR.sub(cadence, text) if of_tier else cadence


REVIEW_MEETING, PERSONAL_CONTACT = DATED = "Review meeting", "Personal contact"
