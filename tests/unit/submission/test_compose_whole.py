"""Rows to planned rows: in order, in this process for a few, in children for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import LoadedBrief
from campaign.registry.lexicons import add_lexicon
from campaign.speech.lexicon.files import read_lexicon
from campaign.submission import compose
from campaign.submission.compose import Composer, PlannedRow, RawRow, compose_rows
from campaign.submission.prepare import Prepared, prepare_brief
from storage.installation import Installation
from tests import build


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def prepared(installed: Installation, *template: str, **brief: Any) -> Prepared:
    loaded = LoadedBrief(brief=build.brief(*template, **brief), suppress=())
    return prepare_brief(installed, loaded, allow_slow=True)


def rows(count: int) -> list[RawRow]:
    return [
        RawRow(number=number, external_id=str(number), locale="en", fields={"name": build.spelled(number)})
        for number in range(1, count + 1)
    ]


class Inline:
    """A pool of one process, this one: what is submitted is made when its result is asked for."""

    most_waiting = 0

    def __init__(
        self, processes: int, *, mp_context: Any, initializer: Callable[..., None], initargs: tuple[Any, ...]
    ) -> None:
        assert (processes, mp_context.get_start_method()) == (2, "spawn")
        initializer(*initargs)
        self.waiting = 0

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.waiting == 0

    def submit(self, work: Callable[[list[RawRow]], list[PlannedRow]], chunk: list[RawRow]) -> Any:
        self.waiting += 1
        Inline.most_waiting = max(Inline.most_waiting, self.waiting)
        pool = self

        class Result:
            def result(self) -> list[PlannedRow]:
                pool.waiting -= 1
                return work(chunk)

        return Result()


@pytest.mark.parametrize(
    ("count", "processes", "ahead"), [(0, 2, 0), (11, 2, 0), (13, 2, 1), (40, 2, 5), (40, 1, 0)]
)
def test_chunks_come_in_order_and_only_so_many_are_under_way(
    installed: Installation, monkeypatch: pytest.MonkeyPatch, count: int, processes: int, ahead: int
) -> None:
    monkeypatch.setattr(compose, "CHUNK_ROWS", 3)
    monkeypatch.setattr(compose, "ProcessPoolExecutor", Inline)
    monkeypatch.setattr(compose, "_composer", None)
    monkeypatch.setattr(Inline, "most_waiting", 0)
    ready = prepared(installed)
    chunks = list(compose_rows(rows(count), ready.row_voices, processes=processes))
    assert [row.raw.number for chunk in chunks for row in chunk] == list(range(1, count + 1))
    assert all(len(chunk) == 3 for chunk in chunks[:-1])
    assert Inline.most_waiting == ahead
    assert all(row.error is None and row.utterances for chunk in chunks for row in chunk)


def test_a_child_that_was_not_begun_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "_composer", None)
    with pytest.raises(RuntimeError, match="not begun"):
        compose._plan_chunk([])


def test_a_row_is_planned_with_all_that_was_noticed_on_the_way(
    installed: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("written\talias\nGP\tG P\n")
    add_lexicon(installed.database, read_lexicon(path), name=None, actor="test")
    ready = prepared(
        installed,
        "Your GP, {{ name }}. The GP asks {{ sum }}, {{ sum }}.",
        columns={"name": {"type": "name", "optional": True, "fallback": "friend"}, "sum": "money EUR"},
        lexicons=("names",),
    )
    raw = RawRow(number=1, external_id="1", locale="en", fields={"name": "", "sum": "20"})
    row = Composer(ready.row_voices).plan(raw)
    assert (row.raw, row.language, row.error) == (raw, "en", None)
    assert row.script == "Your GP, friend. The GP asks 20, 20."
    assert (row.fallbacks, row.warnings) == (("name",), ())
    assert row.kinds["money"] == 2
    assert set(row.kinds) <= {"money", "name"}
    assert row.lexicon_hits == {"names@1#2": 2}
    assert row.characters == sum(utterance.characters for utterance in row.utterances) > 30
    texts = [utterance.spec.spans[0].text for utterance in row.utterances]
    assert texts[0] == "Your G P, friend."
    assert row.utterances[0].characters == len(texts[0])


def test_signs_that_are_left_over_are_said_and_the_row_is_warned_of(installed: Installation) -> None:
    raw = RawRow(number=1, external_id="1", locale="en", fields={"name": "a_b < c"})
    said = prepared(installed, leftover="verbalise", columns={})
    row = Composer(said.row_voices).plan(raw)
    assert row.error is None
    assert row.warnings and all(isinstance(warning, str) for warning in row.warnings)
    strict = prepared(installed, columns={})
    failed = Composer(strict.row_voices).plan(raw)
    assert failed.error is not None and failed.raw is raw and failed.utterances == ()
