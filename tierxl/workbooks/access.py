"""Permissions of a written file: it is read by nobody who may not read its sources, or the file that it replaces."""

import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE

_ACL = "system.posix_acl_access"
_USER, _OWNING_GROUP, _GROUP = 0x02, 0x04, 0x08
"""The entries of an access control list that say more than the mode does."""


def share_as_replaced(draft: Path, target: Path) -> None:
    """Give a draft the owner, the extended attributes, the access control list and the mode of the file it replaces.

    Linux keeps extended attributes; on other systems Python cannot read them.
    """
    was = target.stat()
    if sys.platform != "win32":
        for owner, group in ((-1, was.st_gid), (was.st_uid, -1)):
            with suppress(PermissionError):  # only an administrator gives files away
                os.chown(draft, owner, group)
    if sys.platform == "linux":
        _copy_attributes(draft, target)
    draft.chmod(_mode_for_the_same_people(draft, target))


def share_as_inputs(draft: Path, inputs: Iterable[Path]) -> None:
    """Give a new file the mode of any new file, but let nobody read it who may not read the inputs."""
    draft.chmod(0o600 | _mode_of_new(draft, inputs))


def share_folder_as_inputs(draft: Path, inputs: Iterable[Path]) -> None:
    """The same for a new folder and all that is in it."""
    mode = _mode_of_new(draft, inputs)
    within = list(draft.rglob("*"))
    folders = [path for path in within if path.is_dir()]
    for path in set(within).difference(folders):
        path.chmod(0o600 | mode)
    for path in (*folders, draft):
        path.chmod(S_IMODE(path.stat().st_mode) & 0o7000 | 0o700 | mode | (mode & 0o444) >> 2)


def _mode_of_new(draft: Path, inputs: Iterable[Path]) -> int:
    mask = os.umask(0o077)  # the one way to read it is to set it
    os.umask(mask)
    mode = 0o666 & ~mask
    for path in inputs:
        mode &= _mode_for_the_same_people(draft, path)
    return mode


def _mode_for_the_same_people(draft: Path, path: Path) -> int:
    """The mode of a file; where the group of the draft is made up of other people, it may do what everybody may."""
    was = path.stat()
    mode = S_IMODE(was.st_mode) & 0o777
    if was.st_gid == draft.stat().st_gid and _entries(path) == _entries(draft):
        return mode
    return mode & (0o707 | (mode & 0o007) << 3)


def _entries(path: Path) -> set[tuple[int, ...]]:
    """The entries of a file's access control list beyond its mode; empty where it has none."""
    if sys.platform != "linux":
        return set()
    try:
        entries = struct.iter_unpack("<HHI", os.getxattr(path, _ACL)[4:])
    except OSError:
        return set()
    return {entry for entry in entries if entry[0] in (_USER, _OWNING_GROUP, _GROUP)}


def _copy_attributes(draft: Path, target: Path) -> None:
    with suppress(OSError):  # a list that the folder gives to new files
        os.removexattr(draft, _ACL)
    with suppress(OSError):  # a disk without them
        for name in os.listxattr(target):
            with suppress(OSError):  # some are the system's own
                os.setxattr(draft, name, os.getxattr(target, name))
