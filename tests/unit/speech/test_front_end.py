"""Fields to spoken utterances: languages, lexicon, guard, pauses, limits, trace."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from campaign.errors import BriefError, FieldError, RenderError, RowError, SpeechError, TemplateError
from campaign.speech.abilities import Abilities
from campaign.speech.columns import ColumnSpec, parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.ports import LexiconHit
from tests.unit.speech.conftest import Example
from workers.engines.espeak.phonemes import from_ipa


@dataclass(frozen=True)
class WordLexicon:
    """A lexicon of whole words, for tests."""

    entries: dict[str, LexiconHit]

    def matches(self, text: str, language: str, role: str = "") -> Sequence[LexiconHit]:
        hits = []
        for match in re.finditer(r"\w+", text):
            entry = self.entries.get(match[0])
            if entry is not None:
                hits.append(
                    LexiconHit(
                        start=match.start(),
                        end=match.end(),
                        alias=entry.alias,
                        phonemes=entry.phonemes,
                        language=entry.language,
                        entry=entry.entry,
                    )
                )
        return hits


def hit(alias: str | None, **more: Any) -> LexiconHit:
    return LexiconHit(start=0, end=0, alias=alias, **more)


def front_end(text: str, locale: str = "en", name: str = "t.txt", **config: Any) -> FrontEnd:
    columns = {
        column: declared if isinstance(declared, ColumnSpec) else parse_column_type(declared)
        for column, declared in dict(config.pop("columns", {})).items()
    }
    languages = config.pop("languages", (locale[:2],))
    return FrontEnd(
        FrontEndConfig(
            templates={locale: TemplateSource(name=name, text=text)},
            columns=columns,
            languages=languages,
            **config,
        )
    )


def say(text: str, fields: dict[str, str] | None = None, locale: str = "en", **config: Any) -> Composition:
    return front_end(text, locale, **config).compose(locale=locale, fields=fields or {})


def spans(composition: Composition) -> list[tuple[str, str]]:
    return [(span.language, span.text) for utterance in composition.utterances for span in utterance.spans]


class TestLanguages:
    """Which language a span is in, and why."""

    def test_markup_comes_before_everything(self) -> None:
        said = say('Hello, {% lang "es" %}son 21 euros{% endlang %}, and 21 more.')
        assert spans(said) == [
            ("en", "Hello,"),
            ("es", "son veintiún euros,"),
            ("en", "and twenty-one more."),
        ]

    def test_the_fields_language_comes_before_the_templates(self) -> None:
        said = say("He said {{ q }}.", {"q": "21 libros"}, columns={"q": {"type": "text", "language": "es"}})
        assert spans(said) == [("en", "He said"), ("es", "veintiún libros.")]

    def test_a_typed_field_may_have_its_own_language(self) -> None:
        said = say("Amount: {{ a }}.", {"a": "21"}, columns={"a": {"type": "money EUR", "language": "es"}})
        assert spans(said) == [("en", "Amount:"), ("es", "veintiún euros.")]

    def test_letters_of_another_script_go_to_the_declared_language_that_uses_it(self) -> None:
        said = say(
            "Hello {{ n }}.", {"n": "Иван Müller"}, columns={"n": "name"}, languages=("en", "uk", "ru")
        )
        assert spans(said) == [("en", "Hello"), ("uk", "Иван"), ("en", "Müller.")]

    def test_letters_of_no_declared_language_are_an_error_never_letter_names(self) -> None:
        with pytest.raises(FieldError, match=r"'И'.*cyrillic of no declared language") as caught:
            say("Hello {{ n }}.", {"n": "Иван"}, columns={"n": "name"})
        assert (caught.value.code, caught.value.column) == ("unspeakable-character", "n")

    def test_digits_beside_another_script_keep_the_clauses_language(self) -> None:
        said = say("{{ t }}", {"t": "Иван has 3 letters."}, languages=("en", "ru"))
        assert spans(said) == [("ru", "Иван"), ("en", "has three letters.")]

    @pytest.mark.parametrize(
        ("note", "language"),
        [
            ("Por favor, traiga su tarjeta sanitaria.", "es"),
            ("Bitte bringen Sie Ihre Versichertenkarte mit.", "de"),
            ("Merci de venir avec votre carte vitale.", "fr"),
            ("Please bring your insurance card with you.", "en"),
            ("Gracias, señor.", "en"),
        ],
    )
    def test_free_text_of_three_words_is_detected_among_the_declared_languages(
        self, note: str, language: str
    ) -> None:
        columns = {"n": {"type": "text", "language": "auto"}}
        said = say("{{ n }}", {"n": note}, columns=columns, languages=("en", "es", "de", "fr"))
        assert [one for one, _ in spans(said)] == [language]

    def test_a_language_that_is_not_declared_is_never_detected(self) -> None:
        columns = {"n": {"type": "text", "language": "auto"}}
        said = say(
            "{{ n }}",
            {"n": "Por favor, traiga su tarjeta sanitaria."},
            columns=columns,
            languages=("en", "de"),
        )
        assert spans(said)[0][0] in {"en", "de"}

    def test_every_decision_and_its_reason_is_in_the_trace(self) -> None:
        columns = {"n": "name", "t": {"type": "text", "language": "auto"}}
        fields = {"n": "Иван", "t": "Por favor, traiga su tarjeta."}
        said = say(
            'Hi {{ n }}. {{ t }} {% lang "de" %}Hallo{% endlang %}.',
            fields,
            columns=columns,
            languages=("en", "es", "ru"),
        )
        trace = json.loads(json.dumps(said.trace.as_json()))
        reasons = {
            span["written"].strip(): span["reason"] for one in trace["sentences"] for span in one["spans"]
        }
        assert reasons["Hi"] == "template"
        assert reasons["Иван"] == "script cyrillic"
        assert reasons["Por favor, traiga su tarjeta."].startswith("detected ")
        assert reasons["Hallo"] == "markup"


class TestTrace:
    """The trace explains each word."""

    def test_offsets_point_at_what_was_written(self) -> None:
        fields = {"a": "20 EUR", "n": "Ana Ruiz", "t": "Come at 9:05 sharp. Bring ID."}
        text = (
            '\n {{ n }}, pay {{ a }} by 3 May now. {{ pause(100) }}{{ t }} {% lang "es" %}Hola{% endlang %}.'
        )
        said = say(text, fields, columns={"a": "money", "n": "name"})
        trace = json.loads(json.dumps(said.trace.as_json()))
        assert trace["script"] == "Ana Ruiz, pay 20 EUR by 3 May now. Come at 9:05 sharp. Bring ID. Hola."
        shown = [span for one in trace["sentences"] for span in one["spans"]]
        assert [
            trace["script"][span["start"] : span["end"]] for span in shown if span["written"].strip()
        ] == [span["written"] for span in shown if span["written"].strip()]
        assert [(span["written"], span["spoken"], span["kind"]) for span in shown if span.get("step")] == [
            ("20 EUR", "twenty euros", "money"),
            ("3 May", "the third of May", "date"),
            ("9:05", "nine oh five", "time"),
        ]

    def test_a_composition_can_be_pickled(self) -> None:
        said = say("Hello {{ n }}.", {"n": "Ana"})
        assert pickle.loads(pickle.dumps(said)).spoken_text == "Hello Ana."

    def test_the_configuration_can_be_pickled(self, example: Example) -> None:
        assert pickle.loads(pickle.dumps(example.config)) == example.config


class TestLexicon:
    """Entries are applied before anything else reads the text."""

    def test_an_alias_is_said_in_place_of_the_word(self) -> None:
        lexicon = WordLexicon({"SQL": hit("sequel", entry="it@1#3")})
        said = say("Use SQL now.", lexicon=lexicon)
        assert spans(said) == [("en", "Use sequel now.")]
        trace: Any = said.trace.as_json()
        [sentence] = trace["sentences"]
        assert "lexicon it@1#3" in [span.get("step") for span in sentence["spans"]]

    def test_phonemes_make_a_span_of_their_own(self) -> None:
        lexicon = WordLexicon({"Nguyen": hit(None, phonemes=(("ipa", "wɪn"),))})
        [utterance] = say(
            "Hello {{ n }}!", {"n": "Nguyen"}, columns={"n": "name"}, lexicon=lexicon
        ).utterances
        assert [(span.text, span.phonemes) for span in utterance.spans] == [
            ("Hello", ()),
            ("Nguyen!", (("ipa", "wɪn"),)),
        ]

    def test_an_entry_makes_a_foreign_name_speakable(self) -> None:
        lexicon = WordLexicon({"Иван": hit("Ivan")})
        said = say("Hello {{ n }}.", {"n": "Иван"}, columns={"n": "name"}, lexicon=lexicon)
        assert spans(said) == [("en", "Hello Ivan.")]

    def test_an_entry_may_choose_the_language(self) -> None:
        lexicon = WordLexicon({"Guten": hit(None, language="de")})
        assert spans(say("Say Guten now.", lexicon=lexicon)) == [
            ("en", "Say"),
            ("de", "Guten"),
            ("en", "now."),
        ]


class TestGuard:
    """Nothing reaches a voice that it cannot say."""

    @pytest.mark.parametrize("sign", ["😀", "∑", "{", "}", "[", "\\", "<", "²"])
    def test_a_sign_without_words_is_an_error_with_the_sign(self, sign: str) -> None:
        with pytest.raises(FieldError) as caught:
            say("{{ t }}", {"t": f"Hello {sign} there"})
        assert (caught.value.code, caught.value.column) == ("unspeakable-character", "t")
        assert f"U+{ord(sign):04X}" in str(caught.value)

    def test_by_policy_a_left_over_sign_is_said_by_name_and_listed(self) -> None:
        said = say("{{ t }}", {"t": "a_b < c"}, leftover="verbalise")
        assert said.spoken_text == "a underscore b less than c"
        assert said.warnings

    def test_a_character_that_the_engine_lacks_is_an_error(self) -> None:
        vocabulary = frozenset("abcdefghijklmnopqrstuvwxyzH .")
        assert say("Hello you.", vocabulary=vocabulary).spoken_text == "Hello you."
        with pytest.raises(SpeechError, match="U\\+00EB"):
            say("Hello Zoë.", vocabulary=vocabulary | {"Z"})

    @pytest.mark.parametrize(
        ("bad", "code"),
        [
            ("a\x00b", "forbidden-character"),
            ("a\ud800b", "forbidden-character"),
            ("a\ue000b", "forbidden-character"),
            ("a\u202eb", "forbidden-character"),
            ("a\u2066b", "forbidden-character"),
            ("x" * 5001, "field-too-long"),
        ],
    )
    def test_characters_that_break_things_are_refused_with_their_column(self, bad: str, code: str) -> None:
        with pytest.raises(FieldError) as caught:
            say("Hello {{ n }}.", {"n": bad})
        assert (caught.value.code, caught.value.column) == (code, "n")

    def test_characters_that_nobody_sees_are_dropped(self) -> None:
        assert say("Hello {{ n }}.", {"n": "\ufeffAn\u00ada\u200b"}).spoken_text == "Hello Ana."

    def test_a_field_is_said_composed(self) -> None:
        assert say("Hello {{ n }}.", {"n": "Zoe\u0308"}).spoken_text == "Hello Zoë."

    def test_names_are_never_normalised(self) -> None:
        for name in ("Enes", "OR", "MI Casa", "Will May", "J. R. Ewing", "D'Arcy-Lee", "St John"):
            assert (
                say("Hello {{ n }} again.", {"n": name}, columns={"n": "name"}).spoken_text
                == f"Hello {name} again."
            )

    def test_plain_words_are_never_normalised(self) -> None:
        assert (
            say("Son de MI padre, OR, VI y Cia.", locale="es").spoken_text == "Son de MI padre, OR, VI y Cia."
        )


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "Section 99999999999999999999.1", "number-too-large"),
        ("en", "A 99999999999999999999-kg bag", "number-too-large"),
        ("de", "99999999999999999999 Mio. Euro", "number-too-large"),
        ("de", "Version 99999999999999999999.2", "number-too-large"),
        ("zh", "请于2/30前回复", "no-such-date"),
        ("it", "0° piano", "not-an-ordinal"),
        ("en", "May 0-5", "unclear-value"),
    ],
)
def test_what_is_found_and_cannot_be_said_is_the_row_s_error(language: str, text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        say("{{ t }}", {"t": text}, language)
    assert (caught.value.code, caught.value.column) == (code, "t")


class TestSentences:
    """Utterances and pauses."""

    def test_an_utterance_is_a_sentence(self) -> None:
        said = say("Hello {{ n }}. It is ready! Come?", {"n": "Dr. Lee"}, columns={"n": "name"})
        assert [utterance.text for utterance in said.utterances] == [
            "Hello Doctor Lee.",
            "It is ready!",
            "Come?",
        ]

    def test_a_pause_parts_a_sentence_or_follows_it(self) -> None:
        said = say("One, {{ pause(200) }}two. {{ pause(500) }}Three. Four.{{ pause(100) }}")
        assert [(one.text, one.pause_after_ms) for one in said.utterances] == [
            ("One,", 200),
            ("two.", 500),
            ("Three.", None),
            ("Four.", 100),
        ]

    def test_a_field_may_hold_several_sentences(self) -> None:
        said = say("{{ t }} Bye.", {"t": "Come early. Bring ID."})
        assert [utterance.text for utterance in said.utterances] == ["Come early.", "Bring ID.", "Bye."]

    def test_a_long_sentence_is_parted_at_a_comma(self) -> None:
        said = say("word " * 30 + "end, " + "word " * 60 + "end.")
        assert [utterance.text[-4:] for utterance in said.utterances] == ["end,", "end."]

    def test_emphasis_makes_a_span(self) -> None:
        [utterance] = say("Pay {% emphasis %}today{% endemphasis %} please.").utterances
        assert [(span.text, span.emphasis) for span in utterance.spans] == [
            ("Pay", None),
            ("today", "strong"),
            ("please.", None),
        ]

    @pytest.mark.parametrize(
        ("locale", "clause", "said"),
        [
            (
                "en",
                "the fee is 421 euros on 3 May at 14:30",
                "the fee is four hundred twenty-one euros on the third of May at two thirty PM",
            ),
            (
                "de",
                "wir kommen am 3. Mai um 14:30 Uhr mit 21 Leuten",
                "wir kommen am dritten Mai um vierzehn Uhr dreißig mit einundzwanzig Leuten",
            ),
            ("es", "vienen 21 personas el 3 de mayo", "vienen veintiuna personas el tres de mayo"),
            ("fr", "il y a 80 places le 1er mai", "il y a quatre-vingts places le premier mai"),
        ],
    )
    def test_a_clause_says_the_same_after_any_number_of_words(
        self, locale: str, clause: str, said: str
    ) -> None:
        filler = {"en": "word", "de": "Wort", "es": "palabra", "fr": "mot"}[locale]
        for count in (0, 1, 5, 21, 40, 60):
            text = " ".join([filler] * count + [clause]) + "."
            assert say("{{ t }}", {"t": text}, locale=locale).spoken_text.endswith(f"{said}.")

    def test_a_template_that_says_the_unit_again_does_not_double_it(self) -> None:
        columns = {"t": "time", "a": "money EUR"}
        fields = {"t": "14:30", "a": "20"}
        said = say("Um {{ t }} Uhr, {{ a }} € und {{ a }} Euro.", fields, "de", columns=columns)
        assert said.spoken_text == "Um vierzehn Uhr dreißig, zwanzig Euro und zwanzig Euro."


class TestTemplatesAndLimits:
    """Which template serves a row, and what stops one."""

    def test_the_locale_finds_its_template_then_its_language_then_the_default(self) -> None:
        sources = {
            key: TemplateSource(name=f"{key}.txt", text=f"{key} here.") for key in ("default", "de", "de-AT")
        }
        one = FrontEnd(FrontEndConfig(templates=sources, languages=("en", "de")))
        served = {
            locale: one.compose(locale=locale, fields={}).spoken_text
            for locale in ("de_AT", "de-CH", "DE", "fr", "")
        }
        assert served == {
            "de_AT": "de-AT here.",
            "de-CH": "de here.",
            "DE": "de here.",
            "fr": "default here.",
            "": "default here.",
        }

    def test_a_locale_without_template_or_default_is_a_row_error(self) -> None:
        with pytest.raises(FieldError, match="unknown-locale"):
            front_end("Hi.", "de").compose(locale="fr", fields={})

    def test_the_region_decides_how_a_date_is_read(self) -> None:
        one = front_end("On {{ d }}.", columns={"d": "date"})
        said = {
            locale: one.compose(locale=locale, fields={"d": "2026-12-03"}).spoken_text
            for locale in ("en-US", "en-GB")
        }
        assert said == {
            "en-US": "On December third, twenty twenty-six.",
            "en-GB": "On the third of December twenty twenty-six.",
        }

    def test_an_ambiguous_date_names_both_readings(self) -> None:
        with pytest.raises(RowError) as caught:
            say("{{ d }}", {"d": "03/04/2026"}, columns={"d": "date"})
        assert caught.value.code == "ambiguous-date"
        assert "2026-04-03" in caught.value.reason
        assert "2026-03-04" in caught.value.reason

    def test_values_of_a_language_without_verbaliser_are_an_error(self) -> None:
        with pytest.raises(FieldError, match="no-verbaliser"):
            say("Цена {{ a }}.", {"a": "20"}, "ru", columns={"a": "money EUR"})

    def test_prose_of_a_language_without_grammar_is_spoken_when_it_needs_none(self) -> None:
        assert say("Привет, {{ n }}.", {"n": "Анна"}, "ru").spoken_text == "Привет, Анна."
        with pytest.raises(FieldError, match="unspeakable-character"):
            say("{{ n }}", {"n": "Дом 5."}, "ru")

    def test_an_empty_script_is_an_error(self) -> None:
        with pytest.raises(RenderError, match="empty-script"):
            say("{{ n }}", {"n": "..."}, columns={"n": ColumnSpec(nothing=())})

    def test_a_script_that_is_too_long_is_an_error(self) -> None:
        with pytest.raises(RenderError, match="script-too-long"):
            say("word. " * 5000)

    @pytest.mark.parametrize(
        ("config", "error"),
        [
            (FrontEndConfig(templates={}), BriefError),
            (FrontEndConfig(templates={"en": TemplateSource(name="t", text="x")}, languages=()), BriefError),
            (
                FrontEndConfig(templates={"en": TemplateSource(name="t", text="x")}, leftover="guess"),
                BriefError,
            ),
            (
                FrontEndConfig(templates={"en": TemplateSource(name="t", text="{{ x | nope }}")}),
                TemplateError,
            ),
        ],
    )
    def test_what_is_wrong_for_every_row_is_raised_at_once(
        self, config: FrontEndConfig, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            FrontEnd(config)

    def test_a_sentence_is_worked_out_once(self) -> None:
        one = front_end("This is Lumen. Hello {{ n }}.", columns={"n": "name"})
        for name in ("Ana", "Ben", "Ana"):
            one.compose(locale="en", fields={"n": name})
        assert (one.cache_hits, one.cache_misses) == (3, 3)


@pytest.mark.parametrize(
    ("abilities", "text", "why"),
    [
        (Abilities(engine="f5"), '{{ who | phoneme("miːn") }}', "which f5 does not take"),
        (Abilities(alphabets=frozenset({"ipa"})), '{{ who | phoneme("ma1", "pinyin") }}', "only pinyin"),
        (
            Abilities(alphabets=frozenset({"ipa"}), ipa={"en": partial(from_ipa, voice="gmw/en")}),
            '{{ who | phoneme("ǂa") }}',
            "cannot be said",
        ),
    ],
)
def test_pronunciation_that_the_engine_cannot_say_is_an_error_of_the_row(
    abilities: Abilities, text: str, why: str
) -> None:
    template = TemplateSource(name="t", text=f"Hello {text}.")
    front_end = FrontEnd(FrontEndConfig(templates={"default": template}, abilities=abilities))
    with pytest.raises(FieldError) as caught:
        front_end.compose(locale="en", fields={"who": "Mean"})
    assert (caught.value.code, caught.value.column) == ("phonemes-unsupported", "who")
    assert why in caught.value.reason


def test_long_first_sentence_is_parted_at_its_first_comma_for_a_listener_who_does_not_wait() -> None:
    text = "Your appointment at the clinic, which you asked for by telephone last week, is on Monday. Goodbye, Ann."
    config = FrontEndConfig(templates={"default": TemplateSource(name="t", text=text)})
    whole = FrontEnd(config).compose(locale="en", fields={})
    early = FrontEnd(replace(config, max_first_characters=60)).compose(locale="en", fields={})
    assert [one.text for one in whole.utterances] == [text.partition(" Goodbye")[0], "Goodbye, Ann."]
    assert early.utterances[0].text == "Your appointment at the clinic,"
    assert early.utterances[0].pause_after_ms == 150
    assert early.spoken_text == whole.spoken_text
    assert len(early.utterances) == 3
