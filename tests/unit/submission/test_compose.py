"""Rows to planned rows: in their order, whatever composes them, and what is wrong with one stays with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest

from campaign.errors import ChildLostError, FieldError
from campaign.registry.voice import OWN
from campaign.speech.columns import ColumnSpec
from campaign.speech.front_end import FrontEndConfig
from campaign.speech.templates import TemplateSource
from campaign.speech.typed import Kind
from campaign.submission import compose
from campaign.submission.compose import Composer, RawRow, RowVoice, compose_rows
from tests import build
from workers.synthesis_key import Voice

VOICE = Voice(preset_digest="a" * 64, pin_digest="b" * 64, engine="tone", engine_revision=1)
CONFIG = FrontEndConfig(
    templates={
        "default": TemplateSource(
            name="t", text="Good morning. Hello {{ name }}, you owe {{ sum }}.", language="en"
        )
    },
    columns={"name": ColumnSpec(kind=Kind.NAME), "sum": ColumnSpec(kind=Kind.CARDINAL)},
)
VOICES = {OWN: RowVoice(voice=VOICE, config=CONFIG)}


def raw(number: int, name: str = "Ana", **changes: object) -> RawRow:
    fields = {"name": name, "sum": "12"}
    return RawRow(number=number, external_id=str(number), locale="en", fields=fields, **changes)  # type: ignore[arg-type]


def test_row_is_planned_with_what_is_counted_of_it() -> None:
    planned = Composer(VOICES).plan(raw(1))
    assert (planned.error, planned.language, planned.script) == (
        None,
        "en",
        "Good morning. Hello Ana, you owe 12.",
    )
    assert dict(planned.kinds) == {Kind.NAME: 1, Kind.CARDINAL: 1}
    assert planned.characters == sum(one.characters for one in planned.utterances) > 30


def test_row_that_is_wrong_or_not_wanted_is_not_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    composer = Composer(VOICES)
    monkeypatch.setattr(composer._front_ends[OWN], "compose", pytest.fail)
    problem = FieldError("no-id", "the row has no id", mend="fill it")
    assert composer.plan(raw(1, problem=problem)).error is problem
    unwanted = composer.plan(raw(2, suppressed="duplicate"))
    assert (unwanted.error, unwanted.utterances, unwanted.raw.suppressed) == (None, (), "duplicate")


def test_error_of_one_row_comes_back_with_it_and_the_next_is_planned() -> None:
    composer = Composer(VOICES)
    bad, good = composer.plan(raw(1, name="")), composer.plan(raw(2))
    assert bad.error is not None and bad.error.column == "name"
    assert bad.utterances == ()
    assert good.error is None


def test_shared_sentence_is_one_key() -> None:
    composer = Composer(VOICES)
    first, second = (composer.plan(raw(number, name)) for number, name in ((1, "Ana"), (2, "Bo")))
    assert first.utterances[0].key == second.utterances[0].key
    assert first.utterances[-1].key != second.utterances[-1].key


@pytest.mark.parametrize("processes", [1, 2])
def test_chunks_come_in_the_order_of_the_rows_from_however_many_processes(
    monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(compose, "CHUNK_ROWS", 2)
    monkeypatch.setattr(compose, "INLINE_CHUNKS", 1)
    rows = [raw(number, build.spelled(number)) for number in range(1, 12)]
    chunks = list(compose_rows(iter(rows), VOICES, processes=processes))
    assert [len(chunk) for chunk in chunks] == [2, 2, 2, 2, 2, 1]
    planned = [row for chunk in chunks for row in chunk]
    assert [row.raw.number for row in planned] == list(range(1, 12))
    alone = Composer(VOICES)
    assert [row.utterances for row in planned] == [alone.plan(row).utterances for row in rows]


def test_no_more_rows_are_read_ahead_than_the_processes_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "CHUNK_ROWS", 1)
    read: list[int] = []

    def rows() -> Iterator[RawRow]:
        for number in range(1, 100):
            read.append(number)
            yield raw(number)

    chunks = compose_rows(rows(), VOICES, processes=1)
    next(chunks)
    assert len(read) == 1


def test_a_child_that_is_killed_is_told_with_what_to_do() -> None:
    def rows() -> Iterator[RawRow]:
        for number in range(1, 20_000):
            if number > compose.INLINE_CHUNKS * compose.CHUNK_ROWS + 3 * compose.CHUNK_ROWS:
                for child in multiprocessing.active_children():
                    child.kill()
            yield raw(number)

    with pytest.raises(ChildLostError, match="CAMPAIGN_TEXT_PROCESSES=1"):
        for _ in compose_rows(rows(), VOICES, processes=2):
            pass
