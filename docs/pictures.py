"""The pictures of the report, made from the sample portfolio.

``python docs/pictures.py`` makes them anew; it needs pdftoppm and Chromium.
"""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tierxl.report import HTML, PDF, report
from tierxl.use_cases.grade import check_file
from tierxl.use_cases.reading import Request

HERE = Path(__file__).parent
SAMPLE, AS_OF, FIRM = HERE.parent / "workbook" / "sample-portfolio.csv", date(2026, 11, 22), "Hartnell & Partners"
PHONE = {"width": 420, "height": 780}


def main() -> None:
    graded = check_file(Request(SAMPLE, AS_OF, settings={"reading": {"currency": "£"}}))
    with TemporaryDirectory() as folder:
        pdf, page = Path(folder, "report.pdf"), Path(folder, "report.html")
        for path, ending in ((pdf, PDF), (page, HTML)):
            path.write_bytes(report(graded.grading, graded.portfolio, ending, title=FIRM))
        first_page = ["-r", "110", "-l", "1", "-singlefile", "-png", pdf, HERE / "report"]
        subprocess.run([shutil.which("pdftoppm") or "pdftoppm", *first_page], check=True)  # noqa: S603  our own file
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            phone = browser.new_context(viewport=PHONE, color_scheme="dark").new_page()
            phone.goto(page.as_uri())
            phone.screenshot(path=HERE / "report-phone.png")
            browser.close()


if __name__ == "__main__":
    main()
