"""How an issue reads."""

from tierxl.method.issues import Issue, by_cause, count_of


def test_an_issue_reads_as_a_sentence_with_its_place_first():
    issue = Issue("is not a level: write High, Medium or Low", 3, "Ashdown", "Opportunity", "so so")
    assert str(issue) == 'row 3, Ashdown, Opportunity: "so so" is not a level: write High, Medium or Low'


def test_the_address_of_a_cell_says_more_than_its_row():
    issue = Issue("is blank", 3, column="Client", cell="Clients!B3")
    assert issue.place == "Clients!B3"
    assert str(issue) == "Clients!B3, Client: is blank"


def test_an_issue_without_a_place_is_its_message():
    assert str(Issue("the sheet was renamed")) == "the sheet was renamed"
    assert Issue("the sheet was renamed").place == ""


NO_LEVEL = "is not a level: write High, Medium or Low"


def test_issues_of_one_column_that_say_the_same_are_one_cause_told_by_the_first():
    issues = [
        Issue(NO_LEVEL, 3, "Ashdown", "Opportunity", "so so"),
        Issue(NO_LEVEL, 4, "Bramley", "Pain factor", "ouch"),
        Issue(NO_LEVEL, 5, "Calder", "Opportunity", "soon"),
        Issue("the sheet was renamed"),
    ]
    assert [str(cause) for cause in by_cause(issues)] == [
        f'2 x Opportunity, first row 3, Ashdown: "so so" {NO_LEVEL}',
        f'row 4, Bramley, Pain factor: "ouch" {NO_LEVEL}',
        "the sheet was renamed",
    ]


def test_assumptions_are_counted_apart():
    wrong, assumed = Issue(NO_LEVEL), Issue("9 amounts read as thousands", assumed=True)
    assert count_of([wrong, wrong]) == "2 data issues"
    assert count_of([wrong, assumed]) == "1 data issue, 1 assumption"
