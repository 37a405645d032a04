"""The report as one HTML file: nothing is fetched, every text is escaped, and it prints as it reads."""

import re
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing

from tierxl.report import fonts
from tierxl.report.charts import HEIGHT, WIDTH, pareto_chart, tiers_chart
from tierxl.report.content import Content
from tierxl.sheets.styles import INK, LINE, MUTED, PAPER, STYLES

_COLOURS = {
    "ink": INK, "paper": PAPER, "muted": MUTED, "line": LINE, "header": STYLES["header"].fill,
    "section": STYLES["section"].colour,
}  # fmt: skip


def page_of(content: Content) -> bytes:
    """The report as the bytes of an HTML file."""
    template = (files("tierxl.report") / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    charts = (
        (_svg(tiers_chart(content.charts), "tiers"), content.charts.tiers_sentence),
        (_svg(pareto_chart(content.charts), "pareto"), content.charts.pareto_sentence),
    )
    page = environment.from_string(template).render(content=content, charts=charts, colours=_COLOURS)
    return page.encode()


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
