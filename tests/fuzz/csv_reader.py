"""Fuzz the reader of CSV: python -m tests.fuzz.csv_reader -max_total_time=60."""

from tests.fuzz.target import fuzz

TEXT = (
    "Client,Client ID,Revenue,Margin,Client since,Opportunity,Override tier,Override expires\n"
    'Abel,007,"1,200",20%,2020-01-02,High,A,2027-01-01\nBaker,08,300,,1/2/2020,3,,\n'
)
SEEDS = (
    TEXT.encode(),
    TEXT.encode("utf-16"),
    TEXT.replace(",", ";").encode("cp1252"),
    b"sep=|\n" + TEXT.replace(",", "|").encode("utf-8-sig"),
    "Kunde;Umsatz\nÅse;1.200,50 €\n".encode(),
    b"Client\tRevenue\nAbel\t$1.5m\nBaker\t(300)\n",
)

if __name__ == "__main__":
    fuzz(".csv", SEEDS)
