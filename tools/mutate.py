"""`make mutate`: is each line of the queue, the registry, the finishing and the way in guarded by a test?

    copy of the checkout -> mutants by mutmut -> those of wording left out -> an even sample -> tests -> table

mutmut changes one thing in one function at a time and runs the tests that reach the function, each time in a fork of a
process that has imported everything. Each area has its own tests, none of which starts a server, and its own copy
under `var/mutation`, where `mutmut browse` and `mutmut show NAME` work afterwards.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

ROOT: Final = Path(__file__).resolve().parents[1]
WORK: Final = ROOT / "var" / "mutation"
TABLE: Final = ROOT / "benchmarks" / "results" / "mutation.md"
CHILDREN: Final = 2
TIMEOUT_MULTIPLIER: Final = 5
TIMEOUT_CONSTANT_S: Final = 20
KILLED: Final = (1, 3)
SURVIVED: Final = (0,)
NO_TESTS: Final = (5, 33)
"""mutmut's exit codes; every other one is a mutant that never ended or crashed its process."""
SENTENCE_WORDS: Final = 4
"""A text of so many words is read by people; no name, format or statement in the areas' functions has as many."""
GENERATE: Final = """
import mutmut.__main__ as mutmut
mutmut.set_mutant_under_test("mutant_generation")
mutmut.makedirs("mutants", exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(2)
"""
SECTION: Final = """
[tool.mutmut]
source_paths = ["campaign", "workers", "storage"]
only_mutate = {sources}
also_copy = ["alembic", "alembic.ini", "docs", "examples", "lexicons", "schemas", "templates"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql and not in_the_table"]
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = {multiplier}
timeout_constant = {constant}
use_git_change_detection = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What is mutated, and the tests that are to notice."""

    sources: tuple[str, ...]
    """Patterns of files."""
    tests: tuple[str, ...]


