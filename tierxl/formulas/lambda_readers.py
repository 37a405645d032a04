"""The hidden LAMBDAs by which functions read a word: a level, a rating, an answer, a tier."""

from tierxl.formulas import reading
from tierxl.method.levels import NOT_GRADED, NOT_RATED

UNREAD = -9
"""The number of a word that cannot be read."""


def _words(of: str, number: int) -> str:
    return "{" + ",".join(f'"{word}"' for word, code in reading.words(of).items() if code == number) + "}"


def _found(of: str) -> str:
    """The number of a word, 0 where it is none of a list; value by value, so that it spills."""
    numbers = sorted({code for code in reading.words(of).values() if code})
    return "+".join(f"{code}*ISNUMBER(MATCH(_xlpm.word,{_words(of, code)},0))" for code in numbers)


def _reader(body: str) -> str:
    """The LAMBDA that reads a cell: its word, cleared, is ``word``; a blank one is ``blank``."""
    text = reading.cleared("_xlpm.cell")
    return f'_xlfn.LAMBDA(_xlpm.cell,_xlpm.blank,_xlfn.LET(_xlpm.word,{text},IF(_xlpm.word="",_xlpm.blank,{body})))'


_NOT_RATED = f'IF(_xlpm.word="notrated",{NOT_RATED},tierxl_level(_xlpm.word,_xlpm.blank))'
READERS = {
    "level": _reader(f"_xlfn.LET(_xlpm.number,{_found('levels')},IF(_xlpm.number=0,{UNREAD},_xlpm.number))"),
    "rating": _reader(_NOT_RATED),
    "profit": _reader(f'IF(_xlpm.word="laggard",0,{_NOT_RATED})'),
    "opportunity": _reader(
        f"_xlfn.LET(_xlpm.number,{_found('none')},IF(_xlpm.number=0,tierxl_level(_xlpm.word,_xlpm.blank),_xlpm.number))"
    ),
    "answer": _reader(
        f"IF(ISNUMBER(MATCH(_xlpm.word,{_words('answers', 1)},0)),1,"
        f"IF(ISNUMBER(MATCH(_xlpm.word,{_words('answers', 0)},0)),0,{UNREAD}))"
    ),
    "tier": _reader(
        'IF(ISNUMBER(MATCH(_xlpm.word,{"a","b","c"},0)),4-MATCH(_xlpm.word,{"a","b","c"},0),'
        f'IF(_xlpm.word="notgraded",{NOT_GRADED},{UNREAD}))'
    ),
    "larger": "_xlfn.LAMBDA(_xlpm.one,_xlpm.other,IF(_xlpm.one<_xlpm.other,_xlpm.other,_xlpm.one))",
    "smaller": "_xlfn.LAMBDA(_xlpm.one,_xlpm.other,IF(_xlpm.other<_xlpm.one,_xlpm.other,_xlpm.one))",
}
