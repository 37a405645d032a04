"""Places of tierxl on a computer: its own folder, and the command ``tierxl``.

The extension for LibreOffice Calc gets a copy of this module: Python 3.8, and the standard library alone.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Iterator, Mapping

POINTER = "calc-worker.txt"
"""The file in tierxl's own folder in which `tierxl install --calc` notes where the command is."""


def own_folder(platform: str, environ: Mapping[str, str], home: Path) -> Path:
    """Tierxl's own folder. The scripts in install/ know it as well.

    Args:
        platform: as ``sys.platform`` has it.
        environ: the environment variables.
        home: the user's home folder.
    """
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA", str(home / "AppData/Local"))) / "tierxl"
    if platform == "darwin":
        # Not "Application Support": xlwings' AppleScript passes the interpreter to a shell without quotes, so its
        # path must not have a space in it.
        return home / "Library/tierxl"
    chosen = environ.get("XDG_DATA_HOME", "")
    return (Path(chosen) if chosen.startswith("/") else home / ".local/share") / "tierxl"


def find_command(platform: str, environ: Mapping[str, str], home: Path) -> Path | None:
    """The command that was noted, else the one of the installation, else the first one on the path."""
    return next((command for command in _candidates(platform, environ, home) if command.is_file()), None)


def _candidates(platform: str, environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    folder = own_folder(platform, environ, home)
    with suppress(OSError):
        yield Path((folder / POINTER).read_text(encoding="utf-8", errors="replace").strip())
    yield folder / ("env/Scripts/tierxl.exe" if platform == "win32" else "env/bin/tierxl")
    on_path = shutil.which("tierxl", path=environ.get("PATH", ""))
    if on_path:
        yield Path(on_path)
    yield home / ".local/bin/tierxl"
