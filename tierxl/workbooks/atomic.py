"""Writing a file whole or not at all: one run at a time, and never over what somebody saved in between."""

import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock, Timeout
from polars.exceptions import ComputeError

from tierxl.method.issues import CannotGrade
from tierxl.workbooks.access import share_as_inputs, share_as_replaced
from tierxl.workbooks.open_elsewhere import open_in

_NO_LOCKS_HERE = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)


_Claim = tuple[bytes | None, Sequence[Path]]
"""The digest of a file that this run may write (None: no file), and the inputs that it is made from."""

_claims: ContextVar[Mapping[Path, _Claim]] = ContextVar("_claims", default=MappingProxyType({}))


@contextmanager
def claimed(target: Path, inputs: Sequence[Path] = ()) -> Iterator[None]:
    """As long as this lasts, no other run of tierxl writes a file, and :func:`replacing` only writes over what it holds
    now. Claim a file before it is read. What a run that was killed has left behind is removed.

    Args:
        target: the file.
        inputs: the files it is made from: a new file can be read by nobody who may not read them.

    Raises:
        CannotGrade: another run has claimed it, it is open in a program, or it cannot be written.
    """
    target = target.resolve()  # a link stays a link, and the file behind it is meant
    if target in _claims.get():
        yield
        return
    with ExitStack() as claims:
        with one_sentence_for_errors(target):
            _refuse_what_must_not_be_replaced(target)
            claims.enter_context(_locked(target))
            claim = _digest(target), inputs
        claims.callback(_claims.reset, _claims.set({**_claims.get(), target: claim}))
        yield


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to; once all is written and on the disk, it takes the target's place.

    Raises:
        CannotGrade: the file cannot be written, or has changed since it was claimed; the target is as it was.
    """
    target = target.resolve()
    with claimed(target), one_sentence_for_errors(target):
        draft = target.with_name(f"{_prefix(target)}-{secrets.token_hex(4)}{target.suffix}")
        try:
            draft.touch(0o600, exist_ok=False)
            yield draft
            _take_the_place(draft, target)
        finally:
            with suppress(OSError):
                draft.unlink()


@contextmanager
def one_sentence_for_errors(target: Path) -> Iterator[None]:
    """As long as this lasts, an error of the disk says that a file cannot be written, and why."""
    try:
        yield
    except PermissionError as error:
        raise CannotGrade(f"{target} cannot be written: close it where it is open, or choose another place.") from error
    except (OSError, ComputeError) as error:
        why = getattr(error, "strerror", None) or error
        why = "it is a link that leads to itself" if getattr(error, "errno", 0) == errno.ELOOP else why
        raise CannotGrade(f"{target} cannot be written: {why}.") from error


def _refuse_what_must_not_be_replaced(target: Path) -> None:
    target.parent.stat()  # raises where there is no such folder, which the lock would make
    if not target.exists():
        return
    if not target.is_file():
        raise CannotGrade(f"{target} cannot be written: it is not a file.")
    if not os.access(target, os.W_OK):
        raise CannotGrade(f"{target} cannot be written: it is read-only. Allow writing, or choose another place.")
    if is_open := open_in(target):
        raise CannotGrade(f"{target} {is_open}.")


def _take_the_place(draft: Path, target: Path) -> None:
    with draft.open("r+b") as written:
        os.fsync(written.fileno())
    _refuse_what_must_not_be_replaced(target)
    digest, inputs = _claims.get()[target]
    if _digest(target) != digest:
        raise CannotGrade(
            f"{target} was saved by somebody else while it was being graded: it is left as they saved it. Grade again."
        )
    if target.exists():
        share_as_replaced(draft, target)
    else:
        share_as_inputs(draft, inputs)
    draft.replace(target)
    if sys.platform != "win32":
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk as well. The file is written already, so a disk that cannot do this is no error."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _digest(path: Path) -> bytes | None:
    """The digest of a file, whatever its dates say: some disks count in seconds, and some programs change them."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").digest()
    except FileNotFoundError:
        return None


# --- One run at a time -----------------------------------------------------------------------------------------------


def _prefix(target: Path) -> str:
    """The beginning of the names of all that stands beside a file for a while."""
    name = os.fsencode(os.path.normcase(target.name))
    return f".tierxl-{hashlib.blake2b(name, digest_size=6).hexdigest()}"


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """A lock that the system takes back when the process ends, however that is; nothing where the disk has no locks.

    Whoever has it is the only one with a draft: each that is there was left behind by a run that was killed.
    """
    lock = FileLock(target.with_name(f"{_prefix(target)}.lock"), timeout=0, mode=0o666, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise CannotGrade(f"{target} is being written by another run of tierxl: wait until it has ended.") from error
    except OSError as error:
        if error.errno not in _NO_LOCKS_HERE:
            raise
        yield
        return
    try:
        for draft in target.parent.glob(f"{_prefix(target)}-*"):
            with suppress(OSError):
                draft.unlink()
        yield
    finally:
        _release(lock)


def _release(lock: FileLock) -> None:
    """Give a lock back and remove its file. Whoever opened the file meanwhile sees that, and tries again."""
    if sys.platform == "win32":  # where an open file cannot be removed
        lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink()
    lock.release()
