"""Names as people write them."""

import difflib
from collections.abc import Iterable


def as_called(name: str) -> str:
    """A name as it is compared: case and additional spaces make no difference."""
    return " ".join(name.casefold().split())


def did_you_mean(written: str, names: Iterable[str]) -> str:
    """A question with the closest of some names, to end an error with; empty where none is close."""
    close = difflib.get_close_matches(written, list(names), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(close)}?" if close else ""
