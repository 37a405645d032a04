"""The service levels that count: those of the sheet Settings that can be used, else the usual ones of usual services.

A level is read as :class:`~tierxl.method.policy_sections.Service` reads it: how often a year, and how long each time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tierxl.formulas.cases import SERVICES, level_of
from tierxl.formulas.code import constant
from tierxl.method.plan.due_dates import APPOINTMENTS
from tierxl.method.plan.hours import is_by_assistant
from tierxl.method.plan.service import TIERS
from tierxl.method.policy import Policy
from tierxl.method.policy_sections import LONGEST_SETTING, MOST_A_YEAR, Service

_USUAL = Policy().services
_YEAR, _MINUTES = "~", "|"
_SIGNS = {"/yr": _YEAR, "min": _MINUTES}
"""The signs that stand for /yr and min behind a digit, and words that are neither."""
_LONGER_WORDS = ("/yrs", "mins", "minut")
_DIGITS, _DECIMAL_MARK = "0123456789", "MID(1/2,2,1)"
_SEPARATORS = "/,-:%e"


@dataclass(frozen=True)
class Level:
    """A level of a service, and the formulas of what it says.

    Attributes:
        name: the beginning of the names of its figures.
        typed: the formula of the text on the sheet Settings.
        tier: the tier.
        usual: the place of the service among the usual ones, or the name of the figure with it; 0 for another service.
    """

    name: str
    typed: str
    tier: str
    usual: int | str

    @property
    def figures(self) -> dict[str, str]:
        """The formulas of the text as it is read, how often a year it says, and whether it can be used, by name."""
        return {
            f"{self.name} read": _read(self.typed),
            f"{self.name} typed": self._number(_YEAR),
            f"{self.name} usable": self._is_usable(),
        }

    @property
    def is_usable(self) -> str:
        """The condition that it can be used."""
        return f"⟨{self.name} usable⟩"

    @property
    def text(self) -> str:
        """The text."""
        return self._chosen(self.typed, lambda service: getattr(service, self.tier))

    @property
    def times_a_year(self) -> str:
        """How often a year; an empty text where it does not say so."""
        return self._chosen(f"⟨{self.name} typed⟩", lambda service: service.per_year(self.tier))

    @property
    def minutes(self) -> str:
        """How long each time; an empty text where it does not say so."""
        return self._chosen(self._number(_MINUTES), lambda service: service.minutes(self.tier))

    @property
    def is_by_assistant(self) -> str:
        """1 where an assistant has it, else 0."""
        is_so = f'ISNUMBER(SEARCH("by an assistant",TRIM({self.typed})))*1'
        return self._chosen(is_so, lambda service: int(is_by_assistant(service, self.tier)))

    def _chosen(self, own: str, of_usual: Callable[[Service], Any]) -> str:
        values = [of_usual(service) for service in _USUAL.values()]
        texts = [constant("" if value is None else value).text for value in values]
        if isinstance(self.usual, int):
            return f"IF({self.is_usable},{own},{texts[self.usual - 1]})"
        return f'IF({self.is_usable},{own},IF(⟨{self.usual}⟩=0,"",INDEX({{{",".join(texts)}}},MAX(⟨{self.usual}⟩,1))))'

    def _number(self, sign: str) -> str:
        """The number before a sign in the text as it is read; an empty text where there is none."""
        read = f"⟨{self.name} read⟩"
        before = f'TRIM(LEFT({read},FIND("{sign}",{read})-1))'
        last = f'TRIM(RIGHT(SUBSTITUTE({before}," ",REPT(" ",50)),50))'
        ends = f'RIGHT(SUBSTITUTE({last},".",{_DECIMAL_MARK}),{{1,2,3,4,5,6,7,8}})'
        return f'IFERROR(SUMPRODUCT(LOOKUP(9E+99,VALUE({ends}))),"")'

    def _is_usable(self) -> str:
        read = f"⟨{self.name} read⟩"
        years, minutes = (f'(LEN({read})-LEN(SUBSTITUTE({read},"{sign}","")))' for sign in (_YEAR, _MINUTES))
        often = f"N(⟨{self.name} typed⟩)"
        is_cadence = f"({years}=1)*({often}>0)*({often}<={MOST_A_YEAR})"
        is_text = f'(TRIM({self.typed})<>"")*(LEN({self.typed})<={LONGEST_SETTING})'
        return f"{is_text}*({years}={minutes})*(({years}=0)+{is_cadence}>0)>0"


def _read(text: str) -> str:
    """A text in small letters, with signs in place of /yr and min where a digit stands before them."""
    without = dict.fromkeys((*_LONGER_WORDS, _YEAR, _MINUTES), "?")
    near = {"/ ": "/", " /": "/", " min": "min"}
    signs = {f"{digit}{unit}": f"{digit}{sign}" for unit, sign in _SIGNS.items() for digit in _DIGITS}
    return _replaced(f"LOWER(TRIM({text}))", without | near | signs | dict.fromkeys(_SEPARATORS, " "))


def _replaced(text: str, pairs: Mapping[str, str]) -> str:
    return reduce(lambda rest, pair: f'SUBSTITUTE({rest},"{pair[0]}","{pair[1]}")', pairs.items(), text)


def figures(services: int) -> dict[str, str]:
    """The formulas of the levels of services, by name.

    Args:
        services: the rows of services on the sheet Settings.
    """
    texts: dict[str, str] = {}
    for each in APPOINTMENTS:
        for level in levels_of(each.service):
            texts |= level.figures | {level_of(each.service, level.tier): level.times_a_year}
    for row in range(1, services + 1):
        texts |= _of_row(row)
    return texts


def levels_of(service: str) -> list[Level]:
    """The levels of a service that must stay, by its name."""
    row = f'MATCH("{service}",INDEX(⟨{SERVICES}⟩,0,1),0)'
    place = [*_USUAL].index(service) + 1
    return [Level(f"{service} {tier}", _cell(row, at), tier, place) for at, tier in enumerate(TIERS, 2)]


def levels_in(row: int) -> list[Level]:
    """The levels of the service in a row of the sheet Settings."""
    return [
        Level(f"service {row} {tier}", _cell(str(row), at), tier, f"usual {row}") for at, tier in enumerate(TIERS, 2)
    ]


def counts(row: int) -> str:
    """The name of whether the service in a row counts: none of the user's own does of which a level cannot be used."""
    return f"service {row}"


