"""Grading data frames: the Python API."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tierxl
from tests.runs import first
from tierxl.method.table.columns import GRADED_COLUMNS
from tierxl.method.table.dates import NO_DATE, NO_DAY

AS_OF = date(2026, 11, 22)
CLIENTS: dict[str, list[Any]] = {
    "Client": ["Abel", "Baker", "Cohen"],
    "Client ID": ["007", "08", None],
    "Revenue": [100, 200, 300],
    "Profit": [10.0, -5.0, None],
    "Opportunity": ["High", None, "soon"],
    "Last contact": [datetime(2026, 1, 2), None, datetime(2025, 1, 2)],
    "Override tier": [None, "B", None],
    "Notes": ["x", None, "=1"],
}


def arrow_pandas(columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)


def nullable_pandas(columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns).convert_dtypes()


KINDS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas nullable": nullable_pandas,
    "pandas arrow": arrow_pandas,
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": pa.table,
}


@dataclass(frozen=True)
class Case:
    """A kind of frame: what was given, what came back, and what came back from that."""

    given: Any
    before: list[tuple[Any, ...]]
    once: tierxl.Graded[Any]
    twice: tierxl.Graded[Any]


MOST_USED = ("pandas", "polars")


@pytest.fixture(
    scope="module",
    params=[kind if kind in MOST_USED else pytest.param(kind, marks=pytest.mark.long) for kind in KINDS],
)
def case(request: pytest.FixtureRequest) -> Case:
    given = KINDS[request.param](CLIENTS)
    before = as_rows(given)
    once = tierxl.grade(given, as_of=AS_OF)
    return Case(given, before, once, tierxl.grade(once.frame, as_of=AS_OF))


@pytest.fixture(scope="module")
def expected() -> tierxl.Graded[pl.DataFrame]:
    return tierxl.grade(pl.DataFrame(CLIENTS), as_of=AS_OF)


def as_rows(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    """The rows of a frame of any kind, with None for every kind of missing."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        columns: dict[str, list[Any]] = {str(name): frame[name].tolist() for name in frame.columns}
    else:
        columns = frame.to_pydict() if isinstance(frame, pa.Table) else frame.to_dict(as_series=False)
    chosen = [columns[name] for name in names or columns]
    return [tuple(None if pd.isna(value) else value for value in row) for row in zip(*chosen, strict=True)]


def names_of(frame: Any) -> list[str]:
    if isinstance(frame, pl.LazyFrame):
        return frame.collect_schema().names()
    return list(frame.column_names if isinstance(frame, pa.Table) else frame.columns)


def test_the_graded_frame_is_of_the_same_kind_with_the_graded_columns_right(case: Case):
    assert type(case.once.frame) is type(case.given)
    assert names_of(case.once.frame) == [*CLIENTS, *GRADED_COLUMNS]


def test_every_kind_of_frame_gives_the_same_grades(case: Case, expected: tierxl.Graded[pl.DataFrame]):
    assert as_rows(case.once.frame, *GRADED_COLUMNS) == as_rows(expected.frame, *GRADED_COLUMNS)
    assert case.once.issues == expected.issues
    assert case.once.portfolio == expected.portfolio


def test_the_users_columns_keep_their_values_types_and_order(case: Case):
    given, graded = case.given, case.once.frame
    assert as_rows(graded, *CLIENTS) == as_rows(given)
    if isinstance(given, pd.DataFrame):
        pd.testing.assert_frame_equal(graded[list(CLIENTS)], given)
    elif isinstance(given, pa.Table):
        assert graded.select(list(CLIENTS)).equals(given)
    else:
        assert graded.select(list(CLIENTS)).lazy().collect().equals(given.lazy().collect())


def test_the_frame_that_was_given_is_not_changed(case: Case):
    assert names_of(case.given) == list(CLIENTS)
    assert as_rows(case.given) == case.before


def test_grading_a_graded_frame_again_changes_nothing(case: Case):
    assert names_of(case.twice.frame) == names_of(case.once.frame)
    assert as_rows(case.twice.frame) == as_rows(case.once.frame)
    assert case.twice.issues == case.once.issues


