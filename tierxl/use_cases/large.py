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

from tierxl.engines import Engine, LazyFrame, is_address
from tierxl.method.expressions import Expr, first_that_applies
from tierxl.method.issues import CannotGrade
from tierxl.method.levels import TIER_NAMES
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress
from tierxl.method.rating.grading import graded_columns, rulings_on
from tierxl.method.rating.moves import SHED
from tierxl.method.rating.profiles import with_profile
from tierxl.method.rating.ratings import Cuts, cuts_between, rate
from tierxl.method.table.clients import collected
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS, graded_headers, graded_positions, recognise
from tierxl.method.table.many_clients import Doubt, ManyClients, doubts_of, given, plain, read_many, with_repeats
from tierxl.workbooks.access import share_folder_as_inputs

CLIENTS, ISSUES = "clients", "issues"


@dataclass(frozen=True)
class IssueCount:
    """How many clients have the same issue in the same column."""

    column: str
    message: str
    clients: int


@dataclass(frozen=True)
class GradedLargeTable:
    """What was graded, in figures.

    Attributes:
        target: the folder with the folders ``clients`` and ``issues``.
        clients: how many there are.
        tiers: how many there are of each tier.
        to_shed: how many to shed.
        issues: what is wrong in the data, the most frequent first.
        cuts: where the ratings were cut.
    """

    target: str
    clients: int
    tiers: dict[str, int]
    to_shed: int
    issues: tuple[IssueCount, ...]
    cuts: Cuts


def grade_large(
    source: str, target: str, engine: Engine, policy: Policy, as_of: date, progress: Progress
) -> GradedLargeTable:
    """Grade the clients of Parquet files into a new folder: theirs and the graded columns, and beside them the issues.

    Args:
        source: a file, a folder, a pattern such as ``clients/*.parquet``, or an address that the engine knows.
        target: the folder to write.
        engine: what does the work.
        policy: the policy.
        as_of: the day for which overrides are judged.
        progress: told what is being done.

    Raises:
        CannotGrade: as for :func:`tierxl.method.table.many_clients.read_many`; also the files cannot be read, or the
            folder is not empty or cannot be written. Nothing is left in it then.
    """
    _refuse_names_beyond_utf8(source, target)
    engine.check_target(target)
    _refuse_filled(target)
    progress("Reading", 0, 4)
    all_headers, frame = engine.scan(source)
    recognise(all_headers)
    ours = graded_positions(all_headers)
    kept = [at for at in range(len(all_headers)) if at not in ours]
    headers = [all_headers[at] for at in kept]
    renamed = frame.select(*(nw.col(given(at)).alias(given(place)) for place, at in enumerate(kept)))
    clients = read_many(renamed, headers, policy, engine.table)
    progress("Grading", 1, 4)
    ranks = engine.ranks(clients.table.select("revenue"))
    cuts = cuts_between(clients.table, ranks.ranked, ranks.revenue_of, policy)
    rated = with_profile(rate(clients.table, cuts, policy), as_of)
    profiles = collected(rated.select("profile").unique())["profile"]
    rulings = rulings_on(profiles, cuts, policy)
    ruled = ranks.beside(rated).join(
        engine.table({column.name: column.to_arrow() for column in rulings.iter_columns()}), on="profile", how="left"
    )
    graded = graded_columns(ruled, cuts, policy, {given(at): nw.col(given(at)) for at in range(len(headers))})
    names = {given(at): header for at, header in enumerate(headers)} | graded_headers(headers)
    with _whole(target, source) as draft:
        progress("Writing the issues", 2, 4)
        engine.write(_issues(rated, clients, headers, engine), f"{draft}/{ISSUES}")
        progress("Writing the clients", 3, 4)
        engine.write(graded.rename(names), f"{draft}/{CLIENTS}")
        written = _figures(engine, draft, list(names.values()))
    progress("Writing the clients", 4, 4)
    tiers, to_shed, issues = written
    return GradedLargeTable(target, sum(tiers.values()), tiers, to_shed, issues, cuts)


