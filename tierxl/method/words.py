"""Small words that sentences are made of."""

from collections.abc import Sequence


def listed(parts: Sequence[str], count: int | None = None) -> str:
    """Words as a list in a sentence: a, b and c. They can be the first of so many: a, b and 7 more."""
    if count is not None and len(parts) < count:
        return f"{', '.join(parts)} and {count - len(parts):,} more"
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def counted(count: int, what: str) -> str:
    """How many of something there are: 1 client, 1,200 clients."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def has(count: int) -> str:
    """What so many do that have something."""
    return "has" if count == 1 else "have"
