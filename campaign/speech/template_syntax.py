"""What a template may be written with: the syntax tree allow-listed, and its size and depth before there is a tree.

Jinja2's parser, its code generator and Python's compiler all go down into what they are given, and none says where it
was too deep. So brackets, blocks and steps are counted in the flat list of tokens first; what passes is far from any
of their limits, whatever the depth of the stack that asks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from jinja2 import nodes

from campaign.errors import TemplateError
from campaign.speech.filters import FILTERS, pause
from campaign.speech.guard import FORBIDDEN
from campaign.speech.typed import TypedValue

MAX_BLOCKS: Final = 16
"""Of if, lang and emphasis within each other."""
MAX_BRACKETS: Final = 8
"""Within each other."""
MAX_STEPS: Final = 40
"""Filters, signs and words such as `and` in one expression."""
MAX_TOKENS: Final = 1_000
"""Of one expression: a list to compare with has one or two an item."""
MAX_BRANCHES: Final = 200
"""`elif`s of one `if`."""
MAX_NUMBER_CHARACTERS: Final = 20
_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Test,
    nodes.Keyword,
    nodes.Call,
    nodes.Tuple,
    nodes.List,
)
TESTS: Final = frozenset({"defined", "undefined", "filled"})
"""Jinja2's and one of ours: whether there is anything in a field."""
_FUNCTIONS: Final = frozenset({"pause"})
_RESERVED: Final = frozenset({"self", "super", "caller", "loop", "varargs", "kwargs", "pause"})
_BLOCKS: Final = frozenset(
    {"if", "lang", "emphasis", "for", "macro", "call", "filter", "block", "with", "set", "autoescape"}
)
"""What opens one; all but the first three are refused once there is a tree."""
_STEPS: Final = frozenset({"|", "-", "+", "*", "/", "%", "~", ".", "and", "or", "not", "is", "if", "else"})
_USE: Final = "use fields, filters, if, lang and emphasis"


def check_size(tokens: Iterable[tuple[int, str, str]], name: str) -> None:
    """Raises `TemplateError` with the line where a template is deeper or longer than anybody writes one."""
    blocks = 0
    branches = [0]
    expression: list[tuple[str, str]] = []
    is_inside = False
    for line, kind, value in tokens:
        if kind in ("variable_begin", "block_begin"):
            expression, is_inside = [], True
        elif kind in ("variable_end", "block_end"):
            is_inside = False
            word = expression[0][1] if kind == "block_end" and expression else ""
            if word in _BLOCKS:
                blocks += 1
                branches.append(0)
            elif word.startswith("end") and blocks:
                blocks -= 1
                branches.pop()
            branches[-1] += word == "elif"
            if blocks > MAX_BLOCKS:
                raise _too_much(name, line, f"more than {MAX_BLOCKS} blocks within each other")
            if branches[-1] > MAX_BRANCHES:
                raise _too_much(name, line, f"more than {MAX_BRANCHES} elifs of one if")
        elif is_inside and kind != "whitespace":
            expression.append((kind, value))
            _check_expression(expression, name, line)


def _check_expression(tokens: list[tuple[str, str]], name: str, line: int) -> None:
    """After each token, so that what grows is refused while it is small."""
    kind, value = tokens[-1]
    if kind in ("integer", "float") and len(value) > MAX_NUMBER_CHARACTERS:
        raise _too_much(name, line, f"a number of {len(value):,} characters")
    if len(tokens) > MAX_TOKENS:
        raise _too_much(name, line, f"more than {MAX_TOKENS:,} words and signs in one expression")
    if kind == "operator" and value in "([{":
        signs = [sign for kind, sign in tokens if kind == "operator"]
        if sum(sign in "([{" for sign in signs) - sum(sign in ")]}" for sign in signs) > MAX_BRACKETS:
            raise _too_much(name, line, f"more than {MAX_BRACKETS} brackets within each other")
    is_step = value in _STEPS and kind in ("operator", "name")
    if (
        is_step
        and sum(sign in _STEPS for kind, sign in tokens[1:] if kind in ("operator", "name")) > MAX_STEPS
    ):
        raise _too_much(name, line, f"more than {MAX_STEPS} filters and signs in one expression")


