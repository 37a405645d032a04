"""The formulas that read the cells of clients: levels in their spellings, answers, amounts, shares and dates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from tierxl.formulas.code import Code, Term, Value, constant, known
from tierxl.method.levels import HIGH, LOW, MEDIUM, NO, YES, A, B, C
from tierxl.method.table.choices import BEYOND_LEVELS, CONTENT, MARK, MOST_SATISFIED, SATISFIED
from tierxl.method.table.columns import BY_FIELD, COLUMNS, Column, Kind
from tierxl.method.table.kinds import NONE_IS_LOW, blank_of
from tierxl.method.table.vocabulary import meanings, normal, written_words

WORDS = {
    "levels": {"high": HIGH, "medium": MEDIUM, "low": LOW},
    "levels or none": {"high": HIGH, "medium": MEDIUM, "low": LOW, "none": LOW, "yes": HIGH},
    "none": {"none": LOW, "yes": HIGH},
    "answers": {"yes": YES, "no": NO},
}
"""The lists of words that cells are looked up in, by the entries of the table of words and their numbers."""
_EXTREMES = {"answers": (YES, NO), "levels or none": (HIGH, LOW)}
"""The most and the least in the lists whose most can be a mark, where all other cells of the column are the least."""
_STOPS = "*?- ."
"""The characters that are left out before a cell is looked up; there, the first two would stand for any others."""
DAY = "day"


@cache
def words(of: str) -> Mapping[str, int]:
    """The words of a list as cells are looked up in it, each with its number."""
    if of == "tiers":
        return {"a": A, "b": B, "c": C}
    sections = (of,) if of in ("levels", "answers") else ("answers", "levels")
    meant = {word: name for section in sections for word, name in meanings(section).items()}
    by_word = {word: WORDS[of][name] for word, name in meant.items() if name in WORDS[of]}
    written = (word for section in sections for word in written_words(section))
    as_written = {word.casefold(): by_word[key] for word in written if (key := normal(word)) in by_word}
    return {word: code for word, code in {**by_word, **as_written}.items() if not set(word) & set(_STOPS)}


def list_of(column: Column) -> str:
    """The list of words that the cells of a column are looked up in."""
    if column.kind == Kind.TIER:
        return "tiers"
    if column.kind == Kind.YES_NO:
        return "answers"
    return "levels or none" if column.field in NONE_IS_LOW else "levels"


def looked_up(cell: str, of: str, otherwise: str) -> str:
    """The number of the word in a cell; otherwise where it is none of the list."""
    return f"IFERROR(INDEX(⟨numbers of {of}⟩,MATCH({cleared(cell)},⟨words of {of}⟩,0)),{otherwise})"


def cleared(cell: str, stops: str = _STOPS) -> str:
    """The text of a cell without some characters that make no difference."""
    text = f"TRIM({cell})"
    for stop in stops:
        text = f'SUBSTITUTE({text},"{stop}","")'
    return text


def terms(fields: Iterable[str]) -> dict[str, Term]:
    """The term of each field, of clients that have some: its cell, or what a blank one counts as."""
    there = set(fields)
    return {
        column.field: known(column.field, nullable=blank_of(column) is None)
        if column.field in there
        else _blank(column)
        for column in COLUMNS
    }


def _blank(column: Column) -> Term:
    blank = blank_of(column)
    return Value(constant(""), Code("TRUE")) if blank is None else Value(constant(blank))


def readings(fields: Iterable[str], factors: Mapping[str, float] | None = None) -> dict[str, Code]:
    """The formulas that read the cells of each field, by field; the cell itself has the name of its column.

    Args:
        fields: the fields that the clients have.
        factors: by what a column of money is to be multiplied, such as 1000 for one in thousands.
    """
    read = {field: Code(_reading(BY_FIELD[field], (factors or {}).get(field, 1))) for field in fields}
    satisfied = (column for field, column in BY_FIELD.items() if field in read and column.kind == Kind.SATISFACTION)
    numbers = {number_of(each.field): Code(_reading(replace(each, kind=Kind.MONEY), 1)) for each in satisfied}
    return numbers | read


def number_of(field: str) -> str:
    """The name of the number in a cell that holds a level or a number."""
    return f"{field} number"


def _reading(column: Column, factor: float) -> str:
    cell, blank = f"⟨{column.name}⟩", constant(blank_of(column) if blank_of(column) is not None else "").text
    match column.kind:
        case Kind.TEXT:
            return f'IFERROR(TRIM({cell}),"")'
        case Kind.NUMBER:
            text = _number_of(cell)
            return f'IF(ISNUMBER({cell}),IF({cell}<0,"",{cell}),IFERROR(IF({text}<0,"",{text}),""))'
        case Kind.MONEY:
            times = "" if factor == 1 else f"*{constant(factor).text}"
            return f'IF(ISNUMBER({cell}),{cell}{times},IFERROR({_number_of(cell)}{times},""))'
        case Kind.PERCENT:
            points = f"⟨points of {column.name}⟩"
            signed = f'IF(ISNUMBER(FIND("%",{cell})),1,{points})'
            return f'IF(ISNUMBER({cell}),{cell}/{points},IFERROR({_number_of(cell)}/{signed},""))'
        case Kind.DATE:
            return f'IF(ISNUMBER({cell}),INT({cell}),IFERROR(IF(MID({cell},5,1)="-",DATEVALUE({cell}),""),""))'
        case Kind.SATISFACTION:
            number = f"⟨{number_of(column.field)}⟩"
            of_ten = (
                f"IF(({number}<0)+({number}>{MOST_SATISFIED})>0,{blank},"
                f"IF({number}>={SATISFIED},{HIGH},IF({number}>={CONTENT},{MEDIUM},{LOW})))"
            )
            word = looked_up(cell, list_of(column), blank)
            return f'IF(⟨{column.name} of ten⟩,IF({number}="",{word},{of_ten}),{word})'
        case Kind.LEVEL:
            is_of_other_scale = f"IF(⟨other scale of {column.name}⟩,ISNUMBER(VALUE({cell})),FALSE)"
            word = looked_up(cell, list_of(column), blank)
            read = f"IF({is_of_other_scale},{blank},{word})"
            return f"IF(ISBLANK({cell}),{blank},{_or_mark(column, read)})"
        case _:
            word = looked_up(cell, list_of(column), blank)
            return f"IF(ISBLANK({cell}),{blank},{_or_mark(column, word)})"


def _or_mark(column: Column, read: str) -> str:
    """The formula that reads a cell of a column in which a mark can be the most that a cell can say."""
    if (extremes := _EXTREMES.get(list_of(column))) is None:
        return read
    return f"IF({_is_mark(column)},{extremes[0]},{read})"


def _is_mark(column: Column) -> str:
    """The formula of whether a cell has the mark of yes, in a column that has no other."""
    return f'IF(⟨marks of {column.name}⟩,TRIM(⟨{column.name}⟩)="{MARK}",FALSE)'


def _number_of(cell: str) -> str:
    """The formula of a number that is written as text; an error where it has a mark, which countries read otherwise."""
    return f'VALUE(SUBSTITUTE(SUBSTITUTE(TRIM({cell}),",","?"),".","?"))'


def figures(fields: Iterable[str]) -> dict[str, Code]:
    """The figures of whole columns that reading takes: whether they are points, of ten, on another scale, marks."""
    found = {}
    for field in fields:
        column = BY_FIELD[field]
        cells = f"⟨all {column.name}⟩"
        if column.kind == Kind.PERCENT:
            beyond, filled = (f'(COUNTIF({cells},">{limit}")+COUNTIF({cells},"<-{limit}"))' for limit in (1, 0))
            found[f"points of {column.name}"] = Code(f"IF(({filled}>0)*({filled}<=2*{beyond}),100,1)")
        if column.kind == Kind.LEVEL:
            beyond = ",".join(f'"{number}"' for number in BEYOND_LEVELS)
            found[f"other scale of {column.name}"] = Code(
                f'SUMPRODUCT(--ISNUMBER(MATCH(TRIM({cells}&""),{{{beyond}}},0)))>0'
            )
        if extremes := _EXTREMES.get(list_of(column)):
            others = ",".join(f'"{word}"' for word, value in words(list_of(column)).items() if value != extremes[1])
            found[f"marks of {column.name}"] = Code(f"SUMPRODUCT(--ISNUMBER(MATCH({cleared(cells)},{{{others}}},0)))=0")
        if column.kind == Kind.SATISFACTION:
            found[f"{column.name} of ten"] = Code(f'COUNTIF(⟨all {number_of(field)}⟩,">{HIGH}")>0')
    return found


def unreadable(fields: Iterable[str], check: str) -> dict[str, Code]:
    """The formula of the names of the columns in which a client's cell cannot be read, and those that it takes.

    Args:
        fields: the fields that the clients have.
        check: the name of that formula.
    """
    parts: dict[str, Code] = {}
    for field in fields:
        column = BY_FIELD[field]
        if column.kind == Kind.TEXT:
            continue
        cell, blank = f"⟨{column.name}⟩", blank_of(column)
        read = f'⟨{field}⟩=""' if blank is None else f"⟨{field}⟩={blank}"
        if column.kind == Kind.YES_NO and blank == NO:
            read = f"IF({_is_mark(column)},FALSE,ISERROR(MATCH({cleared(cell)},⟨words of answers⟩,0)))"
        is_wrong = f'IF(IFERROR(LEN(TRIM({cell}))*({read}),TRUE),", {column.name}","")'
        parts[f"check {field}"] = Code(is_wrong)
    names = "&".join(f"⟨{name}⟩" for name in parts)
    return parts | {check: Code(f"MID({names},3,999)" if parts else '""')}
