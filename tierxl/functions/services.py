"""Worksheet functions over service levels: the level of a tier, and the day on which it is due next."""

from datetime import date, datetime
from functools import partial
from typing import Any

import narwhals as nw

from tierxl.functions.cellwise import Cellwise, cell_by_cell
from tierxl.functions.worksheet_function import worksheet_function
from tierxl.method.engine import ENGINE
from tierxl.method.expressions import midnight
from tierxl.method.levels import NOT_GRADED, TIER_NAMES
from tierxl.method.plan.due_dates import due, each_rhythm, per_year
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy
from tierxl.method.table import cells, choices, dates
from tierxl.method.table.clients import Frame
from tierxl.method.table.vocabulary import normal

NOT_DUE = "none"
"""The answer where a tier does not get a service at regular times."""


@worksheet_function()
def TIER_SERVICE(policy: Policy, as_of: date, tier: Any, service: Any) -> Any:
    """The service level of a tier, as the Settings sheet says.

    Returns:
        The service level as text, such as "4/yr, 30 min, phone or email".

    Source: S2 and S3; see ``tierxl policy``.
    """
    return cell_by_cell(_service_levels, policy, tier=tier, service=service)


@worksheet_function(answers="dates and texts", days=["last"])
def NEXT_DUE(policy: Policy, as_of: date, tier: Any, service: Any, last: Any) -> Any:
    """The day on which a service is due next; none where the tier does not get it at regular times.

    Args:
        tier: also "Not graded", for which nothing is due.
        service: a service of the policy, in any case.
        last: a date.

    Returns:
        A date, or "none".

    Source: S3; see ``docs/method.md``.
    """
    return cell_by_cell(_due_days, policy, as_of, tier=tier, service=service, last=last)


def _service_levels(arguments: Cellwise, policy: Policy) -> list[str]:
    return [
        getattr(policy.services[service], tier) if service and tier in TIERS else tier
        for tier, service in zip(_tiers(arguments), _services(arguments, policy), strict=True)
    ]


def _due_days(arguments: Cellwise, policy: Policy, as_of: date) -> list[Any]:
    tiers, services = _tiers(arguments), _services(arguments, policy)
    read_day = partial(dates.day, day_order=dates.order_in(arguments["last"], policy.reading.day_order))
    last_days = arguments.read("last", read_day, if_blank="is blank: write the day on which it happened last")
    types = nw.Schema({"Tier": nw.String(), "last": nw.Datetime("us")})
    lines = nw.from_dict({"Tier": tiers, "last": last_days}, types, backend=ENGINE).with_row_index("at")
    days_of: dict[str, dict[int, datetime]] = {"": {}} | {
        name: _due_after(lines.with_columns(rhythm=per_year(policy.services[name])), midnight(as_of))
        for name in set(services) - {""}
    }
    return [days_of[service].get(at) or NOT_DUE for at, service in enumerate(services)]


def _due_after(lines: Frame, today: datetime) -> dict[int, datetime]:
    """The days on which a service is due next, by the places of the lines that it is due in."""
    days = each_rhythm(lines, "rhythm", lambda alike, often: alike.select("at", *due("last", often, today)))
    return dict(days.iter_rows())


def _tiers(arguments: Cellwise) -> list[str]:
    return [TIER_NAMES[code] for code in arguments.read("tier", choices.graded_tier, NOT_GRADED)]


def _services(arguments: Cellwise, policy: Policy) -> list[str]:
    """The services by the names that the policy gives them; an empty text where there is none."""
    by_name = {normal(name): name for name in policy.services}
    choose = f"choose {', '.join(policy.services)}"

    def service(cell: object) -> str:
        try:
            return by_name[normal(cells.text(cell))]
        except KeyError:
            raise ValueError(f"is no service: {choose}") from None

    return arguments.read("service", service, "", if_blank=f"is blank: {choose}")
