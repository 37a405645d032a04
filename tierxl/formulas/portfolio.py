"""The figures of a whole portfolio as cells: the order of its amounts, and the cuts of its ratings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tierxl.formulas.cases import Cell, cell, in_all_cases
from tierxl.formulas.code import Code, known, value
from tierxl.formulas.translation import translated
from tierxl.method.expressions import RATIO_DECIMALS
from tierxl.method.rating.ratings import profit_cuts, revenue_cuts

REVENUE_CUTS, PROFIT_CUTS = ("high revenue", "medium revenue"), ("target margin", "acceptable margin")
CUTS = {name: known(name, nullable=True) for name in (*REVENUE_CUTS, *PROFIT_CUTS)}
"""The cuts of a portfolio's ratings, as in :class:`~tierxl.method.rating.ratings.Cuts`; may be missing."""
STEPS = tuple(2**power for power in reversed(range(20)))
"""The steps in which a place among all rows of a sheet is found."""


@dataclass
class Figures:
    """Cells with a figure of the portfolio each, by name; one that is asked for again is the same cell."""

    formulas: dict[str, Code] = field(default_factory=dict)

    def cell(self, name: str, formula: str) -> Cell:
        self.formulas[name] = Code(formula)
        return cell(name)


@dataclass(frozen=True)
class RanksOfCells:
    """The order of a column of cells; see :class:`tierxl.method.rating.ranks.Ranks`."""

    column: str
    figures: Figures

    @property
    def count(self) -> Any:
        return self.figures.cell(f"{self.column} count", f"COUNT({self.cells})")

    def value_at(self, place: Any) -> Any:
        return self._figure("at", place, lambda at: f'IFERROR(LARGE({self.cells},{at}),"")')

    def larger_than(self, value: Any) -> Any:
        return self._figure("above", value, lambda limit: self._number_of(">", limit))

    def reaching(self, value: Any) -> Any:
        return self._figure("from", value, lambda limit: self._number_of(">=", limit))

    def share_cut(self, share: Any) -> Any:
        """See :class:`Ranks`. The place is found in steps: to add up to every place would take all pairs of them."""
        limit, count = code_of(share), code_of(self.larger_than(0))
        of, at = f"{self.column} {limit.translate(_PLAIN)}", "0"
        for step in STEPS:
            at = code_of(self.figures.cell(f"{of} {step}", self.further(at, str(step), count, limit)))
        return self.figures.cell(f"{of} cut", f'IF({at}=0,"",LARGE({self.cells},{at}))')

    def further(self, at: str, step: str, count: str, limit: str) -> str:
        """A place some steps further, where what is larger than the amount there still is below a share of all."""
        total = code_of(self.figures.cell(f"{self.column} total", self._sum_above("0")))
        larger = self._sum_above(f"LARGE({self.cells},{at}+{step})")
        return f"IF({at}+{step}>{count},{at},IF(ROUND({larger}/{total},{RATIO_DECIMALS})<{limit},{at}+{step},{at}))"

    def _sum_above(self, limit: str) -> str:
        return f"SUMPRODUCT(({self.cells}>{limit})*{self._are_numbers},{self.cells})"

    @property
    def _are_numbers(self) -> str:
        """True for numbers: any text is more than each of them."""
        return f"({self.cells}<1E+300)"

    @property
    def cells(self) -> str:
        """All cells of the column."""
        return f"⟨all {self.column}⟩"

    def _figure(self, name: str, argument: Any, formula: Callable[[str], str]) -> Cell:
        text = code_of(argument)
        return self.figures.cell(f"{self.column} {name} {text.translate(_PLAIN)}", formula(text))

    def _number_of(self, operator: str, limit: str) -> str:
        return f"SUMPRODUCT(({self.cells}{operator}{limit})*{self._are_numbers})"


_PLAIN = str.maketrans("⟨⟩", "[]")


def code_of(term: Any) -> str:
    """The formula of a figure."""
    return value(translated(term, CUTS)).cell.text


def cuts_of_cells() -> dict[str, Code]:
    """The formulas of the cuts, and of the figures that they are made of, by name."""
    figures = Figures()
    margins = RanksOfCells("rated margin", figures)
    cuts = cuts_of_revenue(RanksOfCells("revenue", figures)) | cuts_of_profit(lambda: margins)
    return figures.formulas | cuts


def cuts_of_revenue(revenues: "RanksOfCells") -> dict[str, Code]:
    """The formulas of the cuts between the revenue ratings."""
    return in_all_cases(lambda policy: _cells_of(REVENUE_CUTS, revenue_cuts(revenues, policy.revenue)[:2]), CUTS)


def cuts_of_profit(margins: Callable[[], Any], settings: Any = None) -> dict[str, Code]:
    """The formulas of the cuts between the profit ratings, by the policy's settings or by others in their place."""
    return in_all_cases(lambda policy: _cells_of(PROFIT_CUTS, profit_cuts(margins, settings or policy.profit)), CUTS)


def _cells_of(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Code]:
    return {name: value(translated(each, CUTS)).cell for name, each in zip(names, values, strict=True)}
