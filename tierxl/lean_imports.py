"""Work in less time: imports without libraries that another loads wherever they are, and no search for garbage."""

import gc
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


@contextmanager
def without_collection() -> Iterator[None]:
    """The time in which nobody looks for garbage, among modules and tables of cells that are none.

    Looking takes a tenth of the time of loading, and as long as a grading where each cell is an object.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
