"""The history of gradings, one line a client and a grading; the movers between two of them, and who is to be watched.

A line is known again by its key, the Client ID, or where there is none the Client, whatever the case of its letters.
Lines of one key differ by their order: the first is compared with the first, the second with the second.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.expressions import Expr, as_compared, filled, first_that_applies, midnight, named, ratio, reusable
from tierxl.method.levels import NOT_GRADED, RATING_NAMES, TIER_NAMES
from tierxl.method.rating.figures import Cut, Wording
from tierxl.method.rating.grading import RATING_COLUMNS, Grading
from tierxl.method.rating.moves import has_top_tier, is_overridden
from tierxl.method.rating.ratings import margin, wallet_share
from tierxl.method.rating.retention import fall, fallen_cut
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.clients import Frame
from tierxl.method.table.totals import clients_and_revenue, totals

TYPES: dict[str, Any] = {
    "As of": nw.Datetime("us"),
    "Client key": nw.String,
    "Client": nw.String,
    "Revenue": nw.Float64,
    "Tier": nw.String,
    "Score": nw.Float64,
    **dict.fromkeys(RATING_COLUMNS, nw.String),
    "Override": nw.String,
    "Policy": nw.String,
    "Wallet share": nw.Float64,
    "Margin": nw.Float64,
}
"""The columns of the lines, in their order.

*As of* is the day of the grading, *Override* the tier that the user had set, *Policy* the settings' fingerprint. The
last two are missing where a line was written by the first edition.
"""

UP, DOWN, NOW_GRADED, NO_LONGER_GRADED, NEW, GONE = MOVES = (
    "Up",
    "Down",
    "Now graded",
    "No longer graded",
    "New",
    "Gone",
)
_SIGNS = {UP: "▲", DOWN: "▼"}
_SCORE, _BEFORE, _IN_WORDS = "Score", " before", " in words"
_KEY, _NAME, _NTH = "folded key", "folded name", "nth"
_FIGURES = {"Revenue rating": "Revenue", "Wallet rating": "Wallet share", "Profit rating": "Margin"}
"""The client's own figure behind each rating that can change without it; the other two are what the user entered."""
_NAMED = ("Client", "Client key", "From", "To", "What changed")
"""The columns that movers of one move and revenue are sorted by, so that their order never depends on the engine."""


@dataclass(frozen=True)
class Move:
    """The number of clients that made a move, and their revenue; of those that are no longer there, their last one."""

    name: str
    clients: int
    revenue: float


@dataclass(frozen=True)
class Movers:
    """The clients whose tier differs between two gradings, those that are new, and those that are no longer there.

    Attributes:
        since, as_of: the days of the two gradings.
        lines: one row a client: Client key, Client, Move (one of :data:`MOVES`), From and To (tiers, missing for a
            client that was not there), Revenue, What changed. Sorted by move, the largest revenue first.
        moves: how many clients made each of the moves.
        unmoved: how many clients have the tier that they had.
        policy_changed: whether the settings differ, so that a move may come from them.
        watch: the clients whose tier is A or B as before, and whose revenue fell: Client key, Client, Tier, Revenue
            before, Revenue now, Fall (a fraction of the revenue before). Tier A first, then the largest fall.
        watch_from: the fall from which they are watched.
        currency: the currency of the revenue.
    """

    since: date
    as_of: date
    lines: Frame
    moves: tuple[Move, ...]
    unmoved: int
    policy_changed: bool
    watch: Frame
    watch_from: float
    currency: str = ""


@dataclass(frozen=True)
class Day:
    """The clients of a grading by tier, and their revenue."""

    as_of: date
    clients: dict[str, int]
    revenue: dict[str, float]


def no_lines() -> Frame:
    """An empty history."""
    return nw.from_dict({name: [] for name in TYPES}, TYPES, backend=ENGINE)


