"""The columns of a list of clients, found by its headers: in the order of the steps, the first that finds a field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property, lru_cache

from tierxl.method.table.columns import BY_FIELD, BY_HEADER, Kind
from tierxl.method.table.crm import Export
from tierxl.method.table.vocabulary import factors, is_currency, meanings, normal, words, words_for

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_SHORTHANDS = {
    re.compile(r"\b(FY|GJ|CY)[ '’-]+(?=\d\d)", re.IGNORECASE): r"\1",
    re.compile(r"(?<!\w)['’](?=\d\d\b)"): "20",
    re.compile(r"(?<![\d/])(?=\d\d/\d\d(?![\d/]))"): "20",
    re.compile(r"\b((?:FY|GJ)?(?:19|20)?\d\d)A\b"): r"\1 actual",
    re.compile(r"\b((?:FY|GJ)?(?:19|20)?\d\d)[BEFP]\b"): r"\1 forecast",
    re.compile(r"(?i)\b((?:FY|GJ)?(?:19|20)?\d\d) ?\((?:[BEFP]|FC|HR|PL|TGT)\)"): r"\1 forecast",
    re.compile(r"(?i)\b([a-z]{3,9}\s*-\s*[a-z]{3,9},? )['’]?(?=\d\d$)"): r"\g<1>20",
    re.compile(r"\b[A-Z]\. ?(?=(?!Euro)[A-Z][a-z])"): "",
    re.compile(r"(?=,)|(?<=,)|(?<=[a-z])(?=(?:19|20)\d\d\b)"): " ",
}
"""Years as headers abbreviate them, such as FY 26, '26, 25/26, Jan - Dec 26, 2026E, 2026 (F), and how they are read.

