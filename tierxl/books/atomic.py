"""Writing a file whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from polars.exceptions import ComputeError

from tierxl.method.issues import CannotGrade


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to; once all is written and on the disk, it takes the target's place.

    Raises:
        CannotGrade: the file cannot be written; the target is as it was.
    """
    target = target.resolve()  # a link stays a link, and the file behind it is written
    draft = target.with_name(f".{target.stem}-{secrets.token_hex(4)}{target.suffix}")
    try:
        yield draft
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o777)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    except PermissionError as error:
        raise CannotGrade(f"{target} cannot be written: close it where it is open, or choose another place.") from error
    except (OSError, ComputeError) as error:
        raise CannotGrade(f"{target} cannot be written: {getattr(error, 'strerror', None) or error}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()
