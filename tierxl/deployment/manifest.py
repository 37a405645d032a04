"""The list of what an installation has written, so that it can be undone without touching the user's own files."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Self

from tierxl.deployment.errors import CannotDeploy


@dataclass
class Manifest:
    """The files, links, extensions and folders that are ours.

    Attributes:
        files: path to the SHA-256 of what was written there; a file that differs from it was changed by the user.
        links: path to what it points to.
        extensions: those that LibreOffice has, and for whom: user or shared.
        settings: key and name of a value in the Windows registry to what was written there.
        folders: those that were made for the files, the outer before the inner.
    """

    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Self:
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except (OSError, ValueError, TypeError) as error:
            raise CannotDeploy(
                f"{path}, the list of what is installed, cannot be read: delete it and run tierxl install again."
            ) from error

    def write(self, path: Path) -> None:
        """Write the list; an empty one is no file, and leaves no folder that was made."""
        if not (self.files or self.links or self.extensions or self.settings):
            path.unlink(missing_ok=True)
            for folder in reversed(self.folders):
                remove_if_empty(Path(folder))
            self.folders.clear()
        else:
            self._make(path.parent)
            _replace(path, json.dumps(asdict(self), indent=2).encode(), path.parent)

    def put(self, target: Path, content: bytes, keep_in: Path | None = None) -> Path | None:
        """Write a file. One that the user has made or changed is renamed, and its new path returned.

        Args:
            target: the file.
            content: its content.
            keep_in: the folder for the user's own file, where nothing may lie beside ours, not even a draft of it.
        """
        kept = None
        if target.exists():
            there = _digest(target.read_bytes())
            if there == _digest(content):
                return None  # as it should be; if it is not ours, it stays the user's
            if there != self.files.get(str(target)):
                self._make(keep_in or target.parent)
                kept = keep(target, keep_in or target.parent)
        self._make(target.parent)
        folder = target.parent.resolve()  # which may be a link to another disk
        _replace(target, content, folder.parent if keep_in else folder)
        self.files[str(target)] = _digest(content)
        return kept

    def link(self, path: Path, to: Path) -> bool:
        """Link to a file, unless something else has the name already; whether the link stands."""
        if path.is_symlink() and path.readlink() == to:
            return True
        if os.path.lexists(path) and not self._is_our_link(path):
            return False
        path.unlink(missing_ok=True)
        self._make(path.parent)
        path.symlink_to(to)
        self.links[str(path)] = str(to)
        return True

    def remove(self) -> list[Path]:
        """Remove the files and links that are ours; what the user has changed stays, and is returned."""
        changed = [file for file in map(Path, list(self.files)) if not self.take_back(file)]
        for link in filter(self._is_our_link, map(Path, self.links)):
            link.unlink()
        self.links.clear()
        return changed

    def take_back(self, file: Path) -> bool:
        """Remove a file that is ours, and forget it; False for one that the user has changed, which stays."""
        digest = self.files.pop(str(file), None)
        if digest is None:
            return True
        if file.exists() and _digest(file.read_bytes()) != digest:
            return False
        file.unlink(missing_ok=True)
        return True

    def _is_our_link(self, path: Path) -> bool:
        return path.is_symlink() and str(path.readlink()) == self.links.get(str(path))

    def _make(self, folder: Path) -> None:
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self.folders += [str(made) for made in reversed(missing)]


@contextmanager
def changing(path: Path) -> Iterator[Manifest]:
    """The list of what is installed; it is written whatever happens."""
    manifest = Manifest.read(path)
    try:
        try:
            yield manifest
        finally:
            manifest.write(path)
    except OSError as error:
        raise CannotDeploy(
            f"{error.filename2 or error.filename} cannot be changed ({error.strerror}): close it where it is open, "
            "such as in Excel, take a write protection away, and run this again."
        ) from error


def keep(file: Path, folder: Path) -> Path:
    """The user's own version of a file, renamed and in a folder, which may be on another disk."""
    kept = free_name(folder / file.name, "yours")
    shutil.move(file, kept)
    return kept


def remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(target: Path, content: bytes, folder: Path) -> None:
    """Write a file whole or not at all; its draft lies in a folder on the same disk."""
    draft = folder / f".{target.name}.new"
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def free_name(target: Path, mark: str) -> Path:
    """A name beside that of a file, such as Client Tiers (yours).xltm or Client Tiers (yours 2).xltm."""
    marks = chain([mark], (f"{mark} {number}" for number in count(2)))
    names = (target.with_stem(f"{target.stem} ({mark})") for mark in marks)
    return next(name for name in names if not name.exists())
