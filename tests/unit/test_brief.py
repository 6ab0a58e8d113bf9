"""The brief: strict, with errors that name file, key and mend; whole in itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Brief, Duplicates, OnError, Overrides, Purpose, load_brief, read_brief
from campaign.errors import BriefError, TemplateError
from campaign.speech.templates import TemplateSource
from storage.tables import Lane
from workers.engines.imperfection import Imperfection


def written(folder: Path, text: str) -> Path:
    (folder / "hello.txt").write_text("Hello {{ name }}.")
    path = folder / "campaign.toml"
    path.write_text(text)
    return path


BASE = '[templates]\nen = "hello.txt"\n'


def test_brief_is_whole_in_itself(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'name = "Autumn"\nlanguages = ["en", "de"]\n' + BASE + '[columns]\nname = "name"\n'
    )
    brief = load_brief(path, Overrides()).brief
    again = Brief.from_json(brief.as_json())
    assert again == brief
    assert again.digest == brief.digest
    assert again.templates["en"].text == "Hello {{ name }}."


def test_default_template_may_name_a_locale(tmp_path: Path) -> None:
    brief = load_brief(
        written(tmp_path, '[templates]\ndefault = "en"\nen = "hello.txt"\n'), Overrides()
    ).brief
    assert brief.templates["default"].text == brief.templates["en"].text
    assert brief.templates["default"].language == "en"


def test_flags_override_the_brief(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Bye {{ name }}.")
    over = Overrides(
        template=tmp_path / "other.txt",
        preset="a@2",
        model="m",
        on_error="reject",
        duplicates="keep-all",
        purpose="research",
        lane="preview",
    )
    brief = load_brief(written(tmp_path, BASE), over).brief
    assert (brief.preset, brief.model) == ("a@2", "m")
    assert (brief.on_error, brief.duplicates) == (OnError.REJECT, Duplicates.KEEP_ALL)
    assert (brief.purpose, brief.lane) == (Purpose.RESEARCH, Lane.PREVIEW)
    assert set(brief.templates) == {"default"}


def test_changed_template_is_another_digest(tmp_path: Path) -> None:
    path = written(tmp_path, BASE)
    before = load_brief(path, Overrides()).brief.digest
    (tmp_path / "hello.txt").write_text("Hi {{ name }}.")
    assert load_brief(path, Overrides()).brief.digest != before


def test_changed_suppression_list_is_another_digest(tmp_path: Path) -> None:
    path = written(tmp_path, 'suppress = ["s.csv"]\n' + BASE)
    (tmp_path / "s.csv").write_text("1\n")
    before = load_brief(path, Overrides()).brief.digest
    (tmp_path / "s.csv").write_text("2\n")
    assert load_brief(path, Overrides()).brief.digest != before


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("nonsense", "is not TOML"),
        ('nmae = "x"\n' + BASE, "no key nmae; did you mean name"),
        ('purpose = "fun"\n' + BASE, "give one of commercial"),
        ("error_budget = 2\n" + BASE, "error_budget is 2; give a number from 0 to 1"),
        ('languages = "en"\n' + BASE, r'give a list of text such as \["en", "de"\]\.'),
        ("columns = 3\n" + BASE, r'give a table such as \{ name = "name", amount = "money EUR" \}\.'),
        ('territories = ["DE", 3]\n' + BASE, r"territories\[2\] is 3; give text\."),
        ("languages = []\n" + BASE, r"languages is \[\]; give a list"),
        ('leftover = "drop"\n' + BASE, "give error or verbalise"),
        ('[templates]\nen = "none.txt"\n', "no template 'none.txt'"),
        ("", "names no template"),
        (BASE + '[columns]\nname = "nmae"\n', "no column type"),
        ('suppress = ["none.csv"]\n' + BASE, r"opt-out list .*none\.csv cannot be read: No such file"),
        ("".join(f"key{n} = 1\n" for n in range(5)) + BASE, "no key key0, key1, key2, key3, key4;"),
        ("".join(f"key{n} = 1\n" for n in range(6)) + BASE, "key3, key4 and 1 more;"),
        (
            "id_column = 1\nlocale_column = 1\npreset = 1\nmodel = 1\nname = 1\nlexicons = 1\n" + BASE,
            r" \.\.\. and 1 more\.$",
        ),
    ],
)
def test_bad_brief_is_refused_with_the_mend(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(BriefError, match=match):
        load_brief(written(tmp_path, text), Overrides())


def nested(depth: int) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for _ in range(depth):
        table = {"a": table}
    return table


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"name": ""}, "give 1 to 200 characters on one line"),
        ({"name": "  "}, "give 1 to 200 characters on one line"),
        ({"territories": ["US", "uk"]}, "territories: 'uk' is no code of ISO 3166; write GB"),
        ({"territories": ["Germany"]}, "'Germany' is no code of ISO 3166; write DE"),
        ({"territories": ["us"]}, "'us' is no code of ISO 3166; write US"),
        ({"territories": ["-"]}, "'-' is no code of ISO 3166; write one such as DE"),
        (
            {"templates": {"de-AT": {"text": "a"}, "de_at": {"text": "b"}}},
            "de-AT and de_at are the same locale",
        ),
        ({"templates": {"zh": "您好，" * 40}}, "there is no template|nothing that is sent names one"),
        ({"lexicons": ["名" * 100 + ".tsv"]}, "there is no lexicon file|Register it first"),
        ({"columns": nested(5_000)}, "beyond all measure"),
        ({"columns": {"a": {"fallback": float("inf")}}}, "fallback is inf; give text"),
        ({"columns": {"a": {"fallback": 0.1, "optional": True}}}, "fallback is 0.1; give text"),
        ({"columns": {"a": {"fallback": "x"}}}, "its fallback is never said; add optional = true"),
        ({"columns": {"a": {"type": "money EUR", "currency": "USD"}}}, "type says EUR and its currency USD"),
        ({"columns": {"a": {"type": "date dmy", "order": "mdy"}}}, "type says dmy and its order mdy"),
        (
            {"columns": {"a": {"type": "name", "unit": "kg", "order": "dmy"}}},
            "name takes no order and no unit",
        ),
        ({"columns": {"a": {"type": "name", "gender": "f"}}}, "name takes no gender"),
        ({"columns": {"a": {"type": "name", "currency_column": "c"}}}, "name takes no currency_column"),
        ({"columns": {"a": {"type": "flag", "language": "en"}}}, "a flag is never spoken"),
        ({"columns": {"a": {"from": " "}}}, "from is blank"),
        (
            {"finish": {"characters_per_second": {"DE": [5, 30]}}},
            "finish: DE is no primary language; write one",
        ),
        ({"finish": {"characters_per_second": {"de-AT": [5, 30]}}}, "de-AT is no primary language"),
        ({"columns": {"a": "money XYZ"}}, "XYZ is no currency .*; give an ISO 4217 code"),
        (
            {"presets": ["a@1"]},
            r'presets is .*; give a table such as \{ female = "anna@1", male = "ben@2" \}',
        ),
        ({"presets": {"Low": "a@1", " ＬＯＷ": "b@1"}}, "Low and  ＬＯＷ are the same word in a row"),
        ({"presets": {" ": "a@1"}}, "presets: it has ' '; write what the column says"),
        ({"presets": {f"v{n}": "a@1" for n in range(51)}}, "presets: it has 51 entries; give 50 at most"),
        ({"preset_column": "voice"}, "preset_column names the column 'voice', and presets is empty. Write"),
        (
            {"presets": {"female": "a@1"}, "preset_column": "locale"},
            "preset_column is 'locale', the column of languages, so presets are named by these: 'female'",
        ),
        (
            {"presets": {"de-AT": "a@1", "de_at": "b@1"}, "preset_column": "locale"},
            "presets de-AT and de_at are the same language",
        ),
        ({"voices": {"x": "a@1"}}, "no key voices; did you mean presets"),
        ({"name": "x" * 201}, "give 1 to 200 characters on one line"),
        ({"name": "a\x1b[31m"}, "give 1 to 200 characters on one line"),
        ({"templates": {"en": {"text": "a\ud800"}}}, "holds half of a character"),
        ({"languages": ["en"] * 51}, "languages: it has 51 entries; give 50 at most"),
        ({"columns": {f"c{n}": "text" for n in range(501)}}, "columns: it has 501 entries; give 500 at most"),
        ({"templates": {"en": "Hello {{ name }}. " * 30}}, "no file's name. Write the text itself"),
        ({"templates": {"en": "a\0b"}}, "no file's name"),
        ({"columns": {"a": "x" * 5_000}}, r"no column type 'xxx.{0,60}\.\.\.;"),
        ({"a\x1b[31m" + "b" * 500: 1}, r"there is no key a\?\[31mb{40,60}\.\.\.;"),
    ],
)
@pytest.mark.parametrize("folder", [None, Path()])
def test_a_brief_has_bounds_and_so_has_what_is_said_of_it(
    table: dict[str, Any], said: str, folder: Path | None
) -> None:
    with pytest.raises(BriefError, match=said) as refused:
        read_brief({"templates": {"en": {"text": "Hi."}}, **table}, label="x", folder=folder)
    assert len(str(refused.value)) < 700 and "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "money EUR", "currency": "eur"},
        {"type": "ordinal", "gender": "f"},
        {"type": "text", "optional": True, "fallback": "nothing"},
        {"type": "unit", "unit": "kg"},
    ],
)
def test_a_column_that_says_a_thing_once_is_taken(declared: dict[str, Any]) -> None:
    table: dict[str, Any] = {"templates": {"en": {"text": "Hi."}}, "columns": {"a": declared}}
    table["territories"] = ["GB", "EU"]
    assert read_brief(table, label="x", folder=None).brief.columns == {"a": declared}


def test_missing_brief_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match="cannot be read"):
        load_brief(tmp_path / "none.toml", Overrides())


def test_template_may_stand_in_the_brief_itself() -> None:
    loaded = read_brief(
        {"templates": {"default": "en", "en": {"text": "Hello {{ name }}.", "language": "en"}}},
        label="request",
        folder=None,
    )
    assert loaded.brief.templates["default"].text == "Hello {{ name }}."
    assert loaded.brief.templates["default"].language == "en"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"templates": {"en": "/etc/passwd"}}, "nothing that is sent names one"),
        ({"templates": {"en": ".hidden"}}, "nothing that is sent names one"),
        ({"templates": {"en": "../secret.txt"}}, "nothing that is sent names one"),
        ({"templates": {"en": 7}}, "templates.en is 7; give a file's name"),
        ({"templates": {"en": {"text": 7}}}, "templates.en.text is 7; give text"),
        ({"templates": {"en": {"file": "/etc/passwd"}}}, "nothing that is sent names one"),
        ({"templates": {"en": {}}}, 'give text = "...", or file = "NAME"'),
        ({"templates": {"en": {"text": "x", "file": "x"}}}, 'give text = "...", or file = "NAME"'),
        ({"templates": {"en": {"text": "x", "imperfections": [{"kind": "cough"}]}}}, "kind is 'cough'"),
        ({"templates": {"en": {"text": "x"}}, "suppress": ["/etc/passwd"]}, "Upload the list"),
        ({"templates": {"en": {"text": "x"}}, "lexicons": ["/etc/x.tsv"]}, "Register it first"),
    ],
)
def test_table_from_a_stranger_opens_no_file(table: dict[str, Any], said: str) -> None:
    with pytest.raises(BriefError, match=said):
        read_brief(table, label="request", folder=None)


@pytest.mark.parametrize("condition", ["vip", "not vip", 'a == "1" and vip', "(a is filled) or (not vip)"])
def test_a_condition_on_a_column_that_is_no_flag_names_its_readings(condition: str) -> None:
    text = "Hi.\n{% if " + condition + " %}Now.{% endif %}"
    with pytest.raises(TemplateError) as caught:
        read_brief({"templates": {"en": {"text": text}}}, label="x", folder=None)
    assert "line 2: if vip asks whether vip is filled in, or whether it says yes" in str(caught.value)
    for mend in ('vip = "flag"', "{% if vip is filled %}", '{% if vip == "yes" %}'):
        assert mend in str(caught.value)


def test_conditions_of_all_templates_are_told_together() -> None:
    text = "{% if vip %}{% if late %}Now.{% endif %}{% endif %}"
    table: dict[str, Any] = {"templates": {"en": {"text": text}, "de": {"text": text}, "default": "en"}}
    with pytest.raises(TemplateError) as caught:
        read_brief(table, label="x", folder=None)
    assert [line.partition(" asks")[0] for line in caught.value.lines] == [
        f"{locale}, inline, line 1: if {name}" for locale in ("en", "de") for name in ("vip", "late")
    ]


def test_a_condition_on_a_flag_is_taken() -> None:
    table: dict[str, Any] = {
        "templates": {"en": {"text": "{% if vip %}Hi.{% endif %}"}},
        "columns": {"vip": "flag"},
    }
    assert read_brief(table, label="x", folder=None).brief.columns == {"vip": "flag"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("helo.txt", "there is no template 'helo.txt'. There are hello.txt, other.ssml. "),
        ("helo.txt", "Did you mean hello.txt?"),
        ("reminder.en.txt", "One of that name ships: write shipped:reminder.en.txt if it is meant."),
        ("shipped:hello.txt", "no template 'hello.txt' ships. Use one of shipped:reminder.de.txt, "),
        ("shipped:../campaign.toml", "ships. Use one of shipped:reminder.de.txt, "),
    ],
)
def test_a_template_that_is_not_there_is_told_with_what_is(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "other.ssml").write_text("<speak>Hi</speak>")
    with pytest.raises(BriefError) as refused:
        load_brief(written(tmp_path, f'[templates]\nen = "{name}"\n'), Overrides())
    assert said in str(refused.value) and "templates.en" in str(refused.value)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"PK\x03\x04\0", "a Word document"), (b"{\\rtf1 Hi}", "rich text"), (b"%PDF-1.7", "a PDF")],
)
def test_a_template_that_is_no_text_is_told_as_what_it_is(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "t.docx").write_bytes(data)
    with pytest.raises(BriefError, match=f"it is {kind}.*save it as plain text"):
        read_brief({"templates": {"default": "t.docx"}}, label="a.toml", folder=tmp_path)


def test_a_backslash_that_was_an_escape_in_a_template_s_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match="Write / between folders"):
        read_brief({"templates": {"default": "C:\templates\t.txt"}}, label="a.toml", folder=tmp_path)


def test_a_template_that_ships_is_named_as_such(tmp_path: Path) -> None:
    table = '[templates]\nen = "shipped:reminder.en.txt"\n'
    assert "Lumen" in load_brief(written(tmp_path, table), Overrides()).brief.templates["en"].text
    sent = read_brief({"templates": {"en": "shipped:reminder.en.txt"}}, label="request", folder=None)
    assert "Lumen" in sent.brief.templates["en"].text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_template_is_read_as_a_word_processor_saves_it(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, BASE)
    (tmp_path / "hello.txt").write_bytes("Grüß Gott,\r\n{{ name }}.".encode(encoding))
    assert load_brief(path, Overrides()).brief.templates["en"].text == "Grüß Gott,\n{{ name }}."


def test_languages_have_regions_and_any_case(tmp_path: Path) -> None:
    brief = load_brief(written(tmp_path, 'languages = ["EN", "pt_BR", "de-at"]\n' + BASE), Overrides()).brief
    assert brief.languages == ("en", "pt-BR", "de-AT")


def test_languages_that_begin_with_one_without_a_template_are_refused(tmp_path: Path) -> None:
    table = 'languages = ["en-GB", "de"]\n[templates]\nde = "hello.txt"\n'
    with pytest.raises(
        BriefError, match=r'Write default = "de", or en = "...", or begin languages with "de"'
    ):
        load_brief(written(tmp_path, table), Overrides())
    for mended in (
        table.replace("\nde", "\ndefault"),
        table.replace("\nde", "\nen"),
        table.replace("en-GB", "de"),
    ):
        load_brief(written(tmp_path, mended), Overrides())


def test_ssml_that_names_its_language_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.ssml").write_text('<speak xml:lang="es-MX">Hola</speak>')
    brief = load_brief(written(tmp_path, '[templates]\ndefault = "a.ssml"\n'), Overrides()).brief
    assert brief.templates["default"].language == "es-MX"
    with pytest.raises(BriefError, match="which says xml:lang='es-MX'"):
        load_brief(written(tmp_path, '[templates]\nen = "a.ssml"\n'), Overrides())


def test_markup_of_another_kind_is_told_where_the_brief_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, BASE)
    (tmp_path / "hello.txt").write_text("# Hello\n{{ name }}")
    with pytest.raises(TemplateError, match=r"hello\.txt, line 1, column 1"):
        load_brief(path, Overrides())


def test_a_time_zone_that_nobody_said_changes_no_digest() -> None:
    assert "timezone" not in Brief().as_json()
    zoned = Brief(timezone="Europe/Berlin")
    assert Brief.from_json(zoned.as_json()) == zoned


def test_presets_of_rows_that_nobody_named_change_no_digest() -> None:
    assert not {"presets", "preset_column"} & Brief().as_json().keys()
    voiced = Brief(presets={"low": "a@1"}, preset_column="voice")
    assert Brief.from_json(voiced.as_json()) == voiced
    assert voiced.digest != Brief(presets={"low": "a@1"}).digest != Brief().digest


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (
            "[finish]\nbitrate = 128\nsamplerate = 8000\n",
            "mp3_kbps or opus_kbps for bitrate, rate_hz for samplerate",
        ),
        ("[finish]\nloudness = -16\n", "did you mean target_lufs?"),
        (
            '[columns]\na = "currency EUR"\nb = "string"\n',
            "a: no column type 'currency EUR'; did you mean money EUR?",
        ),
        ('[columns]\na = "currency EUR"\nb = "string"\n', "b: no column type 'string'; did you mean text?"),
        ('[columns]\ndue = "date DD/MM/YYYY"\n', "no date order 'DD/MM/YYYY'; write dmy"),
    ],
)
def test_what_others_call_a_key_or_type_is_recognised(tmp_path: Path, below: str, said: str) -> None:
    with pytest.raises(BriefError) as refused:
        load_brief(written(tmp_path, BASE + below), Overrides())
    assert said in str(refused.value)


def test_a_type_has_any_case(tmp_path: Path) -> None:
    brief = load_brief(written(tmp_path, BASE + '[columns]\ndue = "Date DMY"\n'), Overrides()).brief
    assert dict(brief.column_specs()["due"].options) == {"order": "dmy"}


FLAWED = """
[templates]
default = "en"
en = { file = "reminder.txt", imperfections = [{ kind = "breath", stage = "waveform", probability = 0.5 }] }
de = { text = "Hallo." }
"""


def test_a_template_in_a_file_may_say_more_than_its_name(tmp_path: Path) -> None:
    (tmp_path / "reminder.txt").write_text("Hello {{ name }}.")
    path = tmp_path / "campaign.toml"
    path.write_text(FLAWED)
    brief = load_brief(path, Overrides()).brief
    breath = Imperfection(kind="breath", stage="waveform", probability=0.5)
    assert brief.templates["en"].text == "Hello {{ name }}."
    assert brief.templates["en"].imperfections == brief.templates["default"].imperfections == (breath,)
    assert brief.templates["de"].imperfections == ()
    kept = brief.as_json()
    assert Brief.from_json(json.loads(json.dumps(kept))) == brief
    templates: Any = kept["templates"]
    assert templates["en"]["imperfections"] == [{"kind": "breath", "stage": "waveform", "probability": 0.5}]
    assert set(templates["de"]) == {"name", "text", "language"}


def test_imperfections_that_nobody_declared_change_no_digest() -> None:
    plain = Brief(preset="demo-voice@1", templates={"en": TemplateSource(name="t", text="Hello.")})
    assert plain.digest == "1e6aafd781199e813f913bec7de4ba7f92593ea4af6c0a307c3c0097209f52d3"
    breath = Imperfection(kind="breath", stage="waveform", probability=0.5)
    flawed = plain.revised(templates={"en": TemplateSource(name="t", text="Hello.", imperfections=(breath,))})
    assert flawed.digest != plain.digest


def test_who_names_no_preset_hears_the_natural_one() -> None:
    assert Brief(templates={"en": TemplateSource(name="t", text="Hello.")}).preset == "demo-voice@2"