@pytest.mark.long
def test_a_graded_frame_is_graded_anew_where_the_user_changed_it():
    graded = tierxl.grade(pl.DataFrame(CLIENTS), as_of=AS_OF).frame.with_columns(Revenue=pl.Series([9_000, 200, 300]))
    assert tierxl.grade(graded, as_of=AS_OF).frame["Revenue rating"].to_list() == ["High", "Low", "Low"]


@pytest.mark.parametrize(
    "index",
    first(
        1,
        [
            pd.Index(["x", "y", "x"], name="key"),
            pd.MultiIndex.from_tuples([(1, "a"), (1, "b"), (0, "a")]),
        ],
    ),
    ids=["doubled names", "two levels"],
)
def test_the_index_and_the_order_of_a_pandas_frame_are_kept(index: pd.Index, expected: tierxl.Graded[pl.DataFrame]):
    frame = pd.DataFrame(CLIENTS).set_index(index)
    graded = tierxl.grade(frame, as_of=AS_OF).frame
    pd.testing.assert_index_equal(graded.index, index)
    assert graded["Client"].tolist() == CLIENTS["Client"]
    assert graded["Tier"].tolist() == expected.frame["Tier"].to_list()


@pytest.mark.long
def test_columns_of_a_pandas_frame_that_are_no_text_are_handed_through():
    frame = pd.DataFrame(CLIENTS)
    frame[2026] = [1, 2, 3]
    graded = tierxl.grade(frame, as_of=AS_OF).frame
    assert list(graded.columns) == [*CLIENTS, 2026, *GRADED_COLUMNS]


def test_any_type_of_column_can_be_read():
    frame = pl.DataFrame(
        {
            "Client": pl.Series(["Abel", "Baker"], dtype=pl.Categorical),
            "Revenue": pl.Series(["1.50", "2.25"]).cast(pl.Decimal(10, 2)),
            "Marquee": [True, None],
            "Opportunity": pl.Series(["High", "Low"], dtype=pl.Enum(["Low", "High"])),
            "Client since": [date(2020, 1, 1), None],
            "Own": [[1], [2]],
        }
    )
    result = tierxl.grade(frame, as_of=AS_OF)
    assert result.issues == ()
    assert result.grading.clients.table["revenue"].to_list() == [1.5, 2.25]
    assert result.frame.select(frame.columns).equals(frame)


@pytest.mark.parametrize("kind", first(1, ["polars", "pandas"]))
def test_a_column_of_the_users_with_the_name_of_ours_stays_beside_it(kind: str):
    columns = CLIENTS | {"Score": ["a", "b", "c"], "Score (tierxl)": ["d", "e", "f"]}
    graded = tierxl.grade(KINDS[kind](columns), as_of=AS_OF).frame
    assert as_rows(graded, "Score", "Score (tierxl)") == [("a", "d"), ("b", "e"), ("c", "f")]
    assert len(set(names_of(graded))) == len(columns) + len(GRADED_COLUMNS)
    assert as_rows(tierxl.grade(graded, as_of=AS_OF).frame) == as_rows(graded)


# --- What the docstrings promise -------------------------------------------------------------------------------------


def test_what_is_missing_is_a_missing_value_and_scores_run_from_0_to_100():
    given = pl.DataFrame(CLIENTS | {"Revenue": [None, 200, 300], "Override tier": [None] * 3})
    rows = as_rows(tierxl.grade(given, as_of=AS_OF).frame, "Action", "Score", "Upside")
    assert rows[0] == (None, None, None)
    assert all(0 <= row[1] <= 100 for row in rows[1:])


def test_provisional_and_borderline_are_yes_or_no(case: Case):
    answers = {answer for row in as_rows(case.once.frame, "Provisional", "Borderline") for answer in row}
    assert answers <= {"Yes", "No"}


def test_issues_name_the_row_as_in_a_sheet_whose_header_is_row_1(case: Case):
    assert [(issue.row, issue.client, issue.column, issue.value) for issue in case.once.issues] == [
        (3, "Baker", "Override reason", ""),
        (4, "Cohen", "Opportunity", "soon"),
    ]