The initial of a person, such as K. Miller, is no unit.
"""
_YEAR = re.compile(r"(?:fy|gj|cy)?((?:19|20)\d\d)|(?:fy|gj)(\d\d)")
_SHORT_YEAR = re.compile(r"([A-Za-z\u00c0-\u024f]\D*\s)(1[5-9]|[23]\d)((?:\W\D*)?)")
"""A header with a number that can be a year of two digits, and can be no month."""
_MOST_HEADERS = 20_000
"""Headers that are kept taken apart: the rows of a file are looked at again for each of its delimiters."""
_LONGEST_HEADER = 200
"""Characters of the longest header that is taken apart; a longer text is a note."""
_LONGEST_PHRASE = 4
"""Words of the longest phrase that only qualifies a header."""
_MOST_WORDS = 8
"""Words of the longest header of which some can only qualify it."""
_SHORTEST_UNIT = 3
"""Letters of the shortest word that multiplies a column, where it stands neither in brackets nor beside a currency."""
_MIL = "mil"
"""A thousand, though a million in a header of English."""
_SIGNS_BESIDE = re.compile(r"^([^\w\s']+|[A-Z]{3})(?=.)|(?<=.)([^\w\s']+|[A-Z]{3})$")
_FIELD_OF = {name: column.field for name, column in BY_HEADER.items()}
_WITH_QUALIFIERS = (Kind.MONEY, Kind.PERCENT)
_IN_MONEY = {"margin": "profit"}
"""Percents that are another field where their header names a currency: "Margin (£)" is a profit."""


class Step(IntEnum):
    """The ways in which a column is found, the strongest first."""

    CHOSEN = 1
    NAME = 2
    EXPORT = 3
    QUALIFIED = 4
    LANGUAGE = 5
    CONTENTS = 6


@dataclass(frozen=True)
class Finding:
    """The column of a field.

    Attributes:
        position: the position of its header.
        step: the way in which it was found.
        factor: the number that its amounts are multiplied by, as its header says: 1000 for "Revenue (k€)".
    """

    position: int
    step: Step
    factor: float = 1


@dataclass(frozen=True)
class Qualified:
    """A header without what only qualifies it.

    Attributes:
        words: the words that are left.
        within: the words in its brackets.
        year: the full year that it names, the later one of two; None without one.
        period: "to_date", "twelve_months" or "year_before"; "" for none.
        factor: see :class:`Finding`.
        is_money: whether it names a currency, thousands or millions.
    """

    words: tuple[str, ...]
    within: tuple[str, ...] = ()
    year: int | None = None
    period: str = ""
    factor: float = 1
    is_money: bool = False

    @cached_property
    def forms(self) -> list[str]:
        """The words with all of those that only qualify, without one, without two …, as they are compared."""
        return list(map("".join, _forms(self.words)))

    @property
    def can_be_revenue(self) -> bool:
        """False for a budget, a plan, a forecast and the like, though not for sales without VAT."""
        return all(any(map(_can_be_revenue, _forms(part))) for part in (self.words, self.within))

    @classmethod
    @lru_cache(_MOST_HEADERS)
    def of(cls, header: str) -> "Qualified":
        """A header, taken apart.

        Example:
            >>> Qualified.of("Net billings FY26 (k€)")
            Qualified(words=('net', 'billings'), within=(), year=2026, period='', factor=1000.0, is_money=True)
        """
        if len(header) > _LONGEST_HEADER:
            return cls((normal(header),))
        for pattern, full in _SHORTHANDS.items():
            header = pattern.sub(full, header)
        bracketed = [word for content in _BRACKETS.findall(header) for word in content.split()]
        outside = _BRACKETS.sub(" ", header).split()
        units = {word: _unit(word, may_be_short=word in bracketed) for word in (*bracketed, *outside)}
        plain, period, year = _without_year_and_period(word for word in outside if units[word] is None)
        units |= {word: _unit(word, may_be_short=False) for word in plain}
        rest = [word for word in plain if units[word] is None]
        within, period_within, year_within = _without_year_and_period(word for word in bracketed if units[word] is None)
        factors_named = [factor for factor in units.values() if factor]
        factor = max(factors_named, default=1)
        if (
            factor == factors()[_MIL]
            and any(normal(_SIGNS_BESIDE.sub("", word, count=1)) == _MIL for word in units)
            and _is_english(rest)
        ):
            factor = factors()["million"]
        period, year = period or period_within, year or year_within
        return cls(tuple(rest), tuple(within), year, period, factor, is_money=bool(factors_named))


@dataclass
class Findings:
    """The columns that were found.

    Attributes:
        of: the column of each field.
        doubles: the positions of the headers that mean a field in the same way, where there are several.
        absent: the headers that were chosen and are not there, by field.
    """

    of: dict[str, Finding] = field(default_factory=dict)
    doubles: dict[str, list[int]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)

    def with_only(self, step: Step, candidates: Mapping[str, list[int]], headers: Sequence[str]) -> "Findings":
        """The findings with the columns of other fields, where one column alone is best."""
        search = _Search(headers, [normal(header) for header in headers], self)
        search.take(step, {name: positions for name, positions in candidates.items() if positions})
        return replace(search.findings, doubles=self.doubles)


def find(headers: Sequence[str], compared: Sequence[str], chosen: Mapping[str, str], export: Export | None) -> Findings:
    """The columns of a list of clients, by its headers alone.

    Args:
        headers: the headers; "" for a blank one.
        compared: the same as they are compared.
        chosen: the header that the user chose for a field.
        export: the system that the list was exported from, if it was.
    """
    search = _Search(headers, compared, Findings())
    search.choose(chosen)
    search.take(Step.NAME, search.named())
    if export:
        search.take(Step.EXPORT, search.exported(export))
    search.take(Step.QUALIFIED, search.qualified(_FIELD_OF))
    search.take(Step.LANGUAGE, search.qualified(meanings("headers")))
    return search.findings


class _Search:
    """A search for columns, step by step: each takes headers that are left for fields that are."""

    def __init__(self, headers: Sequence[str], compared: Sequence[str], before: Findings) -> None:
        self.headers, self.compared = headers, compared
        self.findings = Findings(dict(before.of), dict(before.doubles), dict(before.absent))
        self.parts = [Qualified.of(header) for header in _with_full_years(headers)]

    @property
    def left(self) -> list[int]:
        """The positions of the headers that mean no field yet."""
        used = {finding.position for finding in self.findings.of.values()}
        used.update(*self.findings.doubles.values())
        return [at for at, header in enumerate(self.compared) if header and at not in used]

    def choose(self, chosen: Mapping[str, str]) -> None:
        for name, header in chosen.items():
            same = [at for at, text in enumerate(self.headers) if text.strip() == header.strip()]
            like = same or [at for at, text in enumerate(self.compared) if text == normal(header)]
            if like:
                self._found(name, like[0], Step.CHOSEN)
            else:
                self.findings.absent[name] = header

    def named(self) -> dict[str, list[int]]:
        """The headers that are the name of a field, or another name of it."""
        return self._by_field({at: _FIELD_OF.get(self.compared[at]) for at in self.left})

    def exported(self, export: Export) -> dict[str, list[int]]:
        """The headers that mean a field in an export, the best of each.

        The name that every table may use comes before them where it is not among them.
        """
        meant = {}
        for name, headers in export.names.items():
            of_export = list(map(normal, headers))
            named = self.findings.of.get(name)
            others = [named.position] if named and named.step == Step.NAME else self.findings.doubles.get(name, [])
            best = next((header for header in of_export if header in self.compared), None)
            if best is None or (named and named.step == Step.CHOSEN):
                continue
            if best in BY_HEADER and not len(others) > 1:
                continue
            if any(self.compared[at] not in of_export for at in others):
                continue
            self.findings.of.pop(name, None)
            self.findings.doubles.pop(name, None)
            meant[name] = [self.compared.index(best)]
        return meant

    def qualified(self, names: Mapping[str, str]) -> dict[str, list[int]]:
        """The headers that mean a field but for what qualifies them."""
        return self._by_field({at: self._meant(at, names) for at in self.left})

    def _by_field(self, meant: Mapping[int, str | None]) -> dict[str, list[int]]:
        """The positions of the headers of each field; of people and companies the companies are the clients."""
        positions: dict[str, list[int]] = {}
        for at, name in meant.items():
            if name and (name != "client" or at in self._clients):
                positions.setdefault(name, []).append(at)
        return positions

    @cached_property
    def _clients(self) -> list[int]:
        """The headers that can mean the client, in any language: companies, else those that say whose name it is."""
        bare = ["".join(part.words) for part in self.parts]
        every = [at for at in self.left if "client" in (meanings("headers").get(bare[at]), _FIELD_OF.get(bare[at]))]
        companies = [at for at in every if bare[at] in words_for("companies")]
        return companies or [at for at in every if bare[at] not in words_for("names")] or every

    def _meant(self, at: int, names: Mapping[str, str]) -> str | None:
        part = self.parts[at]
        meant = names.get(self.compared[at]) or names.get("".join(part.words))
        if meant is None:
            shorter = (names[form] for form in part.forms[1:] if form in names)
            meant = next((name for name in shorter if BY_FIELD[name].kind in _WITH_QUALIFIERS), None)
        if meant in ("revenue", "previous_revenue") and not part.can_be_revenue:
            return None
        if part.period == "year_before" and meant != "previous_revenue":
            return "previous_revenue" if meant == "revenue" or not part.words else None
        return _IN_MONEY.get(meant or "", meant) if part.is_money else meant

    def take(self, step: Step, candidates: Mapping[str, list[int]]) -> None:
        """Take the headers that mean fields which are left; of several the best one, if one is best."""
        for name, positions in candidates.items():
            if name in self.findings.of or name in self.findings.doubles:
                continue
            best = self._best(positions)
            if BY_FIELD[name].kind == Kind.PERCENT:
                best = [at for at in best if is_percent(self.headers[at])] or best
            if len(best) > 1:
                self.findings.doubles[name] = best
            else:
                self._found(name, best[0], step)
                self._take_year_before(name, best[0], positions, step)

    def _best(self, positions: list[int]) -> list[int]:
        if len(positions) > 1:
            positions = [at for at in positions if self.parts[at].period != "to_date"] or positions
        years = [self.parts[at].year for at in positions]
        if len({self.parts[at].words for at in positions}) == 1 and None not in years:
            latest = max(filter(None, years))
            return [at for at in positions if self.parts[at].year == latest]
        return positions

    def _take_year_before(self, name: str, best: int, positions: list[int], step: Step) -> None:
        year = self.parts[best].year
        before = [at for at in positions if year and self.parts[at].year == year - 1 and not self.parts[at].period]
        if name == "revenue" and len(before) == 1 and "previous_revenue" not in self.findings.of:
            self._found("previous_revenue", before[0], step)

    def _found(self, name: str, position: int, step: Step) -> None:
        factor = self.parts[position].factor if BY_FIELD[name].kind == Kind.MONEY else 1
        self.findings.of[name] = Finding(position, step, factor)


def _with_full_years(headers: Sequence[str]) -> list[str]:
    """The headers with full years in those that differ in two digits alone, such as Revenue 24 and Revenue 25."""
    parted = [_SHORT_YEAR.fullmatch(header) if len(header) <= _LONGEST_HEADER else None for header in headers]
    alike = Counter((found[1], found[3]) for found in parted if found)
    return [
        f"{found[1]}20{found[2]}{found[3]}" if found and alike[found[1], found[3]] > 1 else header
        for header, found in zip(headers, parted, strict=True)
    ]


def is_percent(header: str) -> bool:
    """True for a header that names a percent sign, or a word for it."""
    return any("%" in word or word in words_for("percents") for word in words(_BRACKETS.sub(r" \1 ", header)))


def is_unit(text: str) -> bool:
    """True for a text of nothing but units, such as "€", "in k€" and "%"."""
    units = [word for word in _BRACKETS.sub(r" \1 ", text).split() if normal(word) not in words_for("qualifiers")]
    return bool(units) and all(_unit(word, may_be_short=True) is not None or is_percent(word) for word in units)


def _unit(word: str, *, may_be_short: bool) -> float | None:
    """The number that a word in a header multiplies by, 1 for a mere currency; None for any other word."""
    if is_currency(word):
        return 1
    bare = normal(word)
    if bare in factors() and (may_be_short or len(bare) >= _SHORTEST_UNIT or bare == "k" or not bare.isalnum()):
        return factors()[bare]
    if (sign := _SIGNS_BESIDE.search(word)) and is_currency(sign[1] or sign[2]):
        return factors().get(normal(_SIGNS_BESIDE.sub("", word, count=1)))
    return None


def _is_english(rest: Sequence[str]) -> bool:
    """True for the words of a header, without what only qualifies it, that are the English name of a field."""
    return any("".join(form) in _FIELD_OF for form in _forms(tuple(rest)))


def _phrases(of: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrases in some words, the longest first, as they are compared; each with the words that are left."""
    for length in range(min(_LONGEST_PHRASE, len(of)), 0, -1):
        for at in range(len(of) - length + 1):
            yield "".join(of[at : at + length]), (*of[:at], *of[at + length :])


