"""How an issue reads."""

from tierxl.method.issues import Issue


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
