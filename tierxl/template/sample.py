"""The clients and account managers that the template shows until a user pastes their own; see ``sample.toml``."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

from tierxl.method.table.managers import Manager

_SAMPLE: dict[str, Any] = tomllib.loads((files("tierxl.template") / "sample.toml").read_text(encoding="utf-8"))

SAMPLE_DAY: date = _SAMPLE["day"]
"""The day for which the template's sheets are made, so that the same inputs give the same file."""

ACCOUNT_MANAGERS = [Manager(**manager) for manager in _SAMPLE["account_managers"]]
CLIENTS: list[dict[str, Any]] = _SAMPLE["clients"]
