"""The tables of the pages, made from the code.

``python docs/tables.py`` writes them, ``python docs/tables.py --check`` only says whether they are up to date.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import narwhals as nw
import polars as pl

from tierxl import Explanation, Graded, Policy, explain, grade
from tierxl.functions import FUNCTIONS
from tierxl.method.documented_settings import documented_settings, is_percent
from tierxl.method.levels import HIGH, LAGGARD, LOW, MEDIUM
from tierxl.method.plan.due_dates import first_days, next_due
from tierxl.method.plan.hours import hours_per_client
from tierxl.method.plan.next_steps import NEXT_STEPS
from tierxl.method.plan.service import TIERS, distinct_levels
from tierxl.method.plan.suitability import SIGNALS, VERDICTS
from tierxl.method.policy import policy_toml
from tierxl.method.rating.checks import CHECKS
from tierxl.method.rating.moves import ACTIONS, MOVES, SHED_RULES
from tierxl.method.rating.score import FACTORS, PROFILE
from tierxl.method.table import amounts
from tierxl.method.table import dates as days
from tierxl.method.table.columns import COLUMNS, GRADED_COLUMNS
from tierxl.method.table.crm import EXPORTS
from tierxl.method.table.headers import Headers
from tierxl.sheets.wording import label as setting_label

PAGES = [Path(__file__).with_name(name) for name in ("method.md", "functions.md", "crm-exports.md", "lists.md")]
POLICY = Policy()
AS_OF = date(2026, 11, 22)
_PLACE = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def names_on(page: str) -> list[str]:
    """The tables that a page has a place for."""
    return [place[2] for place in _PLACE.finditer(page)]


def filled(page: str) -> str:
    """A page with its tables as the code makes them now."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{TABLES[place[2]]()}\n\n{place[3]}", page)


def label(name: str) -> str:
    """A name of the code as people read it."""
    return name.replace("_", " ").capitalize()


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.10g} %"


def _amount(number: float) -> str:
    return f"{number:,.10g}".replace("-", "−")


# --- The Clients table, and how it is read ---------------------------------------------------------------------------


def columns() -> str:
    return _table(
        ("Column", "Holds", "What it is", "Other names"),
        (
            (
                f"**{column.name}**" + (" (required)" if column.required else ""),
                column.kind,
                column.meaning,
                ", ".join(column.aliases),
            )
            for column in COLUMNS
        ),
    )


def exports() -> str:
    names = {column.field: column.name for column in COLUMNS}
    return _table(
        ("System", "Column", "Headers, the best first"),
        (
            (f"**{export.system}**", names[field], ", ".join(f"`{header}`" for header in headers))
            for export in EXPORTS
            for field, headers in export.names.items()
        ),
    )


def lists() -> str:
    """Lists by their headers, and what is taken for what."""
    examples = (
        ("Customer", "Annual billings"),
        ("accountName", "sales_usd", "churn risk"),
        ("Company", "Contact name", "Net sales FY26 (£)"),
        ("Kunde", "Umsatz 2024 (k€)", "Umsatz 2025 (k€)", "Notiz"),
        ("Société", "Chiffre d'affaires 2025", "Objectif 2026"),
        ("Klant", "Omzet excl. btw", "Laatste contact"),
        ("Client", "Revenue 2025", "Revenue YTD", "Budget 2026"),
    )

    def used(headers: Sequence[str]) -> Iterable[str]:
        usage = Headers.of(headers).usage
        of_header = {
            one.header: one.name + ("" if one.factor == 1 else f", times {one.factor:,.0f}") for one in usage.used
        }
        return (of_header.get(header, "not used") for header in headers)

    return _table(
        ("Your headers", "Used as"),
        ((" · ".join(f"`{header}`" for header in headers), " · ".join(used(headers))) for headers in examples),
    )


