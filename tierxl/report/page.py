"""The report as one HTML file: nothing is fetched, every text is escaped, and it prints as it reads."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing

from tierxl.report import fonts
from tierxl.report.charts import HEIGHT, WIDTH, pareto_chart, tiers_chart
from tierxl.report.content import NOTHING, Content
from tierxl.sheets.description import Column
from tierxl.sheets.styles import INK, LINE, MUTED, PAPER, STYLES

_COLOURS = {
    "ink": INK, "paper": PAPER, "muted": MUTED, "line": LINE, "header": STYLES["header"].fill,
    "section": STYLES["section"].colour, "bright": STYLES["tier-b"].fill,
}  # fmt: skip

_LONG_WORD = 20
"""Letters above which a word is broken where a column is narrow."""


def page_of(content: Content) -> bytes:
    """The report as the bytes of an HTML file."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"kind": _kind, "css": _css}
    environment.tests["long"] = _is_long
    charts = (
        (_svg(tiers_chart(content.spread.charts), "tiers"), content.spread.charts.tiers_sentence),
        (_svg(pareto_chart(content.spread.charts), "pareto"), content.spread.charts.pareto_sentence),
    )
    script = _file("page.js")
    page = environment.from_string(_file("page.html.j2")).render(
        content=content,
        charts=charts,
        colours=_COLOURS,
        styles={name: STYLES[name] for name in sorted(_styles(content))},
        nothing=NOTHING,
        script=Markup(script),  # noqa: S704  our own script
        script_hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
    )
    return page.encode()


def _file(name: str) -> str:
    return (files("tierxl.report") / name).read_text(encoding="utf-8")


def _kind(column: Column) -> str:
    """The class of a column's cells: amounts are set to the right, words wrap, and nothing else does."""
    return "number" if column.is_number else "words" if STYLES[column.style].align == "left" else ""


def _is_long(text: str) -> bool:
    """True where a text has a word that no column has room for, so that it must be broken."""
    return any(len(word) > _LONG_WORD for word in text.split())


def _css(text: str) -> Markup:
    """A text inside a string of a style sheet."""
    return Markup(re.sub(r"[^\w .,:-]", lambda letter: f"\\{ord(letter[0]):x} ", text))  # noqa: S704  no letter acts


def _styles(content: Content) -> set[str]:
    """The styles of the chips and of the headers."""
    first, spread = content.first, content.spread
    sections = [*content.plans, *content.lists, *spread.tables, first.clients, *([first.moved] if first.moved else [])]
    chips = {cell.style for section in sections for row in section.rows for cell in row if cell.style}
    return chips | {section.header_style for section in sections}


def _svg(drawing: Drawing, name: str) -> Markup:
    """A drawing as an element of the page, hidden from screen readers, which read it in words."""
    written = renderSVG.drawToString(drawing)
    inner = written[written.index("<svg") :]
    inner = inner[inner.index(">") + 1 :]
    inner = re.sub(r"<(title|desc)>.*?</\1>", "", inner)  # ReportLab's own, which say nothing
    inner = re.sub(r'(id="|url\(#)', rf"\g<1>{name}-", inner)
    inner = inner.replace("fill: None", "fill: none")
    inner = inner.replace(f"font-family: {fonts.BOLD}", f"font-weight: bold; font-family: {fonts.PLAIN}")
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">{inner}')  # noqa: S704  our own drawing
