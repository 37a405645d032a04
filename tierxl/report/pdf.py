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
    KeepInFrame,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from tierxl.report import fonts
from tierxl.report.charts import colour, pareto_chart, tiers_chart
from tierxl.report.content import Cell, Content, Figure, FirstPage, Section, Spread
from tierxl.sheets.styles import INK, LINE, MUTED, STYLES

_PAGE = landscape(A4)
_MARGIN, _FOOT, _PADDING = 36, 30, 4
_WIDTH = _PAGE[0] - 2 * _MARGIN - 12  # within the padding of the frame
_SIZE, _LEADING = 8.5, 11
_GAP, _LONGEST = 12, 340
"""The gap between the halves of a page, and the most that they are high."""
_ROOM = 100
"""The room that a section needs to start on a page: its title, its headers and some lines."""

_ALL, _BELOW_HEADERS = ((0, 0), (-1, -1)), ((0, 1), (-1, -1))
"""The first and the last cell, by column and row, of a whole table, and of its rows below the headers."""
_TOP = ("VALIGN", *_ALL, "TOP")

_TEXT = ParagraphStyle("text", fontName=fonts.PLAIN, fontSize=_SIZE, leading=_LEADING, textColor=colour(INK))
_RIGHT = ParagraphStyle("right", _TEXT, alignment=TA_RIGHT)
_NOTE = ParagraphStyle("note", _TEXT, textColor=colour(MUTED))
_TITLE = ParagraphStyle("title", _TEXT, fontName=fonts.BOLD, fontSize=20, leading=24)
_SECTION = ParagraphStyle(
    "section", _TEXT, fontName=fonts.BOLD, fontSize=12, leading=16, textColor=colour(STYLES["section"].colour)
)
_HEADLINE = ParagraphStyle("headline", _SECTION, fontSize=14, leading=18)
_VALUE = ParagraphStyle("value", _TEXT, fontName=fonts.BOLD, fontSize=18, leading=22)
_ITEM = ParagraphStyle("item", _TEXT, spaceAfter=6)


def pdf_of(content: Content) -> bytes:
    """The report as the bytes of a PDF."""
    fonts.register()
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=_PAGE, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=30, bottomMargin=_MARGIN + 6,
        title=f"{content.title}, {content.subtitle}", author="tierxl", lang="en", invariant=1,
    )  # fmt: skip
    start = [PageBreak()]
    story = [*_heading(content), *_first_page(content.first), *start]
    for plan in content.plans:
        story += _section(plan, _WIDTH)
    story += [*start, *_spread(content.spread)]
    for table in content.lists:
        story += _section(table, _WIDTH)
    document.build(story, canvasmaker=_numbered(content.footer))
    return file.getvalue()


def _heading(content: Content) -> list[Flowable]:
    return [
        Paragraph(fonts.marked_up(content.title), _TITLE),
        Paragraph(fonts.marked_up(content.subtitle), _NOTE),
        Spacer(0, 6),
    ]


def _first_page(first: FirstPage) -> list[Flowable]:
    left, right = 0.63 * _WIDTH, 0.37 * _WIDTH
    decisions = [
        Paragraph(f"<b>{at}. {fonts.marked_up(each.what)}</b><br/>{fonts.marked_up(each.why)}", _ITEM)
        for at, each in enumerate(first.decisions, 1)
    ]
    return [
        Paragraph(fonts.marked_up(first.headline), _HEADLINE),
        Spacer(0, 8),
        _figures(first.tiles),
        Spacer(0, 4),
        _side_by_side(
            (left, _section(first.clients, left - _GAP)),
            (right, [
                Spacer(0, 14),
                Paragraph(first.decisions_title, _SECTION),
                Spacer(0, 4),
                *decisions,
                *(_section(first.moved, right - _GAP) if first.moved else []),
            ]),
        ),
    ]  # fmt: skip


