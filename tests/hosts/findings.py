"""What two validators find in the workbooks of the corpus: python -m tests.hosts.findings writes it down."""

import json
from pathlib import Path

from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.corpus import BOOKS, FOLDER
from tests.hosts.test_validators import sdk_errors


def audited(path: Path) -> list[str]:
    errors = OpenXmlValidator().validate(path).errors
    return sorted(
        f"{each.part_uri}: {each.description}" for each in errors if each.severity == ValidationSeverity.ERROR
    )


def validated(path: Path) -> list[str]:
    return sorted(f"{each['path']}: {each['description']}" for each in sdk_errors(path))


if __name__ == "__main__":
    found = {
        validate.__name__: {book.name: errors for book in BOOKS if (errors := validate(book.path))}
        for validate in (audited, validated)
    }
    (FOLDER / "findings.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