def money() -> str:
    texts = ("1200", "$1,200.50", "1.200,50 €", "(500)", "500-", "1'200.50", "1,20,000.00", "1.200,-", "£1.2m",
             "1,2 Mio. €", "1 200 000", "1.200.500", "1,5", "1.200", "1,200")  # fmt: skip
    marks: tuple[amounts.DecimalMark, ...] = ("auto", ".", ",")

    def read(text: str, mark: amounts.DecimalMark) -> str:
        try:
            return _amount(amounts.money(text, mark).amount)
        except ValueError:
            return "reported"

    return _table(
        ("You write", "Read by itself", "With the decimal mark `.`", "With the decimal mark `,`"),
        ((f"`{text}`", *(read(text, mark) for mark in marks)) for text in texts),
    )


def percents() -> str:
    examples = (("0.8", "0.45"), ("80", "45", "0.9"), ("1.2", "0.6", "0.45"), ("80 %", "0.45"), ("0.9 %", "45"))

    def read(column: Sequence[str]) -> str:
        frame = pl.DataFrame({"Client": column, "Revenue": 1, "Wallet share": column})
        return ", ".join(map(_percent, grade(frame, POLICY, AS_OF).grading.clients.table["wallet_share"].to_list()))

    return _table(
        ("The column holds", "Read as"),
        ((", ".join(f"`{text}`" for text in column), read(column)) for column in examples),
    )


def dates() -> str:
    texts = (
        "2026-04-03",
        "2026/4/3",
        "3 Apr 2026",
        "3. April 2026",
        "23/10/2026",
        "03/04/2026",
        "3.4.26",
        "2026-02-30",
    )
    orders: tuple[days.DayOrder, ...] = ("auto", "day first", "month first")

    def read(text: str, order: days.DayOrder) -> str:
        try:
            return f"{days.day(text, order):%Y-%m-%d}"
        except ValueError:
            return "reported"

    return _table(
        ("You write", *(f"Day order “{order}”" for order in orders)),
        ((f"`{text}`", *(read(text, order) for order in orders)) for text in texts),
    )


def checks() -> str:
    names = {column.field: column.name for column in COLUMNS}
    return _table(("Column", "What is reported"), ((names[check.field], check.message) for check in CHECKS))


# --- Ratings, score and tier -----------------------------------------------------------------------------------------


def ratings() -> str:
    top, second = _percent(POLICY.revenue.high_top), _percent(POLICY.revenue.medium_top)
    above, start = _percent(POLICY.wallet.high_above), _percent(POLICY.wallet.medium_from)
    return _table(
        ("Rating", "High", "Medium", "Low"),
        (
            ("**Revenue**", f"among the top {top} of clients", f"else among the top {second}", "all others"),
            ("**Wallet share**", f"more than {above}", f"{start} to {above}", f"less than {start}"),
            ("**Profitability**", "target margin or more", "acceptable margin or more", "less; **Laggard** for a loss"),
            ("**Strategic value**", "as you say", "as you say", "as you say"),
            ("**Pain factor**", "poor fit and hard to work with", "one of the two", "good fit and easy to work with"),
        ),
    )


def points() -> str:
    """What each rating adds to the score, as the score itself reckons it."""
    scale = {"High": HIGH, "Medium": MEDIUM, "Low": LOW, "Laggard": LAGGARD}
    rating_columns = ("revenue_rating", "wallet_rating", "profit_rating", "strategic_rating", "pain_rating")
    whole = dict.fromkeys(("appetite_for_change", "potential"), [HIGH] * len(scale))
    rated = {name: list(scale.values()) for name in rating_columns} | whole
    earned = nw.from_native(pl.DataFrame(rated)).select(
        **{factor.field: factor.points(PROFILE, POLICY) * factor.weight_in(POLICY) for factor in FACTORS}
    )

    def shown(number: float, rating: int, *, has_laggards: bool) -> str:
        return f"{number:g}" if rating != LAGGARD or has_laggards else ""

    return _table(
        ("Factor", "Weight", *scale),
        (
            (
                f"**{factor.name}**",
                f"{factor.weight_in(POLICY):g}",
                *(
                    shown(number, rating, has_laggards=factor.worst == LAGGARD)
                    for number, rating in zip(earned[factor.field].to_list(), scale.values(), strict=True)
                ),
            )
            for factor in FACTORS
        ),
    )


