"""The rule: a TOML file read strictly, and an expression over the gate's numbers that can do nothing else.

The rule is in the gate, digest and all, before any sound is made: nobody can fit it to the scores.
"""

from __future__ import annotations

import ast
import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.errors import RuleError
from campaign.gate.numbers import known_names, number
from storage.canonical import digest
from storage.resources import data_folder

MAX_EXPRESSION_CHARACTERS = 2_000
DEFAULT_CONFIDENCE = 0.95

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What one number must keep to; every limit that is given holds."""

    name: str
    at_most: float | None = None
    at_least: float | None = None
    worse_by_at_most: float | None = None
    """Non-inferiority: the far end of the paired difference's interval."""
    confidence: float = DEFAULT_CONFIDENCE
    per_language: bool = False
    """In every language by itself, not only in total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a candidate takes the baseline's place."""

    name: str
    swap: str
    next_candidate: str
    prompts: int
    listeners: int
    repeat_tolerance: float
    bounds: tuple[Bound, ...]
    source: Mapping[str, Any]
    """As read: what is kept and digested."""

    @property
    def digest(self) -> str:
        """sha256 hex of what the file says."""
        return digest(self.source)

    @property
    def names(self) -> frozenset[str]:
        """The numbers that `swap` needs."""
        return names_of(self.swap)

    @property
    def needs_listening(self) -> bool:
        """Whether `swap` asks what people heard."""
        from campaign.gate.numbers import OF_LISTENING

        return bool(self.names & OF_LISTENING.keys())


def read_rule(path: Path | None) -> Rule:
    """The rule in a file; None is the one that ships. Raises `RuleError` with file, key and mend."""
    path = path or data_folder("templates").joinpath("rules", "default.toml")
    try:
        source = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise RuleError(f"the rule {path} cannot be read: {exc.strerror}. Name another with --rule.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise RuleError(f"{path} is not TOML: {exc}. Correct that line.") from exc
    return rule_of(source, str(path))


def rule_of(source: Mapping[str, Any], where: str) -> Rule:
    """A rule from its table."""
    _refuse_unknown_keys(source, {"name", "swap", "next_candidate", "needs", "bounds"}, where)
    swap = source.get("swap")
    if not isinstance(swap, str) or not swap.strip():
        raise RuleError(f'{where}: swap is missing; write for example swap = "wer <= baseline_wer".')
    names_of(swap, where)
    needs = _table(source, "needs", where)
    _refuse_unknown_keys(needs, {"prompts", "listeners", "repeat_tolerance"}, f"{where}: needs")
    next_candidate = source.get("next_candidate", "")
    if not isinstance(next_candidate, str):
        raise RuleError(f"{where}: next_candidate is a pin's name, not {next_candidate!r}.")
    bounds = _table(source, "bounds", where)
    return Rule(
        name=str(source.get("name", "rule")),
        swap=swap,
        next_candidate=next_candidate,
        prompts=int(_number(needs, "prompts", 1, f"{where}: needs")),
        listeners=int(_number(needs, "listeners", 1, f"{where}: needs")),
        repeat_tolerance=_number(needs, "repeat_tolerance", 1.0, f"{where}: needs"),
        bounds=tuple(_bound(name, table, where) for name, table in sorted(bounds.items())),
        source=source,
    )


def _bound(name: str, table: Any, where: str) -> Bound:
    where = f"{where}: bounds.{name}"
    if number(name) is None:
        raise RuleError(f"{where}: there is no such number. docs/gates.md lists them.")
    if not isinstance(table, dict):
        raise RuleError(f"{where} is a table, for example {{ at_most = 0.1 }}.")
    _refuse_unknown_keys(
        table, {"at_most", "at_least", "worse_by_at_most", "confidence", "per_language"}, where
    )
    limits = {
        key: _number(table, key, 0.0, where) if key in table else None
        for key in ("at_most", "at_least", "worse_by_at_most")
    }
    if not any(key in table for key in limits):
        raise RuleError(f"{where} gives no limit; give at_most, at_least or worse_by_at_most.")
    confidence = _number(table, "confidence", DEFAULT_CONFIDENCE, where)
    if not 0.5 <= confidence < 1:
        raise RuleError(f"{where}: confidence is {confidence}; give 0.5 to 0.999.")
    return Bound(name=name, confidence=confidence, per_language=bool(table.get("per_language")), **limits)


def _table(source: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    table = source.get(key, {})
    if not isinstance(table, dict):
        raise RuleError(f"{where}: {key} is a table.")
    return table


def _refuse_unknown_keys(table: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(table.keys() - keys):
        raise RuleError(f"{where}: no such key: {', '.join(unknown)}. Known keys: {', '.join(sorted(keys))}.")


def _number(table: Mapping[str, Any], key: str, default: float, where: str) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(f"{where}: {key} is a number, not {value!r}.")
    return float(value)


def names_of(expression: str, where: str = "rule") -> frozenset[str]:
    """The numbers an expression uses; raises `RuleError` for anything but numbers, names, + - * / and comparisons."""
    names: set[str] = set()
    for node in ast.walk(_parse_expression(expression, where)):
        if isinstance(node, ast.Name):
            names.add(node.id)
    if unknown := sorted(names - known_names()):
        raise RuleError(
            f"{where}: swap uses {unknown[0]}, which is not a number of the gate. docs/gates.md lists them."
        )
    return frozenset(names)


def evaluate(expression: str, numbers: Mapping[str, float]) -> bool:
    """Whether it holds; every name must have its number."""
    return bool(_value(_parse_expression(expression, "rule"), numbers))


def _parse_expression(expression: str, where: str) -> ast.expr:
    if len(expression) > MAX_EXPRESSION_CHARACTERS:
        raise RuleError(f"{where}: swap is longer than {MAX_EXPRESSION_CHARACTERS} characters. Shorten it.")
    try:
        tree = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as exc:
        raise RuleError(f"{where}: swap cannot be read: {exc}. Correct the expression.") from exc
    _check(tree, where)
    return tree


def _check(node: ast.expr, where: str) -> None:
    match node:
        case ast.BoolOp(values=parts):
            children = list(parts)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            children = [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            children = [left, right]
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(
            type(comparison) in _COMPARISONS for comparison in ops
        ):
            children = [left, *rest]
        case ast.Name():
            children = []
        case ast.Constant(value=value) if type(value) in (int, float):
            children = []
        case _:
            raise RuleError(
                f"{where}: swap may hold numbers, names, + - * /, comparisons, and, or, not; "
                f"correct {ast.unparse(node)[:60]!r}."
            )
    for child in children:
        _check(child, where)


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return float(all(_value(part, numbers) for part in parts))
        case ast.BoolOp(values=parts):
            return float(any(_value(part, numbers) for part in parts))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return float(not _value(operand, numbers))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, numbers)
        case ast.BinOp(left=left, op=op, right=right):
            try:
                return _ARITHMETIC[type(op)](_value(left, numbers), _value(right, numbers))
            except ZeroDivisionError as exc:
                raise RuleError(
                    f"swap divides by {ast.unparse(right)}, which is 0. Correct the rule."
                ) from exc
        case ast.Compare(left=left, ops=ops, comparators=rest):
            values = [_value(term, numbers) for term in (left, *rest)]
            pairs = zip(ops, values[:-1], values[1:], strict=True)
            return float(all(_COMPARISONS[type(op)](first, second) for op, first, second in pairs))
        case ast.Name(id=name):
            return numbers[name]
        case ast.Constant(value=int() | float() as value):
            return float(value)
    raise RuleError(f"swap cannot compute {ast.unparse(node)!r}. Correct the rule.")