def test_a_policy_decides():
    policy = tierxl.Policy.with_settings({"grading": {"method": "revenue"}, "moves": {"opportunity": "off"}})
    graded = tierxl.grade(pl.DataFrame(CLIENTS), policy, AS_OF).frame
    assert [row[0] for row in as_rows(graded, "Starting tier")] == ["C", "C", "A"]


@pytest.mark.parametrize(("as_of", "tier"), first(1, [(date(2026, 11, 22), "C"), (date(2026, 11, 23), "A")]))
def test_overrides_are_judged_for_the_day_that_is_given(as_of: date, tier: str):
    columns = CLIENTS | {"Override tier": [None, None, "C"], "Override expires": [None, None, "2026-11-22"]}
    assert tierxl.grade(pl.DataFrame(columns), as_of=as_of).frame["Tier"][2] == tier


def test_without_a_day_overrides_are_judged_for_today():
    columns = CLIENTS | {
        "Override tier": ["A", "A", "C"],
        "Override expires": [date.today(), date(2000, 1, 1), date(9000, 1, 1)],
    }
    result = tierxl.grade(pl.DataFrame(columns, strict=False))
    assert result.grading.as_of == date.today()
    assert [result.frame["Tier"][at] for at in (0, 2)] == ["A", "C"]


def test_the_portfolio_comes_with_the_result(case: Case):
    figures = case.once.portfolio
    assert (figures.clients, figures.revenue) == (3, 600)
    assert sum(tier.clients for tier in figures.tiers) == 3
    assert figures.suitability.verdict


TEAM = {"Name": ["Priya Raman", "Bo Lund"], "Level": ["Senior", "Boss"], "Hours": [100.0, 60.0]}
SERVED = pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [300, 100], "Owner": ["Priya Raman", "priya raman"]})


@pytest.mark.parametrize("frame", first(2, [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table]))
def test_account_managers_come_as_a_frame_with_what_is_wrong_in_it(frame: Callable[[Any], Any]):
    result = tierxl.grade(SERVED, as_of=AS_OF, managers=frame(TEAM))
    assert result.grading.managers == (
        tierxl.Manager("Priya Raman", "Senior", 100),
        tierxl.Manager("Bo Lund", None, 60),
    )
    assert [(str(issue.cell), issue.value) for issue in result.issues] == [("account managers, row 3", "Boss")]
    team = result.portfolio.capacity.team
    assert (team.hours, round(team.needed, 2)) == (160, 52.92)


@pytest.mark.long
def test_account_managers_come_one_by_one():
    priya = tierxl.Manager("Priya Raman", "Senior", 50)
    result = tierxl.grade(SERVED, as_of=AS_OF, managers=[priya])
    assert [flag.kind for flag in result.portfolio.capacity.flags] == ["Over capacity"]
    assert tierxl.grade(SERVED, as_of=AS_OF).portfolio.capacity.team.hours is None


def test_a_frame_without_account_managers_is_refused():
    with pytest.raises(tierxl.CannotGrade, match="needs the columns Account manager, Seniority, Hours per year"):
        tierxl.grade(SERVED, as_of=AS_OF, managers=SERVED)


@pytest.mark.parametrize("kind", first(1, ["pandas nullable", "polars lazy", "pyarrow"]))
def test_an_explanation_prints_as_text_and_agrees_with_the_grade(kind: str, expected: tierxl.Graded[pl.DataFrame]):
    (found,) = tierxl.explain(KINDS[kind](CLIENTS), "abel", as_of=AS_OF)
    assert (found.tier, found.why) == as_rows(expected.frame, "Tier", "Why")[0]
    assert str(found).startswith(f"Abel (row 2): tier {found.tier}")


def test_a_client_is_explained_by_its_id_and_in_a_graded_frame(expected: tierxl.Graded[pl.DataFrame]):
    assert [found.client for found in tierxl.explain(expected.frame, "08", as_of=AS_OF)] == ["Baker"]


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"Revenue": [1]}, "There is no Client column"),
        ({"Client": ["Abel"]}, "There is no Revenue column"),
        ({"Client": ["Abel"], "Sales": [1], "Turnover": [1]}, '"Sales" and "Turnover" both mean Revenue'),
        ({"Client": [], "Revenue": []}, "There are no clients"),
        ({"Client": ["Abel", "Baker"], "Revenue": ["$1", "€2"]}, r"mixes currencies \(\$, €\)"),
    ],
    ids=["no Client", "no Revenue", "two alike", "no clients", "two currencies"],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_graded_says_why(kind: str, columns: dict[str, list[Any]], says: str):
    with pytest.raises(tierxl.CannotGrade, match=says):
        tierxl.grade(KINDS[kind](columns))
    with pytest.raises(tierxl.CannotGrade, match=says):
        tierxl.explain(KINDS[kind](columns), "Abel")