def lines_of(grading: Grading) -> Frame:
    """The lines of a grading, in the order of the clients. A client without name and ID has none."""
    lines = grading.lines("client", "client_id", "revenue", "override_tier", "override_expires", *_figures())
    lines = lines.with_columns(*_of_client(grading.as_of), nw.lit(grading.policy.fingerprint).alias("Policy"))
    return lines.filter(~nw.col("Client key").is_null()).select(_typed())


@reusable()
def _figures() -> dict[str, Expr]:
    return {"Wallet share": ratio(wallet_share()), "Margin": ratio(margin())}


@reusable()
def _of_client(as_of: date) -> dict[str, Expr]:
    return {
        "As of": nw.lit(midnight(as_of)),
        "Client key": nw.coalesce("client_id", "client"),
        "Client": nw.col("client"),
        "Revenue": nw.col("revenue"),
        "Override": nw.when(is_overridden(as_of)).then(named(nw.col("override_tier"), TIER_NAMES)),
    }


@reusable()
def _typed() -> dict[str, Expr]:
    return {name: nw.col(name).cast(dtype) for name, dtype in TYPES.items()}


def with_grading(history: Frame, grading: Grading) -> Frame:
    """A history with the lines of a grading in place of those of the same day, the latest day at the top."""
    others = history.filter(nw.col("As of") != midnight(grading.as_of))
    return latest_first(nw.concat([lines_of(grading), others]))


def latest_first(history: Frame) -> Frame:
    """The lines with the latest day at the top, and those of a day in the order in which they stood."""
    return history.with_row_index("place").sort("As of", "place", descending=[True, False]).drop("place")


def latest_days(history: Frame, most: int) -> Frame:
    """The lines of the latest days, whole days only, as far as they are no more than some number of lines.

    Of a single day with more lines than that, the first are left.
    """
    if len(history) <= most:
        return history
    kept = 0
    for day in reversed(days_of(history)):
        count = len(lines_on(history, day))
        if kept + count > most:
            break
        kept += count
    return history.head(kept or most)


def days_of(history: Frame) -> list[date]:
    """The days of the gradings, the earliest first."""
    return [day.date() for day in sorted(history["As of"].unique().to_list())]


def lines_on(history: Frame, day: date) -> Frame:
    """The lines of one day."""
    return history.filter(nw.col("As of") == midnight(day))


def movers_since(history: Frame, grading: Grading) -> Movers | None:
    """The movers since the latest day before a grading; None where there is no such day."""
    earlier = [day for day in days_of(history) if day < grading.as_of]
    if not earlier:
        return None
    policy = grading.policy
    before, now = lines_on(history, earlier[-1]), lines_of(grading)
    moved = movers(before, now, score_cuts(policy), fallen_cut(policy).value)
    return replace(moved, currency=grading.clients.currency)


def movers(before: Frame, now: Frame, cuts: Sequence[Cut] = (), watch_from: float = math.inf) -> Movers:
    """The movers between two gradings.

    Args:
        before: the lines of the earlier grading, of which there is at least one.
        now: those of the later one, likewise.
        cuts: where the score makes another tier now.
        watch_from: the fall of revenue from which a client is to be watched; a fraction of what it was.
    """
    paired = _paired(before, now)
    policies = [set(lines["Policy"].drop_nulls().unique().to_list()) for lines in (before, now)]
    policy_changed = all(policies) and policies[0] != policies[1]
    moved = paired.with_columns(_move().alias("Move")).filter(~nw.col("Move").is_null())
    for name in (_SCORE, f"{_SCORE}{_BEFORE}"):
        moved = Wording(nw.col(name), cuts).added_to(moved, f"{name}{_IN_WORDS}")
    revenue = first_that_applies([(nw.col("Move") == GONE, nw.col(f"Revenue{_BEFORE}"))], nw.col("Revenue"))
    rank = nw.col("Move").replace_strict(list(MOVES), list(range(len(MOVES))), return_dtype=nw.Int64)
    lines = (
        moved.select(
            nw.coalesce("Client key", f"Client key{_BEFORE}").alias("Client key"),
            nw.coalesce("Client", f"Client{_BEFORE}").alias("Client"),
            nw.col("Move"),
            nw.col(f"Tier{_BEFORE}").alias("From"),
            nw.col("Tier").alias("To"),
            revenue.alias("Revenue"),
            _what_changed(policy_changed=policy_changed).alias("What changed"),
            rank.alias("rank"),
        )
        .sort("rank", "Revenue", *_NAMED, descending=[False, True, *[False] * len(_NAMED)], nulls_last=True)
        .drop("rank")
    )
    return Movers(
        since=_day_of(before),
        as_of=_day_of(now),
        lines=lines,
        moves=tuple(_counted(lines, move) for move in MOVES),
        unmoved=len(paired) - len(lines),
        policy_changed=policy_changed,
        watch=_watch(paired, watch_from),
        watch_from=watch_from,
    )