def shown(row: int, column: int) -> str:
    """The name of the text that counts in a row and a column of the services on the sheet Settings."""
    return f"shown {row} {column}"


def names(services: int) -> list[str]:
    """The names of the texts that the sheet Service levels shows."""
    return [shown(row, column) for row in range(1, services + 1) for column in range(1, len(TIERS) + 2)]


def _of_row(row: int) -> dict[str, str]:
    name, levels = _cell(str(row), 1), levels_in(row)
    above = f"INDEX(⟨{SERVICES}⟩,1,1):INDEX(⟨{SERVICES}⟩,{row},1)"
    names, places = (",".join(constant(each).text for each in of) for of in (_USUAL, range(1, len(_USUAL) + 1)))
    is_first = f'(TRIM({name})<>"")*(IFERROR(SUMPRODUCT(EXACT(TRIM({above}),TRIM({name}))*1),0)=1)'
    are_usable = "*".join(level.is_usable for level in levels)
    texts = {f"usual {row}": f"SUMPRODUCT(EXACT(TRIM({name}),{{{names}}})*{{{places}}})"}
    for level in levels:
        texts |= level.figures
    texts[counts(row)] = f"{is_first}*((⟨usual {row}⟩>0)+{are_usable}>0)>0"
    of_columns = enumerate((name, *(level.text for level in levels)), 1)
    return texts | {shown(row, column): f'IF(⟨{counts(row)}⟩,{text},"")' for column, text in of_columns}


def _cell(row: str, column: int) -> str:
    return f'IFERROR(INDEX(⟨{SERVICES}⟩,{row},{column})&"","")'
