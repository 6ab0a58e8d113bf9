"""One name, one thing: a public class is defined in one module, apart from what the API shows of it."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests import ROOT

WIRE = ROOT / "campaign" / "service" / "views"
"""The API's models carry the names of what they show: these are the names of its schemas."""


def test_no_class_has_the_name_of_another() -> None:
    modules: dict[str, list[str]] = defaultdict(list)
    for package in ("campaign", "workers", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            if path.is_relative_to(WIRE):
                continue
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    modules[node.name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in modules.items() if len(places) > 1} == {}
