"""The rule: a TOML file read strictly, and an expression over the gate's numbers that can do nothing else.

The rule is in the gate, digest and all, before any sound is made: nobody can fit it to the scores.
"""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, JsonValue, field_validator, model_validator

from campaign.errors import RuleError
from campaign.gate.numbers import OF_PROMPTS, SIMILARITY, known_names, number, plain
from storage.canonical import digest
from storage.resources import data_folder
from workers.strict import KeptTable, StrictTable, read, read_toml

MAX_EXPRESSION_CHARACTERS = 2_000
MAX_DEPTH = 100

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


class Needs(StrictTable):
    """What there must be before anything is decided."""

    prompts: int = Field(default=1, ge=0)
    """Heard in both voices."""
    listeners: int = Field(default=1, ge=0)
    """Who scored."""
    repeat_tolerance: float = Field(default=1.0, ge=0)
    """Points by which a listener may be away from their own first answer, on average."""
    encoder: str = ""
    """By which `similarity` is measured, as a gate names it: each encoder has a scale of its own. Needed where the rule
    judges `similarity`."""


class Bound(StrictTable):
    """What one number must keep to; every limit that is given holds."""

    at_most: float | None = None
    """The number itself."""
    at_least: float | None = None
    """The number itself."""
    worse_by_at_most: float | None = None
    """Non-inferiority: the far end of the paired difference's interval."""
    confidence: float = Field(default=0.95, ge=0.5, lt=1)
    """Of that interval."""
    per_language: bool = False
    """In every language by itself, not only in total."""
    surely: bool = False
    """`at_most` and `at_least` hold at the far end of the number's own interval over prompts, not only of its mean."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.at_most is None and self.at_least is None and self.worse_by_at_most is None:
            raise ValueError("it gives no limit; give at_most, at_least or worse_by_at_most")
        return self


class Rule(KeptTable):
    """When a candidate takes the baseline's place."""

    name: str = "rule"
    """For people."""
    swap: str = Field(min_length=1, examples=['"wer <= baseline_wer"'])
    """An expression over the gate's numbers, docs/gates.md."""
    next_candidate: str = ""
    """The pin that is tried next when this candidate fails; without one the baseline is kept."""
    needs: Needs = Needs()
    """What there must be before anything is decided."""
    bounds: Mapping[str, Bound] = Field(default={}, examples=["{ errors = { at_most = 0.0 } }"])
    """By number."""

    @field_validator("bounds")
    @classmethod
    def _of_known_numbers(cls, bounds: Mapping[str, Bound]) -> Mapping[str, Bound]:
        for name in bounds:
            if number(name) is None:
                raise ValueError(f"there is no such number as {name}; docs/gates.md lists them")
            if bounds[name].surely and name not in OF_PROMPTS:
                raise ValueError(f"{name} is one number a side and has no interval; leave surely out")
        return dict(sorted(bounds.items()))

    @property
    def digest(self) -> str:
        """sha256 hex of what the file says."""
        return digest(self.written)

    @property
    def names(self) -> frozenset[str]:
        """The numbers that `swap` needs."""
        return names_of(self.swap)

    @property
    def judges_similarity(self) -> bool:
        """Whether it sets a limit on speakers' likeness, on an encoder's own scale."""
        return SIMILARITY in {*map(plain, self.names), *self.bounds}

    @property
    def needs_listening(self) -> bool:
        """Whether `swap` asks what people heard."""
        from campaign.gate.numbers import OF_LISTENING

        return bool(self.names & OF_LISTENING.keys())


def read_rule(path: Path | None) -> Rule:
    """The rule in a file; None is the one that ships. Raises `RuleError` with file, key and mend."""
    path = path or data_folder("templates").joinpath("rules", "default.toml")
    return rule_of(read_toml(path, error=RuleError, option="--rule"), str(path))


def rule_of(source: Mapping[str, JsonValue], where: str) -> Rule:
    """A rule from its table."""
    rule = read(Rule, source, where=where, error=RuleError)
    names_of(rule.swap, where)
    return rule


def kept_rule(source: Mapping[str, JsonValue]) -> Rule:
    """A rule that a gate keeps: what was taken once is read as it was then, `20.0` as a whole number."""
    return Rule.model_validate(source, strict=False)


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
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise RuleError(f"{where}: swap cannot be read: {exc}. Correct the expression.") from exc
    _check(tree, where)
    return tree


def _check(node: ast.expr, where: str, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise RuleError(f"{where}: swap is nested deeper than {MAX_DEPTH}. Write it flatter.")
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
        case ast.Constant(value=int() | float() as value) if (
            not isinstance(value, bool) and abs(value) <= sys.float_info.max
        ):
            children = []
        case _:
            raise RuleError(
                f"{where}: swap may hold numbers up to {sys.float_info.max:.0e}, names, + - * /, comparisons, "
                f"and, or, not; correct {ast.unparse(node)[:60]!r}."
            )
    for child in children:
        _check(child, where, depth + 1)


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
