"""Lexicon files: what is read, what is refused with line and mend, and that PLS goes out and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.errors import LexiconError
from campaign.registry.lexicons import check_samples
from campaign.registry.shipped import shipped_lexicons
from campaign.speech.lexicon.changes import changes
from campaign.speech.lexicon.entries import Case, Entry, Rules, Scope, check_rules
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.lexicon.pls import PLS as PLS_SPACE
from campaign.speech.lexicon.pls import read_pls, write_pls
from campaign.speech.lexicon.samples import read_samples
from campaign.speech.lexicon.tsv import read_tsv, with_words, write_tsv


def written_to(folder: Path, text: str, name: str = "test.tsv") -> Path:
    path = folder / name
    path.write_text(text.replace(" | ", "\t"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no header"),
        ("alias | ipa\n", "first line names the columns"),
        ("written | alais\n", "first line names the columns"),
        ("written | alias\nGP | a | b\n", "test.tsv:2: 3 cells under 2 columns"),
        ("written | alias\nGP | 2 doctors\n", "test.tsv:2: the alias of 'GP' has '2'"),
        ("written | ipa\nC++ | siː\n", "'C\\+\\+' has '\\+'.*column alias"),
        ("written | alias\n... | dots\n", "no letter or digit"),
        ("written | ipa\nGP | 123\n", "is no IPA"),
        ("written | pinyin\n重 | chóng\n", "ni3 hao3"),
        ("written | x-espeak\nGP | [[x]]\n", "without brackets"),
        ("written | alias\nGP | a\nGP | b\n", "3: 'GP' is in line 2 already, with another pronunciation"),
        ("written | alias\nGP | a\nGP | a\n", "already, again"),
        ("written | alias | case\nGP | a | loud\n", "no case 'loud'"),
        ("written | alias | language\nGP | a | french\n", "no language 'french'"),
        ("# scope: shop\nwritten | alias\n", "no scope 'shop'"),
        ("# scope: preset\nwritten | alias\n", "a preset and scope preset go together"),
        ("# scope: locale\nwritten | alias\n", "scope locale needs a language"),
        ("# priority: high\nwritten | alias\n", "priority is a whole number"),
        ("# priority: --5\nwritten | alias\n", "priority is a whole number"),
        ("# priority: ¹\nwritten | alias\n", "priority is a whole number"),
        ("# priority: ٣\nwritten | alias\n", "priority is a whole number"),
        ("written | alias\nNyx | Pax\nPax | Nyx\n", "lead in a circle: Nyx -> Pax -> Nyx"),
        ("written | alias\nG\u202eP | a\n", "U\\+202E"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_mend(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(LexiconError, match=problem):
        read_lexicon(written_to(tmp_path, text))


def test_a_file_that_is_not_utf8_or_not_there_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.tsv").write_bytes(b"written\talias\nSi\xe2n\tx\n")
    with pytest.raises(LexiconError, match="not UTF-8 at line 2; save it as UTF-8"):
        read_lexicon(tmp_path / "a.tsv")
    with pytest.raises(LexiconError, match="cannot be read"):
        read_lexicon(tmp_path / "b.tsv")
    with pytest.raises(LexiconError, match="save it as one of them"):
        read_lexicon(tmp_path / "b.xlsx")
    monkeypatch.setattr("campaign.speech.lexicon.files.MAX_BYTES", 10)
    with pytest.raises(LexiconError, match="split it"):
        read_lexicon(tmp_path / "a.tsv")


PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <meta name="author" content="x"/>
  <metadata><x xmlns="urn:x">any</x></metadata>
  <lexeme role="claws:NN claws:VV">
    <grapheme>judgment</grapheme><grapheme>judgement</grapheme>
    <phoneme>ˈdʒʌdʒ</phoneme>
    <phoneme prefer="true">ˈdʒʌdʒmənt</phoneme>
    <phoneme alphabet="x-pinyin">ni3</phoneme>
    <example>a judgment</example>
  </lexeme>
  <lexeme><grapheme>W3C</grapheme><alias>World Wide
     Web Consortium</alias><alias>other</alias></lexeme>
</lexicon>"""


def test_pls_is_read_as_the_standard_says() -> None:
    read = read_pls(PLS, "x.pls")
    assert read.language == "en-US"
    assert [(one.written, one.role, one.alias) for one in read.entries] == [
        ("judgment", "claws:NN", None),
        ("judgement", "claws:NN", None),
        ("judgment", "claws:VV", None),
        ("judgement", "claws:VV", None),
        ("W3C", "", "World Wide Web Consortium"),
    ]
    assert read.entries[0].phonemes == (("ipa", "ˈdʒʌdʒmənt"), ("pinyin", "ni3"))
    assert check_rules(read, "x.pls").entries == read.entries


BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + PLS.partition("?>")[2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("not xml", "x.pls:1: not well-formed XML"),
        (PLS[:-5], "not well-formed XML"),
        (BOMB, "a document type is not allowed"),
        ('<!DOCTYPE l SYSTEM "file:///etc/passwd"><lexicon/>', "a document type is not allowed"),
        ("<speak/>", "<speak> is not PLS 1.0"),
        (PLS.replace("<example>", "<script>").replace("</example>", "</script>"), "<script> is not PLS 1.0"),
        (PLS.replace('version="1.0" xmlns', 'version="2.0" xmlns'), "PLS version '2.0'"),
        (PLS.replace("x-pinyin", "x-arpabet"), "no alphabet 'x-arpabet'; convert it"),
        (PLS.replace("<grapheme>W3C</grapheme>", ""), "a lexeme without a grapheme"),
    ],
)
def test_wrong_or_dangerous_xml_is_refused_with_line_and_mend(text: str, problem: str) -> None:
    with pytest.raises(LexiconError, match=problem):
        read_pls(text, "x.pls")


LETTERS = st.text(st.sampled_from("abcSiânÜßя& <"), min_size=1, max_size=8).map(lambda t: " ".join(t.split()))
ENTRIES = st.builds(
    Entry,
    written=LETTERS.filter(lambda text: any(c.isalpha() for c in text)).filter(
        lambda t: not set("&<") & set(t)
    ),
    alias=st.sampled_from(["one", "two words", None]),
    phonemes=st.sampled_from(
        [(("ipa", "ʃɑːn"),), (("ipa", "a"), ("pinyin", "ni3 hao3")), (("x-espeak", "S'A:n"),)]
    ),
    case=st.sampled_from(list(Case)),
    role=st.sampled_from(["", "past", "claws:VV"]),
    language=st.sampled_from([None, "fr", "de-AT"]),
)


@given(
    st.builds(
        Rules,
        entries=st.lists(ENTRIES, max_size=6).map(tuple),
        language=st.sampled_from(["", "en", "de-AT"]),
        scope=st.sampled_from([Scope.INSTALLATION, Scope.CAMPAIGN]),
        priority=st.integers(-9, 99),
    )
)
def test_tsv_and_pls_go_out_and_come_back_the_same(rules: Rules) -> None:
    for read, write in ((read_tsv, write_tsv), (read_pls, write_pls)):
        assert read(write(rules), "x").digest == rules.digest


@given(st.text(max_size=60))
def test_no_text_crashes_a_reader(text: str) -> None:
    for read in (read_tsv, read_pls):
        try:
            check_rules(read(text, "x"), "x")
        except LexiconError as error:
            assert str(error)


def test_the_digest_is_of_what_decides_sound(tmp_path: Path) -> None:
    one = read_lexicon(written_to(tmp_path, "# language: en\nwritten | alias\nGP | doctor\n"))
    commented = read_lexicon(written_to(tmp_path, "# mine\n# language: en\n\nwritten | alias\nGP | doctor\n"))
    other = read_lexicon(written_to(tmp_path, "# language: en\nwritten | alias\nGP | doctors\n"))
    assert one.label == commented.label != other.label


def test_changes_are_settings_then_rules(tmp_path: Path) -> None:
    old = read_lexicon(written_to(tmp_path, "written | alias\nGP | doctor\nA | ay\nsame | one\n")).rules
    new = read_lexicon(
        written_to(tmp_path, "# priority: 2\nwritten | alias\nsame | one\nB | bee\nGP | medic\n")
    ).rules
    assert [(one.before, one.after) for one in changes(old, new)] == [
        ("# priority: 0", "# priority: 2"),
        ("A\tay", ""),
        ("", "B\tbee"),
        ("GP\tdoctor", "GP\tmedic"),
    ]


def test_samples_need_a_tilde_and_a_language() -> None:
    with pytest.raises(LexiconError, match=r"x.samples:2: no ~"):
        read_samples("[en] a~b\nno tilde\n", "x.samples", "")
    with pytest.raises(LexiconError, match=r"in which language"):
        read_samples("a~b\n", "x.samples", "")


@pytest.mark.parametrize(("name", "path"), [(lexicon.name, lexicon.path) for lexicon in shipped_lexicons()])
def test_shipped_samples_hold_and_every_shipped_lexicon_has_some(name: str, path: Path) -> None:
    file = read_lexicon(path)
    assert (check_samples(file) >= 2, file.rules.language) == (True, name.partition("-")[0])