def _forms(of: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Some words with all of those that only qualify, without one, without two …; of a long text only the first."""
    forms: list[tuple[str, ...]] = []
    level = [of] if len(of) <= _MOST_WORDS else []
    while level:
        forms += level
        level = list(dict.fromkeys(short for form in level for short in _without_a_qualifier(form)))
    return forms or [of]


def _can_be_revenue(form: tuple[str, ...]) -> bool:
    return not any(phrase in words_for("never_revenue") for phrase, _ in _phrases(form))


def _without_a_qualifier(form: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (rest for phrase, rest in _phrases(form) if phrase in words_for("qualifiers"))


def _without_year_and_period(texts: Iterable[str]) -> tuple[list[str], str, int | None]:
    """The words in some texts without those that name a period or a year, and these; "actual" says nothing."""
    rest, period = _without_period(words(" ".join(texts)))
    rest, year = _without_year(rest)
    return [word for word in rest if word not in words_for("actual")], period, year


def _without_period(of: Sequence[str]) -> tuple[Sequence[str], str]:
    periods = meanings("periods")
    return next(((rest, periods[phrase]) for phrase, rest in _phrases(of) if phrase in periods), (of, ""))


def _without_year(of: Sequence[str]) -> tuple[list[str], int | None]:
    """Words without those that name a year, and the year: the later one of 2025/26."""
    rest: list[str] = []
    year = None
    for word in of:
        named = _YEAR.fullmatch(word)
        if named:
            year = max(year or 0, int(named[1] or 0) or 2000 + int(named[2]))
        elif year and word == f"{(year + 1) % 100:02}":
            year += 1
        elif word not in ("fy", "gj", "cy"):
            rest.append(word)
    return rest, year
