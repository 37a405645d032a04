"""The numbers that a cell takes."""

from dataclasses import dataclass
from typing import ClassVar

from tierxl.method.documented_settings import Setting, is_percent, kinds_of_numbers, words_of


@dataclass(frozen=True)
class Limits:
    """The limits of a number, as spreadsheet programs know them.

    Attributes:
        kind: "whole", "decimal", or "custom" for a formula that is true where a value is taken.
        first: the least number, or that formula.
        last: the greatest number; an empty text where there is none.
    """

    kind: str
    first: str
    last: str = ""


@dataclass(frozen=True)
class Numbers:
    """The numbers that a cell takes, and the word that it takes as well.

    Attributes:
        least, most: the least and the greatest number; None where there is no limit.
        above: the number that it must be above.
        is_whole: whether it has no decimals.
        is_percent: whether it is shown in percent.
        word: the word.
    """

    least: float | None = None
    most: float | None = None
    above: float | None = None
    is_whole: bool = False
    is_percent: bool = False
    word: str = ""

    title: ClassVar[str] = "Not used as it is"
    """The title of the message about another value."""

    @property
    def message(self) -> str:
        """The message about another value."""
        return f"Expected: {self.expected}. A blank cell takes the default."

    def limits(self, cell: str) -> Limits:
        """The limits of a cell, which is named as formulas name it; arguments are parted by commas."""
        if not self.word:
            last = "" if self.most is None else f"{self.most:.15g}"
            return Limits("whole" if self.is_whole else "decimal", f"{self.least:.15g}", last)
        signs = {">=": self.least, ">": self.above, "<=": self.most}
        tests = ",".join(f"{cell}{sign}{limit:.15g}" for sign, limit in signs.items() if limit is not None)
        return Limits("custom", f'OR(EXACT({cell},"{self.word}"),IF(ISNUMBER({cell}),AND({tests}),FALSE))')

    @property
    def expected(self) -> str:
        """The numbers that are expected, in words."""
        number = "a percentage" if self.is_percent else "a whole number" if self.is_whole else "a number"
        limits = [
            *([f"from {self._shown(self.least)}"] if self.least is not None else []),
            *([f"above {self._shown(self.above)}"] if self.above is not None else []),
            *([f"to {self._shown(self.most)}"] if self.most is not None else []),
        ]
        return " ".join([*([f"{self.word}, or"] if self.word else []), number, *limits])

    def _shown(self, limit: float) -> str:
        return f"{limit:,.0%}" if self.is_percent else f"{limit:,.0f}"


def numbers_of(setting: Setting) -> Numbers | None:
    """The numbers that a setting takes, by the limits of the policy; None for words and texts."""
    if setting.section == "columns" or isinstance(setting.value, list):
        return None
    if not (kinds := kinds_of_numbers(setting)):
        return None
    (kind,) = kinds
    return Numbers(
        kind.get("minimum"),
        kind.get("maximum"),
        kind.get("exclusiveMinimum"),
        kind["type"] == "integer",
        is_percent(setting),
        "".join(words_of(setting)),
    )
