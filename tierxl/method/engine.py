"""The library of the frames that are our own."""

from importlib.util import find_spec
from typing import Literal

ENGINE: Literal["polars", "pandas"] = "polars" if find_spec("polars") else "pandas"
"""Polars where it is installed, which is several times as fast; else pandas, as on some Pythons in a browser."""
