"""The report as a page, in a real browser: at the width of a phone and of a desk, with and without its script."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.files import AS_OF, SAMPLE, csv_file
from tierxl.report import report
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request

pytestmark = pytest.mark.browser

PHONE, DESK = 420, 1280
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

WIDEST = "Math.max(...[...document.querySelectorAll('table, svg, dl')].map(each => each.getBoundingClientRect().right))"
BROKEN = """[...document.querySelectorAll('td, th')].filter(cell => cell.offsetWidth > 1).flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (texts.nextNode()) {
        for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) broken.push(word[0]);
        }
    }
    return broken;
})"""


@dataclass
class Opened:
    """A report in a browser, with what its console said."""

    page: Page
    console: list[str]

    def names(self, section: str) -> list[str]:
        """The clients that are in sight below a heading."""
        rows = self.page.locator(f"section:has(> h2:text-is('{section}')) tbody th")
        names: list[str] = rows.evaluate_all(
            "rows => rows.filter(row => row.checkVisibility()).map(row => row.innerText)"
        )
        return names


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield started
        started.close()


def many_clients() -> str:
    """A list of 3,000 clients with long names, of whom all are overdue and at risk."""
    headers = "Client,Account manager,Revenue,Profit,Last contact,Retention risk"
    clients = (f"{LONG} {at},Featherstonehaugh,{1e6 / at},{900 / at},2026-01-01,High" for at in range(1, 3001))
    return "\n".join([headers, *clients])


LISTS = {
    "the sample": SAMPLE.read_text(encoding="utf-8"),
    "clients and revenue only": "Client,Revenue\nAbel,100\nBaker,200\nCohen,300\n",
    "3,000 clients": many_clients(),
}


@pytest.fixture(scope="module", params=LISTS)
def report_page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return page_of(csv_file(folder, LISTS[request.param]), folder)


@pytest.fixture(scope="module")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(SAMPLE, tmp_path_factory.mktemp("sample"))


def page_of(clients: Path, folder: Path) -> Path:
    graded = check_file(Request(clients, AS_OF, settings={"reading": {"currency": "CHF"}}))
    path = folder / "report.html"
    path.write_bytes(report(graded.grading, graded.portfolio, ".html"))
    return path


def opened(browser: Browser, path: Path, width: int = DESK, **options: object) -> Opened:
    page = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options).new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.goto(path.as_uri())
    return Opened(page, console)


def test_nothing_is_wider_than_the_window_and_the_console_is_silent(browser: Browser, report_page: Path):
    report = opened(browser, report_page)
    for width in (PHONE, 800, 1040, DESK):
        report.page.set_viewport_size({"width": width, "height": 900})
        assert report.page.evaluate("document.documentElement.scrollWidth") <= width
        assert report.page.evaluate(WIDEST) <= width
    assert report.console == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_word_is_broken(browser: Browser, sample_page: Path, width: int):
    assert opened(browser, sample_page, width).page.evaluate(BROKEN) == []


def test_everything_is_readable_without_the_script(browser: Browser, sample_page: Path):
    without, with_script = (opened(browser, sample_page, java_script_enabled=runs) for runs in (False, True))
    assert not without.page.get_by_label("Find a client").is_visible()
    assert with_script.page.get_by_label("Find a client").is_visible()
    for section in ("The largest clients", "Plan for tier A", "Plan for tier B", "Plan for tier C", "Shed list"):
        assert without.names(section) == with_script.names(section) != []


def test_a_client_is_searched_whatever_its_case_and_accents(browser: Browser, sample_page: Path):
    report = opened(browser, sample_page)
    search = report.page.get_by_label("Find a client")
    search.fill("bruhl")
    assert report.page.get_by_text("1 line", exact=True).is_visible()
    assert report.names("Plan for tier A") == ["Brühlental Präzision GmbH"]
    assert report.names("Plan for tier B") == report.names("Service levels") == []
    search.fill("")
    assert len(report.names("Plan for tier A")) == 12


def test_a_table_is_sorted_by_a_column_and_blanks_stay_last(browser: Browser, sample_page: Path):
    report = opened(browser, sample_page)
    header = report.page.locator("section:has(> h2:text-is('Plan for tier B')) thead").get_by_role(
        "button", name="Revenue"
    )
    before = report.names("Plan for tier B")
    header.click()
    rising = report.names("Plan for tier B")
    header.click()
    falling = report.names("Plan for tier B")
    assert rising[0] == "Isomeryx Ltd"
    assert falling[0] == "Drayhelm Freight Group plc"
    assert {*rising[-2:]} == {*falling[-2:]} == {"Ceidrych Water Futures CIC", "Luxavlel"} or len(before) == len(
        falling
    )


def test_a_table_is_sorted_by_a_day(browser: Browser, sample_page: Path):
    report = opened(browser, sample_page)
    section = report.page.locator("section:has(> h2:text-is('Plan for tier A'))")
    section.locator("thead").get_by_role("button", name="Next contact").click()
    days = section.locator("td[data-header='Next contact']").all_inner_texts()
    assert (days[0].split(), days[-1].split()) == (["31", "Oct", "2026"], ["17", "Dec", "2026"])


def test_it_is_dark_for_those_who_like_it_so(browser: Browser, sample_page: Path):
    def background(scheme: str) -> str:
        page = opened(browser, sample_page, color_scheme=scheme).page
        colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return colour

    assert background("light") == "rgb(255, 255, 255)"
    assert background("dark") == "rgb(31, 41, 51)"
