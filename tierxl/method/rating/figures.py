"""Numbers as text beside the cuts they are judged by: with as many decimals as it takes to fall on the right side.

49.96 % is rated Low where the cut is 50 %, so it reads 49.96 %, and not 50 %. A cut reads exactly as it is in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from operator import and_
from typing import Any

import narwhals as nw

from tierxl.method.expressions import (
    RATIO_DECIMALS,
    Expr,
    decimal_text,
    first_that_applies,
    reusable,
    rounded_to,
    tenths_text,
)
from tierxl.method.table.clients import AnyFrame, Frame, Series

PERCENT = 100
"""The unit of fractions that are worded in per cent; the unit of other numbers is 1."""
_PLACES = {1: 0, PERCENT: 2}
"""By how many decimals a unit shifts the point."""
_USUAL = 1_000
"""The most tenths, either way, of which texts are ready: all shares, scores, and margins of more than -100 %."""
_LONGEST = 17
"""Decimals with which a number reads as the one that it is."""


@dataclass(frozen=True)
class Cut:
    """The value from which, or only above which, a rating or a verdict is another; a number or an expression."""

    value: Any
    above: bool = False

    def is_passed_by(self, number: Any) -> Any:
        """True for a number, or where an expression is, on the upper side."""
        return number > self.value if self.above else number >= self.value


def beside(number: float, cuts: Sequence[Cut], decimals: int, unit: int = 1) -> str:
    """A number as text, with some decimals, or as many more as it takes to fall on its side of each cut.

    Args:
        number: the number; a fraction where the unit is :data:`PERCENT`.
        cuts: the cuts.
        decimals: the decimals that it has at least.
        unit: 1, or :data:`PERCENT` for a text such as ``49.96%``.
    """
    texts = (f"{number:.{places}{'%' if unit == PERCENT else 'f'}}" for places in range(decimals, _LONGEST))
    return next((text for text in texts if is_on_its_sides(text, number, cuts)), exactly(number, decimals, unit))


def is_on_its_sides(text: str, number: float, cuts: Sequence[Cut]) -> bool:
    """True if the text of a number is on the side of each cut on which the number is."""
    read = Decimal(text.rstrip("%"))
    shown = float(read.scaleb(-_PLACES[PERCENT]) if text.endswith("%") else read)
    return all(cut.is_passed_by(shown) == cut.is_passed_by(number) for cut in cuts)


def exactly(number: float, decimals: int = 0, unit: int = 1) -> str:
    """A number as text, with some decimals or as many more as it has; cuts are shown so."""
    exact = Decimal(repr(float(number))) * unit
    exponent = exact.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{exact:.{max(decimals, -exponent)}f}{_SIGNS[unit]}"


_SIGNS = {1: "", PERCENT: "%"}


# --- Columns of numbers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wording:
    """The texts of a column of numbers: with at most one decimal, or as many more as it takes.

    Attributes:
        numbers: the numbers, rounded as ratios are; a missing one reads 0.
        cuts: the cuts that they stand beside.
        unit: 1, or :data:`PERCENT`, in which the texts are without a sign.
        ending: what stands behind a number.
        rounded: the cuts as the ending shows them, where it rounds one.
        exact_ending: the ending without rounding, for the numbers between a cut and what it is rounded to.
    """

    numbers: Expr
    cuts: Sequence[Cut]
    unit: int = 1
    ending: str = ""
    rounded: Sequence[Cut] = ()
    exact_ending: str = ""

    @property
    def most_decimals(self) -> int:
        """The most decimals that a text has: ratios have no more."""
        return RATIO_DECIMALS - _PLACES[self.unit]

    def added_to(self, frame: AnyFrame, name: str) -> AnyFrame:
        """A frame with the texts as a column."""
        if hasattr(frame, "with_wording"):  # a worksheet rounds to any number of decimals by itself
            worded: AnyFrame = frame.with_wording(self, name)
            return worded
        number = self.numbers.fill_null(0).alias(_NUMBER)
        if isinstance(frame, nw.LazyFrame):
            return self._long(frame.with_columns(number), name).drop(_NUMBER)
        # Few numbers are beyond the usual or stand close to a cut, so in memory each text of tenths is made once.
        fits = _tenths_fit(self.unit, tuple(self.cuts), tuple(self.rounded or self.cuts))
        known: Frame = frame.lazy().select(number).with_columns(_units(self.unit, 1)).with_columns(fits).collect()
        texts = _usual_texts(self.ending, name, frame.implementation)[known["place"]]
        if known["is_other"].any():
            longer = self._long(known.lazy().filter(nw.col("is_other")), name).select(name).collect()
            texts = texts.scatter(known["is_other"].arg_true(), longer[name])
        return frame.with_columns(texts)

    def decimals(self, frame: Frame) -> int:
        """The decimals with which all numbers of a frame are on their sides; for a column of cells of one format."""
        known = frame.lazy().select(self.numbers.alias(_NUMBER)).drop_nulls()
        most: int = self.most_decimals
        for places in range(1, most):
            fits = known.with_columns(_units(self.unit, places)).select(_fits(self.unit, places, tuple(self.cuts)))
            if fits.select(nw.col("fits").all()).collect().item():
                return places
        return most

    def _long(self, frame: AnyFrame, name: str) -> AnyFrame:
        """A frame with its numbers as texts, made step by step: as one expression they would be huge."""
        rounded = self.rounded or self.cuts
        most: int = self.most_decimals
        places: Sequence[int] = range(1, most)
        is_rounded = self._fit(1, rounded) | self._fit(most, rounded)
        whole, power = nw.col(_units_of(most)), nw.lit(10**most, nw.Int64)
        frame = frame.with_columns(_units(self.unit, *places, most))
        frame = frame.with_columns(is_rounded.alias(_ROUNDED))
        shown = [_either(cut, other) for cut, other in zip(rounded, self.cuts, strict=True)]
        frame = frame.with_columns(*(self._fit(each, shown).alias(_fits_at(each)) for each in places))
        wholes = [(nw.col(_fits_at(each)), nw.col(_units_of(each))) for each in places]
        powers = [(nw.col(_fits_at(each)), nw.lit(10**each, nw.Int64)) for each in places]
        frame = frame.with_columns(
            first_that_applies(wholes, whole).alias(_WHOLE), first_that_applies(powers, power).alias(_POWER)
        )
        ending = nw.when(nw.col(_ROUNDED)).then(nw.lit(self.ending)).otherwise(nw.lit(self.exact_ending))
        frame = frame.with_columns(nw.concat_str(decimal_text(nw.col(_WHOLE), nw.col(_POWER)), ending).alias(name))
        steps = [*map(_units_of, (*places, most)), *map(_fits_at, places), _ROUNDED, _WHOLE, _POWER]
        return frame.drop(steps)

    def _fit(self, places: int, shown_cuts: Sequence[Cut]) -> Expr:
        return _fit(self.unit, places, self.cuts, shown_cuts)


@reusable()
def _units(unit: int, *places: int) -> dict[str, Expr]:
    """The numbers in whole units of so many decimal places."""
    return {_units_of(each): rounded_to(nw.col(_NUMBER) * unit, each) for each in places}


@reusable()
def _fits(unit: int, places: int, cuts: tuple[Cut, ...]) -> dict[str, Expr]:
    return {"fits": _fit(unit, places, cuts, cuts)}


@reusable()
def _tenths_fit(unit: int, cuts: tuple[Cut, ...], shown_cuts: tuple[Cut, ...]) -> dict[str, Expr]:
    """True for numbers that need another text than a usual one of tenths, and the place of the nearest among these."""
    tenths = nw.col(_units_of(1))
    fits = _fit(unit, 1, cuts, shown_cuts) & tenths.is_between(-_USUAL, _USUAL)
    return {"is_other": ~fits, "place": tenths.clip(-_USUAL, _USUAL) + _USUAL}


@lru_cache(maxsize=16)
def _usual_texts(ending: str, name: str, backend: Any) -> Series:
    """The texts of the usual tenths."""
    texts = [f"{tenths_text(tenths)}{ending}" for tenths in range(-_USUAL, _USUAL + 1)]
    return nw.new_series(name, texts, nw.String, backend=backend)


def _fit(unit: int, places: int, cuts: Sequence[Cut], shown_cuts: Sequence[Cut]) -> Expr:
    """True where a number with so many decimals is on the side of each cut, as shown, on which it is."""
    number, decimals = nw.col(_NUMBER), places + _PLACES[unit]
    shown = (nw.col(_units_of(places)) / 10.0**decimals).round(decimals)  # engines differ in a division's last bit
    sides = [
        as_shown.is_passed_by(shown) == cut.is_passed_by(number) for cut, as_shown in zip(cuts, shown_cuts, strict=True)
    ]
    return reduce(and_, sides) if sides else number == number


_NUMBER, _ROUNDED, _WHOLE, _POWER = "_number", "_is_rounded", "_whole", "_power"


def _units_of(places: int) -> str:
    return f"_units_{places}"


def _fits_at(places: int) -> str:
    return f"_fits_{places}"


def _either(rounded: Cut, cut: Cut) -> Cut:
    """A cut as it is shown: rounded or not."""
    if rounded == cut:
        return cut
    return Cut(nw.when(nw.col(_ROUNDED)).then(nw.lit(rounded.value)).otherwise(nw.lit(cut.value)), cut.above)
