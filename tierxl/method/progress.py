"""The progress of a piece of work, for whoever shows it."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, such as "Grading", how much of it is done, and of how much."""


def silent(doing: str, done: int, of: int) -> None:
    """No progress is shown."""
