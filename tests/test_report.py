"""The report for the board: what it says, read back from the PDF and from the page."""

import csv
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from tests.files import AS_OF, CLIENTS, SAMPLE, csv_file, edit, put, workbook
from tests.runs import first
from tests.test_cli import refused, tierxl
from tierxl.method.issues import CannotGrade
from tierxl.method.money import in_short
from tierxl.method.plan.board import decisions
from tierxl.method.plan.service import engagement_plan
from tierxl.method.plan.summary import summary
from tierxl.method.policy import Policy
from tierxl.method.words import in_words
from tierxl.report import FORMATS, report
from tierxl.report.content import MOST_LINES, content_of, policy_line
from tierxl.use_cases.grade import check_file, grade_file
from tierxl.use_cases.graded import GradedFile
from tierxl.use_cases.reading import Request
from tierxl.use_cases.report import report_file

NASTY = [
    '<script>alert(1)</script> & "Sons"',
    "</td></table><img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    "&lt;b&gt;bold&lt;/b&gt;",
    "<para><font color='red'>",
    "<!-- -- > ]]>",
    '=HYPERLINK("http://x")',
]
PAGE_FIRST = first(1, [".html", ".pdf"])
LETTERS = [
    "Łódź Żółw Sp. z o.o.",
    "Çağdaş İnşaat Işık Ş.",
    "Ольга Щербакова и партнёры",
    "Ελληνικές Ηλιαχτίδες Α.Ε.",
    "上海星光贸易有限公司",
    "株式会社ひかりデザイン",
    "서울 빛나 주식회사",
]


def portfolio_of(folder: Path, names: list[str]) -> GradedFile:
    """A portfolio of clients with names, each with another's name as account manager."""
    out = StringIO(newline="")
    csv.writer(out).writerows(
        [
            ("Client", "Account manager", "Revenue", "Profit"),
            *((name, names[at - 1], 1000 + at, 100) for at, name in enumerate(names)),
        ]
    )
    return check_file(Request(csv_file(folder, out.getvalue()), AS_OF))


@pytest.fixture(scope="module")
def sample() -> GradedFile:
    return check_file(Request(SAMPLE, AS_OF))


@pytest.fixture(scope="module")
def sample_pages(sample: GradedFile) -> list[str]:
    return pages(sample)


def pages(graded: GradedFile) -> list[str]:
    """The text of each page of the PDF, in one line."""
    reader = PdfReader(BytesIO(report(graded.grading, graded.portfolio, ".pdf")))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