def appetite() -> str:
    odds = POLICY.likelihood.model_dump()
    return _table(
        ("Appetite for change", "Wallet points that count"),
        ((label(name), _percent(share)) for name, share in odds.items()),
    )


def size() -> str:
    shares = POLICY.size.model_dump()
    return _table(
        ("Potential", "Wallet points that count"),
        ((label(name), _percent(share)) for name, share in shares.items()),
    )


def starts() -> str:
    upper, lower = f"{POLICY.tiers.a_from:g}", f"{POLICY.tiers.b_from:g}"
    return _table(
        ("Method", *(f"Starts at {tier}" for tier in TIERS)),
        (
            ("**five-factor**", f"score of {upper} or more", f"score of {lower} or more", f"score below {lower}"),
            ("**revenue**", "revenue rated High", "revenue rated Medium", "revenue rated Low"),
        ),
    )


def moves() -> str:
    methods = ("five-factor", "revenue")
    used = {move.name: [m for m in methods if getattr(POLICY.moves, move.name) in ("on", m)] for move in MOVES}
    return _table(
        ("Move", "Goes", "When", "Used under", "Source"),
        (
            (
                f"**{label(move.name)}**",
                "up one" if move.step > 0 else "down one",
                move.reason,
                "both methods" if len(used[move.name]) == len(methods) else ", ".join(used[move.name]) or "neither",
                move.source,
            )
            for move in MOVES
        ),
    )


def shed_rules() -> str:
    return _table(
        ("Rule", "When", "Source"), ((f"**{label(rule.name)}**", rule.reason, rule.source) for rule in SHED_RULES)
    )


def actions() -> str:
    return _table(("Action", "What it stands for"), ((f"**{rule.name}**", rule.meaning) for rule in ACTIONS))


# --- The worked example ----------------------------------------------------------------------------------------------

PORTFOLIO = (
    ("Northgate Pharma", 320_000, 58_000),
    ("Calder Textiles", 180_000, 24_000),
    ("Denholm Estates", 110_000, 20_000),
    ("Linden Optical", 90_000, 9_000),
    ("Elmet Bakeries", 80_000, 12_000),
    ("Fairburn Dental", 70_000, 9_000),
    ("Garforth Print", 60_000, 8_000),
    ("Haworth Legal", 45_000, 6_000),
    ("Ilkley Outdoor", 25_000, 3_000),
    ("Keighley Castings", 20_000, 1_000),
)
CLIENT = "Linden Optical"
KNOWN: dict[str, str | int] = {
    "Total spend": 225_000,
    "Strategic value": "Low",
    "Well aligned": "Yes",
    "Challenging": "Yes",
    "Appetite for change": "Medium",
    "Retention risk": "High",
}


def _example() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"Client": name, "Revenue": revenue, "Profit": profit} | (KNOWN if name == CLIENT else dict.fromkeys(KNOWN))
            for name, revenue, profit in PORTFOLIO
        ],
        infer_schema_length=None,
    )


def graded_example() -> Graded[pl.DataFrame]:
    """The worked example's portfolio, graded."""
    return grade(_example(), POLICY, AS_OF)


def explained_example() -> Explanation:
    """Why the worked example's client has its tier."""
    return explain(_example(), CLIENT, POLICY, AS_OF)[0]


def example_portfolio() -> str:
    return _table(
        ("Client", "Revenue", "Profit"),
        ((name, _amount(revenue), _amount(profit)) for name, revenue, profit in PORTFOLIO),
    )


def example_client() -> str:
    return _table(
        ("Column", CLIENT),
        ((name, cell if isinstance(cell, str) else _amount(cell)) for name, cell in KNOWN.items()),
    )


