"""The demo, alive on whatever day it is run."""

from datetime import date
from pathlib import Path

import pytest

from tests.files import AS_OF, SAMPLE, book_of
from tests.runs import first
from tierxl.method.progress import silent
from tierxl.use_cases.assign import AssignedFile
from tierxl.use_cases.demo import grade_sample
from tierxl.use_cases.explain import explain_file
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request

DAYS = first(0, [date(2028, 2, 29), AS_OF, date(2027, 2, 28), date(2031, 8, 1)])


@pytest.fixture(scope="module", params=DAYS, ids=str)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AssignedFile:
    return grade_sample(tmp_path_factory.mktemp("demo"), request.param, silent)


@pytest.fixture(scope="module")
def sample() -> GradedFile:
    return check_file(Request(SAMPLE, AS_OF))


def test_every_client_has_the_tier_that_the_sample_gives_it_on_its_own_day(demo: AssignedFile, sample: GradedFile):
    for column in ("Tier", "Action", "Score"):
        assert demo.graded.grading.columns[column].to_list() == sample.grading.columns[column].to_list()


def test_nothing_of_the_demo_is_after_the_day_it_is_run(demo: AssignedFile, sample: GradedFile):
    assert [it.message for it in demo.graded.issues] == [it.message for it in sample.issues]


def test_clients_went_up_and_down_came_and_left_since_a_quarter_ago(demo: AssignedFile):
    page = sheet(demo, "Movers")
    assert {line[0]: line[1] for line in page if line[0] in ("Up", "Down", "New", "Gone")} == {
        "Up": 4,
        "Down": 4,
        "New": 4,
        "Gone": 1,
    }
    assert any("1 client of tier A or B kept the tier and lost 20% or more" in str(line[0]) for line in page)


def test_the_team_has_hours_and_one_of_them_too_few(demo: AssignedFile):
    capacity = demo.graded.portfolio.capacity
    assert [flag.manager for flag in capacity.flags if flag.kind == "Over capacity"] == ["Daniel Okafor"]
    assert capacity.team.hours == 1_020


def test_few_handovers_mend_it(demo: AssignedFile):
    assert (demo.proposal.handovers, demo.proposal.missing) == (3, ())
    assert any(line[0] == "Wexborough County Council" for line in sheet(demo, "Assignments"))


def sheet(demo: AssignedFile, title: str) -> list[tuple]:
    assert demo.graded.target is not None
    return list(book_of(demo.graded.target)[title].iter_rows(values_only=True))


def test_the_readme_shows_what_one_really_gets(demo: AssignedFile):
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert demo.graded.target is not None
    (explained,) = explain_file(Request(demo.graded.target, demo.graded.grading.as_of), "Hartnell")
    _, _, shown = page.partition("Hartnell\n```\n\n```\n")
    lines = shown.partition("\n```")[0].splitlines()
    assert lines[0].startswith("Hartnell")
    assert [line for line in lines if line not in str(explained).splitlines()] == []
    (daniel,) = (load for load in demo.graded.portfolio.capacity.loads if load.name == "Daniel Okafor")
    assert f"need {daniel.needed:.0f} hours a year, and he has {daniel.hours:.0f}" in page
    assert f"the {demo.graded.portfolio.to_shed} clients to let go" in page
    assert f"In it {demo.graded.portfolio.clients} firms are graded" in page
