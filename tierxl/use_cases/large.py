"""Grading a folder of Parquet files that no memory holds: read, grade, write, all on an engine."""

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from glob import glob
from pathlib import Path
from stat import S_IMODE

import narwhals as nw
from narwhals.dtypes import DType

from tierxl.engines import Engine, is_address
from tierxl.method.expressions import Expr, bits, first_that_applies
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress
from tierxl.method.rating.checks import checks_of, ties, with_repeats
from tierxl.method.rating.grading import graded_columns, rulings_on
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.profiles import distinct_profiles, with_profile
from tierxl.method.rating.ratings import Cuts, cuts, earned_margins, measure, rate
from tierxl.method.rating.why import with_own_words
from tierxl.method.table.clients import cells_to_look_at
from tierxl.method.table.columns import COLUMNS
from tierxl.method.table.contents import MOST_CELLS
from tierxl.method.table.headers import ColumnChoice, Headers
from tierxl.method.table.kinds import Check, LazyFrame, collected, column_name, refuse_other_types, without_revenue
from tierxl.method.table.many_clients import ManyClients, plain, read_many
from tierxl.method.table.many_orders import clients_of_many_orders, day_of_many_orders, is_total
from tierxl.method.table.orders import Orders
from tierxl.method.words import quoted
from tierxl.workbooks.access import share_folder_as_inputs
from tierxl.workbooks.atomic import one_sentence_for_errors

CLIENTS, ISSUES = "clients", "issues"


@dataclass(frozen=True)
class IssueCount:
    """The number of clients with the same issue in the same column."""

    column: str
    message: str
    clients: int


@dataclass(frozen=True)
class GradedLargeTable:
    """The figures of a graded table.

    Attributes:
        target: the folder with the folders ``clients`` and ``issues``.
        clients: the number of clients.
        tiers: their number by tier.
        to_shed: the number of clients to shed.
        issues: the issues in the data, the most frequent first.
        cuts: the cuts of the ratings.
        left_out: the number of rows that are totals and no clients.
        orders: the orders that the clients were summed from, if they were.
        assumptions: what nothing in the columns shows, and was assumed; and ties of revenue that do not stand out.
    """

    target: str
    clients: int
    tiers: dict[str, int]
    to_shed: int
    issues: tuple[IssueCount, ...]
    cuts: Cuts
    left_out: int = 0
    orders: Orders | None = None
    assumptions: tuple[Issue, ...] = ()


def grade_large(
    source: str,
    target: str,
    engine: Engine,
    policy: Policy,
    as_of: date,
    progress: Progress,
) -> GradedLargeTable:
    """Grade the clients of Parquet files into a new folder: theirs and the graded columns, and beside them the issues.

    Args:
        source: a file, a folder, a pattern such as ``clients/*.parquet``, or an address that the engine knows.
        target: the folder to write.
        engine: the engine that does the work.
        policy: the policy.
        as_of: the day for which overrides are judged.
        progress: called with the name of each step, its number, and the number of steps.

    Raises:
        CannotGrade: as for :func:`tierxl.method.table.many_clients.read_many`; also the files cannot be read, or the
            folder is not empty or cannot be written. Nothing is left in it then.
    """
    _refuse_names_beyond_utf8(source, target)
    engine.check_target(target)
    _refuse_filled(target)
    progress("Reading", 0, 4)
    row, frame = engine.scan(source)
    top = collected(frame.head(MOST_CELLS))
    command = f"tierxl grade {quoted(source)} --engine {engine.name} -o {quoted(target)}"
    headers = Headers.of(row, choice=ColumnChoice(policy.header_of, command))
    headers = headers.with_cells(lambda at: cells_to_look_at(top[column_name(headers.places[at])]))
    renamed = frame.select(nw.col(column_name(place)).alias(column_name(at)) for at, place in enumerate(headers.places))
    refuse_other_types(renamed, headers)
    total = is_total(headers, renamed)
    left_out = collected(renamed.filter(total).select(nw.len())).item()
    if left_out:
        renamed = renamed.filter(~total)
    day = day_of_many_orders(renamed, headers, engine.repeated, policy.reading.rows)
    found = None
    if day is not None:
        found = clients_of_many_orders(renamed, headers, day, policy, as_of, engine.table)
        renamed, headers = engine.kept(found.frame), found.headers
    clients = read_many(renamed, headers, policy, engine.table, as_of)
    progress("Grading", 1, 4)
    ranks = engine.ranks(clients.table.select("revenue"))
    if not ranks.count:
        raise CannotGrade(without_revenue(headers[headers.position_of["revenue"]]))
    measured = measure(clients.table)
    of_all = cuts(ranks, lambda: engine.ranks(earned_margins(measured)), policy)
    rated = with_profile(rate(measured, of_all, policy), policy, as_of)
    rulings = rulings_on(collected(distinct_profiles(rated)), of_all, policy, clients.currency)
    ruled = with_own_words(ranks.beside(rated, policy.revenue.by), of_all, policy, as_of, clients.currency).join(
        engine.table({column.name: column.to_arrow() for column in rulings.iter_columns()}), on="profile", how="left"
    )
    names = {column_name(at): header for at, header in enumerate(headers)}
    graded = graded_columns(ruled, policy, names)
    with _whole(target, source) as draft:
        progress("Writing the issues", 2, 4)
        engine.write(_issues(rated, clients, headers, engine), f"{draft}/{ISSUES}")
        progress("Writing the clients", 3, 4)
        engine.write(graded.rename(names | headers.of_graded_columns), f"{draft}/{CLIENTS}")
        tiers, to_shed, issues = _figures(engine, draft, headers)
    progress("Writing the clients", 4, 4)
    if found:
        of_orders = tuple(IssueCount(*cause, count) for cause, count in found.issues.most_common())
        issues = (*of_orders, *issues)
    return GradedLargeTable(
        target,
        sum(tiers.values()),
        tiers,
        to_shed,
        issues,
        of_all,
        left_out,
        found.orders if found else None,
        (*clients.assumptions, *ties(of_all, headers[headers.position_of["revenue"]], clients.currency)),
    )


