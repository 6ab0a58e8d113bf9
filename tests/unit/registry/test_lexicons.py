"""Lexicons of an installation and of a campaign: versions, files beside a brief, scopes, impact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.brief import Brief, LoadedBrief, Overrides, load_brief
from campaign.errors import BriefError, LexiconError, NotFoundError
from campaign.evidence.explain import explain
from campaign.recipients import open_recipients
from campaign.registry.lexicons import (
    abilities_of,
    add_lexicon,
    campaign_lexicon,
    check_samples,
    file_of,
    is_file_label,
    keep_files,
    read_labelled,
    rules_of,
)
from campaign.registry.shipped import register_shipped
from campaign.registry.voice import ChosenVoice, choose_voice
from campaign.rerender.impact import impact
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.templates import TemplateSource
from campaign.submission.prepare import resolve_brief
from campaign.submission.submit import submit
from storage.errors import DatabaseError
from storage.history import audit
from storage.installation import Installation
from storage.names import LexiconName
from storage.registry import lexicons as lexicon_rows
from storage.registry.lexicons import LexiconVersion
from storage.tables import lexicon_rules
from tests.build import brief, installation, submitted, worked, write_csv


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Installation]:
    opened = installation(tmp_path / "home")
    yield opened
    opened.close()


def lexicon_file(folder: Path, text: str, name: str = "names.tsv", samples: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text.replace(" | ", "\t"), encoding="utf-8")
    if samples:
        path.with_suffix(".samples").write_text(samples, encoding="utf-8")
    return path


def added(made: Installation, path: Path, name: LexiconName | None = None) -> str:
    return add_lexicon(made.database, read_lexicon(path), name=name, actor="test")[0].label


def labels(made: Installation, asked: Brief) -> tuple[str, ...]:
    return resolve_brief(made, LoadedBrief(brief=asked, suppress=())).brief.lexicons


def test_adding_the_same_again_is_the_same_version_and_a_change_is_the_next(
    made: Installation, tmp_path: Path
) -> None:
    path = lexicon_file(tmp_path, "written | alias\nGP | G P\n")
    assert [added(made, path), added(made, path)] == ["names@1", "names@1"]
    lexicon_file(tmp_path, "written | alias\nGP | doctor\n")
    assert added(made, path) == "names@2"
    with made.database.read() as connection:
        assert rules_of(connection, "names@1").entries[0].alias == "G P"
        with pytest.raises(NotFoundError, match="campaign lexicon list"):
            rules_of(connection, "names@3")


def test_a_version_is_kept_whole_and_noted(made: Installation, tmp_path: Path) -> None:
    text = "# scope: preset speaker\n# language: en\nwritten | alias\nGP | G P\nMr | Mister\n"
    path = lexicon_file(tmp_path, text, "Names.tsv", samples="[en] Your GP~Your G P\n")
    file = read_lexicon(path)
    version, is_new = add_lexicon(made.database, file, name=None, actor="kim")
    assert is_new
    assert version == LexiconVersion(
        name=LexiconName("names"),
        version=1,
        digest=file.rules.digest,
        scope="preset",
        language="en",
        preset="speaker",
        samples="[en] Your GP~Your G P\n",
        source="Names.tsv",
        actor="kim",
        t_created_ms=version.t_created_ms,
        entries=2,
    )
    with made.database.read() as connection:
        (note,) = audit.of(connection, "names@1")
        again = file_of(connection, version)
    assert (note["action"], note["actor"]) == ("lexicon.add", "kim")
    assert note["detail"] == {"digest": file.rules.digest, "entries": 2}
    assert (again.name, again.rules.digest, again.samples) == ("names@1", file.rules.digest, file.samples)
    assert add_lexicon(made.database, file, name=None, actor="ann") == (version, False)
    assert add_lexicon(made.database, file, name=LexiconName("other"), actor="ann")[0].label == "other@1"


def test_other_samples_of_the_same_rules_are_the_next_version(made: Installation, tmp_path: Path) -> None:
    text = "written | alias\nGP | G P\n"
    added(made, lexicon_file(tmp_path, text))
    assert added(made, lexicon_file(tmp_path, text, samples="[en] Your GP~Your G P\n")) == "names@2"
    assert added(made, lexicon_file(tmp_path, text)) == "names@2"


def test_ten_failing_samples_are_shown_and_all_are_counted(made: Installation, tmp_path: Path) -> None:
    samples = "[en] Your GP~Your G P\n" + "[en] Your GP~Your doctor\n" * 12
    path = lexicon_file(tmp_path, "written | alias\nGP | G P\n", samples=samples)
    with pytest.raises(LexiconError) as caught:
        added(made, path)
    *shown, last = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in shown] == [
        f"names.tsv, sample {number}" for number in range(2, 12)
    ]
    assert last == "12 of 13 samples fail. Correct the rule or the sample."
    good = lexicon_file(tmp_path, "written | alias\nGP | G P\n", samples="[en] Your GP~Your G P\n" * 2)
    assert check_samples(read_lexicon(good)) == 2


def test_a_sample_is_read_in_the_lexicon_s_language(made: Installation, tmp_path: Path) -> None:
    text = "# language: de\nwritten | alias\nHA | Hausarzt\n"
    path = lexicon_file(tmp_path, text, samples="Ihr HA~Ihr Hausarzt\n")
    assert check_samples(read_lexicon(path)) == 1


def test_a_person_names_a_lexicon_by_file_label_or_name(made: Installation, tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "written | alias\nGP | G P\n")
    file = read_lexicon(path)
    upper = path.rename(tmp_path / "names.TSV")
    assert read_labelled(made, str(upper)).label == f"names.TSV@{file.rules.digest[:16]}"
    assert read_labelled(made, str(upper)).rules.digest == file.rules.digest
    with pytest.raises(NotFoundError, match="there is no lexicon names"):
        read_labelled(made, "names")
    for alias in ("G P", "doctor"):
        added(made, lexicon_file(tmp_path, f"written | alias\nGP | {alias}\n"))
    found = {name: read_labelled(made, name) for name in ("names", "names@1")}
    assert [(one.label, one.rules.entries[0].alias) for one in found.values()] == [
        ("names@2", "doctor"),
        ("names@1", "G P"),
    ]
    for name in ("names@", "names@x", "names@3"):
        with pytest.raises(NotFoundError, match=f"there is no lexicon {name}"):
            read_labelled(made, name)


def test_a_label_of_a_file_is_told_from_a_name() -> None:
    labels = ("names.tsv@3fa9", "NAMES.PLS@3fa9", "a.b@1.tsv", "names@1", "names.tsv", "n@s.xml@3")
    assert [is_file_label(label) for label in labels] == [True, True, False, False, False, True]


def test_a_lexicon_that_is_named_is_not_added_again_by_its_scope(made: Installation, tmp_path: Path) -> None:
    for alias in ("one", "two"):
        added(
            made,
            lexicon_file(tmp_path, f"# scope: installation\nwritten | alias\nA | {alias}\n", "wide.tsv"),
        )
        added(made, lexicon_file(tmp_path, f"written | alias\nB | {alias}\n", "chosen.tsv"))
    assert labels(made, brief()) == ("wide@2",)
    assert labels(made, brief(lexicons=("wide@1", "chosen@1", "chosen@1"))) == ("wide@1", "chosen@1")
    assert labels(made, brief(lexicons=("chosen",))) == ("chosen@2", "wide@2")


def test_a_locale_s_lexicon_applies_where_a_template_is_in_its_language(
    made: Installation, tmp_path: Path
) -> None:
    text = "# scope: locale\n# language: de-AT\nwritten | alias\nB | one\n"
    added(made, lexicon_file(tmp_path, text, "austria.tsv"))
    german = TemplateSource(name="t.txt", text="Hallo {{ name }}.", language="de")
    assert labels(made, brief(templates={"default": german, "de-CH": german})) == ("austria@1",)
    assert labels(made, brief(templates={"default": german})) == ()


def test_rules_of_a_file_are_kept_once_and_found_by_the_label_s_digest(
    made: Installation, tmp_path: Path
) -> None:
    file = read_lexicon(lexicon_file(tmp_path, "written | alias\nGP | G P\nMr | Mister\n"))
    with made.database.write() as connection:
        assert rules_of(connection, file.label, {file.label: file}) is file.rules
        with pytest.raises(NotFoundError, match="is not kept here"):
            rules_of(connection, file.label, {})
        keep_files(connection, [file, file])
        assert rules_of(connection, file.label).digest == file.rules.digest
        kept = connection.execute(
            select(lexicon_rules.c.entries).where(lexicon_rules.c.digest == file.rules.digest)
        )
        assert kept.scalars().all() == [2]


def chosen(made: Installation, engine: str) -> ChosenVoice:
    with made.database.read() as connection:
        return choose_voice(connection, brief(model=engine))


def test_what_can_be_said_is_the_engine_s_alphabets_languages_and_voices(made: Installation) -> None:
    tone, espeak = abilities_of(chosen(made, "tone")), abilities_of(chosen(made, "espeak"))
    assert (tone.engine, tone.ipa) == ("tone", None)
    assert espeak.engine == "espeak"
    assert espeak.ipa and "en" in espeak.ipa
    able = chosen(made, "espeak").capabilities
    assert (espeak.alphabets, espeak.languages) == (able.phoneme_alphabets, able.languages)
    assert able.phoneme_alphabets and able.languages


def test_a_campaign_without_lexicons_has_none_and_a_circle_is_only_looked_for_when_asked(
    made: Installation, tmp_path: Path
) -> None:
    voice = chosen(made, "tone")
    assert campaign_lexicon([], voice, check_loops=True) is None
    pairs = (("Nyx", "Pax", "one"), ("Pax", "Nyx", "two"))
    circle = [
        read_labelled(
            made, str(lexicon_file(tmp_path, f"written | alias\n{written} | {alias}\n", f"{name}.tsv"))
        )
        for written, alias, name in pairs
    ]
    assert campaign_lexicon(circle, voice) is not None
    with pytest.raises(LexiconError, match=r"lead in a circle: .*Nyx"):
        campaign_lexicon(circle, voice, check_loops=True)


def test_a_failing_sample_refuses_the_add(made: Installation, tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "written | alias\nGP | G P\n", samples="[en] Your GP~Your doctor\n")
    with pytest.raises(LexiconError, match=r"sample 1: 'Your GP' is said 'Your G P', not 'Your doctor'"):
        added(made, path)
    with made.database.read() as connection:
        assert lexicon_rows.find(connection, "names") is None


def test_a_version_cannot_get_other_rules(made: Installation, tmp_path: Path) -> None:
    added(made, lexicon_file(tmp_path, "written | alias\nGP | G P\n"))
    with made.database.write() as connection, pytest.raises(DatabaseError, match="use names@2"):
        kept = lexicon_rows.find(connection, "names")
        assert kept is not None
        lexicon_rows.add(connection, replace(kept, digest="other"))


def test_shipped_lexicons_are_registered_once_and_apply_only_when_named(made: Installation) -> None:
    register_shipped(made.database)
    with made.database.read() as connection:
        assert len(lexicon_rows.all_versions(connection)) == 16
    assert labels(made, brief()) == ()
    assert labels(made, brief(lexicons=("en-clinic",))) == ("en-clinic@1",)


def test_wider_scopes_apply_by_themselves_where_they_fit(made: Installation, tmp_path: Path) -> None:
    texts = {
        "everywhere": "# scope: installation\nwritten | alias\nA | one\n",
        "austria": "# scope: locale\n# language: de-AT\nwritten | alias\nB | one\n",
        "speaker": "# scope: preset demo-voice\nwritten | alias\nC | one\n",
        "other-speaker": "# scope: preset someone\nwritten | alias\nD | one\n",
        "chosen": "written | alias\nE | one\n",
    }
    for name, text in texts.items():
        added(made, lexicon_file(tmp_path, text, f"{name}.tsv"))
    assert labels(made, brief()) == ("everywhere@1", "speaker@1")
    assert set(labels(made, brief(languages=("en", "de")))) == {"austria@1", "everywhere@1", "speaker@1"}
    added(made, lexicon_file(tmp_path, "# scope: installation\nwritten | alias\n", "everywhere.tsv"))
    with made.database.read() as connection:
        assert rules_of(connection, labels(made, brief())[0]).entries == ()
    assert "everywhere@1" in labels(made, brief(lexicons=("everywhere@1",)))


def test_lexicons_of_a_campaign_that_lead_in_a_circle_together_are_refused(
    made: Installation, tmp_path: Path
) -> None:
    added(made, lexicon_file(tmp_path, "written | alias\nNyx | Pax\n", "one.tsv"))
    added(made, lexicon_file(tmp_path, "written | alias\nPax | Nyx\n", "two.tsv"))
    with pytest.raises(LexiconError, match="Nyx -> Pax -> Nyx"):
        labels(made, brief(lexicons=("one", "two")))


def test_two_campaigns_with_files_of_one_name_never_mix(made: Installation, tmp_path: Path) -> None:
    said = []
    for number in ("1", "2"):
        folder = tmp_path / number
        lexicon_file(folder, f"written | alias\nGP | doctor {'a' * int(number)}\n")
        (folder / "t.txt").write_text("Your GP, {{ name }}.")
        (folder / "campaign.toml").write_text(
            'model = "tone"\nlexicons = ["names.tsv"]\n[templates]\ndefault = "t.txt"\n[columns]\nname = "name"\n'
        )
        recipients = write_csv(folder / "recipients.csv", [{"id": "1", "locale": "en", "name": "Ana"}])
        with open_recipients(str(recipients)) as source:
            loaded = load_brief(folder / "campaign.toml", Overrides())
            campaign = submit(made, source, loaded, actor="test", start=False).campaign
        document = explain(made, campaign, 1)
        said.append(document["utterances"][0]["spoken"][0]["text"])
        assert any(
            "lexicon names.tsv@" in span["step"]
            for span in document["trace"]["sentences"][0]["spans"]
            if "step" in span
        )
    assert said == ["Your doctor a, Ana.", "Your doctor aa, Ana."]


def test_a_missing_file_beside_the_brief_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Hello.")
    (tmp_path / "campaign.toml").write_text('lexicons = ["gone.tsv"]\n[templates]\ndefault = "t.txt"\n')
    with pytest.raises(BriefError, match="no lexicon file 'gone"):
        load_brief(tmp_path / "campaign.toml", Overrides())


def test_impact_names_exactly_the_rows_that_change(made: Installation, tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "written | alias\nSiân | Shahn\nAna | Anna\n")
    added(made, path)
    lexicon_file(tmp_path, "written | alias\nSiân | Sharn\nAna | Anna\n")
    added(made, path)
    people = [
        {"id": f"p{number}", "locale": "en", "name": name}
        for number, name in enumerate(("Siân", "Ana", "Ben", "Siân"), start=1)
    ]
    campaign = submitted(made, people, brief(lexicons=("names@1",)), start=False).campaign
    found = impact(made, campaign, "names@1", "names@2")
    assert [(one.row, one.external_id) for one in found.changed] == [(1, "p1"), (4, "p4")]
    assert (found.changed[0].before, found.changed[0].after) == ("Hello Shahn.", "Hello Sharn.")
    assert (found.rows, found.utterances_new, found.utterances_cached) == (4, 1, 0)
    assert found.seconds_to_make > 0
    assert [one.row for one in impact(made, campaign, "names", "none").changed] == [1, 2, 4]
    assert impact(made, campaign, "names", "names@1").changed == ()
    with pytest.raises(BriefError, match="it uses names@1"):
        impact(made, campaign, "other", "names@2")


def test_impact_counts_what_is_stored_already_as_cached_and_asks_no_time_for_it(
    made: Installation, tmp_path: Path
) -> None:
    path = lexicon_file(tmp_path, "written | alias\nSiân | Shahn\nAna | Anna\n")
    added(made, path)
    lexicon_file(tmp_path, "written | alias\nSiân | Sharn\nAna | Ahna\n")
    added(made, path)
    people = [
        {"id": str(number), "locale": "en", "name": name} for number, name in enumerate(("Siân", "Ana"))
    ]
    said = submitted(made, people[:1], brief(lexicons=("names@2",))).campaign
    worked(made, said.id)
    campaign = submitted(made, people, brief(lexicons=("names@1",)), start=False).campaign
    found = impact(made, campaign, "names@1", "names@2")
    assert (len(found.changed), found.utterances_new, found.utterances_cached) == (2, 1, 1)
    alone = submitted(made, people[1:], brief(lexicons=("names@1",)), start=False).campaign
    assert impact(made, alone, "names@1", "names@2").seconds_to_make == found.seconds_to_make


def test_the_lock_holds_the_lexicons_digests(made: Installation, tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "written | alias\nAna | Anna\n")
    added(made, path)
    people = [{"id": "1", "locale": "en", "name": "Ana"}]
    campaign = submitted(made, people, brief(lexicons=("names",)), start=False).campaign
    assert campaign.lock.lexicons == {"names@1": read_lexicon(path).rules.digest}
    assert campaign.brief["lexicons"] == ["names@1"]
    other = submitted(made, people, brief().revised(lexicons=()), start=False).campaign
    assert other.id != campaign.id
