"""Where on this computer the command ``tierxl`` is, which runs the worker."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Iterator

POINTER = "calc-worker.txt"
"""The file in tierxl's own folder in which `tierxl install --calc` has noted where the command is."""


def find_command() -> Path | None:
    """The command that was noted, else the one of the installation, else the first one on the path."""
    return next((command for command in _candidates() if command.is_file()), None)


def data_folder() -> Path:
    """Tierxl's own folder, as the installation knows it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData/Local"))) / "tierxl"
    if sys.platform == "darwin":
        return Path.home() / "Library/tierxl"
    given = os.environ.get("XDG_DATA_HOME", "")
    return (Path(given) if given.startswith("/") else Path.home() / ".local/share") / "tierxl"


def _candidates() -> Iterator[Path]:
    data = data_folder()
    with suppress(OSError, UnicodeDecodeError):
        yield Path((data / POINTER).read_text(encoding="utf-8").strip())
    yield data / ("env/Scripts/tierxl.exe" if sys.platform == "win32" else "env/bin/tierxl")
    on_path = shutil.which("tierxl")
    if on_path:
        yield Path(on_path)
    yield Path.home() / ".local/bin/tierxl"