def trend_marks(moved: Movers) -> dict[str, str]:
    """The trend of each client that moved or is new, by its key: ▲ from B, ▼ from A, or new."""
    marks = [(nw.col("Move") == move, filled(f"{sign} from {{}}", nw.col("From"))) for move, sign in _SIGNS.items()]
    lines = moved.lines.filter(nw.col("Move").is_in([*_SIGNS, NEW]))
    return dict(lines.select("Client key", mark=first_that_applies(marks, "new")).iter_rows())


def trend(history: Frame, days: Sequence[date]) -> list[Day]:
    """The clients by tier, and their revenue, on some days of a history."""
    of_line = nw.col("Tier"), nw.col("Revenue").fill_null(0.0)
    return [Day(day, *clients_and_revenue(lines_on(history, day), *of_line)) for day in days]


def _counted(lines: Frame, move: str) -> Move:
    revenue = lines.filter(nw.col("Move") == move).select(revenue=nw.col("Revenue").fill_null(0.0))
    return Move(move, len(revenue), totals(revenue)["revenue"] if len(revenue) else 0.0)


# --- Which lines are of one client -----------------------------------------------------------------------------------


def _paired(before: Frame, now: Frame) -> Frame:
    """The lines of each client side by side, those of before with :data:`_BEFORE` at the end of their names.

    IDs may differ in the case of their letters alone, so the same key goes before one that is written otherwise. A
    client that has no partner by its key may have got an ID in between, or lost it: then its name finds the partner.
    """
    left, right = _folded(before), _folded(now)
    left = left.rename({name: f"{name}{_BEFORE}" for name in left.columns})
    pairs = []
    for key_before, key_now in (("Client key", "Client key"), (_KEY, _KEY), (_KEY, _NAME), (_NAME, _KEY)):
        pair, left, right = _matched(left, right, f"{key_before}{_BEFORE}", key_now)
        pairs.append(pair)
    return nw.concat([*pairs, right, left], how="diagonal")


def _folded(lines: Frame) -> Frame:
    """Lines with their key and name as they are compared, as duplicate clients are."""
    return lines.with_columns(as_compared(nw.col("Client key")).alias(_KEY), as_compared(nw.col("Client")).alias(_NAME))


def _matched(before: Frame, now: Frame, key_before: str, key_now: str) -> tuple[Frame, Frame, Frame]:
    """The lines with the same key on both sides, joined, and those of each side that have no partner."""
    before = before.with_columns(nw.col(key_before).cum_count().over(key_before).alias(_NTH))
    now = now.with_columns(nw.col(key_now).cum_count().over(key_now).alias(_NTH))
    of_now, of_before = [key_now, _NTH], [key_before, _NTH]
    return (
        now.join(before, left_on=of_now, right_on=of_before).drop(_NTH),
        before.join(now, left_on=of_before, right_on=of_now, how="anti").drop(_NTH),
        now.join(before, left_on=of_now, right_on=of_before, how="anti").drop(_NTH),
    )


# --- What happened to it ---------------------------------------------------------------------------------------------


