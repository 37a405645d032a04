"""A report for the board, as PDF or as one HTML file: a page that says what to decide, then the plan by tier."""

from tierxl.method.plan.history import Movers
from tierxl.method.plan.portfolio import Portfolio
from tierxl.method.rating.grading import Grading
from tierxl.report.content import content_of

PDF, HTML = ".pdf", ".html"
FORMATS = (PDF, HTML)


def report(grading: Grading, portfolio: Portfolio, ending: str, moved: Movers | None = None, title: str = "") -> bytes:
    """The report on a graded portfolio. The same grading gives the same bytes.

    Args:
        grading: the graded clients.
        portfolio: their figures.
        ending: one of :data:`FORMATS`.
        moved: what changed since the grading before, where there was one.
        title: the title, such as the firm's name.
    """
    content = content_of(grading, portfolio, moved, title)
    if ending == PDF:
        from tierxl.report.pdf import pdf_of  # noqa: PLC0415  each format needs a library that the other does not

        return pdf_of(content)
    from tierxl.report.page import page_of  # noqa: PLC0415  likewise

    return page_of(content)
