"""Checks of the data once cells are read: amounts, overrides, headers and names that cannot be used as they are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from tierxl.method.engine import ENGINE
from tierxl.method.expressions import as_compared, reusable
from tierxl.method.issues import Issue
from tierxl.method.levels import LOW, MEDIUM, NOT_GRADED, RATING_NAMES
from tierxl.method.money import before_digits
from tierxl.method.rating.figures import PERCENT, Cut, beside
from tierxl.method.rating.ratings import COSTS, Cuts
from tierxl.method.table import cells
from tierxl.method.table.clients import Clients, Frame
from tierxl.method.table.kinds import Check
from tierxl.method.words import in_words

_spend, _share = nw.col("total_spend"), nw.col("share")
_outside = (_share < 0) | (_share > 1)
OUTSIDE = "is outside 0 to 100 %: wallet share is not rated"

CHECKS = (
    Check(
        "revenue",
        nw.col("revenue").is_null(),
        "is not known: fill it in; until then only strategic value or an override gives a tier",
    ),
    Check("total_spend", _spend <= 0, "must be more than 0: wallet share is not rated"),
    Check(
        "total_spend",
        (_spend > 0) & (nw.col("revenue") < 0),
        "gives no wallet share, as revenue is negative: not rated",
    ),
    Check("total_spend", (_spend > 0) & _outside, "is less than the revenue: wallet share is not rated"),
    Check("profit", (nw.col("revenue") > 0) & (nw.col("profit") > nw.col("revenue")), "is more than the revenue"),
    *(Check(cost, nw.col(cost) < 0, "is below 0: it counts as a cost of that size") for cost in COSTS),
    Check("wallet_share", _spend.is_null() & _outside, OUTSIDE),
    Check(
        "override_reason",
        nw.col("overridden") & nw.col("override_reason").is_null(),
        "is blank: say why the tier is overridden",
    ),
    Check(
        "override_expires",
        (nw.col("override_tier") != NOT_GRADED) & ~nw.col("overridden"),
        "has passed, so the override is not used: renew or remove it",
    ),
)


_CALLED = {
    "client_id": nw.col("client_id"),
    "client": nw.when(nw.col("client_id").is_null()).then(as_compared(nw.col("client"))),
}
"""The names by which clients are told apart: the Client ID; or, where there is none, the name.

Names are the same in capitals and with other spaces; IDs are not, as some systems tell accounts apart by that alone.
"""

_REPEATED = "is in more than one row, each of which is graded: keep one if they are the same client"
NAME_CHECKS = (
    Check("client", nw.col("client").is_null(), "is blank: every client needs a name"),
    Check("client_id", nw.col("repeats_client_id"), _REPEATED),
    Check("client", nw.col("repeats_client"), _REPEATED),
)
"""The checks of clients that carry ``repeats_client_id`` and ``repeats_client``."""


def findings(rated: Frame, clients: Clients, checks: Sequence[Check] = CHECKS) -> list[Issue]:
    """The issues of rated clients, one a cell; cells that could not be read have theirs already."""
    unread = {(issue.row, issue.column) for issue in clients.issues}
    issues: list[Issue] = []
    for check, mark in zip(checks, rated.select(_marks(*checks)).iter_columns(), strict=True):
        if mark.any():
            column, positions = rated[check.field], mark.arg_true().to_list()
            texts = [_SHOWN.get(check.field, cells.shown)(column[at]) for at in positions]
            issues += clients.issues_at(positions, check.field, texts, check.message)
    return [issue for issue in issues if (issue.row, issue.column) not in unread]


@reusable()
def _marks(*checks: Check) -> dict[str, nw.Expr]:
    """Where each of some checks applies."""
    return {f"{at}": check.applies.fill_null(False) for at, check in enumerate(checks)}


def ties(cuts: Cuts, header: str, currency: str = "") -> list[Issue]:
    """An assumption for each revenue that too many clients share to stand out.

    Args:
        cuts: the cuts of the portfolio.
        header: the header of the revenue.
        currency: its currency.
    """
    return [
        Issue(
            f"{tie.clients:,} of {cuts.ranked:,} clients have the same revenue, "
            f"{before_digits(currency)}{_amount(tie.revenue)}: too many to "
            f"stand out, so they are rated {RATING_NAMES[MEDIUM if cuts.reaches_medium(tie.revenue) else LOW]}",
            column=header,
            assumed=True,
        )
        for tie in cuts.ties
    ]


def checks_of(unread_cells: Sequence[Check]) -> list[Check]:
    """Everything to report of rated clients that carry ``repeats_client_id`` and ``repeats_client``."""
    unread = {check.field: check.applies for check in unread_cells}
    checks = [
        replace(check, applies=check.applies & ~unread[check.field]) if check.field in unread else check
        for check in CHECKS
    ]
    return [*unread_cells, *NAME_CHECKS, *checks]


def with_repeats(
    clients: nw.LazyFrame[Any], repeated: Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]]
) -> nw.LazyFrame[Any]:
    """The clients with ``repeats_client_id`` and ``repeats_client``: whether others are called the same.

    Args:
        clients: the clients.
        repeated: what stands more than once in a frame of one column without gaps, each once.
    """
    for field, called in _CALLED.items():
        key, repeats = f"{field}_key", f"repeats_{field}"
        clients = clients.with_columns(called.alias(key))
        shared = repeated(clients.select(key).filter(~nw.col(key).is_null())).with_columns(nw.lit(1).alias(repeats))
        clients = clients.join(shared, on=key, how="left").with_columns((~nw.col(repeats).is_null()).alias(repeats))
    return clients


def doubtful_names(clients: Clients) -> list[Issue]:
    """Issues about clients without a name, and about those that are called the same."""
    repeats = {f"repeats_{field}": _is_repeated(clients.table, called) for field, called in _CALLED.items()}
    return findings(clients.table.with_columns(**repeats), clients, NAME_CHECKS)


def _is_repeated(table: Frame, called: nw.Expr) -> nw.Expr:
    """True for names that stand more than once. Most lists have none, as their hashes tell quickly."""
    names = table.select(name=called)["name"].drop_nulls()
    hashes = names.to_polars().hash() if ENGINE == "polars" else names
    if hashes.n_unique() == len(names):
        return nw.lit(False)
    return called.is_duplicated() & ~called.is_null()


def _amount(value: Any) -> str:
    return "" if cells.is_blank(value) else f"{value:,.2f}".removesuffix(".00")


_SHOWN: dict[str, Callable[..., str]] = {
    "revenue": _amount,
    "total_spend": _amount,
    "wallet_share": lambda share: beside(share, (Cut(0), Cut(1, above=True)), 0, PERCENT),
    "override_expires": in_words,
}
