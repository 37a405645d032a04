"""The worksheet functions: what a formula such as ``=TIER_TABLE(Clients[#All])`` calls.

Each takes single cells or ranges and spills. Each answers input that it cannot use with a short text that starts with
"tierxl: " and says what to mend. The policy is that of the workbook's Settings sheet, where it can be reached, and the
day is today. The rules are those of :mod:`tierxl.method`; here stands only how cells reach them and come back.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

import narwhals as nw
import polars as pl

from tierxl.excel.workbook_policy import workbook_policy
from tierxl.functions.cache import Answers, Memory
from tierxl.functions.graded_range import GradedRange, graded_range, managers_in
from tierxl.functions.ranges import Cellwise, Grid, grid_of, series_of, shortened
from tierxl.functions.worksheet_function import WorksheetFunction, worksheet_function
from tierxl.method.expressions import named
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import NO, NOT_GRADED, NOT_RATED, RATING_NAMES, TIER_NAMES
from tierxl.method.plan.service import TIERS, next_of_service
from tierxl.method.policy import Policy
from tierxl.method.rating.checks import CHECKS, findings
from tierxl.method.rating.decision import decide_ratings
from tierxl.method.rating.ratings import Cuts, cuts, rate
from tierxl.method.rating.score import PROFILE_COLUMNS
from tierxl.method.table import cells
from tierxl.method.table.clients import Clients, Frame, read_clients
from tierxl.method.table.columns import normal

FUNCTIONS: dict[str, WorksheetFunction] = {}
"""Every worksheet function, by its name, in the order in which they stand here."""

_for_cells = partial(worksheet_function, FUNCTIONS)

_CLIENTS = "The clients with their header row, such as Clients[#All]. They need a Client and a Revenue column."
_LEVEL = "High, Medium or Low, or blank where it is not known. A cell, or a range."
_ANSWER = "Yes or No; blank is No. A cell, or a range."


@_for_cells(
    answers="numbers and texts",
    clients=_CLIENTS,
    column="The graded column to show, such as Tier. All of them if left out.",
)
def TIER_TABLE(clients: Any, column: Any = None) -> Any:
    """Grades clients A, B or C: the graded columns with their headers, or one of them, row for row with the range.

    Args:
        clients: columns in any order, under any of the names that ``docs/method.md`` gives them. Columns of an earlier
            grading are left out; a row without anything in it stays blank.
        column: a graded column in any case; also several, as a range.

    Returns:
        One row a row of the range. Score is from 0 to 100, Upside is money; what is missing is an empty text.
    """
    graded = _graded(clients)
    names = [cells.shown(name) for row in grid_of(column) for name in row if not cells.is_blank(name)]
    return graded.table(names) if names else graded.table()


@_for_cells(
    revenue_rating="High, Medium or Low; a client whose revenue is not rated is not graded. A cell, or a range.",
    wallet_rating=f"The rating of the wallet share: {_LEVEL}",
    profit_rating="High, Medium, Low or Laggard (a loss), or blank where it is not known. A cell, or a range.",
    strategic_rating=f"The strategic value: {_LEVEL}",
    pain_rating=f"How much of a strain the client is: {_LEVEL}",
    retention_risk=f"How likely you are to lose the client: {_LEVEL}",
    opportunity=f"How much there is to optimise or to sell: {_LEVEL}",
    appetite=f"How open the client is to something new: {_LEVEL}",
    high_touch=f"Does the client need much personal attention? {_ANSWER}",
    marquee=f"Is the client a name to show, or an advocate? {_ANSWER}",
)
def TIER_RATING(
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    retention_risk: Any = None,
    opportunity: Any = None,
    appetite: Any = None,
    high_touch: Any = None,
    marquee: Any = None,
) -> Any:
    """The tier A, B or C of a client from its five ratings and what else is known about it.

    Returns:
        The tier that the method gives, before any override: moves, floor and shed rule included. "Not graded" where
        the revenue is not rated.

    Source: S1 and S2; see ``docs/method.md``.
    """
    return _of_profiles(
        _tier_ratings,
        revenue_rating=revenue_rating,
        wallet_rating=wallet_rating,
        profit_rating=profit_rating,
        strategic_rating=strategic_rating,
        pain_rating=pain_rating,
        retention_risk=retention_risk,
        opportunity=opportunity,
        appetite=appetite,
        high_touch=high_touch,
        marquee=marquee,
    )


@_for_cells(
    revenue="The client's revenue of the last 12 months. A cell, or a range.",
    all_revenue="The revenue of all clients, such as Clients[Revenue]: the rating compares them.",
)
def REVENUE_RATING(revenue: Any, all_revenue: Any) -> Any:
    """Rates revenue High, Medium or Low among all clients: High for the top share, Medium for the next.

    Args:
        revenue: money, in the currency of all_revenue.
        all_revenue: money; what is no amount, such as a header, counts as not known.

    Source: S2; see ``docs/method.md``.
    """
    policy = workbook_policy()
    return _cell_by_cell(_revenue_ratings, policy, _revenue_cuts(all_revenue, policy), revenue=revenue)


@_for_cells(
    share="Your share of what the client spends, such as 45 % or 0.45. A cell, or a range.",
)
def WALLET_RATING(share: Any) -> Any:
    """Rates your share of a client's spend High, Medium or Low.

    Args:
        share: a fraction or percent points; a range is read as a whole, as a column of a table is.

    Source: S2; see ``docs/method.md``.
    """
    return _cell_by_cell(_wallet_ratings, workbook_policy(), share=share)


@_for_cells(
    margin="Profit by revenue, such as 12 % or 0.12. A cell, or a range.",
    target="A margin from here upwards is High. The Settings sheet's target if left out.",
    acceptable="A margin from here upwards is at least Medium. As the Settings sheet says if left out: half of the "
    "target, or a number.",
)
def PROFIT_RATING(margin: Any, target: Any = None, acceptable: Any = None) -> Any:
    """Rates a margin High, Medium or Low; a loss is a Laggard.

    Args:
        margin: a fraction or percent points; each of the three arguments is read as a whole, as a column of a table is.
        target: likewise. Where it is left out, the policy must fix one: a margin alone does not show the portfolio's.
        acceptable: likewise; at most the target.

    Source: S2; see ``docs/method.md``.
    """
    return _cell_by_cell(_profit_ratings, workbook_policy(), margin=margin, target=target, acceptable=acceptable)


@_for_cells(
    well_aligned="Does the client fit your strengths? Yes or No. A cell, or a range.",
    challenging="Is the client hard to work with? Yes or No. A cell, or a range.",
)
def PAIN_RATING(well_aligned: Any, challenging: Any) -> Any:
    """Rates how much of a strain a client is, from two answers: High, Medium or Low. Low is good.

    Returns:
        The pain rating; "Not rated" where an answer is missing.

    Source: S2; see ``docs/method.md``.
    """
    return _cell_by_cell(_pain_ratings, workbook_policy(), well_aligned=well_aligned, challenging=challenging)


@_for_cells(
    answers="numbers and texts",
    revenue_rating="High, Medium or Low; a client whose revenue is not rated has no score. A cell, or a range.",
    wallet_rating=f"The rating of the wallet share: {_LEVEL}",
    profit_rating="High, Medium, Low or Laggard (a loss), or blank where it is not known. A cell, or a range.",
    strategic_rating=f"The strategic value: {_LEVEL}",
    pain_rating=f"How much of a strain the client is: {_LEVEL}",
    appetite=f"How open the client is to something new: {_LEVEL}",
)
def TIER_SCORE(
    revenue_rating: Any,
    wallet_rating: Any,
    profit_rating: Any,
    strategic_rating: Any,
    pain_rating: Any,
    appetite: Any = None,
) -> Any:
    """The score of a client, from 0 to 100, from its five ratings.

    Returns:
        The score; an empty text where the revenue is not rated, or where no factor with a weight is.

    Source: see ``docs/method.md``.
    """
    return _of_profiles(
        _scores,
        revenue_rating=revenue_rating,
        wallet_rating=wallet_rating,
        profit_rating=profit_rating,
        strategic_rating=strategic_rating,
        pain_rating=pain_rating,
        appetite=appetite,
    )


@_for_cells(
    clients=_CLIENTS,
    client="The client's name or Client ID. A cell, or a range.",
)
def TIER_WHY(clients: Any, client: Any) -> Any:
    """Why a client has its tier, in plain sentences with the numbers in them.

    Args:
        clients: all the clients, since ratings compare them; see :func:`TIER_TABLE`.
        client: a name or Client ID, in any case.

    Returns:
        The Why column of that client. Where several are called so: one below the other for a single cell, one line
        each for a cell of a range.
    """
    graded = _graded(clients)
    wanted = Cellwise(client=client)
    if len(wanted) == 1:
        name = cells.shown(wanted["client"][0])
        positions = graded.directory.called(name) or graded.directory.positions(shortened(name))
        reasons = [[graded.why(at)] for at in positions]
        return reasons if len(reasons) > 1 else reasons[0][0]

    def why(name: object) -> str:
        positions = graded.directory.called(cells.shown(name))
        if not positions:
            raise ValueError("is not among the clients")
        return "\n".join(map(graded.why, positions))

    return wanted.spilled(wanted.held(wanted.read("client", why, "")))


@_for_cells(
    tier="A, B or C. A cell, or a range.",
    service="The service, such as Review meeting, as it stands on the Settings sheet. A cell, or a range.",
)
def TIER_SERVICE(tier: Any, service: Any) -> Any:
    """What a tier gets of a service, as the Settings sheet says.

    Returns:
        The service level as text, such as "4/yr, 30 min, phone or email".

    Source: S2 and S3; see ``tierxl policy``.
    """
    return _cell_by_cell(_service_levels, workbook_policy(), tier=tier, service=service)


@_for_cells(
    answers="dates and texts",
    days=["last"],
    tier="A, B or C. A cell, or a range.",
    service="The service, such as Personal contact, as it stands on the Settings sheet. A cell, or a range.",
    last="The day on which it happened last. A cell, or a range.",
)
def NEXT_DUE(tier: Any, service: Any, last: Any) -> Any:
    """The day on which a service is due next; none where the tier does not get it at regular times.

    Args:
        tier: also "Not graded", for which nothing is due.
        service: a service of the policy, in any case.
        last: a date.

    Returns:
        A date, or "none".

    Source: S3; see ``docs/method.md``.
    """
    return _cell_by_cell(_due_days, workbook_policy(), date.today(), tier=tier, service=service, last=last)


@_for_cells(
    clients=_CLIENTS,
    managers="The account managers with their header row: the table of the sheet Account managers. "
    "Their hours are a signal.",
)
def SHOULD_TIER(clients: Any, managers: Any = None) -> Any:
    """Whether tiering suits these clients: the verdict, and below it the signals that speak for or against it.

    Args:
        clients: see :func:`TIER_TABLE`.
        managers: the columns of the sheet Account managers, in any order; what cannot be read counts as not known.

    Returns:
        The verdict in the first cell; below it a row a signal: its name, what was measured, whether it speaks "for" or
        "against" tiering or is "open", and what that means. It only advises.

    Source: S0, why and when to tier; see ``docs/method.md``.
    """
    policy = workbook_policy()
    return graded_range(clients, policy, date.today()).advice(managers_in(managers, policy))


NOT_DUE = "none"
"""What stands where a tier does not get a service at regular times."""

_SHARE_CHECKS = [check for check in CHECKS if check.field == "wallet_share"]

MOST_CELLS = 400_000
"""To how many cells answers are remembered: those of 40,000 formulas over ten single cells each."""

_PROFILE: dict[str, tuple[Callable[[object], int], int]] = {
    "revenue_rating": (cells.rating, NOT_RATED),
    "wallet_rating": (cells.rating, NOT_RATED),
    "profit_rating": (cells.profit_rating, NOT_RATED),
    "strategic_rating": (cells.rating, NOT_RATED),
    "pain_rating": (cells.rating, NOT_RATED),
    "retention_risk": (cells.level, NOT_RATED),
    "opportunity": (cells.level, NOT_RATED),
    "appetite": (cells.level, NOT_RATED),
    "high_touch": (cells.yes_no, NO),
    "marquee": (cells.yes_no, NO),
}
"""What a tier depends on: how each argument is read, and what a blank means; in the order of PROFILE_COLUMNS."""

_OF_SETTINGS = "the Settings sheet's "
_cuts: Memory[Cuts] = Memory(4)
_answers: Answers[tuple[Any, ...]] = Answers(MOST_CELLS)


def _graded(clients: Any) -> GradedRange:
    return graded_range(clients, workbook_policy(), date.today())


def _cell_by_cell(rule: Callable[..., Sequence[Any]], policy: Policy, *besides: Hashable, **arguments: Any) -> Any:
    """What a rule answers to arguments side by side: remembered, or worked out now.

    Args:
        rule: gives one answer a cell, from the arguments, the policy, and what else it is given here; from nothing
            else, since it is by these that an answer is remembered.
        policy: the policy.
        besides: what else the rule needs.
        arguments: single cells and ranges.
    """
    given = Cellwise(**arguments)
    answers = _answers.answer(
        (rule, *besides, given.key), policy, given.size, lambda: given.held(rule(given, policy, *besides))
    )
    return given.spilled(answers)


def _of_profiles(rule: Callable[..., Sequence[Any]], **ratings: Any) -> Any:
    """What a rule answers to clients of whom these ratings are given."""
    return _cell_by_cell(rule, workbook_policy(), **(dict.fromkeys(_PROFILE) | ratings))


def _tier_ratings(given: Cellwise, policy: Policy) -> list[Any]:
    return _decided(given, policy).select(tier=named(nw.col("tier"), TIER_NAMES))["tier"].to_list()


def _scores(given: Cellwise, policy: Policy) -> list[Any]:
    return _decided(given, policy)["score"].to_list()


def _decided(given: Cellwise, policy: Policy) -> Frame:
    """Clients of whom ratings are given, as the method decides on them."""
    read = [given.read(argument, reader, blank) for argument, (reader, blank) in _PROFILE.items()]
    return decide_ratings(nw.from_native(pl.DataFrame(dict(zip(PROFILE_COLUMNS, read, strict=True)))), policy)


def _revenue_ratings(given: Cellwise, policy: Policy, portfolio_cuts: Cuts) -> list[str]:
    clients = _clients(policy, {"Revenue": given["revenue"]})
    given.report_issues(clients.issues, {"Revenue": "revenue"})
    return _names(rate(clients.table, portfolio_cuts, policy), "revenue_rating")


def _wallet_ratings(given: Cellwise, policy: Policy) -> list[str]:
    clients = _clients(policy, {"Wallet share": given["share"]})
    rated = rate(clients.table, cuts(clients.table, policy), policy)
    given.report_issues([*clients.issues, *findings(rated, clients, _SHARE_CHECKS)], {"Wallet share": "share"})
    return _names(rated, "wallet_rating")


def _profit_ratings(given: Cellwise, policy: Policy) -> list[str]:
    margins, targets, acceptables = (_margins(given, name, policy) for name in ("margin", "target", "acceptable"))
    places: dict[tuple[float | None, float | None], list[int]] = {}
    for at, fixed in enumerate(zip(targets.table["margin"], acceptables.table["margin"], strict=True)):
        places.setdefault(fixed, []).append(at)
    ratings = [""] * len(given)
    for (fixed_target, fixed_acceptable), positions in places.items():
        try:
            fixed_policy = _with_margins(policy, fixed_target, fixed_acceptable)
        except CannotGrade as error:
            for at in positions:
                given.report(at, str(error))
        else:
            clients = margins.table[positions]
            rated = rate(clients, cuts(clients, fixed_policy), fixed_policy)
            for at, rating in zip(positions, _names(rated, "profit_rating"), strict=True):
                ratings[at] = rating
    return ratings


def _pain_ratings(given: Cellwise, policy: Policy) -> list[str]:
    clients = _clients(policy, {"Well aligned": given["well_aligned"], "Challenging": given["challenging"]})
    given.report_issues(clients.issues, {"Well aligned": "well_aligned", "Challenging": "challenging"})
    return _names(rate(clients.table, cuts(clients.table, policy), policy), "pain_rating")


def _service_levels(given: Cellwise, policy: Policy) -> list[str]:
    return [
        getattr(policy.services[service], tier) if service and tier in TIERS else tier
        for tier, service in zip(_tiers(given), _services(given, policy), strict=True)
    ]


def _due_days(given: Cellwise, policy: Policy, as_of: date) -> list[Any]:
    tiers, services = _tiers(given), _services(given, policy)
    read_day = partial(cells.day, day_order=policy.reading.day_order)
    last_days = given.read("last", read_day, if_blank="is blank: write the day on which it happened last")
    never = [None] * len(given)
    lines = pl.DataFrame(
        {"Tier": tiers, "last": last_days, "client_since": never},
        schema={"Tier": pl.String, "last": pl.Datetime("us"), "client_since": pl.Datetime("us")},
    )
    today = datetime.combine(as_of, time())
    due = {"": never} | {
        name: nw.from_native(lines).with_columns(due=next_of_service("last", policy.services[name], today))["due"]
        for name in set(services) - {""}
    }
    return [due[service][at] or NOT_DUE for at, service in enumerate(services)]


def _clients(policy: Policy, columns: dict[str, list[Any]]) -> Clients:
    """Cells as columns of clients, one client a cell."""
    (count, *_) = map(len, columns.values())
    needed: dict[str, list[Any]] = {"Client": list(map(str, range(count))), "Revenue": [None] * count}
    frame = pl.DataFrame({header: series_of(column) for header, column in (needed | columns).items()})
    return read_clients(nw.from_native(frame), policy)


def _names(rated: Frame, rating: str) -> list[str]:
    return rated.select(names=named(nw.col(rating), RATING_NAMES))["names"].to_list()


def _revenue_cuts(all_revenue: Any, policy: Policy) -> Cuts:
    """Where the revenue of all clients is cut."""

    def work(grid: Grid) -> Cuts:
        found = cuts(_clients(policy, {"Revenue": [cell for row in grid for cell in row]}).table, policy)
        if not found.ranked:
            raise CannotGrade(
                "all_revenue holds no amount: give it the revenue of all clients, such as Clients[Revenue]."
            )
        return found

    return _cuts.answer(all_revenue, policy, work)


def _margins(given: Cellwise, argument: str, policy: Policy) -> Clients:
    clients = _clients(policy, {"Margin": given[argument]})
    given.report_issues(clients.issues, {"Margin": argument})
    return clients


def _with_margins(policy: Policy, target: float | None, acceptable: float | None) -> Policy:
    """The policy with these margins fixed; one that is None stays as the policy has it.

    Raises:
        CannotGrade: no target is fixed, or they do not go together.
    """
    fixed = {"target": target, "acceptable": acceptable}
    margins = {name: margin for name, margin in fixed.items() if margin is not None}
    at_most = policy.profit.target if target is None else target
    at_least = policy.profit.acceptable if acceptable is None else acceptable
    if at_most == "auto":
        raise CannotGrade("target is left out: give one, since the policy takes the margin of all clients.")
    if at_least != "auto" and at_least > at_most:
        of_acceptable, of_target = ("" if given is not None else _OF_SETTINGS for given in (acceptable, target))
        raise CannotGrade(
            f"{of_acceptable}acceptable {_percent(at_least)} is more than {of_target}target {_percent(at_most)}: "
            "it can be the target at most."
        )
    try:
        return Policy.with_settings(policy.model_dump(), {"profit": margins})
    except CannotGrade:
        given = " and ".join(f"{name} {_percent(margin)}" for name, margin in margins.items())
        raise CannotGrade(f"{given} cannot be used: write a margin such as 12 % or 0.12.") from None


def _percent(margin: float) -> str:
    return f"{margin * 100:.10g} %"


def _tiers(given: Cellwise) -> list[str]:
    return [TIER_NAMES[code] for code in given.read("tier", cells.given_tier, NOT_GRADED)]


def _services(given: Cellwise, policy: Policy) -> list[str]:
    """The services by the names that the policy gives them; an empty text where there is none."""
    by_name = {normal(name): name for name in policy.services}
    choose = f"choose {', '.join(policy.services)}"

    def service(cell: object) -> str:
        try:
            return by_name[normal(cells.text(cell))]
        except KeyError:
            raise ValueError(f"is no service: {choose}") from None

    return given.read("service", service, "", if_blank=f"is blank: {choose}")
