"""The arguments of the named LAMBDAs: their names, how each is read, and what a blank one counts as."""

from dataclasses import dataclass

from tierxl.method.levels import NO, NOT_RATED
from tierxl.method.table import choices


@dataclass(frozen=True)
class Parameter:
    """A parameter that is an amount, a range, or a word that only one function takes."""

    parameter: str
    optional: bool = False


TIER_AND_SERVICE = (Parameter("tier"), Parameter("service"))


@dataclass(frozen=True)
class Argument:
    """An argument of a function.

    Attributes:
        name: its name in the add-in, which messages name.
        column: the column of the rules that it is.
        reader: the hidden name that reads it.
        expected: what is to be written there.
        blank: the number of a blank one.
        optional: whether it can be left out.
    """

    name: str
    column: str
    reader: str
    expected: str
    blank: int = NOT_RATED
    optional: bool = False

    @property
    def parameter(self) -> str:
        """The name of the parameter: no name of a function, such as REVENUE_RATING."""
        return self.name.removesuffix("_rating")


RATINGS = (
    Argument("revenue_rating", "revenue_rating", "rating", choices.NO_LEVEL),
    Argument("wallet_rating", "wallet_rating", "rating", choices.NO_LEVEL),
    Argument("profit_rating", "profit_rating", "profit", choices.NO_RATING),
    Argument("strategic_rating", "strategic_rating", "rating", choices.NO_LEVEL),
    Argument("pain_rating", "pain_rating", "rating", choices.NO_LEVEL),
)
APPETITE = Argument("appetite", "appetite_for_change", "level", choices.NO_LEVEL, optional=True)
POTENTIAL = Argument("potential", "potential", "level", choices.NO_LEVEL, optional=True)
OTHERS = (
    Argument("retention_risk", "retention_risk", "level", choices.NO_LEVEL, optional=True),
    Argument("opportunity", "opportunity", "opportunity", choices.NO_LEVEL, optional=True),
    APPETITE,
    Argument("high_touch", "high_touch", "answer", choices.NO_ANSWER, NO, optional=True),
    Argument("marquee", "marquee", "answer", choices.NO_ANSWER, NO, optional=True),
    POTENTIAL,
)
ANSWERS = (
    Argument("well_aligned", "well_aligned", "answer", choices.NO_ANSWER),
    Argument("challenging", "challenging", "answer", choices.NO_ANSWER),
)
