"""# Client tiers

Grades your clients A, B or C, says why, and turns the tiers into an engagement plan.

1. Fill in the sheet **Clients**, or paste your own list over it.
2. Press **Grade clients**. It writes the tiers beside your clients, and the sheets *Summary*, *Engagement plan*,
   *Shed list*, *Checks* and others. Numbers and switches of the method are on the sheet *Settings*.
3. Select a client and press **Explain selected client** to read why it has its tier.

Nothing leaves this workbook: the grading runs here, inside Excel. Charts, marks beside the tiers, links between sheets
and page set-up come with tierxl for Windows, or with the command `tierxl grade`.
"""

import base64
import bz2
import sys
import tempfile
from pathlib import Path
from typing import Any

import xlwings as xw

VERSION = ""
BUNDLE = ""

_bundle = Path(tempfile.gettempdir(), f"tierxl-{VERSION}.zip")
_bundle.write_bytes(bz2.decompress(base64.b64decode(BUNDLE)))
if str(_bundle) not in sys.path:
    sys.path.insert(0, str(_bundle))

from tierxl.lite import commands  # noqa: E402


@xw.script(name="Grade clients")
async def grade_clients(book: xw.Book) -> None:
    """Grades the clients, and writes tiers, reasons, plan and checks."""
    await commands.grade_clients(book)


@xw.script(name="Explain selected client")
async def explain_selected_client(book: xw.Book) -> None:
    """Says why the client in the selected row has its tier, and what would change it."""
    await commands.explain_selected_client(book)


@xw.script(name="Check data")
async def check_data(book: xw.Book) -> None:
    """Lists what is wrong in the data on the sheet Checks, and changes nothing else."""
    await commands.check_data(book)


SETTINGS = "the cells of the sheet Settings, such as Settings!A1:F200; the defaults if left out"


@xw.func
@xw.arg("clients", ndim=2, err_to_str=True, doc="the clients with their headers, such as Clients[#All]")
@xw.arg("column", ndim=2, err_to_str=True, doc="a graded column, such as Tier; all of them if left out")
@xw.arg("settings", ndim=2, err_to_str=True, doc=SETTINGS)
def tier_table(clients: Any, column: Any = None, settings: Any = None) -> Any:
    """Grades clients A, B or C: the graded columns with their headers, or one of them."""
    return commands.calculate("TIER_TABLE", [clients, column], settings)


@xw.func
@xw.arg("clients", ndim=2, err_to_str=True, doc="all the clients with their headers, such as Clients[#All]")
@xw.arg("client", ndim=2, err_to_str=True, doc="a name or Client ID; also several")
@xw.arg("settings", ndim=2, err_to_str=True, doc=SETTINGS)
def tier_why(clients: Any, client: Any, settings: Any = None) -> Any:
    """Why a client has its tier, in plain sentences with the numbers in them."""
    return commands.calculate("TIER_WHY", [clients, client], settings)


@xw.func
@xw.arg("clients", ndim=2, err_to_str=True, doc="the clients with their headers, such as Clients[#All]")
@xw.arg("managers", ndim=2, err_to_str=True, doc="the account managers with their headers; may be left out")
@xw.arg("settings", ndim=2, err_to_str=True, doc=SETTINGS)
def should_tier(clients: Any, managers: Any = None, settings: Any = None) -> Any:
    """The verdict whether tiering suits these clients, and the signals that speak for or against it."""
    return commands.calculate("SHOULD_TIER", [clients, managers], settings)
