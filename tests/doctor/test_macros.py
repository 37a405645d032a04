"""The doctor compares the macros of a workbook with those of the template that is installed."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.corpus import FOLDER
from tierxl.doctor import Finding
from tierxl.doctor.macros import code, examine, functions
from tierxl.doctor.vba import VbaProject, read_vba
from tierxl.workbooks.shipped import shipped

FACTS = {"renew": "tierxl upgrade"}


@pytest.fixture(scope="module")
def template() -> VbaProject:
    vba = read_vba(shipped("workbook/Client Tiers.xlsm"))
    assert vba
    return vba


def changed(vba: VbaProject, name: str, old: str, new: str) -> VbaProject:
    assert old in vba.modules[name]
    return replace(vba, modules=vba.modules | {name: vba.modules[name].replace(old, new)})


def test_the_shipped_workbook_is_as_it_should_be():
    found = list(examine(shipped("workbook/Client Tiers.xlsm"), FACTS))
    assert [(finding.check, finding.status) for finding in found] == [("Functions", "good"), ("Modules", "good")]


def test_a_function_that_the_workbook_does_not_know_is_named(template: VbaProject):
    older = changed(template, "xlwings_udfs", "Public Function NEXT_DUE(", "Private Function SOMETHING_ELSE(")
    found = functions(older, template, FACTS)
    assert (found.status, found.cure) == ("wrong", "tierxl upgrade")
    assert "does not know NEXT_DUE," in found.detail


def test_a_function_that_tierxl_does_not_know_any_more_is_named(template: VbaProject):
    older = changed(template, "xlwings_udfs", "Option Explicit", "Option Explicit\r\nPublic Function NEXT_DAY(a)")
    found = functions(older, template, FACTS)
    assert (found.status, found.cure) == ("wrong", "tierxl upgrade")
    assert "tierxl does not know NEXT_DAY" in found.detail


def test_a_module_that_was_changed_or_is_gone_is_named(template: VbaProject):
    other = changed(template, "TierxlRibbon", "Option Explicit", "Option Explicit\r\nDim x As Long")
    del other.modules["TierxlLicences"]
    found = code(other, template, FACTS)
    assert (found.status, found.detail.split(" not as")[0]) == ("note", "TierxlLicences, TierxlRibbon")
    assert found.cure.endswith("Else: tierxl upgrade")


def test_what_excel_itself_changes_when_it_saves_is_no_change(template: VbaProject):
    saved = changed(template, "TierxlRibbon", "    ", "  ")
    saved = changed(saved, "TierxlCalculation", "Sub ", "sub ")
    described = (
        'Attribute NEXT_DUE.VB_Description = "The day"\r\nAttribute NEXT_DUE.VB_ProcData.VB_Invoke_Func = " \\n20"\r\n'
    )
    saved = changed(saved, "xlwings_udfs", "Public Function NEXT_DUE", f"{described}Public Function NEXT_DUE")
    assert code(saved, template, FACTS) == Finding("Modules", "good", "those of the template")


def test_modules_of_the_users_own_are_named(template: VbaProject):
    other = replace(template, modules=template.modules | {"Mine": "Sub Hello()\r\nEnd Sub\r\n"})
    assert code(other, template, FACTS) == Finding("Modules", "good", "those of the template, and of your own Mine")


@pytest.mark.parametrize(
    ("what", "says"), [("is_signed", "signed by a certificate"), ("has_password", "protected by a")]
)
def test_who_vouches_for_the_macros_is_told(template: VbaProject, what: str, says: str):
    found = code(replace(template, **{what: True}), template, FACTS)
    assert (found.status, found.detail.startswith(says)) == ("good", True)


def test_a_signature_is_seen_in_the_file():
    signed, plain = read_vba(FOLDER / "pyopenvba-signed.xlsm"), read_vba(FOLDER / "pyopenvba-macros.xlsm")
    assert signed
    assert plain
    assert (signed.is_signed, plain.is_signed) == (True, False)


def test_a_workbook_that_has_lost_its_macros_is_told(tmp_path: Path):
    book = tmp_path / "Team.xlsm"
    Workbook().save(book)
    (found,) = examine(book, FACTS)
    assert (found.check, found.status, found.detail.split(":")[0]) == ("Modules", "wrong", "none")


def test_a_workbook_that_was_not_made_from_the_template_is_not_examined():
    assert list(examine(FOLDER / "pyopenvba-macros.xlsm", FACTS)) == []
