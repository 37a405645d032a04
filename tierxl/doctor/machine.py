"""The computer, as far as tierxl asks about it. Tests put another one in its place."""

import getpass
import os
import platform
import re
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path

from tierxl.doctor.command import own_folder

if sys.platform == "win32":
    import winreg

RegistryValue = str | int | None

_PATIENCE = 60
"""Seconds after which a Python that says nothing counts as one that does not start."""


@dataclass(frozen=True)
class Machine:
    r"""The facts of a computer on which findings rest.

    Attributes:
        platform: as ``sys.platform`` says it: win32, darwin, or anything else, which counts as Linux.
        python: the version of the Python that runs.
        bits: 64, or 32.
        built_for: the system and the processor that this Python was built for, such as win-amd64.
        alphabet: the encoding of paths for programs that do not know Unicode, as Excel's way to Python does not.
        executable: the Python that runs.
        prefix: the environment that it belongs to.
        base_prefix: the Python that the environment was made from.
        home: the user's home folder.
        root: the top of the file system.
        is_root: whether the user is the one who may do everything, on a system that has such a user.
        environ: the environment variables.
        package: the version of an installed package, if it is installed.
        registry: a value of the Windows registry by its key, such as ``HKCU\Software\…``, and its name.
        registry_values: the values of a key of the registry that hold bytes, whatever they are called.
        set_registry: writes such a value, a text whose variables Windows fills in; None removes it.
        mark: the note of the system on where a file came from; empty where there is none.
        is_excel_open: whether this user has Excel open.
        start: what a command line of Windows writes when it is started as Excel starts Python, or why it cannot be.
    """

    platform: str
    python: str
    bits: int
    built_for: str
    alphabet: str
    executable: Path
    prefix: Path
    base_prefix: Path
    home: Path
    root: Path
    is_root: bool
    environ: Mapping[str, str]
    package: Callable[[str], str | None]
    registry: Callable[[str, str], RegistryValue]
    registry_values: Callable[[str], list[bytes]]
    set_registry: Callable[[str, str, str | None], None]
    is_excel_open: Callable[[], bool]
    mark: Callable[[Path], str]
    start: Callable[[str], str]

    @property
    def is_windows(self) -> bool:
        return self.platform == "win32"

    @property
    def is_mac(self) -> bool:
        return self.platform == "darwin"

    @property
    def own_folder(self) -> Path:
        """Tierxl's own folder."""
        return own_folder(self.platform, self.environ, self.home)

    @property
    def command(self) -> Path:
        """The command `tierxl` of the Python that runs."""
        return self.executable.with_name("tierxl.exe" if self.is_windows else "tierxl")

    def expanded(self, text: str) -> str:
        """A path with its variables filled in, as the VBA of xlwings does it on this system."""
        if self.is_windows:
            known = {name.upper(): value for name, value in self.environ.items()}
            return re.sub(r"%([^%]+)%", lambda variable: known.get(variable[1].upper(), variable[0]), text)
        first, slash, rest = text.partition("/")
        return f"{self.home}{slash}{rest}" if first == "$HOME" else text


def this_machine() -> Machine:
    return Machine(
        platform=sys.platform,
        python=platform.python_version(),
        bits=8 * struct.calcsize("P"),
        built_for=sysconfig.get_platform(),
        alphabet="mbcs" if sys.platform == "win32" else "utf-8",
        executable=Path(sys.executable),
        prefix=Path(sys.prefix),
        base_prefix=Path(sys.base_prefix),
        home=Path.home(),
        root=Path("/"),
        is_root=sys.platform != "win32" and os.geteuid() == 0,
        environ=os.environ,
        package=_version,
        registry=_registry_value,
        registry_values=_registry_values,
        set_registry=_set_registry_value,
        is_excel_open=_is_excel_open,
        mark=_mark,
        start=_start,
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _registry_value(key: str, name: str) -> RegistryValue:
    if sys.platform == "win32":
        with suppress(OSError), _opened(key) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
            return value if isinstance(value, str | int) else None
    return None


def _registry_values(key: str) -> list[bytes]:
    values: list[bytes] = []
    if sys.platform == "win32":
        with suppress(OSError), _opened(key) as opened:
            for number in count():  # until there is none of the number
                value = winreg.EnumValue(opened, number)[1]
                values += [value] if isinstance(value, bytes) else []
    return values


if sys.platform == "win32":

    def _opened(key: str) -> winreg.HKEYType:
        hive, _, path = key.partition("\\")
        hives = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
        return winreg.OpenKey(hives[hive], path)


def _set_registry_value(key: str, name: str, text: str | None) -> None:
    if sys.platform == "win32":
        path = key.removeprefix("HKCU\\")  # of the user's own: no other may be written without an administrator
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as opened:
            if text is None:
                winreg.DeleteValue(opened, name)
            else:
                winreg.SetValueEx(opened, name, 0, winreg.REG_EXPAND_SZ, text)


def _is_excel_open() -> bool:
    """True if a process of Excel's is this user's: on a server, others have theirs."""
    command = {
        "win32": ["tasklist", "/NH", "/FI", "IMAGENAME eq EXCEL.EXE", "/FI", f"USERNAME eq {getpass.getuser()}"],
        "darwin": ["/usr/bin/pgrep", "-x", "-u", getpass.getuser(), "Microsoft Excel"],
    }.get(sys.platform)
    if command is None:
        return False
    with suppress(OSError):
        # S603: the program is the system's own, and the name is that of the user.
        output = subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603
        return b"EXCEL.EXE" in output.upper() if sys.platform == "win32" else bool(output.strip())
    return False


def _mark(path: Path) -> str:
    """The stream Zone.Identifier on Windows, the attribute com.apple.quarantine on macOS."""
    with suppress(OSError):
        if sys.platform == "win32":
            return Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
        if sys.platform == "darwin":
            command = ["/usr/bin/xattr", "-p", "com.apple.quarantine", str(path)]
            # S603: the program is the system's own, and the path is one argument.
            return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    return ""


def _start(command_line: str) -> str:
    """As the library of xlwings starts it: by its own command line, and out of the job of this program."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_BREAKAWAY_FROM_JOB | subprocess.CREATE_NO_WINDOW
        try:
            # S603: the line names Windows' own program, and the Python of a workbook that its user wants examined.
            done = subprocess.run(  # noqa: S603
                command_line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                creationflags=flags, timeout=_PATIENCE, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return done.stdout.decode(errors="replace").strip()
    return ""