def test_shipped_lexicons_cover_four_domains_in_four_languages() -> None:
    assert {lexicon.name for lexicon in shipped_lexicons()} == {
        f"{language}-{domain}"
        for language in ("de", "en", "es", "fr")
        for domain in ("bank", "clinic", "school", "utility")
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "written,alias\nGP,general practitioner\n"),
        ("a.csv", 'written;alias;\r\n"GP";"general practitioner";\r\n;;\r\n'),
        ("a.txt", "written\talias\nGP\tgeneral practitioner\n"),
        ("a.tsv", '"written"\t"alias"\n"GP"\t"general practitioner"\n'),
        ("a.tsv", "Written\tAlias\t\t\nGP\tgeneral practitioner\t\t\n\t\t\n"),
        ("a.tsv", "written\talias\nGP\tgeneral practitioner\nNHS\nBMA\t\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_table_as_a_spreadsheet_saves_it_is_read(
    tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    [rule] = read_lexicon(tmp_path / name).rules.entries
    assert (rule.written, rule.alias) == ("GP", "general practitioner")


def test_settings_above_the_header_survive_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"# language: EN_gb",,\n# priority: 3,,\nwritten,alias,\nGP,doctor,\n')
    rules = read_lexicon(tmp_path / "a.csv").rules
    assert (rules.language, rules.priority) == ("en-GB", 3)


def test_a_cell_holds_the_separator_in_quotation_marks_and_a_lone_mark_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('written,alias\nGP,"doctor, ours"\n')
    assert read_lexicon(tmp_path / "a.csv").rules.entries[0].alias == "doctor, ours"
    (tmp_path / "a.csv").write_text('written,alias\nGP,"doctor\n')
    with pytest.raises(LexiconError, match=r"a\.csv:2: a quotation mark without its partner"):
        read_lexicon(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text("written,alias\nGP,doctor,ours\n")
    with pytest.raises(LexiconError, match="between quotation marks"):
        read_lexicon(tmp_path / "a.csv")


def test_a_mark_that_begins_a_pronunciation_is_part_of_it(tmp_path: Path) -> None:
    path = written_to(tmp_path, 'written | x-espeak\nGP | "dZi:\n')
    assert read_lexicon(path).rules.entries[0].phonemes == (("x-espeak", '"dZi:'),)


def test_a_line_that_says_nothing_yet_is_counted_and_no_rule(tmp_path: Path) -> None:
    rules = read_lexicon(
        written_to(tmp_path, "written | alias | language\nGP | \nNHS | en aitch es\nMI |  | es\n")
    ).rules
    assert [entry.written for entry in rules.entries] == ["NHS", "MI"]
    assert rules.unfilled == 1
    assert rules.digest == read_lexicon(written_to(tmp_path, write_tsv(rules))).rules.digest


def test_a_heading_that_is_nearly_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="Did you mean alias for 'alais'"):
        read_lexicon(written_to(tmp_path, "written | alais\nGP | x\n"))


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-16", "utf-8"),
        ("UTF-16", "utf-16"),
        ("UTF-8", "utf-16-le"),
        ("UTF-8", "utf-16-be"),
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
    ],
)
def test_pls_is_read_as_its_bytes_and_its_declaration_say(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?><lexicon version="1.0" xml:lang="EN_us" xmlns="{PLS_SPACE}">'
    body += "<lexeme><grapheme>Zoë</grapheme><alias>Zo ee</alias></lexeme></lexicon>"
    (tmp_path / "a.pls").write_bytes(body.encode(encoding))
    rules = read_lexicon(tmp_path / "a.pls").rules
    assert (rules.entries[0].written, rules.language) == ("Zoë", "en-US")


def test_pls_of_two_readings_is_refused_with_both(tmp_path: Path) -> None:
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><lexicon version="1.0"><!-- Zoë --></lexicon>'
    (tmp_path / "a.pls").write_bytes(body.encode())
    with pytest.raises(LexiconError, match=r"'ZoÃ«'.*'Zoë'.*declare the one that is meant"):
        read_lexicon(tmp_path / "a.pls")


def test_x_sampa_in_pls_becomes_ipa(tmp_path: Path) -> None:
    body = f'<lexicon version="1.0" alphabet="x-sampa" xmlns="{PLS_SPACE}"><lexeme><grapheme>pecan</grapheme>'
    body += '<phoneme>pI"kA:n</phoneme></lexeme></lexicon>'
    (tmp_path / "a.pls").write_text(body)
    assert read_lexicon(tmp_path / "a.pls").rules.entries[0].phonemes == (("ipa", "pɪˈkɑːn"),)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "written\talias\nZoë\t\nBo\t\n"),
        (
            "# ours\nwritten\talias\tnote\nzoë\tzo ee\tAnn says",
            "# ours\nwritten\talias\tnote\nzoë\tzo ee\tAnn says\nBo\t\t\n",
        ),
        ("alias;written\r\nzo ee;Zoë\r\n", "alias;written\r\nzo ee;Zoë\r\n;Bo\r\n"),
        ("written,alias\nBo,\n\nZoë,x\n", "written,alias\nBo,\n\nZoë,x\n"),
    ],
)
def test_words_are_added_to_a_table_and_what_stands_there_stays(text: str, after: str) -> None:
    merged, added = with_words(text, "a.tsv", ["Zoë", "Bo", "Bo"])
    assert merged == after
    assert added == len(after.splitlines()) - len(text.splitlines()) - (not text)
    assert with_words(merged, "a.tsv", ["Zoë", "Bo"]) == (merged, 0)


def test_a_word_with_the_separator_in_it_comes_back(tmp_path: Path) -> None:
    text, _ = with_words("written,alias\n", "a.csv", ['Bo "B", jr'])
    (tmp_path / "a.csv").write_text(text.rstrip("\n") + "bo\n")
    assert [entry.written for entry in read_lexicon(tmp_path / "a.csv").rules.entries] == ['Bo "B", jr']