def test_a_header_that_stands_twice_is_refused():
    doubled = pd.DataFrame([["Abel", 1, 2]], columns=["Client", "Revenue", "Revenue"])
    with pytest.raises(tierxl.CannotGrade, match="rename one"):
        tierxl.grade(doubled)


@pytest.mark.parametrize("thing", [[1, 2], CLIENTS, None, "clients.csv", pl.Series([1]), pd.Series([1])])
def test_what_is_no_frame_is_a_type_error(thing: Any):
    with pytest.raises(TypeError):
        tierxl.grade(thing)


def test_an_unknown_client_is_refused_with_the_closest_name():
    with pytest.raises(tierxl.CannotGrade, match=r'There is no client "Abell"\. Did you mean Abel\?'):
        tierxl.explain(pl.DataFrame(CLIENTS), "Abell")


def test_the_package_offers_its_names_and_no_other():
    for name in tierxl.__all__:
        assert getattr(tierxl, name).__doc__, name
    assert set(tierxl.__all__) <= set(dir(tierxl))
    with pytest.raises(AttributeError, match="has no attribute 'grades'"):
        tierxl.grades  # noqa: B018


def test_a_column_of_a_pandas_frame_with_gaps_is_read_like_any_other():
    """Where cells are blank, pandas holds numbers that are no numbers, each of them unequal to the others."""
    written = "Client,Revenue,Override tier,Override expires,High touch,Strategic value\nAbel,1,,,1,3\nBaker,2,,,,\n"
    clients = pd.read_csv(io.StringIO(written))
    assert clients["Override tier"].isna().all()
    graded = tierxl.grade(clients, as_of=AS_OF).frame
    assert graded["Strategic rating"].tolist() == ["High", "Not rated"]
    assert graded["Tier"].tolist() == ["B", "A"]


# --- Cells and arguments that are none -------------------------------------------------------------------------------

MISSING = (None, float("nan"), np.nan, pd.NA, pd.NaT, Decimal("NaN"), Decimal("sNaN"))
READ_COLUMNS = ("Client", "Revenue", "Opportunity", "Client since")


@pytest.mark.parametrize("missing", first(1, MISSING), ids=repr)
def test_without_any_revenue_the_frame_is_refused_in_one_sentence(missing: object):
    frame = pd.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [missing, missing]})
    for call in (tierxl.grade, lambda clients: tierxl.explain(clients, "Abel")):
        with pytest.raises(tierxl.CannotGrade, match=r"^No client has a revenue that can be read: "):
            call(frame)


def with_cells(cell: object) -> pd.DataFrame:
    """A client for each column, who has a cell in it; and one at the end to whom nothing is amiss."""
    names = [*READ_COLUMNS, "Dunmore"]
    clients = pd.DataFrame({"Client": names, "Revenue": [1, 2, 3, 4, 5]}, dtype=object)
    for row, column in enumerate(READ_COLUMNS):
        others = clients[column].tolist() if column in clients else [None] * len(names)
        clients[column] = pd.Series([*others[:row], cell, *others[row + 1 :]], dtype=object)
    return clients


@pytest.mark.long
@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_a_missing_cell_of_any_kind_is_a_blank(missing: object):
    assert tierxl.grade(with_cells(missing)).issues == tierxl.grade(with_cells(None)).issues


