"""The tiers of a file under other settings, and the settings that its tiers hang on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tierxl.method.issues import CannotGrade
from tierxl.method.plan.parameters import WEIGHTS
from tierxl.method.plan.what_if import Comparison, Sensitivity, compare, sensitivity
from tierxl.method.policy import Policy
from tierxl.method.progress import Progress, silent
from tierxl.sheets import what_if as sheets
from tierxl.sheets.currency import sheet_in
from tierxl.use_cases.grade import clients_to_write, write
from tierxl.use_cases.graded import GradedFile, graded
from tierxl.use_cases.read import Read
from tierxl.use_cases.reading import Request, policy_layers, read_clients_of
from tierxl.workbooks import WORKBOOKS


@dataclass(frozen=True)
class Tried:
    """Settings to try.

    Attributes:
        settings: settings of the policy, over those in force.
        policy_file: a policy file in the place of the one in force.
    """

    settings: Mapping[str, Any]
    policy_file: Path | None = None


@dataclass(frozen=True)
class WhatIf:
    """The graded file, the settings that its tiers hang on, and the effect of the trial, if there is one."""

    graded: GradedFile
    sensitivity: list[Sensitivity]
    comparison: Comparison | None

    @property
    def first_trial(self) -> list[str]:
        """The options that try the setting that the tiers depend on most; none where something was tried."""
        if self.comparison or not self.sensitivity or not self.sensitivity[0].clients:
            return []
        most = self.sensitivity[0]
        trial = max((trial for trial in (most.less, most.more) if trial), key=lambda trial: trial.clients)
        return ["--weight" if most.parameter in WEIGHTS else "--cut", f"{most.parameter.name}={trial.value:.3g}"]


def what_if(request: Request, tried: Tried, target: Path | None = None, progress: Progress = silent) -> WhatIf:
    """Compare the tiers of a file with those that other settings would give, and say what they hang on.

    Args:
        request: what to grade, and by which settings now.
        tried: the settings to try; without any, nothing is compared.
        target: the graded workbook with a sheet What if; nothing is written without it. What is tried is not applied.
        progress: called with what is being done.

    Raises:
        CannotGrade: as for grading; also a setting that cannot be tried, or a target that has no sheets.
    """
    if target is None:
        return _what_if(request, tried, read_clients_of(request, progress), progress)
    if target.suffix.lower() not in WORKBOOKS:
        raise CannotGrade(f"{target.name} has no sheets: write What if into {' or '.join(WORKBOOKS)}.")
    with clients_to_write(request, target, progress) as read:
        result = _what_if(request, tried, read, progress)
        grading = result.graded.grading
        sheet = sheet_in(sheets.describe(grading, result.sensitivity, result.comparison), grading.clients.currency)
        return replace(result, graded=write(read, target, result.graded, progress, [sheet]))


def _what_if(request: Request, tried: Tried, read: Read, progress: Progress) -> WhatIf:
    policy = read.policy
    if tried.policy_file:
        policy = Policy.with_settings(
            read.own.layer, *policy_layers(tried.policy_file, request.method), request.settings
        )
    if tried.settings:
        policy = policy.changed(tried.settings)
    result = graded(request.as_of, read, progress)
    comparison = None
    if tried.policy_file or tried.settings:
        other = graded(request.as_of, replace(read, policy=policy), progress)
        comparison = compare(result.grading, other.grading)
    return WhatIf(result, sensitivity(result.grading), comparison)