def _move() -> Expr:
    """The move that a pair of lines shows; missing where the tier is what it was."""
    before, now = (_numbers(name, TIER_NAMES) for name in (f"Tier{_BEFORE}", "Tier"))
    none: Expr = nw.lit(None, nw.String)
    return first_that_applies(
        [
            (before.is_null(), NEW),
            (now.is_null(), GONE),
            (before == now, none),
            (before == NOT_GRADED, NOW_GRADED),
            (now == NOT_GRADED, NO_LONGER_GRADED),
            (now > before, UP),
        ],
        DOWN,
    )


def _what_changed(*, policy_changed: bool) -> Expr:
    """The difference between the lines of a client: ratings and override, else the score, else what no line holds."""
    seen = nw.concat_str(*map(_rating, RATING_COLUMNS), _override(), separator="; ", ignore_nulls=True)
    score_before, score = (nw.col(f"{name}{_IN_WORDS}") for name in (f"{_SCORE}{_BEFORE}", _SCORE))
    first = "The settings, retention" if policy_changed else "Retention"
    return first_that_applies(
        [
            (nw.col(f"Tier{_BEFORE}").is_null(), "New on the list"),
            (nw.col("Tier").is_null(), "No longer on the list"),
            (seen != "", seen),
            (score_before != score, filled("Score {} to {}", score_before, score)),
        ],
        f"{first} risk, opportunity or high touch; the ratings are as before",
    )


def _rating(name: str) -> Expr:
    """The change of a rating, with its cause where it is not the client's own; missing where there is none."""
    before, now = nw.col(f"{name}{_BEFORE}"), nw.col(name)
    change = filled(f"{name.removesuffix(' rating')} {{}} to {{}}", before, now)
    if name in _FIGURES:
        change = nw.concat_str(change, _cause_elsewhere(name, _FIGURES[name]))
    return nw.when(now != before).then(change)


def _cause_elsewhere(rating: str, figure: str) -> Expr:
    """The cause of a change of rating though the client's own figure is known to be what it was; else no text."""
    same = nw.col(figure) == nw.col(f"{figure}{_BEFORE}")
    cause = f" (own {figure.lower()} unchanged: {{}}the cut moved)"
    if rating == "Wallet rating":
        return first_that_applies([(same, cause.format(""))], "")
    before, now = (_numbers(name, RATING_NAMES) for name in (f"{rating}{_BEFORE}", rating))
    risen, fallen = cause.format("others fell behind it, or "), cause.format("others overtook it, or ")
    return first_that_applies([(same & (now > before), risen), (same, fallen)], "")


def _numbers(column: str, names: Mapping[int, str]) -> Expr:
    """The numbers that a column of names stands for."""
    return nw.col(column).replace_strict(list(names.values()), list(names), return_dtype=nw.Int64)


def _override() -> Expr:
    """The change of the tier that the user had set; missing where there is none."""
    before, now = nw.col(f"Override{_BEFORE}"), nw.col("Override")
    return first_that_applies(
        [
            (before.is_null() & ~now.is_null(), filled("Override to {}", now)),
            (~before.is_null() & now.is_null(), filled("Override to {} ended", before)),
            (before != now, filled("Override {} to {}", before, now)),
        ],
        nw.lit(None, nw.String),
    )


def _watch(paired: Frame, watch_from: float) -> Frame:
    """The clients to watch; see :class:`Movers`."""
    before, now = nw.col(f"Revenue{_BEFORE}"), nw.col("Revenue")
    is_watched = has_top_tier() & (nw.col("Tier") == nw.col(f"Tier{_BEFORE}"))
    return (
        paired.filter(is_watched.fill_null(False))
        .with_columns(fall("Revenue", f"Revenue{_BEFORE}").alias("Fall"))
        .filter((nw.col("Fall") >= watch_from).fill_null(False))
        .select(
            "Client key", "Client", "Tier", before.alias("Revenue before"), now.alias("Revenue now"), nw.col("Fall")
        )
        .sort(
            "Tier", "Fall", "Revenue before", *_NAMED[:2], descending=[False, True, True, False, False], nulls_last=True
        )
    )


def _day_of(lines: Frame) -> date:
    day: datetime = lines["As of"][0]
    return day.date()
