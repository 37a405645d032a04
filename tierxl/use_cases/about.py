"""The version of tierxl, and what keeps it from working on this computer."""

from importlib.metadata import version
from pathlib import Path

from tierxl.doctor import examine


def about(workbook: Path | None) -> str:
    """The version of tierxl, and what may keep it from working on this computer, or in a workbook on it."""
    findings = [finding for finding in examine(workbook) if finding.cure]
    amiss = [f"{finding.check}: {finding.detail}\n{finding.cure}" for finding in findings]
    return "\n\n".join([f"tierxl {version('tierxl')}", *(amiss or ["All that can be checked from here is well."])])