def _spread(spread: Spread) -> list[Flowable]:
    half = _WIDTH / 2
    tiers, signals = spread.tables
    return [
        Paragraph(fonts.marked_up(spread.title), _SECTION),
        *(Paragraph(fonts.marked_up(sentence), _TEXT) for sentence in spread.sentences),
        Spacer(0, 8),
        _side_by_side(
            (half, [tiers_chart(spread.charts), Paragraph(spread.charts.tiers_sentence, _NOTE)]),
            (half, [pareto_chart(spread.charts), Paragraph(spread.charts.pareto_sentence, _NOTE)]),
        ),
        _side_by_side((half, _section(tiers, half - _GAP)), (half, _section(signals, half - _GAP))),
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
    style = [("GRID", *_ALL, 0.5, colour(LINE)), _TOP, ("BOTTOMPADDING", *_ALL, 6)]
    return Table([cells], colWidths=[_WIDTH / len(cells)] * len(cells), style=style)


def _side_by_side(*parts: tuple[float, list[Flowable]]) -> Table:
    """Parts beside each other, each so wide; one that is too long for the page is made smaller."""
    cells = [KeepInFrame(width - _GAP, _LONGEST, part, mode="shrink") for width, part in parts]
    return Table([cells], colWidths=[width for width, _ in parts], style=[_TOP, ("LEFTPADDING", *_ALL, 0)])


def _section(table: Section, width: float) -> list[Flowable]:
    """A table below its title and its note."""
    note = [Paragraph(fonts.marked_up(table.note), _NOTE), Spacer(0, 3)] if table.note else [Spacer(0, 2)]
    title = Paragraph(fonts.marked_up(table.title), _SECTION)
    return [Spacer(0, 14), CondPageBreak(_ROOM), title, *note, *([_grid(table, width)] if table.rows else [])]


def _grid(table: Section, width: float) -> LongTable:
    widths = _widths(table, width)
    right = [column.is_number for column in table.columns]
    look = STYLES[table.header_style]
    of_headers = ParagraphStyle("header", _TEXT, fontName=fonts.BOLD, textColor=colour(look.colour))
    of_amounts = ParagraphStyle("header right", of_headers, alignment=TA_RIGHT)
    headers = [
        Paragraph(fonts.marked_up(column.header), of_amounts if column.is_number else of_headers)
        for column in table.columns
    ]
    rows = [
        [_cell(cell, column - 2 * _PADDING, _RIGHT if is_right else _TEXT)
         for cell, column, is_right in zip(row, widths, right, strict=True)]
        for row in table.rows
    ]  # fmt: skip
    style = [
        ("FONT", *_BELOW_HEADERS, fonts.PLAIN, _SIZE, _LEADING),
        ("TEXTCOLOR", *_BELOW_HEADERS, colour(INK)),
        ("BACKGROUND", (0, 0), (-1, 0), colour(look.fill)),
        ("LINEBELOW", *_BELOW_HEADERS, 0.5, colour(LINE)),
        _TOP,
        ("LEFTPADDING", *_ALL, _PADDING),
        ("RIGHTPADDING", *_ALL, _PADDING),
        ("TOPPADDING", *_ALL, 2),
        ("BOTTOMPADDING", *_ALL, 3),
        *(("ALIGN", (at, 1), (at, -1), "RIGHT") for at, is_right in enumerate(right) if is_right),
    ]
    return LongTable([headers, *rows], colWidths=widths, repeatRows=1, splitInRow=1, style=style, hAlign="LEFT")


def _widths(table: Section, width: float) -> list[float]:
    """The widths of the columns in points; those of amounts show each on one line, at the expense of the widest."""
    whole = sum(column.width for column in table.columns)
    widths = [width * column.width / whole for column in table.columns]
    widest = widths.index(max(widths))
    for at, column in enumerate(table.columns):
        if column.is_number:
            longest = max(stringWidth(row[at].text, fonts.PLAIN, _SIZE) for row in table.rows)
            more = min(max(longest + 2 * _PADDING + 1 - widths[at], 0), widths[widest] / 2)
            widths[at], widths[widest] = widths[at] + more, widths[widest] - more
    return widths


def _cell(cell: Cell, width: float, style: ParagraphStyle) -> str | Flowable:
    """A cell's text as it is where it fits on a line; else as a paragraph, which wraps and costs far more time."""
    if cell.style and (chip := _Chip(cell)).width <= width:
        return chip
    if stringWidth(cell.text, fonts.PLAIN, _SIZE) <= width and not fonts.is_asian(cell.text):
        return cell.text
    return Paragraph(fonts.marked_up(cell.text), style)


class _Chip(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A text on a colour of its own."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self._text, self._look = cell.text, STYLES[cell.style]
        self.width = stringWidth(cell.text, fonts.BOLD, _SIZE) + 2 * _PADDING
        self.height = _LEADING

    def draw(self) -> None:
        if self._look.fill:
            self.canv.setFillColor(colour(self._look.fill))
            self.canv.roundRect(0, 0, self.width, self.height, 3, stroke=0, fill=1)
        self.canv.setFillColor(colour(self._look.colour))
        self.canv.setFont(fonts.BOLD, _SIZE)
        self.canv.drawString(_PADDING, 2.5, self._text)


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
