"""The explanation of one client's tier, step by step, and the changes that would bring another."""

from collections.abc import Iterator
from dataclasses import dataclass

import narwhals as nw

from tierxl.method.issues import CannotGrade
from tierxl.method.levels import HIGH, LOW, MEDIUM, NO, NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES, YES
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import decide, with_computed_tier
from tierxl.method.rating.figures import Cut, beside
from tierxl.method.rating.grading import Grading
from tierxl.method.rating.moves import ACTIONS, MOVES, SHED_RULES, is_strategic
from tierxl.method.rating.profiles import with_profile
from tierxl.method.rating.ratings import measure, rate
from tierxl.method.rating.score import FACTORS, PROFILE, PROFILE_COLUMNS, likelihood, score_cuts, size
from tierxl.method.table import cells
from tierxl.method.table.clients import Clients, Frame
from tierxl.method.table.columns import COLUMNS
from tierxl.method.words import as_called, did_you_mean, listed, visible


@dataclass(frozen=True)
class FactorLine:
    """One factor of the score: its rating, the points from 0 to 1 that it earns, its weight and their product.

    ``share_of`` says of which share of the points for its rating these are, and why; it is empty where all count.
    """

    name: str
    rating: str
    points: float
    weight: float
    share_of: str = ""

    @property
    def earned(self) -> float:
        return self.points * self.weight


@dataclass(frozen=True)
class Change:
    """A change of one rating, level or answer that alone brings another tier."""

    what: str
    before: str
    after: str
    tier: str

    def __str__(self) -> str:
        return f"{self.what} from {self.before} to {self.after}: tier {self.tier}"


@dataclass(frozen=True)
class Explanation:
    """The explanation of one client's tier.

    Attributes:
        client: the client's name.
        row: its row in the user's sheet or file.
        tier, action: what it got; action is empty for a client that is not graded.
        why: the reasons in one paragraph, as in the Why column.
        score: from 0 to 100; None if the client is not graded.
        score_cuts: where the score makes another tier.
        factors: how the score came about.
        rules: each move, floor and shed rule, and whether it applies.
        changes: what would change the tier that the method gives, each alone.
        overridden: whether an override decides, whatever the method says.
    """

    client: str
    row: int
    tier: str
    action: str
    why: str
    score: float | None
    score_cuts: tuple[Cut, ...]
    factors: tuple[FactorLine, ...]
    rules: tuple[tuple[str, bool], ...]
    changes: tuple[Change, ...]
    overridden: bool

    def __str__(self) -> str:
        return "\n".join(map(visible, self._lines()))

    def _lines(self) -> Iterator[str]:
        what = f"tier {self.tier}" if self.tier != TIER_NAMES[NOT_GRADED] else "not graded"
        yield f"{self.client} (row {self.row}): {what}{f', {self.action}' if self.action else ''}"
        if self.action:
            yield f"  {self.action}: {_MEANINGS[self.action]}."
        yield ""
        yield f"Why: {self.why}"
        if self.score is not None:
            yield ""
            yield "The score, factor by factor:"
            for line in self.factors:
                rated = f"{line.points:4g} points x {line.weight:3g} = {line.earned:5g}"
                yield f"  {line.name:<16}{line.rating:<10}{rated if line.rating != 'Not rated' else 'drops out'}"
                if line.share_of:
                    yield f"    {line.share_of}"
            weights = sum(line.weight for line in self.factors if line.rating != "Not rated")
            earned = sum(line.earned for line in self.factors if line.rating != "Not rated")
            yield f"  {'Score':<26}100 x {earned:g} / {weights:g} = {beside(self.score, self.score_cuts, 1)}"
        yield ""
        applied = [rule for rule, applies in self.rules if applies]
        yield "The rules that apply:"
        for rule in applied or [self._without_rules()]:
            yield f"  {rule}"
        yield ""
        if self.overridden:
            yield "An override decides this tier. Without it, these would change it:"
        else:
            yield "What would change it, each alone:"
        if not self.changes:
            yield "  nothing that is rated or known about the client"
        for change in self.changes:
            yield f"  {change}"

    def _without_rules(self) -> str:
        if self.score is None:
            return "none: there is no score to start from"
        return f"none: {'without the override, ' if self.overridden else ''}the starting tier stays as it is"


_MEANINGS = {rule.name: rule.meaning for rule in ACTIONS}


_NEAREST = 3
"""How many names a message offers for a part of several."""


class Directory:
    """The positions of clients by name or Client ID, in any case."""

    def __init__(self, clients: Clients) -> None:
        numbers = clients.table["client_id"].to_list()
        self._names = [cells.shown(name) for name in clients.table["client"].to_list()]
        self._positions: dict[str, list[int]] = {}
        for at, known in enumerate(zip(self._names, map(cells.shown, numbers), strict=True)):
            for called in {as_called(text) for text in known} - {""}:
                self._positions.setdefault(called, []).append(at)

    def called(self, client: str) -> list[int]:
        """The positions of the clients of that name or ID; empty if there is none."""
        return self._positions.get(as_called(client), [])

    def positions(self, client: str) -> list[int]:
        """The positions of the clients of that name or ID.

        Raises:
            CannotGrade: there is none; the message names the closest ones.
        """
        positions = self.called(client)
        if not positions:
            raise CannotGrade(f'There is no client "{client}".{did_you_mean(client, self._names)}')
        return positions

    def with_part(self, text: str) -> list[int]:
        """The positions of the clients of the one name that a text is part of; empty if there is none.

        Raises:
            CannotGrade: it is part of several names; the message offers the first.
        """
        part = as_called(text)
        names = {as_called(name): name for name in self._names if part and part in as_called(name)}
        if len(names) > 1:
            first = listed(list(names.values())[:_NEAREST], len(names))
            raise CannotGrade(f'"{text}" is part of {len(names):,} names: {first}. Type more of the one you mean.')
        return self.called(next(iter(names), ""))