QUEUE_TESTS: Final = tuple(
    f"tests/contracts/test_queue{part}.py"
    for part in ("", "_demand", "_fences", "_pause", "_records", "_timing", "_versions")
)
AREAS: Final = {
    "queue": Area(sources=("storage/queue/*",), tests=QUEUE_TESTS),
    "claims": Area(
        sources=("workers/claims/*",),
        tests=("tests/unit/workers/claims", "tests/unit/workers/test_pipeline.py"),
    ),
    "pipeline": Area(sources=("workers/pipeline.py",), tests=("tests/unit/workers/test_pipeline.py",)),
    "registry": Area(
        sources=("campaign/registry/*",),
        tests=("tests/unit/registry", "tests/unit/submission/test_dry_run.py", "tests/services/test_hub.py"),
    ),
    "finish": Area(sources=("workers/finish/*",), tests=("tests/unit/workers/finish",)),
    "submission": Area(
        sources=("campaign/submission/*",),
        tests=("tests/unit/submission", "tests/unit/registry/test_lexicons.py"),
    ),
    "permission": Area(
        sources=("workers/permission/*", "workers/presets/standing.py"),
        tests=(
            "tests/unit/workers/permission",
            "tests/unit/registry/test_consent.py",
            "tests/unit/registry/test_presets.py",
        ),
    ),
    "tables": Area(
        sources=("workers/strict.py", "workers/mends.py", "campaign/brief/*"),
        tests=("tests/unit/workers/test_strict.py", "tests/unit/test_brief.py", "tests/unit/test_tables.py"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of an area's mutants."""

    area: str
    mutants: int
    """All but those of wording."""
    tried: int
    killed: int
    timed_out: int
    untested: int
    """In functions that no test of the area reaches."""
    survivors: tuple[str, ...]
    minutes: float

    @property
    def share(self) -> float:
        """Of those that were tried, how many were noticed."""
        return (self.killed + self.timed_out) / max(1, self.tried)


@click.command()
@click.option(
    "--area", "names", multiple=True, type=click.Choice(list(AREAS)), help="All when none is named."
)
@click.option("--share", default=1.0, show_default=True, help="Of each module's mutants, evenly spread.")
@click.option("--seed", default=1, show_default=True, help="Which of them.")
@click.option("--children", default=CHILDREN, show_default=True, help="Processes at once.")
@click.option("--write/--no-write", default=False, help=f"Keep the table as {TABLE.relative_to(ROOT)}.")
def main(names: tuple[str, ...], share: float, seed: int, children: int, write: bool) -> None:
    """Mutate, test, and show the table."""
    scores = []
    for name in names or AREAS:
        score = measured(name, AREAS[name], share=share, seed=seed, children=children)
        scores.append(score)
        for survivor in score.survivors:
            click.echo(f"survived: {survivor}")
        click.echo(row_of(score))
    text = table(scores, share=share, seed=seed)
    click.echo(text)
    if write:
        TABLE.write_text(text, encoding="utf-8")


def measured(name: str, area: Area, *, share: float, seed: int, children: int) -> Score:
    """Everything for one area."""
    folder = WORK / name
    copy_checkout(folder, area)
    begun = time.monotonic()
    _run(folder, [sys.executable, "-c", GENERATE])
    mutants = list(modules(folder, area))
    chosen = [key for module in mutants for key in sample(module, share, seed)]
    _run(
        folder,
        [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(children), *chosen],
    )
    codes = results(folder)
    outcomes = Counter(_outcome(codes[key]) for key in chosen)
    return Score(
        area=name,
        mutants=sum(map(len, mutants)),
        tried=len(chosen),
        killed=outcomes["killed"],
        timed_out=outcomes["timed out"],
        untested=outcomes["no tests"],
        survivors=tuple(sorted(key for key in chosen if _outcome(codes[key]) in ("survived", "no tests"))),
        minutes=(time.monotonic() - begun) / 60,
    )


def copy_checkout(folder: Path, area: Area) -> None:
    """A fresh copy of what git knows and does not ignore, told what to mutate."""
    shutil.rmtree(folder, ignore_errors=True)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for path in listed.splitlines():
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    section = SECTION.format(
        sources=json.dumps(area.sources),
        tests=json.dumps(area.tests),
        multiplier=TIMEOUT_MULTIPLIER,
        constant=TIMEOUT_CONSTANT_S,
    )
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write(section)


def _run(folder: Path, command: Sequence[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": ""}
    with (folder / "mutmut.log").open("a", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, check=False)
    if done.returncode:
        raise click.ClickException(f"mutmut failed. Read the end of {folder / 'mutmut.log'}.")


def results(folder: Path) -> dict[str, int | None]:
    """Mutant to exit code, of all modules."""
    found: dict[str, int | None] = {}
    for path in sorted((folder / "mutants").rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _outcome(code: int | None) -> str:
    kinds = {"killed": KILLED, "survived": SURVIVED, "no tests": NO_TESTS}
    return next((kind for kind, codes in kinds.items() if code in codes), "timed out")


def sample(keys: Sequence[str], share: float, seed: int) -> list[str]:
    """Evenly spread: one in so many, from a first one that the seed chooses."""
    count = max(1, round(share * len(keys))) if keys else 0
    first = random.Random(f"{seed}-{keys[0] if keys else ''}").random()
    return [keys[int((number + first) * len(keys) / count)] for number in range(count)]


# which mutants count


def modules(folder: Path, area: Area) -> Iterator[list[str]]:
    """The mutants of each module of an area in order, less those that change only wording."""
    for pattern in area.sources:
        for path in sorted((folder / "mutants").glob(pattern)):
            if path.suffix != ".py" or not path.with_name(path.name + ".meta").exists():
                continue
            meta = json.loads(path.with_name(path.name + ".meta").read_text(encoding="utf-8"))
            functions = _functions(ast.parse(path.read_text(encoding="utf-8")))
            keys = list(meta["exit_code_by_key"])
            yield [key for key in keys if not _is_wording(key.rpartition(".")[2], functions)]


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _is_wording(name: str, functions: dict[str, ast.FunctionDef]) -> bool:
    """Whether only what people read differs: a message of an error or of the log, or a type that is not looked at."""
    original, mutant = functions.get(f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"), functions.get(name)
    if original is None or mutant is None:
        return False
    differing = [
        (before, after)
        for before, after in zip(original.body, mutant.body, strict=False)
        if ast.dump(before) != ast.dump(after)
    ]
    is_same_length = len(original.body) == len(mutant.body)
    return is_same_length and all(_unworded(before) == _unworded(after) for before, after in differing)


def _unworded(node: ast.stmt) -> str:
    return ast.dump(_Unworded().visit(copy.deepcopy(node)))


class _Unworded(ast.NodeTransformer):
    """Takes away what is said: arguments of `...Error(...)` and of `log...(...)`, sentences, the type of a `cast`."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_sentence = isinstance(node.value, str) and len(node.value.split()) >= SENTENCE_WORDS
        return ast.Constant("") if is_sentence else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
        if name.endswith("Error") or owner == "log":
            node.args, node.keywords = [], []
        if name == "cast":
            node.args = node.args[1:]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        node.annotation = ast.Name("Any")
        return node


# the table


def row_of(score: Score) -> str:
    """One line of the table."""
    cells = (
        score.area,
        f"{score.mutants:,}",
        f"{score.tried:,}",
        f"{score.killed:,}",
        f"{len(score.survivors) - score.untested:,}",
        f"{score.untested:,}",
        f"{score.timed_out:,}",
        f"{score.share:.0%}",
        f"{score.minutes:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def table(scores: Sequence[Score], *, share: float, seed: int) -> str:
    """Markdown."""
    head = ("area", "mutants", "tried", "killed", "survived", "no tests", "timed out", "score", "minutes")
    whole = Score(
        area="all",
        mutants=sum(score.mutants for score in scores),
        tried=sum(score.tried for score in scores),
        killed=sum(score.killed for score in scores),
        timed_out=sum(score.timed_out for score in scores),
        untested=sum(score.untested for score in scores),
        survivors=tuple(survivor for score in scores for survivor in score.survivors),
        minutes=sum(score.minutes for score in scores),
    )
    lines = [
        f"Share {share:g} of each module's mutants, seed {seed}. Wording is left out (`tests/MUTANTS.md`).",
        "",
        f"| {' | '.join(head)} |",
        f"| {' | '.join(['---'] + ['---:'] * (len(head) - 1))} |",
        *map(row_of, scores),
        row_of(whole),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