def _too_much(name: str, line: int, what: str) -> TemplateError:
    return TemplateError(f"{name}, line {line}: {what}; write it flatter and shorter")


def check_tree(tree: nodes.Template, name: str) -> tuple[str, ...]:
    """The variables a template uses; raises `TemplateError` on any node that is not listed."""
    variables: dict[str, None] = {}
    called = {id(node.node) for node in tree.find_all(nodes.Call)}
    compared = {id(expression) for node in tree.find_all(nodes.Compare) for expression in _operands(node)}
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            line = next(
                (part.lineno for part in _walk(node) if part.lineno), 1
            )  # a scope has none of its own
            raise TemplateError(f"{name}, line {line}: {type(node).__name__.lower()} is not allowed; {_USE}")
        _check_said(node, name)
        if isinstance(node, nodes.Tuple | nodes.List) and id(node) not in compared:
            raise TemplateError(
                f"{name}, line {node.lineno}: a list is compared with and nothing else; {_USE}"
            )
        if isinstance(node, nodes.Const | nodes.Neg):
            _check_constant(node, name)
        if isinstance(node, nodes.Filter):
            _check_filter(node, name)
        elif isinstance(node, nodes.Call):
            _check_call(node, name)
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            raise TemplateError(
                f"{name}, line {node.lineno}: no test {node.name!r}; use {' or '.join(sorted(TESTS))}"
            )
        elif isinstance(node, nodes.Compare):
            _check_compare(node, name)
        elif isinstance(node, nodes.Name) and id(node) not in called:
            if node.name in _RESERVED or node.name.startswith("_") or node.ctx != "load":
                raise TemplateError(f"{name}, line {node.lineno}: {node.name!r} is not allowed; {_USE}")
            variables[node.name] = None
    return tuple(variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What a template does with its fields, each with the line where it first does."""

    asked: Mapping[str, int]
    """`{% if vip %}`: taken for yes or no."""
    otherwise: Mapping[str, int]
    """Said, filtered or compared."""


def uses(tree: nodes.Template) -> Uses:
    """What a checked template does with its fields."""
    asked: dict[str, int] = {}
    tested: set[int] = set()
    for node in tree.find_all(nodes.If):
        for name in _asked(node.test):
            asked.setdefault(name.name, name.lineno)
            tested.add(id(name))
    for test in tree.find_all(nodes.Test):
        tested.add(id(test.node))
    otherwise: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if id(name) not in tested:
            otherwise.setdefault(name.name, name.lineno)
    return Uses(asked=asked, otherwise=otherwise)


def retyped_fields(tree: nodes.Template) -> dict[str, tuple[TypedValue, ...]]:
    """The fields of a checked template to which filters give a type, each with a zero of these types."""
    zeros: dict[str, tuple[TypedValue, ...]] = {}
    for node in tree.find_all(nodes.Filter):
        value = FILTERS[node.name](
            "0",
            *_constants(node.args, "", node.lineno),
            **{str(one.key): _constants([one.value], "", node.lineno)[0] for one in node.kwargs},
        )
        if isinstance(value, TypedValue):
            for name in node.find_all(nodes.Name):
                zeros[name.name] = (*zeros.get(name.name, ()), value)
    return zeros


def _asked(node: nodes.Node) -> Iterator[nodes.Name]:
    """The fields of a condition that are no more than a name in it."""
    if isinstance(node, nodes.Name):
        yield node
    elif isinstance(node, nodes.And | nodes.Or):
        yield from _asked(node.left)
        yield from _asked(node.right)
    elif isinstance(node, nodes.Not):
        yield from _asked(node.node)


def _check_said(node: nodes.Node, name: str) -> None:
    """What is written out or goes through a filter is a field, a text or a number: no yes or no, and no list."""
    said: list[nodes.Expr] = []
    if isinstance(node, nodes.Output):
        said = [child for child in node.nodes if not isinstance(child, nodes.TemplateData)]
    elif isinstance(node, nodes.Filter) and node.node is not None:
        said = [node.node]
    for expression in said:
        for part in _either(expression):
            is_word = isinstance(part, nodes.Const) and not isinstance(part.value, bool | None)
            is_value = is_word or isinstance(part, nodes.Name | nodes.Filter | nodes.Call | nodes.Neg)
            if isinstance(part, _ALLOWED) and not is_value:
                raise TemplateError(
                    f"{name}, line {part.lineno}: that is nothing to say; write a field, a text or a number"
                )


def _either(expression: nodes.Expr) -> Iterator[nodes.Expr]:
    """What `and` and `or` choose from."""
    if isinstance(expression, nodes.And | nodes.Or):
        yield from _either(expression.left)
        yield from _either(expression.right)
    else:
        yield expression


def _operands(node: nodes.Compare) -> Iterator[nodes.Expr]:
    yield node.expr
    yield from (operand.expr for operand in node.ops)


def _is_number(node: nodes.Node) -> TypeGuard[nodes.Const]:
    return (
        isinstance(node, nodes.Const)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def _check_constant(node: nodes.Const | nodes.Neg, name: str) -> None:
    """An escape such as `\\ue000` in a text is the character itself, which could fake a mark."""
    if isinstance(node, nodes.Neg) and not _is_number(node.node):
        raise TemplateError(f"{name}, line {node.lineno}: a minus stands before a number only; leave it out")
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and (match := FORBIDDEN.search(node.value))
    ):
        raise TemplateError(
            f"{name}, line {node.lineno}: the character U+{ord(match[0]):04X} is not allowed, and no escape of it; "
            "remove it"
        )
    if isinstance(node, nodes.Const) and isinstance(node.value, float):
        if not math.isfinite(node.value):
            raise TemplateError(
                f"{name}, line {node.lineno}: a number too large to be one; write it out as a text"
            )
        if "e" in str(node.value):  # which would be spoken as a letter
            raise TemplateError(
                f"{name}, line {node.lineno}: {node.value} is a number with an exponent; write it out as a text"
            )


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _constants(values: Sequence[nodes.Expr], name: str, lineno: int) -> list[Any]:
    constants: list[Any] = []
    for value in values:
        if isinstance(value, nodes.Neg) and _is_number(value.node):
            constants.append(-value.node.value)
        elif isinstance(value, nodes.Const):
            constants.append(value.value)
        else:
            raise TemplateError(
                f"{name}, line {lineno}: an argument is not a constant; write it out in the template"
            )
    return constants


def syntax_mend(text: str, message: str, line: int) -> str:
    """What to write where Jinja2 did not understand a template."""
    written = (text.splitlines() or [""])[max(0, min(line, text.count("\n") + 1) - 1)]
    if re.search(r"unexpected char '[\u2018-\u201f\u00ab\u00bb\u2032\u2033`\u00b4]'", message):
        return 'write straight quotation marks, "..."'
    if "got ':'" in message:
        return 'arguments stand in brackets: default("friend"), money("EUR")'
    if "unexpected char '?'" in message:
        return 'write {{ name | default("friend") }} where a field may be empty'
    if "Expected an expression" in message:
        return "name a column between the braces: {{ name }}"
    if "expected token 'string'" in message:
        return 'write it in quotation marks, as in {% lang "de" %}'
    if "tag name expected" in message:
        return "write {{ name }} for a field, {% if ... %} for a condition"
    if re.search(r"\{\{-?\s*\d+[^\W\d]", written):
        return 'a variable begins with a letter: call it otherwise, and say its column in the brief, { from = "..." }'
    return "correct the template"


_MENDS_OF_FILTERS: Final = {
    **dict.fromkeys(
        (
            "upper",
            "lower",
            "title",
            "capitalize",
            "capfirst",
            "trim",
            "strip",
            "safe",
            "e",
            "escape",
            "striptags",
        ),
        "take it out: nobody hears it",
    ),
    **dict.fromkeys(("currency", "format_currency", "floatformat"), 'write money("EUR")'),
    **dict.fromkeys(("fallback", "if_empty", "default_if_none", "d"), 'write default("...")'),
    **dict.fromkeys(("date_format", "format_date", "strftime", "datetimeformat"), 'write date("dmy")'),
    **dict.fromkeys(("phone", "tel"), "write telephone"),
    **dict.fromkeys(
        ("round", "int", "float", "format", "replace", "truncate", "join", "first", "last", "abs"),
        "take it out: a value is said as it stands in the file",
    ),
}
"""What other template languages call it."""


def _check_filter(node: nodes.Filter, name: str) -> None:
    filter_function = FILTERS.get(node.name)
    if filter_function is None:
        raise TemplateError(
            f"{name}, line {node.lineno}: no filter {node.name!r}; {_mend_of_filter(node.name)}"
        )
    arguments = _constants(node.args, name, node.lineno)
    keywords: dict[str, Any] = {
        str(keyword.key): _constants([keyword.value], name, node.lineno)[0] for keyword in node.kwargs
    }
    if len(keywords) < len(node.kwargs):
        raise TemplateError(f"{name}, line {node.lineno}: an argument stands twice; leave one of them out")
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        raise TemplateError(f"{name}, line {node.lineno}: * and ** are not allowed; write the arguments out")
    try:
        filter_function("0", *arguments, **keywords)
    except TemplateError as error:
        raise TemplateError(f"{name}, line {node.lineno}: {error}") from error
    except TypeError as error:
        reason = str(error).replace("_", "", 1) if str(error).startswith("_") else str(error)
        raise TemplateError(f"{name}, line {node.lineno}: filter {reason}; see the authors' page") from error


def _mend_of_filter(name: str) -> str:
    return _MENDS_OF_FILTERS.get(name) or f"use one of {', '.join(sorted(FILTERS))}"


def _check_call(node: nodes.Call, name: str) -> None:
    if (
        not isinstance(node.node, nodes.Name)
        or node.node.name not in _FUNCTIONS
        or node.kwargs
        or len(node.args) != 1
    ):
        raise TemplateError(f"{name}, line {node.lineno}: only pause(300) can be called; {_USE}")
    try:
        pause(_constants(node.args, name, node.lineno)[0])
    except TemplateError as error:
        raise TemplateError(f"{name}, line {node.lineno}: {error}") from error


def _check_compare(node: nodes.Compare, name: str) -> None:
    for operand in _operands(node):
        items = operand.items if isinstance(operand, nodes.Tuple | nodes.List) else [operand]
        for item in items:
            if isinstance(item, nodes.Const) and not isinstance(item.value, str):
                raise TemplateError(
                    f'{name}, line {node.lineno}: fields are text; compare with text: "{item.value}"'
                )


def ways_through(body: Sequence[nodes.Node], sample: str) -> list[list[nodes.Node]]:
    """What a template writes out, each branch of each `if` in one way at least, with `sample` for each value."""
    parts: list[list[list[nodes.Node]]] = []
    for node in body:
        if isinstance(node, nodes.If):
            branches = [node.body, *(branch.body for branch in node.elif_), node.else_]
            parts.append([way for branch in branches for way in ways_through(branch, sample)])
        elif isinstance(node, nodes.Output):
            said = [_or_sample(child, sample) for child in node.nodes]
            parts.append([[nodes.Output(said, lineno=node.lineno)]])
    most = max((len(ways) for ways in parts), default=1)
    return [[node for ways in parts for node in ways[index % len(ways)]] for index in range(most)]


def _or_sample(node: nodes.Expr, sample: str) -> nodes.Expr:
    """`node`, or the sample where a row decides what it is."""
    names = node.find_all(nodes.Name) if not isinstance(node, nodes.Name) else [node]
    is_fixed = all(name.name in _FUNCTIONS for name in names)
    return node if is_fixed else nodes.Const(sample, lineno=node.lineno)
