"""The product's syntax trees, for tests that hold what is written against what is said of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("campaign", "workers", "storage")


def modules(*packages: str) -> dict[str, ast.Module]:
    """Dotted name -> tree of every module of these packages, of all three when none is named."""
    return {name: tree for package in packages or PACKAGES for name, tree in _parsed(package)}


@cache
def _parsed(package: str) -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            ast.parse(path.read_text(encoding="utf-8")),
        )
        for path in sorted((ROOT / package).rglob("*.py"))
    )


def classes(*packages: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """(module, class) of every class of these packages."""
    for module, tree in modules(*packages).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                yield module, node


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`, the name of a name, "" of anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def members(node: ast.AST, kind: str) -> set[str]:
    """`X` of every `kind.X` in an expression."""
    return {
        one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and last_name(one.value) == kind
    }
