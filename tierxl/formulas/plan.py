"""The formulas of the engagement plan: what is due for each client and when, the next step, and the places in lists."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from tierxl.formulas import reading
from tierxl.formulas.cases import FIRST_WAY_OUT, cell, in_all_cases, level_of
from tierxl.formulas.code import Code, known
from tierxl.formulas.places import figures_of_places, place_and_count
from tierxl.formulas.row import Row
from tierxl.formulas.translation import Columns
from tierxl.method.expressions import Expr, decimal, first_that_applies
from tierxl.method.levels import TIER_NAMES, A, B, C
from tierxl.method.money import before_digits
from tierxl.method.plan.due_dates import APPOINTMENTS, CONTACT, LATEST, MOST_DAYS, Appointment
from tierxl.method.plan.next_steps import FALL_TEXT, NEXT_STEPS
from tierxl.method.plan.service import TIERS, first_due, rhythm, standing
from tierxl.method.plan.summary import later
from tierxl.method.policy import Policy
from tierxl.method.rating.moves import GROW, SHED, has_action
from tierxl.method.rating.moves import REVIEW as REVIEW_EXCEPTION
from tierxl.method.rating.retention import FALL_TEXT as FALL_IN_SIGNS
from tierxl.method.rating.retention import risks
from tierxl.method.table.kinds import beyond_use

PLACES = ("plan place", "plan key", "week place", "waits place", "grow place", "shed place", "leaving place")
"""The numbers by which lists are in order, the largest first; 0 where a client is not on the list."""
SHOWN = ("revenue", "overdue", "risk", *(f"shown {each.last}" for each in APPOINTMENTS),
         *(each.next for each in APPOINTMENTS), *(each.rhythm for each in APPOINTMENTS))  # fmt: skip
"""The cells that lists show of a client's row, beside the graded columns."""
_FALLS = (f"{text}{part}" for text in (FALL_TEXT, FALL_IN_SIGNS) for part in (" number", " decimals", " rounded", ""))
_STEPS = (*_FALLS, "signs", "rule", *(f"sentence {at}" for at in range(len(NEXT_STEPS))), "next_step")
LISTED = {"next_step": _STEPS} | {
    name: (name,)
    for name in (
        "shown client",
        "account_manager",
        "preferred_contact",
        "by",
        "remark",
        "listed_profit",
        "listed_margin",
    )
}
"""The cells that only lists have, each behind those that it takes: as columns there would be one for each client."""
AMOUNTS = ("largest revenue",)
"""The amount that decides among clients of one place in a list; those who have none come last."""
_GRADED = ("Tier", "Action", "Upside", "Provisional", "Revenue rating", "Wallet rating", "Profit rating",
           "Strategic rating", "Pain rating")  # fmt: skip
_LEAST = -1e299
_MOST_OVERDUE, _TIERS_AND_DAYS = 2**17, 2**19
"""Beyond the days that anything can be overdue in a worksheet, and beyond the places in a plan."""
_LAST_DAY = 2_958_466
"""Beyond the days of a worksheet."""


def planned(
    terms: Columns, columns: Mapping[str, Code], figures: Columns, shown: Mapping[str, Expr], currency: str
) -> dict[str, Code]:
    """The formulas of the plan's cells, by name.

    Args:
        terms: what each field stands for.
        columns: the formulas of the graded cells, and of those that they take.
        figures: single cells that may be missing.
        shown: other cells that sheets show, made of the columns of the engagement plan.
        currency: the currency of the amounts.
    """
    dates = {
        name: known(f"{name} 2", nullable=True) for name, _ in beyond_use(cell(reading.DAY)) if f"{name} 2" in columns
    }
    graded = {name: known(name, nullable=name == "Upside") for name in _GRADED}
    levels = {level_of(each.service, tier): known(level_of(each.service, tier), nullable=True)
              for each in APPOINTMENTS for tier in TIERS}  # fmt: skip
    there: Columns = {**terms, **dates, **graded, **levels}

    def formulas(policy: Policy) -> Mapping[str, Code]:
        row: Any = _plan(Row(there, columns), policy, currency).with_columns(**shown)
        formulas: Mapping[str, Code] = row.formulas
        return formulas

    made = in_all_cases(formulas, {**figures, **levels})
    return {name: code for name, code in made.items() if name not in columns}


def _plan(row: Row, policy: Policy, currency: str) -> Row:
    day: Any = cell(reading.DAY)
    for each in APPOINTMENTS:
        row = _with_next(row.with_columns(rhythm(each, policy)), each)
        is_given: Any = cell(given(each))
        row = row.with_columns(standing(each, day, is_given=is_given))
    row = row.with_columns(
        **{f"shown {name}": nw.col(name) for name in ("client", *(each.last for each in APPOINTMENTS))}
    )
    row = row.with_columns(first_due(policy), currency=nw.lit(before_digits(currency)))
    for step in NEXT_STEPS:
        worded: Any = step.worded(row, policy, day)  # type: ignore[arg-type]
        row = worded
    sentences = {f"sentence {at}": step.sentence(policy).fill_null("") for at, step in enumerate(NEXT_STEPS)}
    rule = first_that_applies([(step.applies(policy), at) for at, step in enumerate(NEXT_STEPS)], len(NEXT_STEPS) - 1)
    row = row.with_columns(rule=rule, **sentences).with_columns(risks(policy, day))
    row = row.with_columns(
        next_step=first_that_applies([(nw.col("rule") == at, nw.col(of)) for at, of in enumerate(sentences)], "")
    )
    row = row.with_columns(**{"plan place": _place_in_plan()})
    revenue = nw.col("revenue").fill_null(decimal(_LEAST))
    row = row.with_columns(**later(day)).with_columns(**_places(), **{"largest revenue": revenue})
    return row.with_cell("plan key", Code(f"IF(⟨plan place⟩=0,0,⟨plan place⟩*2^33+{_coarse('⟨largest revenue⟩')})"))


