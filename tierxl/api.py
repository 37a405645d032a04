"""Grading data frames: the Python API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import narwhals as nw

from tierxl.lean_imports import without_collection
from tierxl.method.engine import ENGINE
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.policy import Policy
from tierxl.method.rating import explanation, grading
from tierxl.method.rating.explanation import Explanation
from tierxl.method.rating.grading import Grading
from tierxl.method.table.clients import Frame, Series, headers_of, read_clients
from tierxl.method.table.headers import Headers
from tierxl.method.table.managers import Manager, ManagersRead, are_manager_headers, read_managers
from tierxl.method.table.orders import refuse_orders
from tierxl.method.table.rows import LeftOut, clients_alone

if TYPE_CHECKING:
    from tierxl.method.plan.portfolio import Portfolio

NativeFrame = TypeVar("NativeFrame")


@dataclass(frozen=True)
class Graded(Generic[NativeFrame]):
    """A graded data frame.

    Attributes:
        frame: the user's columns with the graded columns right of them, of the same kind and in the same order as the
            frame that was graded: Tier, Action, Reason, Score (0 to 100), Starting tier, Revenue rating, Wallet
            rating, Profit rating, Strategic rating, Pain rating, Upside (money), Provisional, Borderline (Yes or No),
            What would lift it, Why. Blanks are missing values. Where the user has a column of one of these names, ours
            is marked, as in "Score (tierxl)".
        issues: everything in the data that should be mended or known; rows count as in a sheet whose header is row 1.
        grading: the grading that they are made of, for those who want to go on from there.
    """

    frame: NativeFrame
    issues: Sequence[Issue]
    grading: Grading

    @cached_property
    def portfolio(self) -> "Portfolio":
        """The portfolio's figures: tiers, Pareto reading, concentration, and whether to tier at all."""
        from tierxl.method.plan.portfolio import portfolio  # noqa: PLC0415  only those wait who ask for it

        return portfolio(self.grading)


def grade(
    frame: NativeFrame,
    policy: Policy | None = None,
    as_of: date | None = None,
    managers: object = None,
) -> Graded[NativeFrame]:
    """Grade the clients of a data frame.

    Args:
        frame: one row a client; a pandas or Polars frame, or another that Narwhals knows. It needs a Client and a
            Revenue column (money, last 12 months); ``docs/method.md`` names the others, and what each may be called.
        policy: the numbers and switches of the method; the default policy if left out.
        as_of: the day for which overrides are judged, a date, or a datetime of that day; today if left out.
        managers: the account managers, for the hours in ``portfolio.capacity`` and whether to tier at all: a frame
            with the columns Account manager, Seniority (Senior, Standard, Assistant) and Hours per year, or several
            :class:`~tierxl.Manager`. The tiers do not depend on them.

    Returns:
        The graded frame, the issues in the data, and the portfolio's figures.

    Raises:
        CannotGrade: no clients, no Client or Revenue column, no revenue that can be read, two columns that mean the
            same, mixed currencies, or a column that the method reads and that holds lists, records, bytes, lengths of
            time or times of day.
        TypeError: an argument is of another type.

    Source: five ratings after Lee B. Salz, "Sell Different!"; see ``docs/method.md``.
    """
    given = _given(frame)
    policy = _policy(policy)
    users, headers = _users(_eager(given), policy)
    team = _team(managers, policy)
    result, left_out = _graded(users, headers, policy, _day(as_of), team.managers)
    beside = _beside(users, result) if left_out else result.columns
    columns = users.with_columns(
        _like(users, beside[name].alias(header)) for name, header in headers.of_graded_columns.items()
    )
    graded = columns.lazy() if isinstance(given, nw.LazyFrame) else columns
    issues = (*result.issues, *(row.issue for row in left_out), *team.issues)
    return Graded(cast("NativeFrame", graded.to_native()), issues, result)


def explain(frame: object, client: str, policy: Policy | None = None, as_of: date | None = None) -> list[Explanation]:
    """The explanations of a client's tier, step by step, each with the steps that would change it.

    Args:
        frame: all the clients, since ratings compare them; see :func:`grade`.
        client: the client's name or Client ID, in any case.
        policy: the default policy if left out.
        as_of: a date, or a datetime of that day; today if left out.

    Returns:
        One explanation for each client of that name or ID; each prints as text.

    Raises:
        CannotGrade: as for :func:`grade`; also if there is no such client.
        TypeError: an argument is of another type.
    """
    if not isinstance(client, str):
        raise TypeError(f"client is a name or a Client ID, written as text: {_named(client)} is none.")
    policy = _policy(policy)
    users, headers = _users(_eager(_given(frame)), policy)
    result, _ = _graded(users, headers, policy, _day(as_of))
    return explanation.explanations(result, client)


