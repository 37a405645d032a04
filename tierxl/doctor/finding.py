"""One thing that was looked at, and the cure where it is not well; the texts stand in ``findings.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: its name, in a word or two.
        status: good; a note, where something may be in the way; or wrong, where something does not work.
        detail: the state of it, as text.
        cure: the steps to mend it, in plain words; empty where all is good.
    """

    check: str
    status: Literal["good", "note", "wrong"]
    detail: str
    cure: str = ""


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("tierxl.doctor") / "findings.toml").read_text(encoding="utf-8"))


def phrase(name: str) -> str:
    """A sentence that several findings share, by its name in ``findings.toml``."""
    return _texts()["phrases"][name]


def finding(name: str, **facts: Any) -> Finding:
    """A finding by its name in ``findings.toml``, with facts in the gaps of its texts.

    >>> finding("tierxl", version="0.1.0")
    Finding(check='tierxl', status='good', detail='0.1.0', cure='')
    """
    texts = {"status": "good", "cure": ""} | _texts()[name]
    return Finding(**{part: text.format(**_texts()["phrases"], **facts) for part, text in texts.items()})  # type: ignore[arg-type]
