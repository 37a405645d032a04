"""Settings of Office in the registry of Windows: what policies say, and what the user has chosen."""

from tierxl.doctor.machine import Machine

POLICIES = (r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0", r"HKCU\Software\Policies\Microsoft\Office\16.0",
            r"HKLM\Software\Policies\Microsoft\Office\16.0")  # fmt: skip
CHOSEN = r"HKCU\Software\Microsoft\Office\16.0"


def policy(machine: Machine, below: str, name: str) -> str | int | None:
    """The value of a policy of Office's; None where none is set."""
    values = (machine.registry(rf"{policies}\{below}", name) for policies in POLICIES)
    return next((value for value in values if value is not None), None)
