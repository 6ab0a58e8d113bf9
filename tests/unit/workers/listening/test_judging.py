"""What counts as heard: the same sounds, nothing nearer, again and again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pytest

from workers.engines.engine import Pcm
from workers.engines.espeak.engine import EspeakEngine
from workers.listening.file import judgement_as_json, judgement_from_json
from workers.listening.judging import (
    Bounds,
    Hearing,
    Judgement,
    Means,
    SpokenValue,
    compare,
    judgement_of,
)
from workers.listening.pronouncing import Pronunciations, edits
from workers.listening.rivals import value_words
from workers.listening.utterance import listen
from workers.listening.words import is_foreign
from workers.recognisers.recogniser import Heard, WordTime

SOUND = np.full(16_000, 500, np.int16)


@pytest.fixture(scope="module")
def reader() -> Iterator[EspeakEngine]:
    with contextlib.closing(EspeakEngine()) as engine:
        yield engine


def means(language: str, reader: EspeakEngine, nats: float = 4.0, beyond: str = "") -> Means:
    tag = {"en": "en-us", "pt": "pt-br"}.get(language, language)

    def read(texts: Sequence[tuple[str, str]]) -> Sequence[str] | None:
        answer = reader.read([(tag, text) for _language, text in texts])
        return answer if isinstance(answer, tuple) else None

    return Means(
        language=language,
        pronunciations=Pronunciations(language, read),
        value_words=value_words(language),
        bounds=Bounds(nats=nats, beyond=frozenset(beyond.split())),
    )


class Case(NamedTuple):
    language: str
    said: str
    heard: str
    value: tuple[str, int, int]
    amiss: bool


CASES = [
    Case("en", "Hello Siobhan Murphy.", "Hello, Shivan Murphy.", ("name", 1, 3), False),
    Case("en", "Hello Grace Kim.", "Hello Peter Jones.", ("name", 1, 3), True),
    Case("en", "Your code is K C, five two.", "Your code is Casey five two", ("spell", 3, 7), False),
    Case("en", "You owe fifteen dollars.", "You owe fifty dollars", ("money", 2, 4), True),
    Case("en", "Due on June thirteenth.", "Due on June thirteen", ("date", 2, 4), False),
    Case("en", "Due on June thirteenth.", "Due on June thirtieth", ("date", 2, 4), True),
    Case("en", "Due on June third.", "Due on July third", ("date", 2, 4), True),
    Case("en", "Call five five five.", "call five five", ("telephone", 1, 4), True),
    Case("en", "You owe two dollars.", "You owe to dollars", ("money", 2, 4), False),
    Case("es", "a las once treinta", "a las once trenta", ("time", 2, 4), False),
    Case("es", "son sesenta euros", "son setenta euros", ("money", 1, 3), True),
    Case("fr", "le code est six huit", "le code est si huit", ("spell", 3, 5), False),
    Case("it", "nel duemilaventisette", "nel due mila ventizette", ("date", 1, 2), False),
    Case("it", "nel duemilaventisette", "nel duemilaventisei", ("date", 1, 2), True),
    Case("pt", "às catorze horas", "às quatorze horas", ("time", 1, 3), False),
    Case("de", "am elften Mai", "am elfte Mai", ("date", 1, 3), False),
    Case("de", "am elften Mai", "am zwölften Mai", ("date", 1, 3), True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.said} / {case.heard}")
def test_values_are_heard_by_their_sounds_and_never_as_another_value(
    case: Case, reader: EspeakEngine
) -> None:
    kind, begun, ended = case.value
    value = SpokenValue(kind=kind, begun=begun, ended=ended)
    comparison = compare(case.said, [value], case.heard, means(case.language, reader))
    assert bool(comparison.amiss) == case.amiss, comparison


def test_a_dropped_word_and_an_added_one_are_amiss_wherever_they_stand(reader: EspeakEngine) -> None:
    text = "This is the bank with a message about your account."
    for heard in ("This is bank with a message about your account", f"{text} {text}"):
        assert compare(text, [], heard, means("en", reader)).amiss


class Ears:
    """A recogniser that was told what it hears, each time something else."""

    name = "ears"

    def __init__(self, *texts: str | Heard, nats: float = 0.0) -> None:
        self.texts = [text if isinstance(text, Heard) else Heard(text=text) for text in texts]
        self.attempts: list[int] = []
        self.nats = nats

    def understands(self, language: str) -> bool:
        return language == "en"

    def hear(self, _pcm: Pcm, _rate_hz: int, _language: str, *, attempt: int = 0) -> Heard:
        self.attempts.append(attempt)
        return self.texts[min(attempt, len(self.texts) - 1)]

    def weigh(self, _pcm: Pcm, _rate_hz: int, _language: str, texts: Sequence[str]) -> Sequence[float]:
        return [self.nats, *[0.0 for _ in texts[1:]]]

    def place(self, _pcm: Pcm, _rate_hz: int, _language: str, _text: str) -> Sequence[WordTime]:
        raise NotImplementedError

    def close(self) -> None: ...


TEXT = "Your bill is nine dollars."
VALUE = SpokenValue(kind="money", begun=3, ended=5, column="amount")


def judged(ears: Ears, reader: EspeakEngine, language: str = "en", pcm: Pcm = SOUND) -> Judgement:
    return listen(
        pcm, 16_000, TEXT, [VALUE], language=language, recogniser=ears, means=means("en", reader, nats=2.0)
    )


def test_what_is_right_is_heard_once(reader: EspeakEngine) -> None:
    ears = Ears("your bill is nine dollars")
    judgement = judged(ears, reader)
    assert judgement.verdict == judgement.values[0].verdict == Hearing.HEARD
    assert ears.attempts == [0]


def test_a_slip_that_another_hearing_does_not_have_is_forgiven(reader: EspeakEngine) -> None:
    judgement = judged(Ears("your bill is five dollars", "your bill is nine dollars", nats=9.0), reader)
    assert judgement.verdict == Hearing.HEARD


def test_slips_in_different_places_are_no_fault(reader: EspeakEngine) -> None:
    judgement = judged(Ears("a bill is nine dollars", "your bill is five dollars", nats=9.0), reader)
    assert judgement.verdict == Hearing.HEARD


def test_what_every_hearing_lacks_is_misheard_with_what_was_heard(reader: EspeakEngine) -> None:
    ears = Ears("your bill is five dollars", nats=-9.0)
    judgement = judged(ears, reader)
    assert judgement.verdict == Hearing.MISHEARD, "no weight speaks for a number in the place of another"
    assert (judgement.values[0].heard, judgement.values[0].column) == ("five", "amount")
    assert (judgement.longest_run, judgement.word_error) == (1, 0.2)
    assert len(ears.attempts) == 4


@pytest.mark.parametrize(("nats", "verdict"), [(1.9, Hearing.HEARD), (2.1, Hearing.MISHEARD)])
def test_what_is_left_is_weighed(nats: float, verdict: Hearing, reader: EspeakEngine) -> None:
    assert judged(Ears("your is nine dollars", nats=nats), reader).verdict == verdict


@pytest.mark.parametrize(
    ("heard", "nats", "verdict"),
    [
        ("your bill nine dollars", 8.9, Hearing.HEARD),
        ("your bill nine dollars", 9.1, Hearing.MISHEARD),
        ("your is nine dollars", 8.9, Hearing.MISHEARD),
        ("your bill now nine dollars", 8.9, Hearing.MISHEARD),
    ],
)
def test_a_short_word_of_the_template_may_be_swallowed(
    heard: str, nats: float, verdict: Hearing, reader: EspeakEngine
) -> None:
    assert judged(Ears(heard, nats=nats), reader).verdict == verdict


@pytest.mark.parametrize(("added", "verdict"), [("well", Hearing.HEARD), ("your bill", Hearing.MISHEARD)])
def test_words_that_every_hearing_adds_are_no_slip_whatever_they_weigh(
    added: str, verdict: Hearing, reader: EspeakEngine
) -> None:
    assert judged(Ears(f"{added} your bill is nine dollars", nats=-9.0), reader).verdict == verdict


def test_words_that_are_said_again_beside_a_slip_are_no_slip_whatever_they_weigh(
    reader: EspeakEngine,
) -> None:
    again = ("your bill is mine dollars bill is mine tolls", "your bill is mine dollar spill is mine dolls")
    assert judged(Ears(*again, nats=-9.0), reader).verdict == Hearing.MISHEARD
    assert judged(Ears(again[0], "your bill is mine toll ours", nats=-9.0), reader).verdict == Hearing.HEARD


def test_words_said_twice_are_the_same_fault_wherever_a_hearing_puts_them(reader: EspeakEngine) -> None:
    others = "well then your bill is nine dollars", "your bill is nine dollars or so"
    assert judged(Ears(*others, nats=-9.0), reader).verdict == Hearing.HEARD
    shifted = "your bill is your bill is nine dollars", "your bill is nine dollars bill is nine dollars"
    assert judged(Ears(*shifted, nats=-9.0), reader).verdict == Hearing.MISHEARD


def test_circles_are_never_a_number(reader: EspeakEngine) -> None:
    judgement = judged(Ears(Heard(text="nine nine nine", looped=True)), reader)
    assert judgement.verdict == judgement.values[0].verdict == Hearing.NOT_JUDGED
    assert judgement.heard == ""


def test_one_that_was_held_is_believed_only_where_there_is_no_more_speech_than_words(
    reader: EspeakEngine,
) -> None:
    noise = np.random.default_rng(1).integers(-8_000, 8_000, 16_000 * 12).astype(np.int16)
    held = Ears(Heard(text="your bill is nine dollars", was_held=True))
    assert judged(held, reader).verdict == Hearing.HEARD
    assert judged(held, reader, pcm=noise).verdict == Hearing.NOT_JUDGED


def test_a_name_in_another_script_is_beyond_the_recogniser_and_no_fault_of_the_file(
    reader: EspeakEngine,
) -> None:
    name = SpokenValue(kind="name", begun=1, ended=3)
    judgement = listen(
        SOUND,
        16_000,
        "Hello Иван Петров.",
        [name],
        language="en",
        recogniser=Ears("hello Ivan Petrov", nats=9.0),
        means=means("en", reader),
    )
    assert (judgement.verdict, judgement.values[0].verdict) == (Hearing.HEARD, Hearing.NOT_JUDGED)


def test_a_language_that_it_does_not_hear_is_not_judged(reader: EspeakEngine) -> None:
    assert judged(Ears("anything"), reader, language="de").verdict == Hearing.NOT_JUDGED


def test_a_judgement_is_kept_and_read_back(reader: EspeakEngine) -> None:
    judgement = judged(Ears("your bill is five dollars", nats=9.0), reader)
    assert judgement_from_json({**judgement_as_json(judgement), "start_ms": 12.0}) == judgement


def test_value_words_are_those_of_the_rooms() -> None:
    from tools.value_words import FILE, document

    assert FILE.read_text(encoding="utf-8") == document(), "run python -m tools.value_words"


def test_edits_are_counted() -> None:
    assert (edits("", "abc"), edits("kitten", "sitting"), edits("same", "same")) == (3, 3, 0)


@pytest.mark.parametrize(
    ("language", "said", "heard"),
    [
        ("en", "Visit W W W dot example dot co dot uk now.", "Visit www.example.co.uk now"),
        ("es", "Visite ejemplo punto com hoy.", "Visite ejemplo.com hoy"),
        ("fr", "Allez sur exemple point fr.", "Allez sur exemple.fr"),
    ],
)
def test_an_address_is_heard_with_its_dots_as_signs(
    language: str, said: str, heard: str, reader: EspeakEngine
) -> None:
    value = SpokenValue(kind="url", begun=1, ended=8)
    assert not compare(said, [value], heard, means(language, reader)).amiss
    assert compare(said, [value], heard.replace(".", " ", 1), means(language, reader)).amiss


@pytest.mark.parametrize(
    ("language", "name", "is_beyond"),
    [("en", "Szczęsny", True), ("en", "Carter", False), ("fr", "Hélène", False), ("es", "Nguyễn", True)],
)
def test_names_with_letters_from_elsewhere_are_beyond_the_recogniser(
    language: str, name: str, is_beyond: bool
) -> None:
    assert is_foreign(name, language) is is_beyond


def by_two(first: Ears, second: Ears, reader: EspeakEngine, language: str = "en") -> Judgement:
    return listen(
        SOUND,
        16_000,
        TEXT,
        [VALUE],
        language=language,
        recogniser=first,
        means=means("en", reader, nats=2.0),
        second=second,
    )


def test_what_one_of_two_recognisers_hears_is_heard(reader: EspeakEngine) -> None:
    deaf, right = Ears("your bill is five dollars", nats=9.0), Ears("your bill is nine dollars")
    assert judged(deaf, reader).verdict == Hearing.MISHEARD
    assert by_two(deaf, right, reader).verdict == Hearing.HEARD
    assert by_two(right, deaf, reader).verdict == Hearing.HEARD
    assert len(deaf.attempts) == 5, "in its four ways alone, once beside the other"


def test_what_both_miss_is_misheard(reader: EspeakEngine) -> None:
    judgement = by_two(
        Ears("your bill is five dollars", nats=9.0), Ears("your bill is one dollar", nats=9.0), reader
    )
    assert judgement.verdict == judgement.values[0].verdict == Hearing.MISHEARD


def test_a_second_recogniser_that_does_not_know_the_language_is_not_asked(reader: EspeakEngine) -> None:
    class Elsewhere(Ears):
        def understands(self, language: str) -> bool:
            return language == "de"

    second = Elsewhere("your bill is nine dollars")
    assert by_two(Ears("your bill is five dollars", nats=9.0), second, reader).verdict == Hearing.MISHEARD
    assert second.attempts == []


def test_one_that_hears_alone_is_enough_and_nobody_is_not(reader: EspeakEngine) -> None:
    loop = Heard(text="", looped=True)
    assert by_two(Ears(loop), Ears("your bill is nine dollars"), reader).verdict == Hearing.HEARD
    assert by_two(Ears(loop), Ears(loop), reader).verdict == Hearing.NOT_JUDGED


@pytest.mark.parametrize(
    ("heard", "verdict", "value"),
    [
        ("Your code is A X five two today.", Hearing.HEARD, Hearing.NOT_JUDGED),
        ("Your code is K X five two today.", Hearing.HEARD, Hearing.NOT_JUDGED),
        ("Your code is K C five two today.", Hearing.HEARD, Hearing.HEARD),
        ("Your code is K C two today.", Hearing.MISHEARD, Hearing.MISHEARD),  # a word of it is missing
        ("Your code is today.", Hearing.MISHEARD, Hearing.MISHEARD),  # nothing of it was said
        (
            "Your parcel is A X five two today.",
            Hearing.MISHEARD,
            Hearing.NOT_JUDGED,
        ),  # the words are compared
        ("Your code by tomorrow noon five two today.", Hearing.MISHEARD, Hearing.MISHEARD),  # over its border
        ("Your code is K C five blue morning.", Hearing.MISHEARD, Hearing.MISHEARD),
    ],
)
def test_a_kind_beyond_the_recogniser_is_not_judged_and_the_words_around_it_are(
    heard: str, verdict: Hearing, value: Hearing, reader: EspeakEngine
) -> None:
    said = "Your code is K C five two today."
    spell = [SpokenValue(kind="spell", begun=3, ended=7)]

    def judged(beyond: str) -> Judgement:
        comparison = compare(said, spell, heard, means("en", reader, beyond=beyond))
        return judgement_of(said, spell, comparison, comparison.amiss)

    found = judged("spell time")
    assert (found.verdict, found.values[0].verdict) == (verdict, value)
    if value == Hearing.NOT_JUDGED:
        assert judged("time").values[0].verdict == Hearing.MISHEARD


@pytest.mark.parametrize(
    ("heard", "amiss"),
    [
        ("see nhs dot uk-covid-one nine", False),
        ("see nhs dot uk covid one nine", True),
        ("see nhs dot uk slash covid one nine", True),
    ],
)
def test_an_address_is_heard_with_its_dashes_and_slashes_as_signs(
    heard: str, amiss: bool, reader: EspeakEngine
) -> None:
    text = "See NHS dot UK slash covid dash one nine."
    value = [SpokenValue(kind="address", begun=1, ended=9)]
    assert bool(compare(text, value, heard, means("en", reader)).amiss) == amiss
    assert compare(text, [], heard, means("en", reader)).amiss