@pytest.mark.parametrize(
    "cell",
    first(
        2,
        [
            10**400,
            [1],
            b"x",
            Decimal("Infinity"),
            10**5000,
            1j,
            np.complex64(1),
            {"a": 1},
            {1},
            np.array([1, 2]),
            object,
        ],
    ),
    ids=lambda cell: str(type(cell)),
)
def test_a_cell_that_cannot_be_read_is_reported_and_stops_nobody(cell: object):
    graded = tierxl.grade(with_cells(cell))
    assert len(graded.frame) == len(READ_COLUMNS) + 1
    named = {(issue.column, issue.row) for issue in graded.issues}
    assert {(column, row) for row, column in enumerate(READ_COLUMNS, 2) if column != "Client"} <= named


@pytest.mark.long
@pytest.mark.parametrize("column", ["Client", "Opportunity", "Client since"])
@pytest.mark.parametrize("days", [[2**31 - 1, -(2**31)], [2_932_897, -719_163]])
@pytest.mark.parametrize("zone", [None, "Asia/Tokyo"])
def test_days_beyond_the_calendar_are_no_dates(days: list[int], zone: str | None, column: str):
    far = pl.Series(days, dtype=pl.Int32).cast(pl.Date)
    if zone:
        far = (far.to_physical().cast(pl.Int64) * 86_400_000).cast(pl.Datetime("ms", zone))
    frame = pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [1, 2]}).with_columns(far.alias(column))
    graded = tierxl.grade(frame)
    if column != "Client":
        assert [issue.row for issue in graded.issues if issue.value] == [2, 3]
    if column == "Client since":
        assert {issue.message for issue in graded.issues} <= {NO_DATE, NO_DAY}


def test_days_beyond_the_calendar_are_no_revenue():
    far = pl.Series("Revenue", [2**31 - 1, -(2**31)], dtype=pl.Int32).cast(pl.Date)
    with pytest.raises(tierxl.CannotGrade, match="No client has a revenue"):
        tierxl.grade(pl.DataFrame([pl.Series("Client", ["Abel", "Baker"]), far]))


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ([[1], None], "lists"),
        ([{"a": 1}, None], "records"),
        ([b"x", None], "bytes"),
        ([timedelta(1), None], "lengths of time"),
        ([time(1), None], "times of day"),
    ],
)
@pytest.mark.parametrize("column", READ_COLUMNS)
def test_a_column_of_a_type_that_holds_no_cells_is_refused_by_name(values: list[Any], held: str, column: str):
    frame = pl.DataFrame({"Client": ["Abel", "Baker"], "Revenue": [1, 2]}).with_columns(pl.Series(column, values))
    with pytest.raises(tierxl.CannotGrade, match=f'^The column "{column}" holds {held}, which cannot be read: '):
        tierxl.grade(frame)


FRAME = pl.DataFrame({"Client": ["Abel"], "Revenue": [1]})


@pytest.mark.parametrize(
    "arguments",
    [
        {"as_of": "2026-01-01"},
        {"as_of": 0},
        {"as_of": pd.NaT},
        {"as_of": np.datetime64("2026-01-01")},
        {"policy": {}},
        {"policy": {"weights": {"revenue": 40}}},
        {"policy": tierxl.Policy},
        {"managers": "Ann"},
        {"managers": [{"name": "Ann"}]},
        {"managers": 5},
        {"frame": None},
        {"frame": {"Client": ["Abel"]}},
        {"frame": pd.Series([1])},
    ],
    ids=str,
)
def test_an_argument_of_another_type_is_refused_in_one_sentence(arguments: dict[str, Any]):
    with pytest.raises(TypeError, match=r"^[^\n]+ is none\.$"):
        tierxl.grade(**{"frame": FRAME, **arguments})


@pytest.mark.parametrize("client", [None, 5, b"Abel", ["Abel"], float("nan")])
def test_a_client_that_is_no_text_is_refused_in_one_sentence(client: Any):
    with pytest.raises(TypeError, match=r"^client is a name or a Client ID, written as text: \w+ is none\.$"):
        tierxl.explain(FRAME, client)


@pytest.mark.parametrize("as_of", [datetime(2026, 11, 22, 23, 59), pd.Timestamp("2026-11-22 23:59")])
def test_a_time_counts_as_its_day(as_of: datetime):
    graded = tierxl.grade(FRAME, as_of=as_of)
    assert graded.grading.as_of == date(2026, 11, 22)
    assert type(graded.grading.as_of) is date
