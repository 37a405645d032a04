"""One thing that was looked at, and the cure where it is not well."""

from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at, in a word or two.
        status: good; a note, where something may be in the way; or wrong, where something does not work.
        found: what is there.
        cure: what to do, in plain words; empty where all is good.
    """

    check: str
    status: Literal["good", "note", "wrong"]
    found: str
    cure: str = ""

    @classmethod
    def good(cls, check: str, found: str) -> Self:
        return cls(check, "good", found)

    @classmethod
    def note(cls, check: str, found: str, cure: str) -> Self:
        return cls(check, "note", found, cure)

    @classmethod
    def wrong(cls, check: str, found: str, cure: str) -> Self:
        return cls(check, "wrong", found, cure)
