"""The report as PDF: pages in landscape, with the day, the policy and the page's number at the foot of each."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from tierxl.report import fonts
from tierxl.report.charts import colour, pareto_chart, tiers_chart
from tierxl.report.content import Content, Figure, Section
from tierxl.sheets.styles import INK, LINE, MUTED, PAPER, STYLES

_PAGE = landscape(A4)
_MARGIN, _FOOT, _PADDING = 36, 30, 4
_WIDTH = _PAGE[0] - 2 * _MARGIN - 12  # within the padding of the frame
_SIZE, _LEADING = 8.5, 11
_ROOM = 100
"""The room that a section needs to start on a page: its title, its headers and some lines."""

_ALL, _BELOW_HEADERS = ((0, 0), (-1, -1)), ((0, 1), (-1, -1))
"""The first and the last cell, by column and row, of a whole table, and of its rows below the headers."""
_TOP = ("VALIGN", *_ALL, "TOP")

_TEXT = ParagraphStyle("text", fontName=fonts.PLAIN, fontSize=_SIZE, leading=_LEADING, textColor=colour(INK))
_RIGHT = ParagraphStyle("right", _TEXT, alignment=TA_RIGHT)
_HEADER = ParagraphStyle("header", _TEXT, fontName=fonts.BOLD, textColor=colour(PAPER))
_HEADER_RIGHT = ParagraphStyle("header right", _HEADER, alignment=TA_RIGHT)
_NOTE = ParagraphStyle("note", _TEXT, textColor=colour(MUTED))
_TITLE = ParagraphStyle("title", _TEXT, fontName=fonts.BOLD, fontSize=20, leading=24)
_SECTION = ParagraphStyle(
    "section", _TEXT, fontName=fonts.BOLD, fontSize=12, leading=16, textColor=colour(STYLES["section"].colour)
)
_VERDICT = ParagraphStyle("verdict", _SECTION, fontSize=14, leading=18)
_VALUE = ParagraphStyle("value", _TEXT, fontName=fonts.BOLD, fontSize=15, leading=18)


def pdf_of(content: Content) -> bytes:
    """The report as the bytes of a PDF."""
    fonts.register()
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=_PAGE, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=30, bottomMargin=_MARGIN + 6,
        title=f"{content.title}, {content.subtitle}", author="tierxl", lang="en", invariant=1,
    )  # fmt: skip
    story: list[Flowable] = [*_first_page(content)]
    for table in (*content.plans, *content.lists):
        start = [PageBreak()] if table is content.plans[0] else [Spacer(0, 14), CondPageBreak(_ROOM)]
        story += [*start, *_section(table, _WIDTH)]
    document.build(story, canvasmaker=_numbered(content.footer))
    return file.getvalue()


def _first_page(content: Content) -> list[Flowable]:
    half = _WIDTH / 2
    tiers, signals = content.overview
    return [
        Paragraph(fonts.marked_up(content.title), _TITLE),
        Paragraph(fonts.marked_up(content.subtitle), _NOTE),
        Spacer(0, 4),
        Paragraph(fonts.marked_up(content.verdict), _VERDICT),
        *(Paragraph(fonts.marked_up(warning), _TEXT) for warning in content.warnings),
        Spacer(0, 6),
        _figures(content.figures),
        Spacer(0, 8),
        _side_by_side(
            [tiers_chart(content.charts), Paragraph(content.charts.tiers_sentence, _NOTE)],
            [pareto_chart(content.charts), Paragraph(content.charts.pareto_sentence, _NOTE)],
        ),
        Spacer(0, 6),
        _side_by_side([*_section(tiers, half - 12)], [*_section(signals, half - 12)]),
    ]


def _figures(figures: tuple[Figure, ...]) -> Table:
    cells = [
        [
            Paragraph(fonts.marked_up(figure.name), _NOTE),
            Paragraph(fonts.marked_up(figure.value), _VALUE),
            Paragraph(fonts.marked_up(figure.note), _NOTE),
        ]
        for figure in figures
    ]
    style = [("GRID", *_ALL, 0.5, colour(LINE)), _TOP]
    return Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells), style=style)


def _side_by_side(left: list[Any], right: list[Any]) -> Table:
    return Table([[left, right]], colWidths=[_WIDTH / 2] * 2, style=[_TOP, ("LEFTPADDING", *_ALL, 0)])


def _section(table: Section, width: float) -> list[Flowable]:
    """A table below its title and its note."""
    note = [Paragraph(fonts.marked_up(table.note), _NOTE), Spacer(0, 3)] if table.note else [Spacer(0, 2)]
    return [Paragraph(fonts.marked_up(table.title), _SECTION), *note, *([_grid(table, width)] if table.rows else [])]


def _grid(table: Section, width: float) -> LongTable:
    whole = sum(column.width for column in table.columns)
    widths = [width * column.width / whole for column in table.columns]
    right = [column.is_number for column in table.columns]
    headers = [
        Paragraph(fonts.marked_up(column.header), _HEADER_RIGHT if column.is_number else _HEADER)
        for column in table.columns
    ]
    rows = [
        [_cell(text, column - 2 * _PADDING, _RIGHT if is_right else _TEXT)
         for text, column, is_right in zip(row, widths, right, strict=True)]
        for row in table.rows
    ]  # fmt: skip
    style = [
        ("FONT", *_BELOW_HEADERS, fonts.PLAIN, _SIZE, _LEADING),
        ("TEXTCOLOR", *_BELOW_HEADERS, colour(INK)),
        ("BACKGROUND", (0, 0), (-1, 0), colour(STYLES["header"].fill)),
        ("LINEBELOW", *_BELOW_HEADERS, 0.5, colour(LINE)),
        _TOP,
        ("LEFTPADDING", *_ALL, _PADDING),
        ("RIGHTPADDING", *_ALL, _PADDING),
        ("TOPPADDING", *_ALL, 2),
        ("BOTTOMPADDING", *_ALL, 3),
        *(("ALIGN", (at, 1), (at, -1), "RIGHT") for at, is_right in enumerate(right) if is_right),
    ]
    return LongTable([headers, *rows], colWidths=widths, repeatRows=1, style=style)


def _cell(text: str, width: float, style: ParagraphStyle) -> str | Paragraph:
    """A cell's text as it is where it fits on a line; else as a paragraph, which wraps and costs far more time."""
    if stringWidth(text, fonts.PLAIN, _SIZE) <= width and not fonts.is_asian(text):
        return text
    return Paragraph(fonts.marked_up(text), style)


def _numbered(footer: str) -> Callable[..., Canvas]:
    """A maker of canvases that write a foot below each page, once it is known how many pages there are."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  ReportLab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(fonts.PLAIN, _SIZE)
                self.setFillColor(colour(MUTED))
                self.drawString(_MARGIN + 6, _FOOT - 8, footer)
                self.drawRightString(_PAGE[0] - _MARGIN - 6, _FOOT - 8, f"Page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas
