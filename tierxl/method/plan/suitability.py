"""The verdict whether to tier at all, by five signals that may speak against it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals as nw

from tierxl.method.expressions import RATIO_DECIMALS, as_written
from tierxl.method.levels import NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES, A
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.policy import Policy
from tierxl.method.rating.figures import PERCENT, Cut, beside, exactly
from tierxl.method.rating.grading import RATING_COLUMNS, Grading
from tierxl.method.table.clients import Frame
from tierxl.method.table.managers import hours_known
from tierxl.method.words import counted, whole


@dataclass(frozen=True)
class Signal:
    """A signal for or against tiering.

    Attributes:
        name: what it looks at.
        value: what was measured, as text; empty where it cannot be measured.
        cut: from where on it speaks against tiering, as text.
        against: whether it speaks against tiering; None where it cannot be measured.
        sentence: what that means.
    """

    name: str
    value: str
    cut: str
    against: bool | None
    sentence: str

    @property
    def speaks(self) -> str:
        """The word for it: against tiering, for it, or open where it cannot be measured."""
        return {True: "against", False: "for", None: "open"}[self.against]


@dataclass(frozen=True)
class Suitability:
    """The verdict whether to tier, and its signals."""

    verdict: str
    signals: tuple[Signal, ...]


def suitability(grading: Grading) -> Suitability:
    """The verdict on a graded portfolio. It only advises."""
    signals = tuple(measure(grading) for measure in SIGNALS)
    against = sum(signal.against is True for signal in signals)
    return Suitability(VERDICTS[min(against, len(VERDICTS) - 1)], signals)


VERDICTS = ("Tier your clients", "Tier, with care", "One service standard may serve you better")


def homogeneous_clients(grading: Grading) -> Signal:
    """The share of graded clients, of those with two rated factors, with the commonest combination of five ratings."""
    graded, compared = _graded(grading), _with_two_factors(grading)
    cut = grading.policy.suitability.homogeneous_from
    name, cut_text = "Homogeneous clients", f"{exactly(cut, unit=PERCENT)} or more alike"
    if graded.is_empty():
        return Signal(name, "", cut_text, None, "Cannot be measured: no client is graded.")
    if not _are_enough(compared, graded, grading.policy) or compared.is_empty():
        sentence = f"Cannot be measured: of {counted(len(graded), 'client')} only {len(compared):,} can be compared."
        return Signal(name, "", cut_text, None, f"{sentence} That takes two rated factors.")
    counts = compared.group_by(*RATING_COLUMNS).agg(count=nw.len())
    share = round(counts["count"].max() / len(compared), RATIO_DECIMALS)
    against = bool(share >= cut)
    sentence = "Most clients look alike." if against else "Clients differ in their ratings."
    measured = beside(share, [Cut(cut)], 0, PERCENT)
    return Signal(name, f"{measured} alike", cut_text, against, sentence)


def _graded(grading: Grading) -> Frame:
    """The graded columns of the clients with a starting tier."""
    return grading.columns.filter(nw.col("Starting tier") != TIER_NAMES[NOT_GRADED])


def _with_two_factors(grading: Grading) -> Frame:
    """Those of the clients with a starting tier of whom at least two factors are rated."""
    rated = (nw.col(rating) != RATING_NAMES[NOT_RATED] for rating in RATING_COLUMNS)
    return _graded(grading).filter(nw.sum_horizontal(*(is_rated.cast(nw.Int64) for is_rated in rated)) >= 2)


def _are_enough(compared: Frame, graded: Frame, policy: Policy) -> bool:
    """True where the share of graded clients with two rated factors reaches the policy's."""
    return len(compared) >= as_written(policy.suitability.two_factors_from) * len(graded)


def small_portfolio(grading: Grading) -> Signal:
    """The number of clients."""
    count, cut = len(grading.columns), grading.policy.suitability.small_below
    against = count < cut
    sentence = "You can look after so few in person." if against else "Too many to give each your full attention."
    return Signal("Small portfolio", counted(count, "client"), f"fewer than {cut}", against, sentence)


def highly_reactive_industry(grading: Grading) -> Signal:
    """The user's own answer."""
    answer = grading.policy.suitability.highly_reactive
    sentences = {
        "Yes": "Needs change too fast for fixed tiers.",
        "No": "Needs are steady enough for fixed tiers.",
        "not answered": "Cannot be measured: answer Yes or No in the settings.",
    }
    against = {"Yes": True, "No": False}.get(answer)
    measured = "" if against is None else answer
    return Signal("Highly reactive industry", measured, "Yes", against, sentences[answer])


def equal_revenue(grading: Grading) -> Signal:
    """The Gini coefficient of revenue; it matters where most clients have no second rated factor."""
    cut = grading.policy.suitability.equal_gini_below
    name, cut_text = "Equal revenue", f"Gini below {exactly(cut, 2)}"
    inequality = gini(grading.clients.table["revenue"].drop_nulls().to_list())
    if inequality is None:
        return Signal(name, "", cut_text, None, "Cannot be measured: there is no revenue.")
    inequality = round(inequality, RATIO_DECIMALS)
    is_even = inequality < cut
    graded = _graded(grading)
    against = is_even and (graded.is_empty() or not _are_enough(_with_two_factors(grading), graded, grading.policy))
    if against:
        sentence = "All clients bring about the same, and nothing else tells them apart."
    elif is_even:
        sentence = "All clients bring about the same, but other ratings tell them apart."
    else:
        sentence = "Some clients bring much more than others."
    return Signal(name, f"Gini {beside(inequality, [Cut(cut)], 2)}", cut_text, against, sentence)


def high_resource_availability(grading: Grading) -> Signal:
    """The hours available, by the hours to give every client tier A service."""
    cut = grading.policy.suitability.resources_from
    name, cut_text = "High resource availability", f"{exactly(cut)} or more"
    needed = hours_per_client(TIER_NAMES[A], grading.policy) * len(grading.columns)
    there = hours_known(grading.managers)
    service = f"Tier A service for every client takes {whole(needed):,} hours a year"
    if there is None:
        return Signal(name, "", cut_text, None, f"Cannot be measured: your team's hours are not known. {service}.")
    if not needed:
        return Signal(name, "", cut_text, None, "Cannot be measured: the settings give tier A service no time.")
    measured = round(there / needed, RATIO_DECIMALS)
    against = measured >= cut
    verdict = "Your team has time to treat every client as tier A." if against else "Your team must choose."
    blank = sum(manager.hours is None for manager in grading.managers)
    left_out = f" The hours of {counted(blank, 'account manager')} are not known." if blank else ""
    sentence = f"{verdict} {service}; your team has {whole(there):,}.{left_out}"
    return Signal(name, beside(measured, [Cut(cut)], 2), cut_text, against, sentence)


SIGNALS: tuple[Callable[[Grading], Signal], ...] = (
    homogeneous_clients,
    small_portfolio,
    highly_reactive_industry,
    equal_revenue,
    high_resource_availability,
)


def gini(revenues: Sequence[float]) -> float | None:
    """The Gini coefficient: 0 where all are equal, towards 1 where one has all; negative amounts count as 0."""
    ordered = sorted(max(0.0, revenue) for revenue in revenues)
    count, total = len(ordered), math.fsum(ordered)
    if not total:
        return None
    return math.fsum((2 * place - count - 1) * revenue for place, revenue in enumerate(ordered, 1)) / (count * total)
