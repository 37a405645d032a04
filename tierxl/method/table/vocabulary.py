"""The words in which lists of clients are written, and the form in which words are compared."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_WITHIN_CAMEL_CASE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = re.compile(r"[\s_.:/\\'’´`?!*\u2010-\u2015\u2212-]+")
_FACTORS = {"thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9}


def words(text: object) -> list[str]:
    """The words of a header or a cell as they are compared: in small letters, without accents and stops.

    Hyphens, underscores and camelCase part words as spaces do.

    Example:
        >>> words("Chiffre d'affaires_2025"), words("customerName")
        (['chiffre', 'd', 'affaires', '2025'], ['customer', 'name'])
    """
    written = "" if text is None else str(text)
    if not written.isascii():
        decomposed = unicodedata.normalize("NFKD", written)
        written = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _BETWEEN_WORDS.sub(" ", _WITHIN_CAMEL_CASE.sub(" ", written)).casefold().split()


def normal(text: object) -> str:
    """A text as it is compared: its words without the spaces between them.

    Example:
        >>> normal("Client-ID ") == normal("clientId")
        True
    """
    return "".join(words(text))


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads((files("tierxl.method.table") / "words.toml").read_text(encoding="utf-8"))


def _flat(section: Any) -> Iterator[str]:
    for entry in section.values() if isinstance(section, Mapping) else section:
        yield from (entry,) if isinstance(entry, str) else _flat(entry)


@cache
def written_words(*path: str) -> tuple[str, ...]:
    """All words of a section of the table of words, in all languages, as they are written."""
    section = _document()
    for step in path:
        section = section[step]
    return tuple(dict.fromkeys(_flat(section)))


@cache
def words_for(*path: str) -> tuple[str, ...]:
    """All words of a section of the table of words, in all languages, as they are compared.

    Example:
        >>> "gesamtsumme" in words_for("totals", "sum")
        True
    """
    return tuple(dict.fromkeys(map(normal, written_words(*path))))


@cache
def meanings(section: str) -> Mapping[str, str]:
    """The words of a section as they are compared, each with the name of the entry that it stands in.

    Example:
        >>> meanings("levels")["gering"], meanings("months")["marzo"], meanings("magnitudes")["tsd"]
        ('low', '3', 'thousand')
    """
    found: dict[str, str] = {}
    for name in _document()[section]:
        for word in words_for(section, name):
            found.setdefault(word, name)
    return found


@cache
def currencies() -> Mapping[str, str]:
    """The signs of currencies, by the signs, codes and words that mean them, in small letters.

    Example:
        >>> currencies()["usd"], currencies()["rs"]
        ('$', '₹')
    """
    return {word.casefold(): sign for sign, names in _document()["currencies"].items() for word in (sign, *names)}


@cache
def factors() -> Mapping[str, float]:
    """The numbers that words such as "k" and "Mio" multiply by, by the words as they are compared.

    Example:
        >>> factors()["tsd"], factors()["mio"]
        (1000.0, 1000000.0)
    """
    return {word: _FACTORS[name] for word, name in meanings("magnitudes").items()}


def is_currency(word: str) -> bool:
    """True for the sign, the code or the name of a currency."""
    return word.strip(".").casefold() in currencies() or (
        word.isupper() and normal(word) in words_for("currency_codes")
    )