def _coarse(amount: str) -> str:
    """A whole number below 2^33 for an amount: the larger, the larger, and of most that differ by a cent another."""
    return f"INT((45+SIGN({amount})*MIN(44,LN(1+1000*ABS({amount}))))*2^26)"


def _place_in_plan() -> Expr:
    """Tier A first, then the longest overdue; clients to shed have no place."""
    tiers = [(nw.col("Tier") == TIER_NAMES[tier], nw.lit(tier)) for tier in (A, B, C)]
    tier = first_that_applies([(has_action(SHED), nw.lit(0)), *tiers], nw.lit(0))
    return nw.when(tier > 0).then(tier * _MOST_OVERDUE + nw.col("overdue")).otherwise(0)


def _places() -> dict[str, Expr]:
    in_plan = nw.col("plan place")
    this_week = (_LAST_DAY - nw.col("later")) * _TIERS_AND_DAYS + in_plan
    grows = has_action(GROW) & (nw.col("Upside") > 0).fill_null(False)
    leaving = first_that_applies([(has_action(SHED), nw.lit(2)), (has_action(REVIEW_EXCEPTION), nw.lit(1))], nw.lit(0))
    is_dated = (in_plan > 0) & ~nw.col("due_first").is_null()
    waits = (in_plan > 0) & nw.col("neglected") & (nw.col("Tier") == TIER_NAMES[A])
    longest = (nw.col(CONTACT.overdue) * _MOST_OVERDUE) + nw.col("overdue")
    return {
        "week place": nw.when(is_dated).then(this_week).otherwise(0),
        "waits place": nw.when(waits).then(longest).otherwise(0),
        "grow place": nw.when(grows).then(nw.col("Upside")).otherwise(0),
        "shed place": nw.when(has_action(SHED)).then(nw.lit(1)).otherwise(0),
        "leaving place": leaving,
    }


def _with_next(row: Row, each: Appointment) -> Row:
    """A row with the day on which an appointment is due next, by the rule of :func:`next_due`.

    It is a formula for any number of times a year, whereas a frame has one expression for each number.
    """
    often, last = (row.terms[name].cell.text for name in (each.rhythm, each.last))
    day = f"⟨{reading.DAY}⟩"
    days, months = f"MAX(INT(ROUND(365/{often},9)+0.5),1)", f"ROUND(12/{often},9)"
    by_months = f"IF(MONTH({last}+1)<>MONTH({last}),EDATE({last}+1,{months})-1,EDATE({last},{months}))"
    after = f"IF({months}=INT({months}),{by_months},{last}+{days})"
    latest = f"DATE({LATEST.year},{LATEST.month},{LATEST.day})"
    after = day if last == '""' else f'IF({last}="",{day},IF({last}>={latest},"",{after}))'
    quickly, of_any = (f"INT({place}*{days}/{count})" for place, count in place_and_count(each.rhythm))
    spread = f"{day}+IFERROR({quickly},{of_any})"
    due = f"IF(⟨{given(each)}⟩,{after},{spread})"
    text = f'IF({often}="","",IF({days}>{MOST_DAYS},"",{due}))'
    terms = {**row.terms, each.next: known(each.next, nullable=True)}
    return Row(terms, {**row.formulas, each.next: Code(text)}, row.made)


def given(appointment: Appointment) -> str:
    """The name of the figure that says whether the list has a last day of any client."""
    return f"{appointment.last} given"


def figures_of_plan(columns: Mapping[str, Code]) -> dict[str, Code]:
    """The figures that the plan takes: whether there are last days, the first way out, and places.

    Args:
        columns: the formulas of the cells that are there.
    """
    there = {name for name, code in columns.items() if not code.is_constant}
    last = {
        given(each): f"COUNT(⟨all shown {each.last}⟩)" if f"shown {each.last}" in there else "0"
        for each in APPOINTMENTS
    }
    places: dict[str, str] = {}
    for each in APPOINTMENTS:
        places |= figures_of_places(each.rhythm, f"⟨{given(each)}⟩>0") if each.rhythm in there else {}
    return {name: Code(text) for name, text in {**last, FIRST_WAY_OUT: _first_option(), **places}.items()}


def _first_option() -> str:
    options = "⟨cell shed.exit_options⟩"
    return f'IFERROR(TRIM(LEFT({options},FIND(";",{options})-1)),{options}&"")'
