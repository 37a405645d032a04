"""The files that are shipped with tierxl."""

from importlib.resources import files
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def shipped(name: str) -> Path:
    """A file or folder by its name in the project: of the installed package, else of the checkout.

    Example:
        >>> shipped("workbook/sample-portfolio.csv").name
        'sample-portfolio.csv'
    """
    installed = Path(str(files("tierxl"))) / name
    return installed if installed.exists() else CHECKOUT / name
