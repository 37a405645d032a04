"""Which sheet is ours: exact title first, then the one that was renamed; copies are the user's."""

import pytest

from tierxl.sheets import assignments, what_if
from tierxl.sheets.graded_workbook import OWN_TITLES
from tierxl.sheets.own_sheet import free_title, own_title


@pytest.mark.parametrize(
    ("titles", "ours"),
    [
        (["[Clients]"], None),
        (["Shed list"], "Shed list"),
        (["SHED LIST"], "SHED LIST"),
        (["Shed list", "Shed list (2)"], "Shed list"),
        (["Shed list (2)", "Shed list"], "Shed list"),
        (["Shed list March", "Shed list"], "Shed list"),
        (["As of March", "Shed list"], "Shed list"),
        (["[Shed list]", "Shed list (tierxl)"], "Shed list (tierxl)"),
        (["Shed list (tierxl) (2)", "[Shed list]", "Shed list (tierxl)"], "Shed list (tierxl)"),
        (["[Shed list]", "[Shed list (tierxl)]", "Shed list (tierxl) 2"], "Shed list (tierxl) 2"),
        (["Shed list (tierxl)", "Shed list"], "Shed list"),
        (["To let go"], "To let go"),
        (["[Shed list]", "To let go"], "To let go"),
        (["To let go (2)", "To let go"], "To let go"),
        (["To let go_2", "To let go"], "To let go"),
        (["To let go", "Shed list March"], "To let go"),
        (["Shed list March"], None),
        (["Shed list (2)"], None),
        (["To let go", "Goodbye"], None),
    ],
    ids=str,
)
def test_ours_is_the_marked_sheet_with_our_title_else_the_one_that_was_renamed(titles: list[str], ours: str | None):
    kinds = {
        title.strip("[]"): None if title.startswith("[") or title == "Clients" else "shed list" for title in titles
    }
    assert own_title("shed list", kinds, kinds.get) == ours


def test_a_sheet_of_another_kind_is_not_taken_for_it():
    kinds = {"Settings": "portfolio", "Portfolio": "settings"}
    assert own_title("settings", kinds, kinds.get) == "Portfolio"
    assert own_title("portfolio", kinds, kinds.get) == "Settings"


def test_no_other_mark_is_read_where_our_title_is_there():
    """A program is asked for each mark, on every calculation of a formula."""
    asked: list[str] = []

    def kind_of(title: str) -> str:
        asked.append(title)
        return "settings"

    assert own_title("settings", ["Clients", "Settings (2)", "Settings", "History"], kind_of) == "Settings"
    assert asked == ["Settings"]


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "Settings"),
        (["settings"], "Settings (tierxl)"),
        (["settings", "settings (tierxl)"], "Settings (tierxl) 2"),
        (["settings", "settings (tierxl)", "settings (tierxl) 2"], "Settings (tierxl) 3"),
    ],
)
def test_a_new_sheet_takes_a_free_title_by_which_it_is_known_again(taken: list[str], free: str):
    assert free_title("Settings", taken) == free
    kinds = dict.fromkeys(taken) | {free: "settings"}
    assert own_title("settings", kinds, kinds.get) == free


def test_the_kind_of_each_sheet_is_its_title_in_lower_case():
    titles = OWN_TITLES | {assignments.KIND: assignments.TITLE, what_if.KIND: what_if.TITLE}
    assert [title.casefold() for title in titles.values()] == list(titles)
