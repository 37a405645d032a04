"""Importing a library without others, which it loads wherever they are, and which take most of its time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """The time in which a library that is imported does not find some modules, unless they are loaded already."""
    away = [name for name in modules if name not in sys.modules]
    for name in away:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in away:
            del sys.modules[name]
