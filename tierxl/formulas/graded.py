"""The formulas of the graded columns, made of the rules of :mod:`tierxl.method.rating`."""

from tierxl.formulas.cases import cell, in_all_cases
from tierxl.formulas.code import Code, Term, known, reference
from tierxl.formulas.row import Row
from tierxl.method.policy import Policy
from tierxl.method.rating.decision import decide
from tierxl.method.rating.figures import Wording
from tierxl.method.rating.grading import decided_columns
from tierxl.method.rating.profiles import with_profile
from tierxl.method.rating.ratings import Cuts, earned_margins, measure, rate
from tierxl.method.rating.reasons import with_own_reasons
from tierxl.method.rating.score import score_cuts
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.method.table.kinds import blank_of
import narwhals as nw

CUTS = {name: known(name, nullable=True) for name in ("high revenue", "medium revenue", "target margin", "acceptable margin")}
FIELDS: dict[str, Term] = {column.field: known(column.field, nullable=blank_of(column) is None) for column in COLUMNS}
DAY = "day"
LIVE = tuple(name for name in GRADED_COLUMNS if name not in ("What would lift it", "Why"))


def graded() -> dict[str, Code]:
    """The formulas of the graded columns, and of the columns that they are made of, by name."""
    return in_all_cases(_graded, CUTS)


def _graded(policy: Policy) -> dict[str, Code]:
    cuts = Cuts(0, *map(cell, CUTS))
    rated = with_profile(rate(measure(Row(FIELDS)), cuts, policy), policy, cell(DAY))
    decided = decide(rated, policy)
    worded = Wording(nw.col("score"), score_cuts(policy)).added_to(decided, "score_text")
    row = worded.with_columns(lift=nw.lit("")).with_columns(decided_columns(policy))
    row = with_own_reasons(row, policy).with_columns(Upside=nw.col("upside"))
    return row.formulas | {name: row.terms[name].cell for name in LIVE}
