"""Our styles in a document: those of cells, and those that live colours lay over them."""

from com.sun.star.awt.FontSlant import ITALIC
from com.sun.star.awt.FontSlant import NONE as UPRIGHT
from com.sun.star.awt.FontWeight import BOLD, NORMAL
from com.sun.star.i18n.NumberFormatIndex import DATE_SYS_DDMMYYYY
from com.sun.star.lang import Locale
from com.sun.star.table import BorderLine2
from com.sun.star.table.BorderLineStyle import NONE as NO_LINE
from com.sun.star.table.CellHoriJustify import CENTER, LEFT, RIGHT, STANDARD
from com.sun.star.table.CellVertJustify2 import BOTTOM, TOP
from com.sun.star.table.CellVertJustify2 import CENTER as MIDDLE

PREFIX = "Client tiers "
PAGE_STYLE = PREFIX + "page"
_HORIZONTAL = {"left": LEFT, "center": CENTER, "right": RIGHT, "": STANDARD}
_VERTICAL = {"top": TOP, "center": MIDDLE, "bottom": BOTTOM}
_SCRIPTS = ("", "Asian", "Complex")
_THIN = 26
_NO_COLOUR = -1
_INDENT = 353
"""In 1/100 mm, as LibreOffice reads an indent of one from a workbook."""
_SIDES = ("TopBorder", "BottomBorder", "LeftBorder", "RightBorder")
_PAGE = {
    "LeftMargin": 635,
    "RightMargin": 635,
    "TopMargin": 762,
    "BottomMargin": 762,
    "HeaderIsOn": False,
    "FooterIsOn": False,
}
_LONG_SIDE, _SHORT_SIDE = 29_700, 21_001


class Looks:
    """Makes a style in the document when it is first needed, and gives one that is there its own look again."""

    def __init__(self, document, changes):
        self._document = document
        self._described, self.font = changes["styles"], changes["font"]
        self.ink, self.line = colour_of(changes["ink"]), colour_of(changes["line"])
        self._made = set()

    def of_cells(self, name, vertical="top"):
        """The style of cells whose texts stand at the top, or elsewhere."""
        title = PREFIX + (name if vertical == "top" else f"{name} {vertical}")
        if title not in self._made:
            self._make("CellStyles", title, self._of_cells(self._described[name], vertical))
        return title

    def fill(self, name):
        """The colour that fills the cells of a style."""
        return colour_of(self._described[name]["fill"])

    def clear(self, cells):
        """Take from cells what somebody has set on them beside their style."""
        for name in self._of_cells(self._described["text"], "top"):
            if name != "ParentStyle":
                cells.setPropertyToDefault(name)

    def over(self, beneath, name):
        """The style that a live colour lays over cells of another style: it changes their colours, letters, and marks.

        A style that lies over cells brings along all that its parent sets, so its parent is theirs.
        """
        title = f"{beneath} {name}"
        if title not in self._made:
            self._make("CellStyles", title, {"ParentStyle": beneath, **self._over(self._described[name])})
        return title

    def page(self, *, is_one, is_portrait):
        """The style of our pages: A4, landscape or upright, as many pages long as needed or only one."""
        name = PAGE_STYLE + " upright" * is_portrait + ", only one" * is_one
        width, height = (_SHORT_SIDE, _LONG_SIDE) if is_portrait else (_LONG_SIDE, _SHORT_SIDE)
        size = {"IsLandscape": not is_portrait, "Width": width, "Height": height}
        return self._page(name, {**size, "ScaleToPagesX": 1, "ScaleToPagesY": int(is_one)})

    def page_at(self, scale):
        """The style of pages in landscape at a scale in percent."""
        size = {"IsLandscape": True, "Width": _LONG_SIDE, "Height": _SHORT_SIDE}
        return self._page(f"{PAGE_STYLE} at {scale} %", {**size, "PageScale": scale})

    def _page(self, name, look):
        if name not in self._made:
            self._make("PageStyles", name, {**_PAGE, **look})
        return name

    def number_format(self, code):
        return number_format(self._document.NumberFormats, code)

    def _of_cells(self, style, vertical):
        look = {
            "ParentStyle": "Default",
            "CharFontName": self.font,
            "CharColor": colour_of(style["colour"]) if style["colour"] else self.ink,
            "CellBackColor": colour_of(style["fill"]) if style["fill"] else _NO_COLOUR,
            "HoriJustify": _HORIZONTAL[style["align"]],
            "VertJustify": _VERTICAL[vertical],
            "IsTextWrapped": style["wrap"],
            "ShrinkToFit": style["shrink"],
            "ParaIndent": style["indent"] * _INDENT,
            "NumberFormat": self.number_format(style["number_format"]),
        }
        for script in _SCRIPTS:
            look[f"CharHeight{script}"] = float(style["size"])
            look[f"CharWeight{script}"] = BOLD if style["bold"] else NORMAL
            look[f"CharPosture{script}"] = ITALIC if style["italic"] else UPRIGHT
        thin = BorderLine2(Color=self.line, OuterLineWidth=_THIN, LineWidth=_THIN)
        for side in _SIDES:
            look[side] = thin if style["bordered"] else BorderLine2(LineStyle=NO_LINE)
        return look

    def _over(self, style):
        look = {"CharColor": colour_of(style["colour"]) if style["colour"] else self.ink}
        if style["fill"]:
            look["CellBackColor"] = colour_of(style["fill"])
        if style["number_format"] != "General":
            look["NumberFormat"] = self.number_format(style["number_format"])
        for script in _SCRIPTS:
            if style["bold"]:
                look[f"CharWeight{script}"] = BOLD
            if style["italic"]:
                look[f"CharPosture{script}"] = ITALIC
        return look

    def _make(self, family, title, look):
        self._made.add(title)
        styles = self._document.StyleFamilies[family]
        if not styles.hasByName(title):
            styles.insertByName(title, self._document.createInstance(f"com.sun.star.style.{family[:-1]}"))
        _set(styles[title], look)


def _set(style, look):
    if style.ParentStyle != look.get("ParentStyle", style.ParentStyle):
        style.ParentStyle = look["ParentStyle"]
    names = tuple(sorted(set(look) - {"ParentStyle"}))
    values = tuple(look[name] for name in names)
    if style.getPropertyValues(names) != values:
        style.setPropertyValues(names, values)


def colour_of(rgb):
    """A colour as LibreOffice has it, from RRGGBB."""
    return int(rgb, 16)


LOCAL_DATE = "mm-dd-yy"
"""The format of dates as the user's country writes them, which is number 14 of a workbook in Excel's format."""


def number_format(formats, code):
    """The number of a format, which the user's language shows in its own way."""
    if code == "General":
        return 0
    if code == LOCAL_DATE:
        return formats.getFormatIndex(DATE_SYS_DDMMYYYY, Locale())
    return formats.addNewConverted(code, Locale("en", "US", ""), Locale())


POINT = 2540 / 72
"""In 1/100 mm."""
