"""The drawn trees of errors against the classes, and every class against the table of outcomes."""

from __future__ import annotations

import ast
import importlib
import multiprocessing
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from campaign.cli.exits import EXIT_TABLE, exit_code_of
from campaign.errors import OUTCOMES, CampaignError, FieldError, RenderError, RowError, SpeechError
from campaign.service import problems
from storage.errors import StorageError
from tests.trees import PACKAGES, classes, last_name, modules
from workers.errors import FinishError, WorkerError

ROOTS = {"campaign": CampaignError, "workers": WorkerError, "storage": StorageError}
DRAWN = re.compile(
    r"(?P<branch>[ │├└─]*)(?P<name>_?(?=[A-Z])\w*(Error|Found))\b *(\((?P<module>[a-z0-9_.]+)\))?"
)


@dataclass(frozen=True)
class Drawn:
    """One line of a tree."""

    name: str
    module: str
    parent: str | None
    is_signal: bool


def drawn(package: str) -> Iterator[Drawn]:
    """The classes that a package's `errors` draws, each with the one it hangs from."""
    text = ast.get_docstring(modules(package)[f"{package}.errors"]) or ""
    trees, _, signals = text.partition("Signals, caught inside the package")
    above: dict[int, str] = {}
    for line in trees.splitlines():
        if found := DRAWN.match(line):
            column = found.start("name")
            above = {at: name for at, name in above.items() if at < column}
            parent = above[max(above)] if above else None
            yield Drawn(found["name"], found["module"] or f"{package}.errors", parent, False)
            above[column] = found["name"]
    for line in signals.splitlines():
        if found := DRAWN.match(line):
            yield Drawn(found["name"], found["module"] or f"{package}.errors", None, True)


def defined(package: str) -> Iterator[tuple[str, str, str | None]]:
    """(name, module, base in this package) of every class that can be raised."""
    known: dict[str, tuple[str, str]] = {}
    found = [(module, node) for module, node in classes(package) if node.bases]
    for _ in range(6):  # deeper than any tree
        for module, node in found:
            base = last_name(node.bases[0])
            if base in known or base.endswith(("Error", "Exception")):
                known[node.name] = (module, base)
    for name, (module, base) in known.items():
        yield name, module, base if base in known else None


TREES = {package: list(drawn(package)) for package in PACKAGES}
IN_TREES = [one for tree in TREES.values() for one in tree if not one.is_signal]
SIGNALS = [one for tree in TREES.values() for one in tree if one.is_signal]


def named(items: list[Drawn]) -> list[str]:
    return [f"{one.module}.{one.name}" for one in items]


def loaded(one: Drawn) -> type[Exception]:
    kind: type[Exception] = getattr(importlib.import_module(one.module), one.name)
    return kind


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, RowError):
        return kind("too-long", "it is too long", mend="shorten it", column="name")
    if kind is FinishError:
        return kind("silent", "no sound")
    error = kind.__new__(kind)  # whatever its constructor asks for
    error.args = ("it went wrong. Mend it.",)
    return error


@cache
def called() -> set[str]:
    """The last name of everything that is called."""
    trees = modules().values()
    return {last_name(node.func) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)}


@cache
def caught(package: str) -> set[str]:
    """What a package's `except` clauses and its app's handlers name."""
    found: set[str] = set()
    for tree in modules(package).values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                found |= {last_name(kind) for kind in ast.walk(node.type) if isinstance(kind, ast.expr)}
            if isinstance(node, ast.Call) and last_name(node.func) == "add_exception_handler":
                found.add(last_name(node.args[0]))
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_the_tree_is_drawn_as_the_classes_are(package: str) -> None:
    tree = {(one.name, one.module, one.parent) for one in TREES[package]}
    assert tree == set(defined(package))
    roots = [one.name for one in TREES[package] if one.parent is None and not one.is_signal]
    assert roots == [ROOTS[package].__name__]


@pytest.mark.parametrize("one", IN_TREES, ids=named(IN_TREES))
def test_an_error_that_nobody_raises_does_not_exist(one: Drawn) -> None:
    is_parent = any(one.name == other.parent for other in IN_TREES)
    assert is_parent or one.name in called()


@pytest.mark.parametrize("one", SIGNALS, ids=named(SIGNALS))
def test_a_signal_is_caught_in_its_package_and_has_no_outcome(one: Drawn) -> None:
    assert one.name in caught(one.module.partition(".")[0])
    assert exit_code_of(made(loaded(one))) is None


@pytest.mark.parametrize("one", IN_TREES, ids=named(IN_TREES))
def test_an_error_has_one_outcome_at_both_doors(one: Drawn) -> None:
    kind = loaded(one)
    line = kind.__mro__[: kind.__mro__.index(Exception)]
    assert all(len(above.__bases__) == 1 for above in line), "two parents could have two outcomes"
    outcome = next(OUTCOMES[above] for above in line if above in OUTCOMES)
    error = made(kind)
    assert exit_code_of(error) == outcome.exit_code
    assert problems.http_status_of(error) == outcome.status
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    def failing() -> None:
        raise error

    answer = TestClient(app).get("/")
    assert answer.status_code == outcome.status
    assert answer.json()["detail"] == str(error)


def test_no_outcome_is_unreachable_or_said_twice() -> None:
    kinds = [loaded(one) for one in IN_TREES]
    assert set(OUTCOMES) <= set(kinds)
    for kind, outcome in OUTCOMES.items():
        inherited = next((OUTCOMES[above] for above in kind.__mro__[1:] if above in OUTCOMES), None)
        assert outcome != inherited, kind
        assert outcome.exit_code in EXIT_TABLE
        assert HTTPStatus(outcome.status) >= 400


@pytest.mark.parametrize(
    ("name", "exit_code", "status"),
    [
        ("InputError", 3, 422),
        ("RowErrorsFound", 6, 422),
        ("SpeechError", 3, 422),
        ("ConflictError", 4, 409),
        ("NotFoundError", 5, 404),
        ("StateError", 4, 409),
        ("UnstorableTextError", 3, 422),
        ("RecordMissingError", 5, 404),
        ("SchemaError", 7, 503),
        ("StoreUnavailableError", 7, 503),
        ("AlreadyWorkingError", 4, 503),
        ("DeviceLostError", 75, 503),
        ("UnknownEngineError", 5, 422),
        ("CheckpointError", 8, 503),
        ("RecordingError", 3, 422),
        ("ProfileError", 3, 422),
        ("WebhookError", 7, 503),
    ],
)
def test_what_users_see_stays(name: str, exit_code: int, status: int) -> None:
    error = made(next(loaded(one) for one in IN_TREES if one.name == name))
    assert (exit_code_of(error), problems.http_status_of(error)) == (exit_code, status)


def test_a_fault_of_the_program_has_no_outcome() -> None:
    assert exit_code_of(KeyError("x")) is None
    assert problems.http_status_of(KeyError("x")) is None


def _raise(kind: type[Exception]) -> None:
    raise made(kind)


def test_the_errors_of_rows_cross_processes_whole() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for kind in (FieldError, RenderError, SpeechError, FinishError):
            error = pool.submit(_raise, kind).exception()
            assert type(error) is kind
            expected = vars(made(kind))
            assert {name: vars(error).get(name) for name in expected} == expected