class Reader(HTMLParser):
    """The texts of the cells of a page, its elements, and what these refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.elements: list[str] = []
        self.references: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag in ("td", "th"):
            self.cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


def page(graded: GradedFile) -> tuple[str, Reader]:
    text = report(graded.grading, graded.portfolio, ".html").decode()
    reader = Reader()
    reader.feed(text)
    return text, reader


def test_the_first_page_says_what_to_do_in_money_and_names(sample: GradedFile, sample_pages: list[str]):
    first, second, *_ = sample_pages
    summed, (kept, left, held) = summary(sample.grading, sample.portfolio), decisions(sample.grading, sample.portfolio)
    tiles = {tile.name: tile for tile in summed.tiles}
    for text in (
        summed.headline,
        *(in_short(tiles[name].amount or 0) for name in ("Revenue", "At risk", "Overdue", "To shed")),
        *(tiles[name].sentence for name in ("Revenue", "At risk", "Overdue", "To shed")),
        *(f"{at}. {decision.what} {decision.why}" for at, decision in enumerate((kept, left, held), 1)),
        "Calvenor Therapeutics plc A 896,412",
    ):
        assert text in first
    assert "Herfindahl" not in first
    assert "Plan for tier A" not in first
    assert second.startswith("Plan for tier A")


def test_the_largest_ten_clients_stand_on_the_first_page_with_tier_and_reason(sample: GradedFile):
    section = content_of(sample.grading, sample.portfolio).first.clients
    lines = sample.grading.lines("client", "revenue").sort("revenue", descending=True, nulls_last=True).head(10)
    assert [column.header for column in section.columns] == ["Client", "Tier", "Revenue", "Action", "Reason"]
    shown = [(row[0].text, row[1].text, row[4].text) for row in section.rows]
    assert shown == lines.select("client", "Tier", "Reason").rows()
    assert {row[1] for row in section.rows} <= {("A", "tier-a"), ("B", "tier-b"), ("C", "tier-c")}


@pytest.mark.parametrize("ending", PAGE_FIRST)
def test_the_title_is_the_firms_name(sample: GradedFile, ending: str, tmp_path: Path):
    written = tmp_path / f"report{ending}"
    written.write_bytes(report(sample.grading, sample.portfolio, ending, title="Hartnell & Partners"))
    assert "Hartnell & Partners Client tiers: 63 clients, as of 22 Nov 2026" in unescape(text_of(written))


@pytest.fixture(scope="module")
def reports_of_two_days(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """The texts of the reports of two days, as a PDF and as a page: on the second Cohen moves up, and Dyer loses."""
    rows = [*CLIENTS[:3], ("Cohen", 5, 60), ("Dyer", 900, 60), *((f"Small {at}", 10, 1) for at in range(6))]
    path = workbook(tmp_path_factory.mktemp("reports") / "clients.xlsx", rows)
    first = [written_report(path, date(2026, 3, 1), ending) for ending in FORMATS]
    grade_file(Request(path, date(2026, 3, 1)), path)
    edit(path, lambda book: put(book["Clients"], [("Cohen", 500), ("Dyer", 700)], top=4))
    return [*zip(first, (written_report(path, date(2026, 6, 1), ending) for ending in FORMATS), strict=True)]


def written_report(clients: Path, day: date, ending: str) -> str:
    target = clients.with_name(f"report{ending}")
    report_file(Request(clients, day), target)
    return text_of(target)


@pytest.mark.long
def test_who_moved_stands_on_the_first_page_once_there_is_an_earlier_grading(
    reports_of_two_days: list[tuple[str, str]],
):
    for texts in reports_of_two_days:
        assert ["Moved Since 1 Mar 2026" in text for text in texts] == [False, True]
        assert "1 moved up, 0 down. Client Move Tier Revenue Cohen Up A 500" in texts[1]


def test_the_spread_of_the_revenue_is_in_words(sample: GradedFile, sample_pages: list[str]):
    figures, whole = sample.portfolio, " ".join(sample_pages)
    for text in (
        f"The top {figures.pareto_clients} clients by revenue bring {figures.pareto_share:.1%} of it.",
        f"A margin of {figures.target_margin:.1%} or more is rated High.",
        f"(Herfindahl index {figures.concentration_by_client:.2f})",
        f"{figures.suitability.verdict}.",
        *(f"{tier.tier} {tier.clients:,} {tier.revenue:,.0f} {tier.revenue_share:.1%}" for tier in figures.tiers),
        *(signal.sentence for signal in figures.suitability.signals),
        "Share of clients and of revenue by tier",
        "Revenue that the largest clients bring",
    ):
        assert text in whole


def test_columns_without_a_value_are_left_out(tmp_path: Path):
    graded = check_file(Request(csv_file(tmp_path, "Client,Revenue\nAbel,1\nBaker,2\nCohen,3\n"), AS_OF))
    plan, *_ = content_of(graded.grading, graded.portfolio).plans
    headers = [column.header for column in plan.columns]
    assert headers == ["Client", "Revenue", "Action", "Next step", "Next review", "Next contact"]


def test_amounts_and_days_of_a_table_stay_on_one_line_in_the_currency_of_the_list(tmp_path: Path):
    text = "Client,Revenue,Last contact\nAbel,CHF 1'000,2026-11-20\nBaker,CHF -50,2026-11-20\n"
    graded = check_file(Request(csv_file(tmp_path, text), AS_OF))
    content = content_of(graded.grading, graded.portfolio)
    assert content.first.tiles[0].value == "CHF\xa0950"
    assert content.plans[2].rows[0][1].text == "\N{MINUS SIGN}CHF\xa050"
    assert "20\xa0Dec\xa02026" in [cell.text for cell in content.plans[0].rows[0]]


@pytest.mark.long
def test_a_pdf_shows_amounts_of_millions_of_francs_on_one_line(tmp_path: Path):
    text = "Client,Revenue\n" + "".join(f"Client {at},CHF {at}'345'678\n" for at in range(101, 109))
    graded = check_file(Request(csv_file(tmp_path, text), AS_OF))
    lines = " ".join(pages(graded)).replace("\xa0", " ")
    assert lines.count("CHF 102,345,678") == 2, "among the largest, and in the plan"


def test_the_plan_of_each_tier_lists_who_when_and_what_is_overdue(sample: GradedFile, sample_pages: list[str]):
    whole = " ".join(sample_pages)
    plan = engagement_plan(sample.grading)
    for line in plan.head(20).iter_rows(named=True):
        revenue = "–" if line["revenue"] is None else f"{line['revenue']:,.0f}"
        assert (
            f"{line['client']} {revenue} {line['account_manager'] or '–'} {line['Action']} {line['next_step']} "
            f"{in_words(line['next_review'])} {in_words(line['next_contact'])} {line['overdue'] or '–'}" in whole
        )
    for tier in "ABC":
        of_tier = [line for line in plan.iter_rows(named=True) if line["Tier"] == tier]
        revenue = sum(line["revenue"] or 0 for line in of_tier)
        assert f"Plan for tier {tier} {len(of_tier)} clients to look after, {revenue:,.0f} of revenue." in whole


@pytest.mark.parametrize("ending", FORMATS)
def test_the_shed_list_and_the_service_levels_follow(sample: GradedFile, sample_pages: list[str], ending: str):
    whole = " ".join(sample_pages if ending == ".pdf" else page(sample)[1].cells)
    shed = sample.grading.lines("client").filter(sample.grading.columns["Action"] == "Shed")["client"].to_list()
    assert shed
    assert [name for name in (*shed, *sample.grading.policy.services) if name not in whole] == []


@pytest.mark.long
def test_those_to_be_watched_are_listed_once_there_is_an_earlier_grading(
    reports_of_two_days: list[tuple[str, str]],
):
    sentence = "1 client of tier A or B kept the tier and lost 20% or more of the revenue since 1 Mar 2026."
    for texts in reports_of_two_days:
        assert [sentence in text for text in texts] == [False, True]
        assert "Dyer A 900 700 22.2%" in texts[1]


def text_of(written: Path) -> str:
    """The text of a report, in one line."""
    if written.suffix == ".pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(written).pages).split())
    return " ".join(re.sub("<[^>]*>", " ", written.read_text(encoding="utf-8")).split())


def test_every_page_has_the_day_the_policy_and_its_number(sample_pages: list[str]):
    for number, text in enumerate(sample_pages, 1):
        assert "As of 22 Nov 2026. Method five-factor, default settings." in text
        assert f"Page {number} of {len(sample_pages)}" in text


def test_the_foot_names_the_settings_that_were_changed():
    policy = Policy.with_settings({"grading": {"method": "revenue"}, "weights": {"revenue": 40}})
    assert policy_line(policy) == "Method revenue, changed from the defaults: weights.revenue."


@pytest.mark.long
@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_grading_gives_the_same_bytes(sample: GradedFile, ending: str):
    again = check_file(Request(SAMPLE, AS_OF))
    assert report(sample.grading, sample.portfolio, ending) == report(again.grading, again.portfolio, ending)


@pytest.mark.parametrize("names", first(1, [NASTY, LETTERS]), ids=["nasty", "letters"])
def test_names_are_printed_as_they_are(tmp_path: Path, names: list[str]):
    graded = portfolio_of(tmp_path, names)
    text, reader = page(graded)
    assert [name for name in names if reader.cells.count(name) != 3] == []
    assert set(reader.elements).isdisjoint({"img", "para", "font"})
    assert reader.elements.count("script") == 1
    in_pdf = "".join(pages(graded)).replace(" ", "")
    assert [name for name in names if "".join(name.split()) not in in_pdf] == []
    assert "49" not in "".join(reader.cells)
    assert text.count("<table ") == text.count("</table>")


@pytest.mark.long
def test_a_name_longer_than_a_page_is_printed(tmp_path: Path):
    assert "Plan for tier A" in " ".join(pages(portfolio_of(tmp_path, ["long " * 1500, "short"])))


@pytest.mark.long
def test_what_no_page_can_show_is_left_out(tmp_path: Path):
    graded = portfolio_of(tmp_path, ["A\x07B\x1b[31m", "C\u2028D", "E"])
    assert "A B [31m" in page(graded)[1].cells
    assert "A B [31m" in " ".join(pages(graded))


def test_the_page_fetches_nothing(sample: GradedFile):
    text, reader = page(sample)
    assert reader.references == []
    assert "default-src 'none'" in text
    assert "fetch(" not in text
    assert "url(" not in text.replace("url(#", "")
    assert "@import" not in text


def test_the_charts_are_drawings_with_their_sense_in_words(sample: GradedFile):
    text, reader = page(sample)
    assert reader.elements.count("svg") == 2
    drawing = ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])
    assert "left bar: clients" in "".join(drawing.itertext())
    assert "of it.</figcaption>" in text
    ids = [part.split('"')[0] for part in text.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.long
def test_a_long_tier_is_listed_up_to_a_limit_and_says_so(tmp_path: Path):
    graded = portfolio_of(tmp_path, [f"Client {number}" for number in range(MOST_LINES + 1200)])
    content = content_of(graded.grading, graded.portfolio)
    by_tier = {tier.tier: tier.clients for tier in graded.portfolio.tiers}
    for plan, tier in zip(content.plans, "ABC", strict=True):
        assert len(plan.rows) == min(by_tier[tier], MOST_LINES)
        assert ("first 500 are listed" in plan.note) == (by_tier[tier] > MOST_LINES)


@pytest.mark.parametrize("clients", first(1, ["Client,Revenue\nAbel,-5\n", "Client,Revenue\nAbel,0\n"]))
def test_a_portfolio_without_revenue_is_reported_as_well(tmp_path: Path, clients: str):
    graded = check_file(Request(csv_file(tmp_path, clients), AS_OF))
    assert "Plan for tier A" in " ".join(pages(graded))
    assert not [title for title in ("Shed", "shed.") if title in page(graded)[0]], "no profit, nothing to say"


@pytest.mark.long
def test_the_ending_says_the_format(tmp_path: Path):
    clients = csv_file(tmp_path, "Client,Revenue\nAbel,1\n")
    assert tierxl("report", clients).exit_code == 0
    assert (tmp_path / "clients-report.pdf").read_bytes().startswith(b"%PDF-")
    assert tierxl("report", clients, "-o", tmp_path / "page.HTML").exit_code == 0
    assert (tmp_path / "page.HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(CannotGrade, match=r"page.docx is no kind of report: use .pdf or .html"):
        report_file(Request(clients, AS_OF), tmp_path / "page.docx")


@pytest.mark.long
def test_a_report_that_exists_is_only_replaced_when_told_so(tmp_path: Path):
    clients = csv_file(tmp_path, "Client,Revenue\nAbel,1\n")
    (tmp_path / "old.pdf").write_text("old")
    assert "old.pdf exists already" in refused("report", clients, "-o", tmp_path / "old.pdf")
    assert (tmp_path / "old.pdf").read_text() == "old"
    assert tierxl("report", clients, "-o", tmp_path / "old.pdf", "--overwrite").exit_code == 0
    assert (tmp_path / "old.pdf").read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_graded_gives_no_report(tmp_path: Path):
    clients = csv_file(tmp_path, "Client,Reveneu,Work\nAbel,1,2\n")
    assert 'Did you mean "Reveneu" (column B)?' in refused("report", clients)
    assert {path.name for path in tmp_path.iterdir()} == {"clients.csv"}


def test_the_report_says_how_busy_the_team_is_and_what_each_tier_takes(sample: GradedFile, sample_pages: list[str]):
    whole, team = " ".join(sample_pages), sample.portfolio.capacity.team
    assert sample.portfolio.capacity.sentence in whole
    for tier in team.tiers:
        assert f"{tier.hours:,.0f}" in whole
