"""The message about a run that fails as nobody foresaw, without anything that is in the user's file."""

import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

_log = logging.getLogger("tierxl")

_STDERR = 2
_PANIC = b"panicked at"
"""Polars prints this before it raises an error of its own making, with values of the data beside it."""

_Identity = tuple[int, int, int] | None
_targets: dict[Path, _Identity] = {}


def watch(target: Path) -> None:
    """Note a file that the run is to write, as it is now, so that a failure can be reported with its state."""
    _targets[target] = _identity(target)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """End the process with exit status 1 and one sentence on whatever is raised and is neither an exit nor Ctrl-C."""
    _targets.clear()
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  a traceback holds values, and values are clients
        _log.debug("tierxl has a defect", exc_info=True)
        sys.exit(_sentence(error))


@contextmanager
def without_panics() -> Iterator[None]:
    """Keep the report of a panic in Polars off the screen: it goes to stderr past Python, and names values.

    Whatever else is written there past Python appears once this ends.
    """
    stream = sys.stderr
    try:
        screen = os.dup(_STDERR)
    except OSError:  # there is no stderr
        yield
        return
    with _unseen() as aside, open(screen, "w", 1, getattr(stream, "encoding", None), "replace") as own:  # noqa: PTH123  a descriptor
        os.dup2(aside.fileno(), _STDERR)
        if _is_stderr(stream):
            sys.stderr = own
        try:
            yield
        finally:
            sys.stderr = stream
            os.dup2(screen, _STDERR)
            aside.seek(0)
            printed = aside.read()
            if _PANIC not in printed or _log.isEnabledFor(logging.DEBUG):
                own.write(printed.decode(errors="replace"))


def _unseen() -> IO[bytes]:
    """A file that nobody sees; where no folder has room for one, what is written to it is lost."""
    try:
        return cast("IO[bytes]", tempfile.TemporaryFile())
    except OSError:
        return Path(os.devnull).open("r+b")


def _is_stderr(stream: IO[str] | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _STDERR
    except OSError:  # it is no file
        return False


def _sentence(error: BaseException) -> str:
    if isinstance(error, OSError) and _stdout_fails():
        return f"The result cannot be printed: {error.strerror or error}. {_state()}"
    if isinstance(error, MemoryError):
        return f"There is not enough memory for this: close other programs, or leave out columns. {_state()}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "tierxl" in Path(frame.filename).parts]
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "outside of tierxl"
    return (
        f"tierxl has a defect and stopped: {type(error).__name__}, {place}. {_state()} "
        "Please report this. `tierxl --verbose` before the command shows more, with what is in the file."
    )


def _state() -> str:
    """A sentence on what the run has written."""
    written = [str(target) for target, before in _targets.items() if _identity(target) != before]
    return f"{' and '.join(written)} was written before that, and is whole." if written else "Your file is as it was."


def _identity(path: Path) -> _Identity:
    """Numbers that change when a file is written; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def _stdout_fails() -> bool:
    """True where nothing can be printed any more, not even the end of a line."""
    try:
        print(flush=True)  # noqa: T201  what is to be known is whether this can be done
    except OSError:
        return True
    return False
