"""Portfolios in Parquet with everything that is hard about them, and what they are graded to in memory."""

import random
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

import tierxl
from tierxl.engines import Engine
from tierxl.method.policy import Policy
from tierxl.use_cases.large import GradedLargeTable, grade_large

AS_OF = date(2026, 11, 22)
LEVELS = ["High", " HIGH ", "h", "Medium", "med", "2", "low", "L", "?", "", " ", None, "\u00a0High\u00a0"]
COUNT = 300


def typed() -> pl.DataFrame:
    """Columns of numbers, answers and dates, with ties at the cuts, negative amounts, gaps and overrides."""
    some = random.Random(7)

    def of(*values: Any) -> list[Any]:
        return some.choices(values, k=COUNT)

    revenues = [*[5000.0] * 40, *[3000.0] * 30, 0.0, -0.0, -20.0, None, float("nan"), 1e200, 0.1 + 0.2, 0.3]
    return pl.DataFrame(
        {
            "Account Name": [f" Client {at} " for at in range(COUNT - 4)] + ["Twin", "TWIN", " ", None],
            "Revenue": [*revenues, *(round(some.lognormvariate(7, 1), 2) for _ in range(COUNT - len(revenues)))],
            "Profit": of(None, 500.0, 120.5, -30.0, 0.0, float("nan")),
            "Cost to serve": of(None, 100.0, 2500.0),
            "Support cost": of(None, None, 40.0),
            "Overhead": of(None, 0.0, 12.5),
            "Previous revenue": of(None, 2000.0, 6250.0, 0.0, -1.0),
            "Satisfaction": of(None, 9, 7, 6),
            "Last contact": of(None, date(2026, 5, 26), date(2026, 5, 25), date(2026, 11, 1)),
            "Margin": of(None, 12.0, 45.0, -3.0, 0.5),
            "Total spend": of(None, 4000.0, 10_000.0, 6666.67, 0.0, -5.0),
            "Wallet share": of(None, 0.2, 0.5, 0.75, 0.7500000005, 1.2),
            "Strategic value": of(None, 1, 2, 3, 7),
            "Well aligned": of(None, True, False),
            "Challenging": of(None, 0, 1),
            "Opportunity": of(None, 3.0, 1.0, float("nan")),
            "Appetite": of("High", "Low", "Medium", None),
            "Retention risk": of("High", "Low", None),
            "High touch": of(True, False, None),
            "Override tier": of(*[None] * 6, "A", "b", "Gold"),
            "Override reason": of(None, "Agreed", "  "),
            "Override expires": of(None, date(2026, 11, 22), date(2020, 1, 31)),
            "Score": of("mine", None),
            "given_0": of(1, 2),
            "REVENUE note": of("x", None),
        },
        strict=False,
    )


def written() -> pl.DataFrame:
    """The same kind of clients as people write them: everything is text."""
    some = random.Random(11)

    def of(*values: Any) -> list[Any]:
        return some.choices(values, k=COUNT)

    return pl.DataFrame(
        {
            "Client": [f"Client {at}" for at in range(COUNT)],
            "Client ID": [*[" 007", "007 ", "ab", "AB"], *(str(at) for at in range(COUNT - 4))],
            "Sales": of("$1,200.50", "(500)", "1 200", "1.200", "n/a", " ", None, "7,000", "12000", "12000.0"),
            "Profit": of("100", "-5", "$90", None, "many"),
            "Margin %": of("12 %", "0.8", "half", None, "30 %"),
            "Total spend": of("20000", "9000.5", None, "1e300"),
            "Share of wallet": of("80", "45 %", None, "50.5", "150"),
            **{name: of(*LEVELS) for name in ("Strategic value", "Pain", "Opportunity", "Appetite", "Churn risk")},
            "Marquee": of("✓", "no", "perhaps", None),
            "Override": of(*[None] * 5, "A", " c ", "D"),
            "Override reason": of(None, "Key account", "\u00a0"),
            "Override until": of(None, "2026-12-31", "2026-02-30", "soon", "2026-01-01"),
            "Client since": of("2020-05-06", "May", None),
        }
    )


PORTFOLIOS = {"typed": typed, "written": written}
POLICIES: dict[str, dict[str, Any]] = {
    "five factors": {},
    "revenue alone": {"grading": {"method": "revenue"}},
    "no tie": {"revenue": {"tie_limit": 1}},
    "share": {"revenue": {"by": "share"}},
    "amount": {"revenue": {"by": "amount", "high_amount": 4_000.5, "medium_amount": 1_000}},
    "fixed margins": {"profit": {"target": 0.2, "laggard_below": 0.05}, "retention": {"derive": "off"}},
}


def write(frame: pl.DataFrame, folder: Path, files: int = 3) -> str:
    """A frame as some Parquet files; the pattern that finds them."""
    folder.mkdir(parents=True)
    size = -(-len(frame) // files)
    for number in range(files):
        frame[number * size : (number + 1) * size].write_parquet(folder / f"{number}.parquet")
    return f"{folder}/*.parquet"


def graded(source: str, target: Path, engine: Engine, settings: dict[str, Any] | None = None) -> GradedLargeTable:
    return grade_large(source, str(target), engine, Policy.with_settings(settings or {}), AS_OF, lambda *_: None)


def rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """The rows without regard to their order, all gaps alike."""
    plain = [tuple(None if cell != cell else _plain(cell) for cell in row) for row in frame.rows()]
    return sorted(plain, key=repr)


def _plain(cell: Any) -> Any:
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def expected(frame: pl.DataFrame, settings: dict[str, Any] | None = None) -> pl.DataFrame:
    """What pandas makes of the clients, the graded columns beside the user's own."""
    result = tierxl.grade(frame.to_pandas(), Policy.with_settings(settings or {}), AS_OF).frame
    ours = result.iloc[:, len(frame.columns) :]
    columns = {str(name): [None if pd.isna(cell) else cell for cell in ours[name]] for name in ours.columns}
    return pl.concat([frame, pl.DataFrame(columns, strict=False)], how="horizontal")


def expected_issues(frame: pl.DataFrame, settings: dict[str, Any] | None = None) -> dict[tuple[str, str], int]:
    """How often each message is given about each column, in memory."""
    issues = tierxl.grade(frame, Policy.with_settings(settings or {}), AS_OF).issues
    return dict(Counter((issue.column, issue.message) for issue in issues if not issue.assumed))


def found_issues(result: GradedLargeTable) -> dict[tuple[str, str], int]:
    return {(issue.column, issue.message): issue.clients for issue in result.issues}


def clients(target: Path) -> pl.DataFrame:
    return pl.read_parquet(target / "clients" / "*.parquet")


def issues(target: Path) -> pl.DataFrame:
    return pl.read_parquet(target / "issues" / "*.parquet")
