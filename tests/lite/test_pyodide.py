"""The workbook for xlwings Lite works in the Python that Lite runs: Pyodide, in WebAssembly.

``PYODIDE`` is the folder in which ``npm install pyodide`` was run.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import fake_lite
from tests.files import workbook
from tierxl.lite import commands
from tierxl.method.policy import Policy
from tierxl.template.lite import properties

pytestmark = pytest.mark.pyodide


def folder_of_node() -> Path:
    """The folder from which Node finds Pyodide; without one nothing is written anywhere."""
    assert "PYODIDE" in os.environ, "PYODIDE is to name the folder in which npm install pyodide was run"
    return Path(os.environ["PYODIDE"])


PURE = ("annotated-types", "narwhals<2.30", "pydantic", "typing-extensions", "typing-inspection")


def in_pyodide(folder: Path, clients: Path, *wheels: Path) -> dict[str, Any]:
    main, script = folder / "main.py", folder_of_node() / "tierxl.mjs"
    main.write_text(properties()["main.py"], encoding="utf-8")
    script.write_bytes(Path(__file__).with_name("pyodide.mjs").read_bytes())
    process = ["node", script, Path(__file__).parents[2], main, clients, *wheels]
    done = subprocess.run(process, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_carried_package_is_unpacked_there_and_has_the_same_policy(tmp_path: Path):
    """With the wheels that PyPI has for Pyodide, among which there is no library of frames."""
    info = json.loads((folder_of_node() / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    abi = "cp{}{}".format(*info["python"].split("."))
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", tmp_path]
    subprocess.run([*download, *PURE], check=True)
    (pydantic,) = tmp_path.glob("pydantic-*.whl")
    core = subprocess.run(
        ["unzip", "-p", pydantic, "*/METADATA"], capture_output=True, text=True, check=True
    ).stdout.partition("Requires-Dist: pydantic-core==")[2]
    platform = ["--platform", f"pyemscripten_{info['abi_version']}_wasm32", "--abi", abi, "--only-binary=:all:"]
    subprocess.run(
        [*download, *platform, "--python-version", info["python"], f"pydantic-core=={core.split()[0]}"], check=True
    )
    found = in_pyodide(tmp_path, workbook(tmp_path / "clients.xlsx"), *sorted(tmp_path.glob("*.whl")))
    assert (found["platform"], found["policy"]) == ("emscripten", Policy().fingerprint)
    assert found["home"].endswith(".zip/tierxl/__init__.py")


def test_a_whole_grading_there_gives_the_cells_of_this_python(tmp_path: Path):
    """Its libraries come from Pyodide and PyPI, over the network."""
    path = workbook(tmp_path / "clients.xlsx", table="Clients")
    there = in_pyodide(tmp_path, path)
    book = fake_lite.open_book(path)
    asyncio.run(fake_lite.run(commands.grade_clients, book))
    here = {page.title: [[str(cell.value) for cell in row] for row in page.iter_rows()] for page in book.impl.excel}
    assert there == {"alerts": [list(alert) for alert in book.impl.app.alerts], "cells": here}
