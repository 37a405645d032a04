"""The sample portfolio, graded in a folder of its own: as of a quarter before, and as of today."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from tierxl.method.issues import CannotGrade
from tierxl.method.progress import Progress
from tierxl.use_cases.assign import AssignedFile, assign_file
from tierxl.use_cases.earlier_output import NO_OUTPUT
from tierxl.use_cases.grade import grade_file
from tierxl.use_cases.reading import Request
from tierxl.workbooks.shipped import shipped

CLIENTS, MANAGERS, GRADED = "sample-portfolio.csv", "account-managers.csv", "sample-portfolio-graded.xlsx"
_DEMO: dict[str, Any] = tomllib.loads((files("tierxl.use_cases") / "demo.toml").read_text(encoding="utf-8"))
_QUARTER = timedelta(weeks=_DEMO["weeks"])
_CONTACTS = ("Last contact", "Last review")
_DATES = (*_CONTACTS, "Client since", "Override expires")

Line = Mapping[str, Any]


def grade_sample(folder: Path, as_of: date, progress: Progress) -> AssignedFile:
    """Write the sample portfolio into a folder and grade it there, with who should serve whom.

    Its dates are moved so that they are as far from the day as they are from the sample's own.

    Raises:
        CannotGrade: the folder cannot be written.
    """
    target = folder / GRADED
    reading = {"reading": {"currency": _DEMO["currency"]}}
    request = Request(folder / CLIENTS, as_of, managers=folder / MANAGERS, settings=reading)
    now = list(_sample(as_of - _DEMO["day"]))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        _write(folder / MANAGERS, _DEMO["account_managers"])
        _write(folder / CLIENTS, [*_before(now, as_of - _QUARTER), _DEMO["left"]])
        grade_file(replace(request, as_of=as_of - _QUARTER), target, progress)
        _write(folder / CLIENTS, now)
    except OSError as error:
        raise CannotGrade(f"{folder} cannot be written: {error.strerror or error}.") from error
    assigned = assign_file(request, target, apply=False, progress=progress)
    return replace(assigned, graded=replace(assigned.graded, earlier=NO_OUTPUT))


def _sample(later: timedelta) -> Iterator[Line]:
    """The clients of the sample, all their dates so much later."""
    with shipped(f"workbook/{CLIENTS}").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield line | {name: _moved(line[name], later) for name in _DATES}


def _before(lines: Sequence[Line], day: date) -> Iterator[Line]:
    """The clients as they were on an earlier day."""
    for line in lines:
        if line["Client since"] <= day.isoformat():
            contacts = {name: _moved(line[name], -_QUARTER) for name in _CONTACTS}
            yield {**line, **contacts, **_DEMO["before"].get(line["Client"], {})}


def _moved(day: str, later: timedelta) -> str:
    return (date.fromisoformat(day) + later).isoformat() if day else ""


def _write(path: Path, lines: Sequence[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
