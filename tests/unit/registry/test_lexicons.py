"""Lexicons of an installation and of a campaign: versions, files beside a brief, scopes, impact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.brief import Brief, LoadedBrief, Overrides, load_brief
from campaign.errors import BriefError, LexiconError, NotFoundError
from campaign.evidence.explain import explain
from campaign.registry.lexicons import add_lexicon, rules_of
from campaign.registry.shipped import register_shipped
from campaign.rerender.impact import impact
from campaign.speech.lexicon.files import read_lexicon
from campaign.submission.prepare import resolve_brief
from campaign.submission.recipients import open_recipients
from campaign.submission.submit import submit
from storage.errors import DatabaseError
from storage.installation import Installation
from storage.registry import lexicons as lexicon_rows
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


def added(made: Installation, path: Path, name: str | None = None) -> str:
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