def _issues(rated: LazyFrame, clients: ManyClients, headers: Headers, engine: Engine) -> LazyFrame:
    """One row an issue: Client, Client ID, Column, Value (as written), Issue."""
    checks = checks_of(clients.unread)
    names = {column.field: column.name for column in COLUMNS} | {
        field: headers[at] for field, at in headers.position_of.items()
    }
    marks = bits(check.applies.fill_null(False) for check in checks)
    issues = with_repeats(rated, engine.repeated).with_columns(marks=marks).filter(nw.col("marks") > 0)
    usual = {field: reason for (field, _), reason in reversed(clients.messages.items())}
    kinds = engine.table(
        {
            "number": list(range(len(checks))),
            "unit": [2**number for number in range(len(checks))],
            "Column": [names[check.field] for check in checks],
            "usual": [check.message or usual.get(check.field, "cannot be read") for check in checks],
        }
    )
    rest = nw.col("marks") // nw.col("unit")
    issues = (
        issues.join(kinds, how="cross")
        .filter(rest - (rest // 2) * 2 == 1)
        .with_columns(Value=_value(checks, headers, rated.collect_schema()))
    )
    message = nw.col("usual")
    if clients.messages:
        number_of = {check.field: number for number, check in enumerate(checks) if not check.message}
        reasons = engine.table(
            {
                "number": [number_of[field] for field, _ in clients.messages],
                "Value": [text for _, text in clients.messages],
                "reason": list(clients.messages.values()),
            }
        )
        issues = issues.join(reasons, on=["number", "Value"], how="left")
        message = nw.coalesce(nw.col("reason"), message)
    return issues.select(
        nw.col("client").alias("Client"), nw.col("client_id").alias("Client ID"), "Column", "Value", Issue=message
    )


def _value(checks: Sequence[Check], headers: Headers, schema: Mapping[str, DType]) -> Expr:
    """The cell that an issue is about, as written; missing where there is no such column."""
    at = headers.position_of
    cells = [
        (nw.col("number") == number, plain(name := column_name(at[check.field]), schema[name]).cast(nw.String))
        for number, check in enumerate(checks)
        if check.field in at
    ]
    return first_that_applies(cells, nw.lit(None, nw.String))


def _figures(engine: Engine, folder: str, headers: Headers) -> tuple[dict[str, int], int, tuple[IssueCount, ...]]:
    """The figures of what was written."""
    _, clients = engine.scan(f"{folder}/{CLIENTS}")
    names = [*headers, *headers.of_graded_columns.values()]
    tier, action = (column_name(names.index(headers.of_graded_columns[name])) for name in ("Tier", "Action"))
    counts = collected(clients.group_by(tier, action).agg(nw.len().alias("clients"))).rows()
    tiers = {name: sum(count for tier, _, count in counts if tier == name) for name in TIER_NAMES.values()}
    to_shed = sum(count for _, action, count in counts if action == SHED)
    _, issues = engine.scan(f"{folder}/{ISSUES}")
    rows = collected(issues.group_by(column_name(2), column_name(4)).agg(nw.len().alias("clients"))).rows()
    listed = (IssueCount(column, message, count) for column, message, count in rows)
    return tiers, to_shed, tuple(sorted(listed, key=lambda issue: (-issue.clients, issue.column, issue.message)))


def _refuse_names_beyond_utf8(*places: str) -> None:
    for place in places:
        try:
            place.encode()
        except UnicodeEncodeError as error:
            raise CannotGrade(f"{place} has a name that no engine can open, as it is not UTF-8: rename it.") from error


def _refuse_filled(target: str) -> None:
    folder = Path(target)
    if is_address(target):
        return
    with one_sentence_for_errors(folder), suppress(FileNotFoundError):
        folder.stat()
        if folder.is_file() or any(folder.iterdir()):
            raise CannotGrade(f"{target} exists already: give -o with the name of a folder that is new or empty.")


@contextmanager
def _whole(target: str, source: str) -> Iterator[str]:
    """A folder to write to, which takes the target's place once all is written. An address is written as it is."""
    if is_address(target):
        yield target
        return
    folder = Path(target).resolve()
    draft = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        with one_sentence_for_errors(folder):
            draft.mkdir(0o700, parents=True)
            yield str(draft)
            share_folder_as_inputs(draft, _inputs(source))
            if folder.exists():
                draft.chmod(S_IMODE(folder.stat().st_mode))
                folder.rmdir()
            draft.rename(folder)
    except CannotGrade as error:
        raise CannotGrade(str(error).replace(str(draft), target)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _inputs(source: str) -> list[Path]:
    """The files behind a source, and the folders named in it; none behind an address."""
    if is_address(source):
        return []
    matched = [Path(path) for path in glob(source, recursive=True)] or [Path(source)]  # noqa: PTH207  any place
    return [*matched, *(path for folder in matched if folder.is_dir() for path in folder.rglob("*"))]
