"""Every member of every enum says in one line what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.trees import classes, last_name

ENUMS = {"Enum", "Flag", "IntEnum", "IntFlag", "StrEnum"}


def enums() -> Iterator[tuple[str, ast.ClassDef]]:
    for module, node in classes():
        if any(last_name(base) in ENUMS for base in node.bases):
            yield f"{module}.{node.name}", node


def meanings(node: ast.ClassDef) -> dict[str, str]:
    """Member -> the literal directly below it, "" where there is none."""
    found = {}
    for statement, below in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            literal = below.value if isinstance(below, ast.Expr) else None
            found[last_name(target)] = str(literal.value) if isinstance(literal, ast.Constant) else ""
    return found


FOUND = dict(enums())


def test_the_enums_are_found() -> None:
    assert {"storage.tables.states.CampaignState", "campaign.brief.kept.Purpose"} <= set(FOUND)
    assert len(meanings(FOUND["storage.tables.states.RowStatus"])) == 8


@pytest.mark.parametrize("name", FOUND)
def test_every_member_has_a_meaning_of_its_own(name: str) -> None:
    said = meanings(FOUND[name])
    assert said
    bad = {member: text for member, text in said.items() if not text or "\n" in text or text[-1] not in ".:"}
    assert bad == {}
    assert len(set(said.values())) == len(said)