def explanations(grading: Grading, client: str) -> list[Explanation]:
    """The explanations of the clients of a name or Client ID, in any case; several where more than one is called so.

    A part of a name will do where only one client has it.

    Raises:
        CannotGrade: there is no such client, or the part is of several names.
    """
    directory = Directory(grading.clients)
    positions = directory.called(client) or directory.with_part(client) or directory.positions(client)
    return [explanation_at(position, grading) for position in positions]


def explanation_at(position: int, grading: Grading) -> Explanation:
    """The explanation of the client at a position of the table; the first position is 0."""
    client, policy = grading.clients.table[position : position + 1], grading.policy
    decided = decide(with_profile(rate(measure(client), grading.cuts, policy), policy, grading.as_of), policy)
    (shown,) = grading.columns[position : position + 1].rows(named=True)
    score = shown["Score"]
    return Explanation(
        client=cells.shown(client["client"][0]),
        row=grading.clients.rows[position],
        tier=shown["Tier"],
        action=cells.shown(shown["Action"]),
        why=shown["Why"],
        score=None if cells.is_blank(score) else float(score),
        score_cuts=score_cuts(policy),
        factors=_factor_lines(decided, policy),
        rules=_rules(decided, policy),
        changes=tuple(_changes(decided, grading)),
        overridden=bool(decided["overridden"][0]),
    )


def _factor_lines(decided: Frame, policy: Policy) -> tuple[FactorLine, ...]:
    line = decided.select(
        **{f"{factor.field}_rating": factor.rating(PROFILE) for factor in FACTORS},
        **{f"{factor.field}_points": factor.points(PROFILE, policy) for factor in FACTORS},
    ).rows(named=True)[0]
    return tuple(
        FactorLine(
            factor.name,
            RATING_NAMES[line[f"{factor.field}_rating"]],
            float(line[f"{factor.field}_points"]),
            factor.weight_in(policy),
            _share_of_wallet(decided, policy) if factor.field == "wallet" else "",
        )
        for factor in FACTORS
    )


def _share_of_wallet(decided: Frame, policy: Policy) -> str:
    """The share of the points for wallet share that counts, and the levels that make it so; empty where all count."""
    shares = decided.select(**{"appetite for change": likelihood(PROFILE, policy), "potential": size(PROFILE, policy)})
    less = {name: share for name, share in shares.rows(named=True)[0].items() if share < 1}
    if not less or decided["wallet_rating"][0] == NOT_RATED:
        return ""
    counts, rating = " x ".join(f"{share:g}" for share in less.values()), RATING_NAMES[decided["wallet_rating"][0]]
    levels = (f"{name} is {_level(decided[name.replace(' ', '_')][0])}" for name in less)
    return f"{counts} of the points for {rating}: {', '.join(levels)}"


def _rules(decided: Frame, policy: Policy) -> tuple[tuple[str, bool], ...]:
    rules: dict[str, nw.Expr] = {}
    for move in MOVES:
        direction = "up" if move.step > 0 else "down"
        is_on = policy.uses(getattr(policy.moves, move.name))
        unless = f", unless {move.unless}" if move.unless else ""
        off = "" if is_on else " (switched off)"
        rules[f"{direction} one if {move.reason}{unless}{off}"] = move.applies(PROFILE) if is_on else nw.lit(False)
    floor = {"Medium": "Medium or High", "High": "High", "off": "High (switched off)"}[policy.floor.strategic]
    rules[f"at least B if strategic value is {floor}"] = is_strategic(PROFILE, policy)
    for rule in SHED_RULES:
        rules[f"to shed if {rule.reason}, unless strategic value holds it"] = rule.applies(PROFILE)
    applies = decided.with_columns(**rules).select(*rules).row(0)
    return tuple(zip(rules, map(bool, applies), strict=True))


_LEVELS, _ANSWERS = ("retention_risk", "opportunity", "appetite_for_change"), ("high_touch", "marquee")
_NAMES = {column.field: column.name for column in COLUMNS} | {factor.column: factor.name for factor in FACTORS}
_ANSWER_NAMES = {YES: "Yes", NO: "No"}


def _changes(decided: Frame, grading: Grading) -> Iterator[Change]:
    """The single changes of a rating, level or answer that bring another tier than the method gives now."""
    scales = {factor.column: range(factor.worst, factor.best + factor.better, factor.better) for factor in FACTORS}
    choices = scales | dict.fromkeys(_LEVELS, (LOW, MEDIUM, HIGH)) | dict.fromkeys(_ANSWERS, (NO, YES))
    profile = decided.select(*PROFILE_COLUMNS)
    tried = [
        (field, int(decided[field][0]), value)
        for field, values in choices.items()
        for value in values
        if value != decided[field][0]
    ]
    variants = nw.concat([profile.with_columns(nw.lit(value, nw.Int8).alias(field)) for field, _, value in tried])
    tiers = with_computed_tier(variants, grading.policy)["computed_tier"].to_list()
    for (field, before, after), tier in zip(tried, tiers, strict=True):
        if tier not in (decided["computed_tier"][0], NOT_GRADED):
            words = _ANSWER_NAMES if field in _ANSWERS else RATING_NAMES
            known = _level(before) if field in _LEVELS else words[before]
            yield Change(_NAMES[field], known, words[after], TIER_NAMES[tier])


def _level(level: int) -> str:
    return "not known" if level == NOT_RATED else RATING_NAMES[level]
