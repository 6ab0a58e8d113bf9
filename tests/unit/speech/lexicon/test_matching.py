"""Which entry applies where, and what it makes the engine say."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.errors import FieldError, LexiconError, RowError
from campaign.speech.abilities import Abilities
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.lexicon.entries import Rules, check_rules
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.lexicon.samples import plain_front_end, shown
from campaign.speech.lexicon.tsv import read_tsv
from campaign.speech.ports import LexiconHit
from workers.engines.espeak.phonemes import from_ipa

EVERYTHING = Abilities(alphabets=frozenset({"ipa", "pinyin", "x-espeak"}))


def rules(text: str, source: str = "test.tsv") -> Rules:
    return check_rules(read_tsv(text.replace(" | ", "\t"), source), source)


def lexicon(*texts: str, abilities: Abilities = EVERYTHING) -> CampaignLexicon:
    labelled = [
        LabelledRules(label=f"test@{number}", rules=rules(text)) for number, text in enumerate(texts, start=1)
    ]
    return CampaignLexicon(labelled, abilities)


def said(made: CampaignLexicon, text: str, language: str = "en") -> str:
    return shown(plain_front_end(language, made).compose(locale=language, fields={"text": text}))


def replaced(made: CampaignLexicon, text: str, language: str = "en", role: str = "") -> str:
    out, position = "", 0
    for hit in made.matches(text, language, role):
        out += text[position : hit.start] + (hit.alias or text[hit.start : hit.end])
        position = hit.end
    return out + text[position:]


def test_longest_entry_wins_over_its_beginning() -> None:
    made = lexicon("written | alias\nBlue | green\nBlue Cross | B C\nBlue Cross Gold | B C G\n")
    assert replaced(made, "Blue Cross Gold, Blue Cross, Blue") == "B C G, B C, green"


def test_entry_matches_words_and_no_parts_of_words() -> None:
    made = lexicon("written | alias\nart | A R T\n")
    assert (
        replaced(made, "party art, artful art-house smart art.")
        == "party A R T, artful A R T-house smart A R T."
    )


@pytest.mark.parametrize(
    ("case", "hits"),
    [
        ("auto", {"siân": True, "Siân": True, "SIÂN": True}),
        ("exact", {"siân": True, "Siân": False, "SIÂN": False}),
        ("any", {"siân": True, "Siân": True, "SIÂN": True}),
    ],
)
def test_case_policy_of_a_small_word(case: str, hits: dict[str, bool]) -> None:
    made = lexicon(f"written | alias | case\nsiân | sharn | {case}\n")
    assert {text: bool(made.matches(text, "en")) for text in hits} == hits


def test_a_name_matches_as_written_or_in_capitals_and_letters_only_as_written() -> None:
    made = lexicon("written | alias\nMilan | me-lan\nIT | I T\nde Souza | dee sooza\n")
    assert (
        replaced(made, "Milan MILAN milan; IT it It; De Souza") == "me-lan me-lan milan; I T it It; dee sooza"
    )


def test_same_letters_in_two_cases_are_two_entries() -> None:
    made = lexicon("written | alias\nus | uss\nUS | U S\n")
    assert replaced(made, "us US Us") == "uss U S uss"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Siân's here", "Sharn's here"),
        ("Siân’s here", "Sharn’s here"),
        ("Siân-Louise and Mary-Siân", "Sharn-Louise and Mary-Sharn"),
        ("(Siân)", "(Sharn)"),
        ("O'Siân", "O'Sharn"),
        ("Siâns", "Siâns"),
    ],
)
def test_possessives_hyphens_and_elisions(written: str, spoken: str) -> None:
    assert said(lexicon("written | alias\nSiân | Sharn\n"), written) == spoken


@pytest.mark.parametrize(
    ("ipa", "ending"), [("ʃɑːn", "z"), ("dʒeɪmz", "ɪz"), ("ʃɑːp", "s"), ("liː", "z"), ("mæʃ", "ɪz")]
)
def test_the_possessive_of_a_pronunciation_ends_as_english_does(ipa: str, ending: str) -> None:
    made = lexicon(f"written | ipa\nSiân | {ipa}\n")
    assert said(made, "Siân's here") == f"Siân's{{ipa {ipa}{ending}}} here"


def test_all_hyphens_apostrophes_and_spaces_are_the_same() -> None:
    made = lexicon("written | alias\nO'Neil-Smith Co | one\n")
    assert replaced(made, "O’Neil‑Smith\u00a0 Co") == "one"


def test_scripts_without_spaces_match_inside_a_run() -> None:
    made = lexicon("# language: zh\nwritten | pinyin\n重庆 | chong2 qing4\n")
    hits = made.matches("我在重庆工作", "zh")
    assert [(hit.start, hit.end, hit.phonemes) for hit in hits] == [(2, 4, (("pinyin", "chong2 qing4"),))]


def test_marks_of_indic_scripts_are_parts_of_their_words() -> None:
    made = lexicon("written | alias\nहिन | x\n")
    assert replaced(made, "हिन्दी हिन") == "हिन्दी x"


def test_role_chooses_between_homographs() -> None:
    made = lexicon("written | alias | role\nread | red | past\nlead | leed\nlead | led | metal\n")
    assert replaced(made, "read lead") == "read leed"
    assert replaced(made, "read lead", role="metal") == "read led"
    template = TemplateSource(name="t.txt", text='She {{ "read" | role("past") }} it. We read it.')
    front_end = FrontEnd(FrontEndConfig(templates={"en": template}, lexicon=made))
    assert front_end.compose(locale="en", fields={}).spoken_text == "She red it. We read it."


def test_narrower_scope_then_priority_then_locale_wins() -> None:
    shop = "# scope: installation\n# priority: 99\nwritten | alias\nNyx | installation\n"
    locale = "# scope: locale\n# language: en\nwritten | alias\nNyx | locale\n"
    british = "# scope: locale\n# language: en-GB\nwritten | alias\nNyx | british\n"
    preset = "# scope: preset demo\nwritten | alias\nNyx | preset\n"
    low = "written | alias\nNyx | campaign\n"
    high = "# priority: 1\nwritten | alias\nNyx | urgent\n"
    assert replaced(lexicon(shop, locale), "Nyx", "en") == "locale"
    assert replaced(lexicon(locale, british), "Nyx", "en-GB") == "british"
    assert replaced(lexicon(locale, british), "Nyx", "en-US") == "locale"
    assert replaced(lexicon(preset, locale, british), "Nyx", "en-GB") == "preset"
    assert replaced(lexicon(shop, low, preset), "Nyx") == "campaign"
    assert replaced(lexicon(high, low), "Nyx") == "urgent"


def test_a_lexicon_of_one_language_leaves_others_alone() -> None:
    made = lexicon("# language: de\nwritten | alias\nOP | O P\n")
    assert [replaced(made, "OP", language) for language in ("de", "de-AT", "en")] == ["O P", "O P", "OP"]


def test_region_of_the_recipient_reaches_the_lexicon() -> None:
    made = lexicon("# language: de-AT\nwritten | alias\nJänner | Jenner\n")
    front_end = plain_front_end("de", made)
    texts = [
        front_end.compose(locale=one, fields={"text": "Im Jänner"}).spoken_text for one in ("de-AT", "de-DE")
    ]
    assert texts == ["Im Jenner", "Im Jänner"]


def test_two_lexicons_of_equal_weight_that_differ_are_refused() -> None:
    with pytest.raises(LexiconError, match=r"line 2 of test@2 and line 2 of test@1 differ.*higher priority"):
        lexicon("written | alias\nNyx | one\n", "written | alias\nNyx | two\n")
    assert replaced(lexicon("written | alias\nNyx | one\n", "written | alias\nNyx | one\n"), "Nyx") == "one"


def test_an_alias_may_use_other_entries_with_their_sounds() -> None:
    made = lexicon("written | alias | ipa\nYSL | Ysgol Siân\nSiân |  | ʃɑːn\nYsgol | us-gol\n")
    assert said(made, "YSL's bus") == "us-gol Siân's{ipa ʃɑːnz} bus"


def test_an_alias_may_hold_its_own_written_form() -> None:
    made = lexicon("written | alias\nLumen | Lumen Energy\n")
    assert (said(made, "Call Lumen."), made.loops()) == ("Call Lumen Energy.", [])


def test_aliases_that_lead_in_a_circle_are_reported_once() -> None:
    made = lexicon("written | alias\nNyx | Pax Q\nPax | Rix\nRix | old Nyx\nBo | Nyx\n")
    assert made.loops() == ["Nyx -> Pax -> Rix -> Nyx (test@1 line 2, test@1 line 3, test@1 line 4)"]


@pytest.mark.parametrize(
    ("abilities", "reason"),
    [
        (Abilities(engine="tone"), "it has only ipa, which tone does not take"),
        (
            Abilities(alphabets=frozenset({"ipa"}), ipa={"en": partial(from_ipa, voice="gmw/en")}),
            "cannot be said",
        ),
        (
            Abilities(alphabets=frozenset({"ipa"}), ipa={"cy": partial(from_ipa, voice="cel/cy")}),
            "cannot be said",
        ),
    ],
)
def test_what_the_engine_cannot_say_is_an_error_of_the_row(abilities: Abilities, reason: str) -> None:
    made = lexicon("written | ipa\nSiân | ʘɑːn\n", abilities=abilities)
    with pytest.raises(RowError, match=reason) as caught:
        said(made, "Hello Siân")
    assert (caught.value.code, "add an alias" in caught.value.mend) == ("lexicon-unsupported", True)
    assert said(made, "Hello Anna") == "Hello Anna"


def test_an_unsayable_entry_in_a_field_names_its_column() -> None:
    config = FrontEndConfig(
        templates={"en": TemplateSource(name="t.txt", text="Hello {{ who }}.")},
        columns={"who": parse_column_type("name")},
        lexicon=lexicon("written | ipa\nSiân | ʃɑːn\n", abilities=Abilities()),
    )
    with pytest.raises(FieldError) as caught:
        FrontEnd(config).compose(locale="en", fields={"who": "Siân"})
    assert (caught.value.code, caught.value.column) == ("lexicon-unsupported", "who")


def test_the_alias_serves_an_engine_without_the_alphabet() -> None:
    text = "written | alias | ipa\nSiân | Sharn | ʃɑːn\n"
    assert said(lexicon(text), "Siân") == "Sharn{ipa ʃɑːn}"
    assert said(lexicon(text, abilities=Abilities()), "Siân") == "Sharn"


def test_an_entry_may_be_spoken_in_another_language() -> None:
    text = "written | language\nCrédit Agricole | fr\n"
    assert said(lexicon(text), "Your Crédit Agricole card") == "Your [fr: Crédit Agricole] card"
    with pytest.raises(RowError, match="does not speak 'fr'"):
        said(lexicon(text, abilities=Abilities(languages=frozenset({"en"}))), "Crédit Agricole")


def test_hits_are_in_the_trace() -> None:
    composition = plain_front_end("en", lexicon("written | alias\nGP | doctor\n")).compose(
        locale="en", fields={"text": "Your GP"}
    )
    steps = [piece.step for sentence in composition.trace.sentences for piece in sentence.spoken.pieces]
    assert steps == ["", "lexicon test@1#2"]


def test_a_pickled_lexicon_says_the_same() -> None:
    made = lexicon("written | alias | ipa\nSiân |  | ʃɑːn\nGP | doctor\n")
    text = "Siân's GP"
    assert pickle.loads(pickle.dumps(made)).matches(text, "en") == made.matches(text, "en")


WORDS = st.lists(
    st.sampled_from(["Siân", "Siân's", "GP", "a", "-", "’", "重", " ", "x1", ".", "SIÂN"]), max_size=12
)


@given(WORDS.map("".join))
def test_hits_are_in_order_and_never_overlap(text: str) -> None:
    made = lexicon("written | alias | ipa\nSiân |  | ʃɑːn\nGP | doctor Siân now\nx1 | ex one\n重 | chong\n")
    hits: Sequence[LexiconHit] = made.matches(text, "en")
    places = [place for hit in hits for place in (hit.start, hit.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
