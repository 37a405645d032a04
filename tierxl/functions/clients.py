"""Worksheet functions over all clients: their graded columns, the reasons, and whether tiering suits them."""

from datetime import date
from typing import Any

from tierxl.functions.cellwise import Cellwise
from tierxl.functions.graded_range import graded_range, managers_in
from tierxl.functions.ranges import grid_of, shortened
from tierxl.functions.worksheet_function import worksheet_function
from tierxl.method.policy import Policy
from tierxl.method.table import cells


@worksheet_function(answers="numbers and texts")
def TIER_TABLE(policy: Policy, as_of: date, clients: Any, column: Any = None) -> Any:
    """Grades clients A, B or C: the graded columns with their headers, or one of them, row for row with the range.

    Args:
        clients: columns in any order, under any of the names that ``docs/method.md`` gives them. Columns of an earlier
            grading are left out; a row without anything in it stays blank.
        column: a graded column in any case; also several, as a range.

    Returns:
        One row a row of the range. Score is from 0 to 100, Upside is money; what is missing is an empty text.
    """
    graded = graded_range(clients, policy, as_of)
    names = [cells.shown(name) for row in grid_of(column) for name in row if not cells.is_blank(name)]
    return graded.table(names) if names else graded.table()


@worksheet_function()
def TIER_WHY(policy: Policy, as_of: date, clients: Any, client: Any) -> Any:
    """Why a client has its tier, in plain sentences with the numbers in them.

    Args:
        clients: all the clients, since ratings compare them; see :func:`TIER_TABLE`.
        client: a name or Client ID, in any case.

    Returns:
        The Why column of that client. Where several are called so: one below the other for a single cell, one line
        each for a cell of a range.
    """
    graded = graded_range(clients, policy, as_of)
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

    return wanted.spilled(wanted.shown(wanted.read("client", why, "")))


@worksheet_function()
def SHOULD_TIER(policy: Policy, as_of: date, clients: Any, managers: Any = None) -> Any:
    """The verdict whether tiering suits these clients, and below it the signals that speak for or against it.

    Args:
        clients: see :func:`TIER_TABLE`.
        managers: the columns of the sheet Account managers, in any order; what cannot be read counts as not known.

    Returns:
        The verdict in the first cell; below it a row a signal: its name, what was measured, whether it speaks "for" or
        "against" tiering or is "open", and what that means. It only advises.

    Source: S0, why and when to tier; see ``docs/method.md``.
    """
    return graded_range(clients, policy, as_of).advice(managers_in(managers, policy))
