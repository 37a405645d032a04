"""The file that a command writes: where it is, and when it is refused."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tierxl import console, defects

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that exists.")]


def target_of(
    source: Path, output: Path | None, ending: str = "-graded.xlsx", *, overwrite: bool, in_place: bool = False
) -> Path:
    """The file to write: INPUT itself, the output, or a new file beside INPUT with its name and an ending."""
    if in_place and output:
        console.refuse("Give either --in-place or -o, not both.")
    if not os.path.isfile(source):  # noqa: PTH113  Path.is_file raises for names that no disk can hold
        console.refuse(f"There is no file {source}.")
    target = source if in_place else output or source.with_name(f"{source.stem}{ending}")
    if not in_place:
        refuse_existing(target, overwrite=overwrite)
    if target.exists() and target.stat().st_nlink > 1:
        console.say(
            f"{target} has another name on this disk (a hard link): what is written now stands under {target.name} "
            "alone, and the other name keeps the file as it was.",
            err=True,
        )
    defects.watch(target)
    return target


def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Refuse to write over a file that nobody has said may go."""
    try:
        target.resolve()
        exists = target.exists()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it is a link that leads to itself"
        console.refuse(f"{target} cannot be written: {why}. Give another name with -o.")
    if exists and not overwrite:
        console.refuse(f"{target} exists already: give --overwrite to replace it, or -o with another name.")
