"""Grading a folder of Parquet files that no memory holds: read, grade, write, all on an engine."""

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from glob import glob
from pathlib import Path
from stat import S_IMODE

import narwhals as nw
from narwhals.dtypes import DType

from tierxl.engines import Engine, is_address
from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.issues import CannotGrade, Issue
from tierxl.method.levels import TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress
from tierxl.method.rating.checks import checks_of, with_repeats
from tierxl.method.rating.grading import graded_columns, rulings_on
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.profiles import distinct_profiles, with_profile
from tierxl.method.rating.ratings import Cuts, cuts_between, rate
from tierxl.method.rating.reasons import with_own_words
from tierxl.method.table.columns import COLUMNS
from tierxl.method.table.headers import Headers
from tierxl.method.table.kinds import Check, LazyFrame, collected, column_name
from tierxl.method.table.many_clients import ManyClients, plain, read_many
from tierxl.workbooks.access import share_folder_as_inputs

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
        assumptions: what nothing in the columns shows, and was assumed.
    """

    target: str
    clients: int
    tiers: dict[str, int]
    to_shed: int
    issues: tuple[IssueCount, ...]
    cuts: Cuts
    assumptions: tuple[Issue, ...] = ()


def grade_large(
    source: str, target: str, engine: Engine, policy: Policy, as_of: date, progress: Progress
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
    headers = Headers.of(row)
    renamed = frame.select(nw.col(column_name(place)).alias(column_name(at)) for at, place in enumerate(headers.places))
    clients = read_many(renamed, headers, policy, engine.table, as_of)
    progress("Grading", 1, 4)
    ranks = engine.ranks(clients.table.select("revenue"))
    cuts = cuts_between(clients.table, ranks.ranked, ranks.revenue_of, policy)
    rated = with_profile(rate(clients.table, cuts, policy), as_of)
    rulings = rulings_on(collected(distinct_profiles(rated)), cuts, policy)
    ruled = with_own_words(ranks.beside(rated), cuts, policy).join(
        engine.table({column.name: column.to_arrow() for column in rulings.iter_columns()}), on="profile", how="left"
    )
    names = {column_name(at): header for at, header in enumerate(headers)}
    graded = graded_columns(ruled, {name: nw.col(name) for name in names})
    with _whole(target, source) as draft:
        progress("Writing the issues", 2, 4)
        engine.write(_issues(rated, clients, headers, engine), f"{draft}/{ISSUES}")
        progress("Writing the clients", 3, 4)
        engine.write(graded.rename(names | headers.of_graded_columns), f"{draft}/{CLIENTS}")
        written = _figures(engine, draft, headers)
    progress("Writing the clients", 4, 4)
    tiers, to_shed, issues = written
    return GradedLargeTable(target, sum(tiers.values()), tiers, to_shed, issues, cuts, tuple(clients.assumptions))


def _issues(rated: LazyFrame, clients: ManyClients, headers: Headers, engine: Engine) -> LazyFrame:
    """One row an issue: Client, Client ID, Column, Value (as written), Issue."""
    checks = checks_of(clients.unread)
    names = {column.field: column.name for column in COLUMNS} | {
        field: headers[at] for field, at in headers.position_of.items()
    }
    marks: Expr = nw.lit(0, nw.Int64)
    for number, check in enumerate(checks):
        marks = marks + nw.when(check.applies.fill_null(False)).then(nw.lit(2**number)).otherwise(nw.lit(0))
    found = with_repeats(rated, engine.repeated).with_columns(marks=marks).filter(nw.col("marks") > 0)
    kinds = engine.table(
        {
            "number": list(range(len(checks))),
            "unit": [2**number for number in range(len(checks))],
            "Column": [names[check.field] for check in checks],
            "usual": [check.message or _usual(check, clients) for check in checks],
        }
    )
    rest = nw.col("marks") // nw.col("unit")
    found = (
        found.join(kinds, how="cross")
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
        found = found.join(reasons, on=["number", "Value"], how="left")
        message = nw.coalesce(nw.col("reason"), message)
    return found.select(
        nw.col("client").alias("Client"), nw.col("client_id").alias("Client ID"), "Column", "Value", Issue=message
    )


def _usual(check: Check, clients: ManyClients) -> str:
    return next((why for (field, _), why in clients.messages.items() if field == check.field), "cannot be read")


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
    found = collected(issues.group_by(column_name(2), column_name(4)).agg(nw.len().alias("clients"))).rows()
    listed = [IssueCount(column, message, count) for column, message, count in found]
    listed.sort(key=lambda issue: (-issue.clients, issue.column, issue.message))
    return tiers, to_shed, tuple(listed)


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
    with _one_sentence_for_errors(target):
        if folder.resolve().is_file() or (folder.is_dir() and any(folder.iterdir())):
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
        with _one_sentence_for_errors(target):
            draft.mkdir(0o700, parents=True)
            yield str(draft)
            share_folder_as_inputs(draft, _inputs(source))
            if folder.exists():
                draft.chmod(S_IMODE(folder.stat().st_mode))
                folder.rmdir()
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _inputs(source: str) -> list[Path]:
    """The files behind a source, and the folders named in it; none behind an address."""
    if is_address(source):
        return []
    matched = [Path(found) for found in glob(source, recursive=True)] or [Path(source)]  # noqa: PTH207  any place
    return [*matched, *(path for folder in matched if folder.is_dir() for path in folder.rglob("*"))]


@contextmanager
def _one_sentence_for_errors(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotGrade(f"{target} cannot be written: {error.strerror or error}.") from error
    except RuntimeError as error:  # Python's word for such a link, before 3.13
        raise CannotGrade(f"{target} cannot be written: it is a link that leads to itself.") from error