def _issues(rated: LazyFrame, clients: ManyClients, headers: Sequence[str], engine: Engine) -> LazyFrame:
    """One row an issue: Client, Client ID, Column, Value (as written), Issue."""
    doubts = doubts_of(clients)
    names = {column.field: column.name for column in COLUMNS} | {
        field: headers[at] for field, at in recognise(headers).items()
    }
    marks: Expr = nw.lit(0, nw.Int64)
    for number, doubt in enumerate(doubts):
        marks = marks + nw.when(doubt.applies.fill_null(False)).then(nw.lit(2**number)).otherwise(nw.lit(0))
    found = with_repeats(rated, engine.repeated).with_columns(marks=marks).filter(nw.col("marks") > 0)
    kinds = engine.table(
        {
            "number": list(range(len(doubts))),
            "unit": [2**number for number in range(len(doubts))],
            "Column": [names[doubt.field] for doubt in doubts],
            "usual": [doubt.message or _usual(doubt, clients) for doubt in doubts],
        }
    )
    rest = nw.col("marks") // nw.col("unit")
    found = (
        found.join(kinds, how="cross")
        .filter(rest - (rest // 2) * 2 == 1)
        .with_columns(Value=_value(doubts, headers, rated.collect_schema()))
    )
    message = nw.col("usual")
    if clients.unreadable:
        number_of = {doubt.field: number for number, doubt in enumerate(doubts) if not doubt.message}
        reasons = engine.table(
            {
                "number": [number_of[field] for field, _ in clients.unreadable],
                "Value": [text for _, text in clients.unreadable],
                "reason": list(clients.unreadable.values()),
            }
        )
        found = found.join(reasons, on=["number", "Value"], how="left")
        message = nw.coalesce(nw.col("reason"), message)
    return found.select(
        nw.col("client").alias("Client"), nw.col("client_id").alias("Client ID"), "Column", "Value", Issue=message
    )


def _usual(doubt: Doubt, clients: ManyClients) -> str:
    return next((why for (field, _), why in clients.unreadable.items() if field == doubt.field), "cannot be read")


def _value(doubts: Sequence[Doubt], headers: Sequence[str], schema: Mapping[str, DType]) -> Expr:
    """The cell that an issue is about, as written; missing where there is no such column."""
    at = recognise(headers)
    cells = [
        (nw.col("number") == number, plain(name := given(at[doubt.field]), schema[name]).cast(nw.String))
        for number, doubt in enumerate(doubts)
        if doubt.field in at
    ]
    return first_that_applies(cells, nw.lit(None, nw.String))


def _figures(engine: Engine, folder: str, headers: Sequence[str]) -> tuple[dict[str, int], int, tuple[IssueCount, ...]]:
    """The figures of what was written."""
    _, clients = engine.scan(f"{folder}/{CLIENTS}")
    tier, action = (given(headers.index(name)) for name in _tier_and_action(headers))
    counts = collected(clients.group_by(tier, action).agg(nw.len().alias("clients"))).rows()
    tiers = {name: sum(count for tier, _, count in counts if tier == name) for name in TIER_NAMES.values()}
    to_shed = sum(count for _, action, count in counts if action == SHED)
    _, issues = engine.scan(f"{folder}/{ISSUES}")
    found = collected(issues.group_by(given(2), given(4)).agg(nw.len().alias("clients"))).rows()
    listed = [IssueCount(column, message, count) for column, message, count in found]
    listed.sort(key=lambda issue: (-issue.clients, issue.column, issue.message))
    return tiers, to_shed, tuple(listed)


def _tier_and_action(headers: Sequence[str]) -> tuple[str, str]:
    ours = graded_headers(headers[: -len(GRADED_COLUMNS)])
    return ours["Tier"], ours["Action"]


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
