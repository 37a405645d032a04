"""The mark by which a later grading knows a sheet of ours, whatever its title."""

MARK = "_tierxl"
"""The hidden name, scoped to a sheet; its value is the sheet's kind."""


def kind_of(value: str | None) -> str | None:
    """The kind of a sheet of ours, by the value of its mark; None for a sheet of the user's."""
    return value.strip('="') if value is not None else None