def example_score() -> str:
    return _table(
        ("Factor", "Rating", "Points", "Weight", "Adds"),
        (
            (line.name, line.rating, f"{line.points:g}", f"{line.weight:g}", f"{line.earned:g}")
            for line in explained_example().factors
        ),
    )


def example_grade() -> str:
    return _graded_columns(graded_example().frame.filter(pl.col("Client") == CLIENT), CLIENT, GRADED_COLUMNS)


def ungraded() -> str:
    frame = pl.DataFrame({"Client": [CLIENT, "Any other"], "Revenue": [None, 1.0]})
    names = [name for name in GRADED_COLUMNS if "rating" not in name]
    return _graded_columns(grade(frame, POLICY, AS_OF).frame, "A client of unknown revenue", names)


def _graded_columns(one_client: pl.DataFrame, header: str, names: Sequence[str]) -> str:
    values = one_client.select(names).row(0, named=True)
    shown = {
        name: "" if value is None else _amount(value) if isinstance(value, float) else value
        for name, value in values.items()
    }
    return _table(("Column", header), ((f"**{name}**", value) for name, value in shown.items()))


# --- Should you tier, and the engagement plan ------------------------------------------------------------------------


def signals() -> str:
    grading = graded_example().grading
    return _table(
        ("Signal", "What is measured", "Speaks against tiering"),
        (
            (f"**{signal.name}**", inspect.getdoc(measure), signal.cut)
            for measure, signal in ((measure, measure(grading)) for measure in SIGNALS)
        ),
    )


def verdicts() -> str:
    most = len(VERDICTS) - 1
    return _table(
        ("Signals against", "Verdict"),
        ((f"{count} or more" if count == most else str(count), verdict) for count, verdict in enumerate(VERDICTS)),
    )


def services() -> str:
    hours = ("**Hours a year for one client**", *(f"**{hours_per_client(tier, POLICY):.2f}**" for tier in TIERS))
    levels = ((f"**{name}**", *(getattr(service, tier) for tier in TIERS)) for name, service in POLICY.services.items())
    return _table(("Service", *(f"Tier {tier}" for tier in TIERS)), (*levels, hours))


def distinct() -> str:
    return _table(
        ("Tiers", "Services that differ", "The same in both"),
        (
            (
                f"{pair.upper} and {pair.lower}",
                f"{pair.different} of {pair.different + len(pair.same)}",
                ", ".join(pair.same) or "none",
            )
            for pair in distinct_levels(POLICY)
        ),
    )


def due_dates() -> str:
    examples = (
        (datetime(2026, 11, 15), "12"),
        (datetime(2026, 1, 31), "12"),
        (datetime(2026, 2, 28), "12"),
        (datetime(2026, 1, 30), "12"),
        (datetime(2026, 11, 30), "4"),
        (datetime(2026, 5, 15), "1"),
        (datetime(2026, 3, 1), "5"),
        (datetime(2026, 3, 1), "10"),
    )

    def due(last: datetime, per_year: str) -> datetime:
        frame = nw.from_native(pl.DataFrame({"last": [last]}))
        day: datetime = frame.select(due=next_due(nw.col("last"), Fraction(per_year))).item()
        return day

    return _table(
        ("Last time", "How often", "Next time"),
        ((f"{last:%Y-%m-%d}", f"{per_year}/yr", f"{due(last, per_year):%Y-%m-%d}") for last, per_year in examples),
    )


def next_steps() -> str:
    examples = (
        "Reprice", "Decide whether to keep it", "Call: 23 days overdue", "Book the review: 40 days overdue",
        "Retention talk: the risk is High", "Retention talk: revenue down 34 %, satisfaction Low",
        "Ask why revenue is down 34 %", "Win 120,000 of upside", "Take the opportunity: it is High",
        "Take the opportunity: its wallet share is Low", "Fill in profitability and pain factor",
        "Contact due 15 Dec 2026", "Review due 1 Feb 2027", "No review or contact planned",
    )  # fmt: skip
    lines = ((step.when, example, step.source) for step, example in zip(NEXT_STEPS, examples, strict=True))
    return _table(("When", "Next step", "Source"), lines)