@without_collection()
def _graded(
    clients: Frame, headers: Headers, policy: Policy, as_of: date, managers: tuple[Manager, ...] = ()
) -> tuple[Grading, list[LeftOut]]:
    """The grading of clients, and the rows that are no clients. It is done on Polars where that is installed."""
    refuse_orders(clients, headers, policy)
    clients, rows, left_out = clients_alone(clients, headers, range(2, len(clients) + 2))
    read = read_clients(clients, policy, rows, headers, as_of)
    read.refuse_without_revenue()
    if ENGINE == "polars":
        read = replace(read, table=nw.from_native(read.table.to_polars(), eager_only=True))
    return grading.grade_clients(read, headers, policy, as_of, managers), left_out


def _beside(users: Frame, result: Grading) -> Frame:
    """The graded columns beside the rows of the user's frame, missing in those that are no clients."""
    engine = result.columns.implementation
    row = nw.new_series("row", list(result.clients.rows), nw.Int64, backend=engine)
    rows = nw.from_dict({"row": range(2, len(users) + 2)}, {"row": nw.Int64}, backend=engine)
    return rows.join(result.columns.with_columns(row), on="row", how="left").sort("row").drop("row")


def _like(frame: Frame, column: Series) -> Series:
    """A column of Polars as one of the kind of the user's frame."""
    if frame.implementation == column.implementation:
        return column
    return nw.new_series(column.name, column.to_list(), column.dtype, backend=frame.implementation)


def _policy(policy: Policy | None) -> Policy:
    if policy is not None and not isinstance(policy, Policy):
        raise TypeError(
            f"policy is a tierxl.Policy, such as tierxl.Policy.with_settings({{...}}): {_named(policy)} is none."
        )
    return policy or Policy()


def _day(as_of: date | None) -> date:
    if as_of is None:
        return date.today()
    if not isinstance(as_of, date) or as_of != as_of:  # pandas' mark for a missing time calls itself one
        raise TypeError(f"as_of is a date, such as datetime.date(2026, 11, 22): {_named(as_of)} is none.")
    return date(as_of.year, as_of.month, as_of.day)


def _named(argument: object) -> str:
    """The type of an argument, for an error."""
    return type(argument).__qualname__


def _given(frame: object) -> Any:
    try:
        return nw.from_native(cast("Any", frame))
    except nw.exceptions.DuplicateError as error:
        raise CannotGrade("Two columns have the same name: rename one of them.") from error
    except TypeError as error:
        raise TypeError(
            f"A data frame of pandas, Polars or another library that Narwhals knows is needed: {_named(frame)} is none."
        ) from error


def _team(managers: object, policy: Policy) -> ManagersRead:
    """The account managers of a frame, or those that are given one by one."""
    if managers is None:
        return ManagersRead((), ())
    if isinstance(managers, Sequence):
        if others := [manager for manager in managers if not isinstance(manager, Manager)]:
            raise TypeError(f"managers is a data frame or several tierxl.Manager: {_named(others[0])} is none.")
        return ManagersRead(tuple(managers), ())
    table = _eager(_given(managers))
    if not are_manager_headers(table.columns):
        raise CannotGrade("The frame of account managers needs the columns Account manager, Seniority, Hours per year.")
    rows = range(2, len(table) + 2)
    read = read_managers(table.columns, table.rows(), rows, policy.reading.decimal_mark)
    placed = [
        replace(issue, cell=f"account managers, row {issue.row}") if issue.row else issue for issue in read.issues
    ]
    return replace(read, issues=tuple(placed))


def _eager(frame: Any) -> Frame:
    eager: Frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return eager


def _users(clients: Frame, policy: Policy) -> tuple[Frame, Headers]:
    """The user's own columns, without those of an earlier grading, and their headers."""
    headers = headers_of(clients, policy)
    return clients.drop([clients.columns[at] for at in headers.graded.values()]), headers
