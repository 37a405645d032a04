"""The fonts of the report: Source Sans Pro inside the PDF, and for Chinese, Japanese and Korean those of the reader.

Source Sans Pro (SIL Open Font License) has Latin, Greek, Cyrillic and Vietnamese letters. The Asian fonts are named in
the PDF, not put into it, as every common reader has them.
"""

import re
from functools import cache
from html import escape
from importlib.resources import files

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Source Sans Pro", "Source Sans Pro Bold"
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"

_ASIAN = re.compile(
    "[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+"
)
_KANA, _HANGUL = (
    re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]"),
    re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
)


@cache
def register() -> None:
    """Make the fonts known to ReportLab."""
    folder = files("font_source_sans_pro") / "files"
    for name, file in ((PLAIN, "SourceSansPro-Regular.ttf"), (BOLD, "SourceSansPro-Bold.ttf")):
        registerFont(TTFont(name, str(folder / file)))
    registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    for name in (_CHINESE, _JAPANESE, _KOREAN):
        registerFont(UnicodeCIDFont(name))


def is_asian(text: str) -> bool:
    """True where a text has letters that the font inside the PDF lacks, and the reader's own have."""
    return _ASIAN.search(text) is not None


def marked_up(text: str) -> str:
    """A text for a paragraph, with each stretch of Chinese, Japanese or Korean in its font."""
    font = _JAPANESE if _KANA.search(text) else _KOREAN if _HANGUL.search(text) else _CHINESE
    return _ASIAN.sub(lambda letters: f'<font name="{font}">{letters[0]}</font>', escape(text))
