"""The files that are shipped with tierxl."""

from importlib.resources import files
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]


def shipped(name: str) -> Path:
    """A file or folder by its name in the project: of the installed package, else of the checkout.

    Example:
        >>> shipped("workbook/sample-portfolio.csv").name
        'sample-portfolio.csv'
    """
    installed = Path(str(files("tierxl"))) / name
    return installed if installed.exists() else CHECKOUT / name


def rendered(package: str, template: str, **values: Any) -> str:
    """A text that is made from a Jinja template of a package; values in XML are escaped.

    Its filter ``quoted`` makes a string of VBA: in quotation marks, with those in the text doubled.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415  seldom needed

    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=select_autoescape(("xml.j2", "xcu.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = lambda text: '"{}"'.format(text.replace('"', '""'))
    return environment.get_template(template).render(values)
