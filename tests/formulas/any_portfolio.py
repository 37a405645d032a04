"""Any portfolio as users write it, with settings and what is changed then: Hypothesis draws the same ones each time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tierxl.method.policy_sections import PERSONAL_CONTACT, REVIEW_MEETING
from tierxl.method.table.columns import BY_FIELD, COLUMNS, Column, Kind

Clients = list[dict[str, Any]]


class Book(NamedTuple):
    """Clients and settings, and the cells that a user changes: of clients, of settings, and of levels of services.

    The place of a client counts from 0; a setting is a section and a name, a level a service and a place from 0.
    """

    clients: Clients
    settings: dict[str, Any]
    of_clients: dict[tuple[int, str], Any]
    of_settings: dict[tuple[str, str], Any]
    of_services: dict[tuple[str, int], Any]


class _OfRevenue(NamedTuple):
    """An amount that depends on a client's revenue."""

    factor: float

    def beside(self, revenue: Any) -> float:
        return (revenue if isinstance(revenue, int | float) and revenue else 300) * self.factor


# --- Clients ---------------------------------------------------------------------------------------------------------


def _cents(lowest: float, highest: float) -> st.SearchStrategy[float]:
    return st.floats(lowest, highest).map(lambda amount: round(amount, 2))


_AMOUNTS = (
    st.one_of(_cents(1, 1e6), st.integers(1, 12).map(lambda many: many * 100), st.sampled_from([None, 0, -5, "1200"])),
    st.one_of(_cents(1e9, 9e12), st.sampled_from([None, 1e12, -1e9])),
    st.one_of(_cents(0.01, 5), st.sampled_from([None, 0.01, 0.02, -0.01])),
    st.sampled_from([100, 100.0, 250.5, None]),
)
"""Amounts of a portfolio: usual ones, huge ones, cents, nearly all alike; their ratios have fewer than 15 digits."""
_FACTORS = {
    "Profit": (-0.04, -0.1235, -0.0001, 0.1, 0.2, 0.25, 0.3),
    "Total spend": (0.5, 1, 1 / 0.75, 2, 1 / 0.4996),
    "Previous revenue": (1, 1.25, 1.26, 0.8),
    "Cost to serve": (0.5, 0.75, 1.04),
}
_LEVELS = (
    None,
    None,
    "High",
    "h",
    "HIGH",
    3,
    "Medium",
    "m ",
    "2",
    "Low",
    "l",
    1,
    "none",
    "x",
    " X",
    "élevée",
    "Gering",
    "Hgh",
    "-",
)
_SATISFACTIONS = ((None, "Low", 3, 2, 1, "High", "h"), (None, 10, 9, 8.9, 7, 0, 6.99, "Low", 11, -1))
_DAYS = (
    datetime(2024, 2, 29), datetime(2025, 2, 28), datetime(2026, 1, 31), datetime(2026, 5, 26), datetime(2026, 11, 15),
    datetime(2026, 11, 22), datetime(2027, 1, 1), "2026-03-01",
)  # fmt: skip
_SHARES = (0, -0.05, 0.1, 0.3, 0.4996, 0.5, 0.75, 0.7501, 1.2)
_OF_KIND: Mapping[Kind, tuple[Any, ...]] = {
    Kind.NUMBER: (None, None, 1, 2, 12, 0, -1, 2.5, 0.5, 5, 7, 400, "4"),
    Kind.DATE: (None, *_DAYS),
    Kind.YES_NO: (None, "Yes", "no", "Y", "n", True, False, 1, 0, "✓", "x", " X", "perhaps"),
    Kind.TIER: (None, None, None, None, None, "A", "b", "C", "Gold"),
    Kind.TEXT: (None, "Ann", "bob", " Zoë & Co "),
}


def _values(column: Column, amounts: st.SearchStrategy[Any], points: int, of_ten: bool) -> st.SearchStrategy[Any]:
    """The values of a column's cells."""
    match column.kind:
        case Kind.MONEY:
            factors = [_OfRevenue(factor) for factor in _FACTORS.get(column.name, ())]
            return st.one_of(amounts, st.sampled_from([None, *factors]))
        case Kind.PERCENT:
            return st.sampled_from([None, None, *(share * points for share in _SHARES), "30%"])
        case Kind.SATISFACTION:
            return st.sampled_from(_SATISFACTIONS[of_ten])
    return st.sampled_from(_OF_KIND.get(column.kind, _LEVELS))


_REVENUE = BY_FIELD["revenue"].name
_OPTIONAL = [column.name for column in COLUMNS if column.name not in ("Client", _REVENUE)]


# --- Settings that the sheet can hold --------------------------------------------------------------------------------


def _ordered(values: st.SearchStrategy[Any], *names: str) -> st.SearchStrategy[dict[str, Any]]:
    lists = st.lists(values, min_size=len(names), max_size=len(names))
    return lists.map(lambda each: dict(zip(names, sorted(each), strict=True)))


def _section(*parts: st.SearchStrategy[dict[str, Any]], **settings: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts, st.fixed_dictionaries(settings)).map(
        lambda each: {name: value for part in each for name, value in part.items()}
    )