def first_dates() -> str:
    as_of = datetime(2026, 11, 22)

    def days(count: int, per_year: int) -> str:
        return ", ".join(f"{day:%Y-%m-%d}" for day in first_days(count, Fraction(per_year), as_of) if day)

    examples = ((1, 1), (3, 4), (7, 12))
    return _table(
        ("Clients", "How often", "First days, from 2026-11-22 on"),
        ((str(count), f"{per_year}/yr", days(count, per_year)) for count, per_year in examples),
    )


# --- Settings and sources --------------------------------------------------------------------------------------------


def settings() -> str:
    def shown(value: object, *, percent: bool) -> str:
        if isinstance(value, list):
            return "; ".join(value)
        return _percent(value) if percent and isinstance(value, int | float) else str(value)

    return _table(
        ("Section", "Setting", "Value", "What it does", "Source"),
        (
            (
                setting_label(setting.section),
                f"**{setting_label(setting.name)}**",
                shown(setting.value, percent=is_percent(setting)),
                setting.meaning,
                setting.source,
            )
            for setting in documented_settings()
        ),
    )


def sources() -> str:
    header = policy_toml().partition("\n\n")[0]
    found = re.findall(r"\[(S\d|tierxl)\] (.+?)(?= {2,}|$)", header, re.MULTILINE)
    return _table(("Mark", "Source"), sorted((f"**{mark}**", source) for mark, source in found))


# --- Worksheet functions ---------------------------------------------------------------------------------------------


def functions() -> str:
    def called(name: str) -> str:
        arguments = ", ".join(f"[{it.name}]" if it.optional else it.name for it in FUNCTIONS[name].arguments)
        return f"`{name}({arguments})`"

    return _table(("Function", "What it answers"), ((called(name), it.help) for name, it in FUNCTIONS.items()))


_EXAMPLES = (
    ("TIER_RATING", ("High", "Low", "High", "Medium", "Low")),
    ("TIER_RATING", ("Low", "High", "Low", "Low", "High")),
    ("TIER_SCORE", ("High", "Low", "High", "Medium", "Low", "Medium")),
    ("TIER_RATING", ("Hgh", "Low", "High", "Medium", "Low")),
    ("WALLET_RATING", ("45 %",)),
    ("PROFIT_RATING", (0.12, 0.1)),
    ("PROFIT_RATING", (0.12,)),
    ("PAIN_RATING", ("Yes", "No")),
    ("TIER_SERVICE", ("A", "Review meeting")),
)


def examples() -> str:
    def formula(name: str, arguments: Sequence[object]) -> str:
        written = ", ".join(f'"{it}"' if isinstance(it, str) else str(it) for it in arguments)
        return f"`={name}({written})`"

    def answer(name: str, arguments: Sequence[object]) -> object:
        return FUNCTIONS[name](Policy(), date.today(), *arguments)

    return _table(("Formula", "Answer"), ((formula(*example), answer(*example)) for example in _EXAMPLES))


TABLES: dict[str, Callable[[], str]] = {
    make.__name__.replace("_", "-"): make
    for make in (
        *(columns, exports, lists, money, percents, dates, checks),
        *(ratings, points, appetite, size, starts, moves, shed_rules, actions),
        *(example_portfolio, example_client, example_score, example_grade, ungraded),
        *(signals, verdicts, services, distinct, due_dates, first_dates, next_steps),
        *(settings, sources),
        *(functions, examples),
    )
}


def main(arguments: Sequence[str]) -> int:
    """Write the tables, or with ``--check`` say whether they are up to date."""
    drifted = 0
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        fresh = filled(page)
        if "--check" not in arguments:
            path.write_text(fresh, encoding="utf-8")
        elif fresh != page:
            print(f"{path.name} has drifted from the code: run python docs/tables.py")
            drifted = 1
    return drifted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
