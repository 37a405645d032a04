"""The pictures of the graded workbook and of the report, made from the sample portfolio.

``python docs/pictures.py`` makes them anew; it needs LibreOffice, pdftoppm and Chromium.
"""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tierxl.report import HTML, PDF, report
from tierxl.use_cases.grade import check_file, grade_file
from tierxl.use_cases.reading import Request

HERE = Path(__file__).parent
SAMPLE, AS_OF, FIRM = HERE.parent / "workbook" / "sample-portfolio.csv", date(2026, 11, 22), "Hartnell & Partners"
PHONE = {"width": 420, "height": 780}


SHEETS = {1: "summary", 2: "graded-workbook"}
"""The pages of the graded workbook that are shown."""
PRINTED = ("pdftoppm", "-r", "110", "-singlefile", "-png")


def main() -> None:
    asked = Request(SAMPLE, AS_OF, settings={"reading": {"currency": "£"}})
    graded = check_file(asked)
    with TemporaryDirectory() as folder:
        grade_file(asked, Path(folder, "graded.xlsx"))
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, Path(folder, "graded.xlsx"))
        for page, name in SHEETS.items():
            run(*PRINTED, "-f", str(page), Path(folder, "graded.pdf"), HERE / name)
        pdf, page = Path(folder, "report.pdf"), Path(folder, "report.html")
        for path, ending in ((pdf, PDF), (page, HTML)):
            path.write_bytes(report(graded.grading, graded.portfolio, ending, title=FIRM))
        run(*PRINTED, pdf, HERE / "report")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            phone = browser.new_context(viewport=PHONE, color_scheme="dark").new_page()
            phone.goto(page.as_uri())
            phone.screenshot(path=HERE / "report-phone.png")
            browser.close()


def run(program: str, *arguments: str | Path) -> None:
    subprocess.run([shutil.which(program) or program, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own files


if __name__ == "__main__":
    main()
