"""Results as JSON can hold them, for other programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierxl.method.plan.capacity import Capacity, Load
    from tierxl.method.plan.history import Movers
    from tierxl.use_cases.graded import GradedFile


def movers_for_programs(movers: "Movers") -> dict[str, object]:
    """The clients who have moved between two gradings, and those to watch, for other programs."""
    return {
        "since": movers.since.isoformat(),
        "as_of": movers.as_of.isoformat(),
        "policy_changed": movers.policy_changed,
        "currency": movers.currency,
        "moves": [asdict(move) for move in movers.moves],
        "unmoved": movers.unmoved,
        "clients": list(movers.lines.iter_rows(named=True)),
        "watch": list(movers.watch.iter_rows(named=True)),
    }


def check_for_programs(result: "GradedFile", *, with_values: bool = False) -> dict[str, object]:
    """The result of a check, as JSON can hold it; with the inputs of each client as they were read, if wanted."""
    from tierxl.method.plan.service import distinct_levels, engagement_plan, neglect
    from tierxl.method.table.inputs import inputs

    waiting = neglect(engagement_plan(result.grading))
    clients = result.grading.clients
    return {
        "clients": result.portfolio.clients,
        "columns": [{"field": column.name, "header": column.header} for column in clients.usage.used],
        "unused": list(clients.usage.unused),
        "currency": clients.currency,
        "revenue": sum(filter(None, clients.table["revenue"].to_list())),
        "left_out": len(result.left_out),
        "orders": result.orders is not None,
        "issues": [asdict(issue) for issue in result.issues],
        "verdict": result.portfolio.suitability.verdict,
        "signals": [asdict(signal) for signal in result.portfolio.suitability.signals],
        "concentration_warnings": list(result.portfolio.warnings),
        "capacity": _capacity(result.portfolio.capacity),
        "distinct_levels": [asdict(pair) for pair in distinct_levels(result.grading.policy)],
        "neglected": waiting.neglected,
        "never_contacted": waiting.not_recorded,
        **({"values": inputs(clients, result.orders)} if with_values else {}),
    }


def _capacity(capacity: "Capacity") -> dict[str, object]:
    def load(of: "Load") -> dict[str, object]:
        return asdict(of) | {"needed": of.needed, "utilisation": of.utilisation}

    return {
        "team": load(capacity.team),
        "managers": [load(each) for each in capacity.loads],
        "unassigned": load(capacity.unassigned) if capacity.unassigned else None,
        "flags": [asdict(flag) for flag in capacity.flags],
    }