def _one(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


_SHARE = st.one_of(st.integers(0, 20).map(lambda part: part / 20), _one(0.333333333, 0.07, 1e-9, 0.999999999))
_CUT = st.one_of(st.integers(0, 100), _one(62.25, 40.333333333))
_BY_LEVEL = st.fixed_dictionaries(dict.fromkeys(("high", "medium", "low", "not_known"), _SHARE))
_LEVEL = _one(
    "4/yr, 30 min",
    "6 / yr, 120min, in person",
    "0.5/yr, 15 min",
    "52/yr, 5 min, by an assistant",
    "None",
    "5/yr, 9 min",
)
_SERVICE = st.fixed_dictionaries(dict.fromkeys("ABC", _LEVEL))
_POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "grading": _section(method=_one("five-factor", "revenue")),
        "revenue": st.one_of(
            _section(_ordered(_SHARE, "high_top", "medium_top"), tie_limit=_one(1, 1.5, 2, 10)),
            _section(_ordered(_SHARE, "high_share", "medium_share"), by=_one("share")),
            _section(_ordered(_one(100, 250.5, 1_000, 5e4, 1e12), "medium_amount", "high_amount"), by=_one("amount")),
        ),
        "wallet": _ordered(_SHARE, "medium_from", "high_above"),
        "profit": st.one_of(
            _ordered(_one(-0.1, 0, 0.1, 0.123456789, 0.25), "acceptable", "target"),
            _section(target_top=_SHARE, laggard_below=_one(-0.01, 0, 0.05)),
        ),
        "retention": _section(
            _ordered(st.integers(1, 4), "medium_signs", "high_signs"),
            derive=_one("on", "off"),
            revenue_down=_SHARE,
            silent_days=_one(0, 20, 365),
        ),
        "points": _ordered(_SHARE, "laggard", "low", "medium", "high"),
        "likelihood": _BY_LEVEL,
        "size": _BY_LEVEL,
        "weights": _section(
            profitability=_one(1, 25, 33.3),
            **dict.fromkeys(("revenue", "wallet_upside", "strategic_value", "pain"), _one(0, 0.5, 10, 33.3, 80)),
        ),
        "tiers": _section(_ordered(_CUT, "b_from", "a_from"), borderline=_one(0, 2.5, 10)),
        "moves": _section(
            max_move=_one(0, 1, 2),
            **dict.fromkeys(
                ("retention_risk", "profitability", "opportunity", "high_touch"),
                _one("on", "off", "five-factor", "revenue"),
            ),
        ),
        "floor": _section(strategic=_one("Medium", "High", "off")),
        "plan": _section(grace_days=_one(0, 7, 100)),
        "services": st.fixed_dictionaries(
            {}, optional=dict.fromkeys((REVIEW_MEETING, PERSONAL_CONTACT, "Gifts"), _SERVICE)
        ),
    },
)
_OF_NO_USE = {
    ("tiers", "a_from"): 140, ("weights", "pain"): "a lot", ("grading", "method"): None, ("moves", "max_move"): 1.5,
    ("wallet", "medium_from"): 0.9, ("points", "low"): 0.6, ("revenue", "by"): "amount",
}  # fmt: skip
"""Values of settings of which some, or some beside others, are of no use: the defaults count."""


# --- Both ------------------------------------------------------------------------------------------------------------


@st.composite
def _books(draw: st.DrawFn, most_clients: int) -> Book:
    amounts = _AMOUNTS[draw(st.integers(0, len(_AMOUNTS) - 1))]
    points, of_ten = draw(_one(1, 100)), draw(st.booleans())
    values = {column.name: _values(column, amounts, points, of_ten) for column in COLUMNS}
    few = {name: draw(st.lists(each, min_size=1, max_size=8)) for name, each in values.items()}
    left_out = draw(st.sets(st.sampled_from(_OPTIONAL), max_size=12))
    clients: Clients = []
    for at in range(draw(st.integers(1, most_clients))):
        client = {name: draw(st.sampled_from(few[name])) for name in values if name not in left_out}
        client["Client"] = f"Client {at}"
        client[_REVENUE] = client[_REVENUE] if clients and not isinstance(client[_REVENUE], _OfRevenue) else 100
        clients.append(_resolved(client, client[_REVENUE]))
    columns = st.sampled_from([*clients[0]][1:])
    cells = draw(st.sets(st.tuples(st.integers(0, len(clients) - 1), columns), max_size=12))
    of_clients = {(at, name): draw(values[name]) for at, name in cells}
    of_clients = {(at, name): _resolved({name: it}, 300)[name] for (at, name), it in of_clients.items()}
    policy = draw(_POLICIES)
    layer = draw(_POLICIES)
    layer.pop("services", None)
    typed = {(section, name): value for section, of in layer.items() for name, value in of.items()}
    typed |= {name: _OF_NO_USE[name] for name in draw(st.sets(st.sampled_from([*_OF_NO_USE]), max_size=2))}
    levels = st.tuples(_one(REVIEW_MEETING, PERSONAL_CONTACT, "Data analysis", "Open events"), st.integers(0, 2))
    of_services = draw(st.dictionaries(levels, st.one_of(_LEVEL, _one(None, "2/yr", "30 min")), max_size=3))
    return Book(clients, policy, of_clients, typed, of_services)


def _resolved(client: dict[str, Any], revenue: Any) -> dict[str, Any]:
    return {name: it.beside(revenue) if isinstance(it, _OfRevenue) else it for name, it in client.items()}


_SIMPLEST = 3
"""The first ones that are drawn, which are left out."""


def drawn(count: int, most_clients: int = 40) -> list[Book]:
    """So many books: Hypothesis collects them, since one run of a spreadsheet program calculates them all."""
    books: list[Book] = []

    @settings(
        max_examples=count + _SIMPLEST, phases=[Phase.generate], derandomize=True, deadline=None, database=None,
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(_books(most_clients))
    def collect(book: Book) -> None:
        books.append(book)

    collect()
    return books[-count:]
