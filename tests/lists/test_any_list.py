"""Any list, written in any of the ways that people write lists, is read back to the same clients."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.lists.test_lists import clients_read, options, tierxl
from tierxl.method.table.vocabulary import written_words

pytestmark = pytest.mark.hypothesis
lists = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LANGUAGES = {
    "en": (["Client", "Revenue 2025", "Strategic value", "Last contact"], ["High", "Medium", "Low"]),
    "de": (["Kunde", "Umsatz 2025 (€)", "Strategischer Wert", "Letzter Kontakt"], ["hoch", "mittlerer", "gering"]),
    "fr": (["Société", "Chiffre d'affaires 2025", "Valeur stratégique", "Dernier contact"],
           ["élevée", "moyenne", "faible"]),
    "es": (["Razón social", "Ventas netas", "Valor estratégico", "Última llamada"], ["alta", "media", "baja"]),
    "it": (["Ragione sociale", "Fatturato annuo", "Valore strategico", "Ultimo contatto"],
           ["elevato", "medio", "basso"]),
    "nl": (["Klantnaam", "Totale omzet", "Strategische waarde", "Laatste contact"], ["hoog", "gemiddeld", "lage"]),
    "pt": (["Empresa", "Receita líquida", "Valor estratégico", "Último contato"], ["alto", "médio", "baixa"]),
}  # fmt: skip
LEVELS = ["High", "Medium", "Low"]
DATES = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%y",
    "%d-%m-%Y",
    "%Y%m%d",
    "%d %b %Y",
    "%B %d, %Y",
    "%Y/%m/%d 10:30",
]
MARKS = [",.", ".,", " .", " ,", "'.", "\u00a0,", "’.", ".,"]
TOTALS = [word for word in written_words("totals", "sum") if len(word) > 2 and word.isascii()]


@dataclass(frozen=True)
class Dialect:
    """One of the ways in which a list can be written."""

    language: str
    marks: str
    currency: str
    minus: str
    dates: str
    delimiter: str
    encoding: str
    order: Sequence[int]

    def amount(self, cents: int) -> str:
        thousands, mark = self.marks
        digits = f"{abs(cents) / 100:,.2f}".translate({ord(","): thousands, ord("."): mark})
        written = self.currency.format(digits)
        return self.minus.format(written) if cents < 0 else written

    def rows(self, clients: Sequence[tuple[str, int, int, date]]) -> list[list[str]]:
        headers, levels = LANGUAGES[self.language]
        return [
            headers,
            *(
                [name, self.amount(cents), levels[level], day.strftime(self.dates)]
                for name, cents, level, day in clients
            ),
        ]

    def file(self, folder: Path, rows: Sequence[Sequence[str]]) -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter).writerows([row[at] for at in self.order] for row in rows)
        path = folder / "clients.csv"
        path.write_bytes(text.getvalue().encode(self.encoding))
        return path


NAMES = st.text("abcdefgkmnrstuäöüß ", min_size=6, max_size=14).map(lambda name: f"{name.strip().title()} & Co")
CLIENTS = st.lists(
    st.tuples(
        NAMES,
        st.integers(-(10**7), 10**9),
        st.integers(0, 2),
        st.dates(date(2001, 1, 1), date(2026, 11, 1)),
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda client: client[0].casefold(),
).map(lambda clients: [("Proof & Co", 123_456_789, 0, date(2026, 1, 25)), *clients])
"""Clients with the letters of one language; an amount and a date of the first can be read in one way only."""
DIALECTS = st.builds(
    Dialect,
    language=st.sampled_from(sorted(LANGUAGES)),
    marks=st.sampled_from(MARKS),
    currency=st.sampled_from(["{}", "€ {}", "{} €", "€{}", "{} EUR", "EUR {}"]),
    minus=st.sampled_from(["-{}", "({})", "{}-", "\u2212{}"]),
    dates=st.sampled_from(DATES),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    order=st.permutations(range(4)),
)


def checked(path: Path) -> list[dict[str, Any]]:
    """The clients in a file, as the command tells them, which grades them too."""
    result = tierxl("check", path, "--json", "--values", *options({}))
    assert result.exit_code == 0, result.output
    values: list[dict[str, Any]] = json.loads(result.stdout)["values"]
    return values


def read(path: Path) -> list[dict[str, Any]]:
    """The clients in a file, as the command reads them."""
    values: list[dict[str, Any]] = clients_read(path, options({}))["values"]
    return values


def expected(clients: Sequence[tuple[str, int, int, date]]) -> list[dict[str, Any]]:
    return [
        {"Client": name, "Revenue": cents / 100, "Strategic value": LEVELS[level], "Last contact": day.isoformat()}
        for name, cents, level, day in clients
    ]


def with_row(rows: list[list[str]], at: int, row: list[str]) -> list[list[str]]:
    return [*rows[:at], row, *rows[at:]]


@lists
@given(clients=CLIENTS, dialect=DIALECTS)
def test_a_list_in_any_dialect_is_read_back_to_the_same_clients(tmp_path: Path, clients, dialect):
    assume("\u2212" not in dialect.minus or dialect.encoding != "cp1252")
    assert checked(dialect.file(tmp_path, dialect.rows(clients))) == expected(clients)


@lists
@given(
    clients=CLIENTS,
    dialect=DIALECTS,
    word=st.sampled_from(TOTALS),
    at=st.integers(2, 9),
    case=st.sampled_from([str, str.upper, str.title]),
)
def test_a_total_added_anywhere_changes_nothing(tmp_path: Path, clients, dialect, word, at, case):
    assume("\u2212" not in dialect.minus or dialect.encoding != "cp1252")
    at = min(at, len(clients))
    total = sum(cents for _, cents, _, _ in clients[:at])
    rows = with_row(dialect.rows(clients), at + 1, [case(word), dialect.amount(total), "", ""])
    assert read(dialect.file(tmp_path, rows)) == expected(clients)


@lists
@given(
    clients=CLIENTS,
    dialect=DIALECTS,
    word=st.sampled_from(TOTALS),
    end=st.sampled_from(["{}", "{} Ltd", "{} & Sons", "The {}"]),
    at=st.integers(0, 9),
)
def test_a_client_called_like_a_total_stays(tmp_path: Path, clients, dialect, word, end, at):
    assume("\u2212" not in dialect.minus or dialect.encoding != "cp1252")
    more = 2 * sum(abs(cents) for _, cents, _, _ in clients)
    named = [*clients[:at], (end.format(word.title()), more, 1, date(2020, 5, 25)), *clients[at:]]
    assert read(dialect.file(tmp_path, dialect.rows(named))) == expected(named)
