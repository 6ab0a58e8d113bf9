"""A preset per row, from a column: each row by its own, on one pin, with everything that is said of it afterwards."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from sqlalchemy import select, update

from campaign.brief import Brief, LoadedBrief
from campaign.errors import BriefError, ConflictError, NotFoundError
from campaign.evidence.bundle import write_bundle
from campaign.evidence.check import verify_bundle
from campaign.evidence.explain import explain
from campaign.operations.erase import erase_recipient
from campaign.operations.suppression import add_persons, remove_persons
from campaign.operations.warm import warm_campaign
from campaign.preview.check import check_file
from campaign.preview.one_off import preview
from campaign.recipients import open_recipients
from campaign.registry.lexicons import add_lexicon
from campaign.registry.presets import NewPreset, add_preset, retire_preset, revoke_preset
from campaign.registry.voice import OWN
from campaign.rerender.replacement import RegistryKind, replacement_of
from campaign.rerender.rerender import rerender
from campaign.rerender.review import record_verdicts, remake_rejected
from campaign.speech.lexicon.files import LexiconFile, read_lexicon
from campaign.speech.templates import TemplateSource
from campaign.submission import draft as drafts
from campaign.submission.amend import amend
from campaign.submission.compose import Composer
from campaign.submission.estimate import dry_run
from campaign.submission.header_stage import fit_columns
from campaign.submission.insert import insert_chunk
from campaign.submission.lock import differences_from
from campaign.submission.prepare import resolve_brief
from campaign.submission.replay import brief_of, kept_rows, words_of_row
from campaign.submission.row_voice import voice_of
from storage.installation import Installation
from storage.lock import Lock
from storage.names import CampaignId, PresetName
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, Claim
from storage.tables import CampaignState, Lane, asset_versions, assets, recipients, runs, utterances
from tests import build
from tests.build import _unwatched
from workers import voices
from workers.claims.preemption import Interruptions
from workers.engines.engine import PresetSound
from workers.errors import PresetError
from workers.finish.reading import read_file
from workers.process.app import assemble

MINE = CampaignId("voices")
PRESETS = {"Low": "low@1", "High": "high@1"}
ROWS = [
    {"id": "1", "locale": "en", "voice": "low", "name": "Ana"},
    {"id": "2", "locale": "en", "voice": " HIGH ", "name": "Ana"},
    {"id": "3", "locale": "en", "voice": "", "name": "Ana"},
]


@pytest.fixture
def voiced(installed: Installation) -> Installation:
    """Two more presets, each of another pitch."""
    for name, pitch in (("low", 110), ("high", 440)):
        add_tone(installed, name, pitch)
    return installed


def add_tone(installed: Installation, name: str, pitch: int) -> None:
    new = NewPreset(name=PresetName(name), engine="tone", table={"pitch_hz": pitch})
    add_preset(installed, new, actor="test")


def high_s_names(folder: Path) -> LexiconFile:
    """A lexicon of the preset `high` alone."""
    path = folder / "names.tsv"
    path.write_text("# scope: preset high\nwritten\talias\nAna\tAnna\n")
    return read_lexicon(path)


def asked(**values: Any) -> Brief:
    return build.brief(**({"presets": PRESETS, "preset_column": "voice"} | values))


def sent(voiced: Installation, rows: Sequence[dict[str, str]] = ROWS, **values: Any) -> Campaign:
    return build.submitted(voiced, rows, asked(**values), campaign_id=MINE).campaign


def made(voiced: Installation, rows: Sequence[dict[str, str]] = ROWS, **values: Any) -> Campaign:
    return build.worked(voiced, sent(voiced, rows, **values).id)


def now(voiced: Installation) -> Campaign:
    with voiced.database.read() as connection:
        return campaign_rows.get(connection, MINE)


def presets_of(voiced: Installation) -> list[str | None]:
    return [line["pins"] and line["pins"]["preset"] for line in build.manifest(voiced.store, MINE)]


def sounds(voiced: Installation, campaign_id: str = MINE) -> list[str]:
    """Of the current files' samples, in the order of the rows."""
    current = asset_versions.c.version == assets.c.current_version
    query = (
        select(asset_versions.c.sound_sha256)
        .join(assets, (assets.c.id == asset_versions.c.asset_id) & current)
        .where(assets.c.campaign_id == campaign_id)
        .order_by(assets.c.row)
    )
    with voiced.database.read() as connection:
        return list(connection.scalars(query))


class TestMade:
    def test_each_row_is_spoken_by_its_own_and_everything_says_so(self, voiced: Installation) -> None:
        campaign = made(voiced)
        assert campaign.state == "finished"
        assert presets_of(voiced) == ["low@1", "high@1", "demo-voice@1"]
        with voiced.database.read() as connection:
            spoken = set(connection.execute(select(utterances.c.preset, utterances.c.pin_id)).tuples())
            described = set(connection.scalars(select(runs.c.preset)))
            kept = list(connection.scalars(select(recipients.c.voice).order_by(recipients.c.row)))
        assert spoken == {(label, "tone") for label in ("low@1", "high@1", "demo-voice@1")}
        assert described == {"low@1", "high@1", "demo-voice@1"}
        assert kept == ["Low", "High", None]
        assert explain(voiced, campaign, 2)["versions"][0]["preset"] == "high@1"
        line = build.manifest(voiced.store, MINE)[1]
        about = read_file(voiced.store.get(f"campaigns/{MINE}/{line['url']}")).descriptor
        assert about is not None and about["preset"]["label"] == "high@1"

    def test_the_sound_is_what_a_campaign_of_that_preset_makes(self, voiced: Installation) -> None:
        made(voiced)
        low, high, own = sounds(voiced)
        assert len({low, high, own}) == 3, "the same words, three voices"
        with voiced.database.read() as connection:
            before = set(connection.scalars(select(utterances.c.key)))
        for preset, sound in (("low@1", low), ("high@1", high), ("demo-voice@1", own)):
            alone = build.submitted(voiced, ROWS[:1], build.brief(preset=preset)).campaign
            build.worked(voiced, alone.id)
            assert sounds(voiced, alone.id) == [sound]
        with voiced.database.read() as connection:
            assert set(connection.scalars(select(utterances.c.key))) == before, "nothing was made twice"

    def test_the_report_counts_files_by_preset(self, voiced: Installation) -> None:
        made(voiced, [*ROWS, {**ROWS[0], "id": "4"}])
        document = json.loads(voiced.store.get(f"campaigns/{MINE}/report.json"))
        assert document["delivered"]["by_preset"] == {"low@1": 2, "demo-voice@1": 1, "high@1": 1}
        page = voiced.store.get(f"campaigns/{MINE}/report.html").decode()
        assert "High: <code>high@1</code>" in page and "<code>low@1</code> 2" in page

    def test_the_lock_holds_every_preset_and_a_brief_without_any_is_as_it_was(
        self, voiced: Installation
    ) -> None:
        campaign = sent(voiced)
        lock = campaign.lock
        assert {voice: one.label for voice, one in lock.row_presets.items()} == PRESETS
        assert lock.preset_labels == ("demo-voice@1", "low@1", "high@1")
        assert Lock.from_json(lock.as_json()) == lock
        plain = build.submitted(voiced, ROWS, build.brief()).campaign
        assert "row_presets" not in plain.lock.as_json()
        assert not {"presets", "preset_column"} & plain.brief.keys()

    def test_a_preset_that_is_another_than_was_locked_is_told(self, voiced: Installation) -> None:
        campaign = sent(voiced)
        presets = dict(campaign.lock.row_presets)
        presets["High"] = replace(presets["High"], sound_digest="0" * 64)
        changed = replace(campaign, lock=replace(campaign.lock, row_presets=presets))
        with voiced.database.read() as connection:
            assert list(differences_from(connection, campaign)) == []
            assert list(differences_from(connection, changed)) == ["preset high@1: its sound is different"]

    def test_all_its_presets_are_warmed(self, voiced: Installation) -> None:
        campaign = sent(voiced)
        warmed = [one.what for one in warm_campaign(voiced, campaign)]
        assert warmed[:3] == ["preset demo-voice@1", "preset low@1", "preset high@1"]
        worker = assemble(voiced)
        assert {what for what, _ in worker.warm_up()} == {
            f"{label} on tone" for label in campaign.lock.preset_labels
        }
        worker.resources.close()

    def test_all_its_presets_are_warm_before_a_row_is_claimed(
        self, voiced: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        labels = sent(voiced).lock.preset_labels
        worker = assemble(voiced)
        warm: list[bool] = []

        def claim(*_what: object, **_options: object) -> list[Claim]:
            warm.extend(worker.resources.voices.is_warm("tone", label) for label in labels)
            return []

        monkeypatch.setattr(worker.pipeline.claimer, "_claim", claim)
        worker.pipeline.synthesise()
        worker.resources.close()
        assert warm[:3] == [True] * 3

    def test_a_preview_in_between_is_spoken_by_its_rows_presets_too(self, voiced: Installation) -> None:
        campaign = sent(voiced, lane=Lane.PREVIEW)
        worker = assemble(voiced)
        known = {label: one.sound_digest for label, one in campaign.lock.presets.items()}
        with Interruptions(
            worker.resources, worker.pipeline.claimer, lambda *_what: None, "tone"
        ) as interruptions:
            interruptions._looked_at = 0.0
            urgent = interruptions.next()
        worker.resources.close()
        assert urgent is not None
        assert {request.preset.sound_digest for request in urgent.requests} == set(known.values())

    def test_an_evidence_bundle_has_what_every_speaker_said(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        made(voiced)
        for label in ("high@1", "demo-voice@1"):
            retire_preset(voiced, label, reason="old", actor="test")
        write_bundle(voiced, MINE, tmp_path / "voices.zip")
        with zipfile.ZipFile(tmp_path / "voices.zip") as archive:
            said = json.loads(archive.read("consents.json"))
        assert [one["preset"] for one in said] == ["demo-voice@1", "high@1"]
        assert verify_bundle(tmp_path / "voices.zip").rows == 3

    def test_who_is_erased_is_no_longer_said_to_have_had_a_voice(self, voiced: Installation) -> None:
        made(voiced)
        erase_recipient(voiced, "2", actor="test")
        with voiced.database.read() as connection:
            kept = list(connection.scalars(select(recipients.c.voice).order_by(recipients.c.row)))
        assert kept == ["Low", None, None]


class TestKilled:
    @pytest.mark.parametrize(
        "values", [{"presets": {"Low": "low@1", "High": "high"}}, {"presets": {}, "preset": "high"}]
    )
    def test_a_submit_that_goes_on_speaks_every_row_with_one_version(
        self, voiced: Installation, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]
    ) -> None:
        rows = [{**ROWS[1], "id": str(number)} for number in range(1, 4)]
        written = insert_chunk

        def killed(connection: Any, campaign: Any, chunk: Any, *, secret: bytes) -> None:
            if chunk[0].raw.number == 2:
                raise KeyboardInterrupt
            written(connection, campaign, chunk, secret=secret)

        monkeypatch.setattr("campaign.submission.compose.CHUNK_ROWS", 1)
        monkeypatch.setattr(drafts, "insert_chunk", killed)
        with pytest.raises(KeyboardInterrupt):
            sent(voiced, rows, **values)
        monkeypatch.setattr(drafts, "insert_chunk", written)
        add_tone(voiced, "high", 660)
        again = build.submitted(voiced, rows, asked(**values), campaign_id=MINE)
        assert re.search(r"since then (row )?presets? changed, so it was read anew", again.tally.notes[0])
        build.worked(voiced, MINE)
        assert presets_of(voiced) == ["high@2"] * 3
        assert len(set(sounds(voiced))) == 1, "the same words of the same preset"
        newer = build.submitted(voiced, rows, build.brief(preset="high@2"), campaign_id=CampaignId("newer"))
        build.worked(voiced, newer.campaign.id)
        assert set(sounds(voiced)) == set(sounds(voiced, "newer"))


class TestRead:
    @pytest.mark.parametrize(
        ("written", "voice"),
        [
            ("1", "1"),
            ("1.0", "1"),
            ("2.00", "2"),
            (" ＭÄＮＮＬＩＣＨ ", "männlich"),
            ("none", "none"),
            ("-", OWN),
            ("", OWN),
        ],
    )
    def test_what_a_row_says_is_compared_as_people_write_it(self, written: str, voice: str) -> None:
        voices = dict.fromkeys(("1", "2", "männlich", "none"), "a@1")
        assert voice_of({"voice": written}, Brief(presets=voices, preset_column="voice")) == voice


class TestRefused:
    def test_what_the_brief_does_not_list_is_that_row_s_fault_and_names_what_it_does(
        self, voiced: Installation
    ) -> None:
        tally = build.submitted(voiced, [*ROWS, {**ROWS[0], "id": "4", "voice": "Hihg"}], asked()).tally
        (problem,) = tally.problems
        assert (problem.row, problem.error.code, problem.error.column) == (4, "unknown-voice", "voice")
        assert problem.error.reason == "'Hihg' is none of the brief's presets; did you mean 'High'?"
        assert problem.error.mend == "write 'Low' or 'High', or leave it empty for the campaign's own"
        assert tally.rows_by_voice == {"Low": 1, "High": 1, "the campaign's own": 1}

    def test_a_cell_that_stands_for_nothing_is_told(self, voiced: Installation) -> None:
        rows = [{**ROWS[0], "id": str(n), "voice": said} for n, said in enumerate(("#N/A", "", "low", "-"))]
        presets = {**PRESETS, "-": "high@1"}
        tally = build.submitted(voiced, rows, asked(presets=presets), campaign_id=MINE).tally
        assert (tally.by_warning, tally.rows_by_voice["-"]) == ({"nothing": 1}, 1)
        with voiced.database.read() as connection:
            (told,) = connection.scalars(select(recipients.c.warnings).where(recipients.c.row == 1)).one()
        assert told == "nothing in 'voice': '#N/A' is taken as an empty field"

    def test_a_row_that_is_mended_is_spoken_by_what_it_says_then(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        campaign = made(voiced, [*ROWS, {**ROWS[0], "id": "4", "voice": "alto"}])
        assert campaign.state == "finished_with_errors"
        listed = voiced.settings.home / "results" / MINE / "rows-to-mend.csv"
        with listed.open(encoding="utf-8-sig", newline="") as stream:
            (row,) = list(csv.DictReader(stream))
        assert row["voice"] == "alto"
        path = build.write_csv(tmp_path / "mended.csv", [{**row, "voice": "High"}])
        with open_recipients(str(path)) as source:
            assert amend(voiced, campaign, source, actor="test").made == 1
        build.worked(voiced, MINE)
        assert presets_of(voiced) == ["low@1", "high@1", "demo-voice@1", "high@1"]

    @pytest.mark.parametrize(
        ("values", "error", "said"),
        [
            ({"presets": {"x": "nobody@1"}}, NotFoundError, "there is no preset nobody@1"),
            (
                {"presets": {"x": "spoken@1"}},
                BriefError,
                "preset spoken@1 has no table for engine tone .* one pin",
            ),
            (
                {"presets": {"x": "spoken@1"}, "preset": "low@1", "model": ""},
                BriefError,
                "no engine has a table in all of the presets low@1, spoken@1 .low@1 for tone; spoken@1 for espeak",
            ),
        ],
    )
    def test_presets_that_cannot_speak_together_are_refused_before_row_1(
        self, voiced: Installation, values: dict[str, Any], error: type[Exception], said: str
    ) -> None:
        table: dict[str, JsonValue] = {"voices": {"en": "en-gb"}}
        add_preset(voiced, NewPreset(name=PresetName("spoken"), engine="espeak", table=table), actor="test")
        with pytest.raises(error, match=said):
            sent(voiced, **values)

    def test_the_pin_is_one_that_serves_all_of_them(self, voiced: Installation) -> None:
        campaign = sent(voiced, model="")
        assert (campaign.preset, campaign.pin_id) == ("demo-voice@1", "tone")

    def test_words_in_a_language_that_the_row_s_preset_does_not_speak_are_that_row_s_fault(
        self, voiced: Installation
    ) -> None:
        for name, language in (("anna", "de"), ("ben", "en")):
            table: dict[str, JsonValue] = {"voices": {language: "de" if language == "de" else "en-gb"}}
            add_preset(voiced, NewPreset(name=PresetName(name), engine="espeak", table=table), actor="test")
        templates = {
            "en": TemplateSource(name="en", text="Hello {{ name }}.", language="en"),
            "de": TemplateSource(name="de", text="Guten Tag, {{ name }}.", language="de"),
        }
        rows = [
            {"id": "1", "locale": "de", "voice": "a", "name": "Ana"},
            {"id": "2", "locale": "en", "voice": "", "name": "Ana"},
            {"id": "3", "locale": "en", "voice": "a", "name": "Ana"},
        ]
        spoken = asked(
            presets={"a": "anna@1"},
            preset="ben@1",
            model="espeak",
            languages=("en", "de"),
            templates=templates,
        )
        tally = build.submitted(voiced, rows, spoken).tally
        (problem,) = tally.problems
        assert (problem.row, problem.error.code) == (3, "voice-missing")
        assert problem.error.reason == "the voice 'a' cannot speak en, only de"
        with pytest.raises(BriefError, match="presets ben@1, anna@1 have no voice for fr, only for de, en"):
            build.submitted(voiced, rows, spoken.revised(languages=("en", "fr")))


class TestPermitted:
    def test_a_retired_preset_of_rows_is_refused_at_submit(self, voiced: Installation) -> None:
        retire_preset(voiced, "high@1", reason="old", actor="test")
        with pytest.raises(ConflictError, match="high@1"):
            sent(voiced)

    def test_revoking_one_stops_the_campaigns_whose_rows_it_speaks(self, voiced: Installation) -> None:
        sent(voiced)
        other = build.submitted(voiced, ROWS, build.brief()).campaign
        revocation = revoke_preset(voiced, "high@1", reason="she asked", actor="test")
        assert revocation.paused == (MINE,)
        assert now(voiced).state == CampaignState.PAUSED
        assert build.worked(voiced, other.id).state == "finished"

    def test_a_worker_asks_every_speaker_before_it_takes_a_row(self, voiced: Installation) -> None:
        campaign = sent(voiced)
        revoke_preset(voiced, "high@1", reason="she asked", actor="test")
        with voiced.database.write() as connection:  # against the revocation
            campaign_rows.move(connection, campaign.id, CampaignState.RUNNING)
        worker = assemble(voiced)
        assert worker.pipeline.synthesise() == 0
        worker.resources.close()
        found = now(voiced)
        assert (found.state, "high@1" in (found.state_reason or "")) == (CampaignState.PAUSED, True)

    def test_one_that_is_gone_takes_none_of_the_others_rows_with_it(
        self, voiced: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = voices.Voices.preset

        def preset(self: voices.Voices, label: str, engine: str) -> PresetSound:
            if label == "high@1":
                raise PresetError(
                    "the reference recording of high@1 was changed. Restore it or add a version."
                )
            return known(self, label, engine)

        monkeypatch.setattr(voices.Voices, "preset", preset)
        campaign = sent(voiced)
        worker = assemble(voiced)
        assert worker.pipeline.synthesise() == 3
        worker.resources.close()
        with voiced.database.read() as connection:
            found = dict(connection.execute(select(utterances.c.preset, utterances.c.code)).tuples().all())
            described = dict(connection.execute(select(runs.c.preset, runs.c.preset_digest)).tuples().all())
        assert found == {"low@1": None, "high@1": "preset-unusable", "demo-voice@1": None}
        assert described == {label: one.sound_digest for label, one in campaign.lock.presets.items()}


class TestText:
    def test_a_row_s_language_may_say_who_speaks(self, voiced: Installation) -> None:
        """As it chooses the template: by the nearest tag, in whatever words a file names languages."""
        locales = ["de-AT", "en", "German", "", "fr"]
        rows = [{"id": str(n), "locale": one, "name": "Ana"} for n, one in enumerate(locales)]
        templates = {
            one: TemplateSource(name=one, text="{{ name }}.", language=one) for one in ("en", "de", "fr")
        }
        chosen = {"preset_column": "locale", "presets": {"de": "low@1", "en": "high@1"}}
        made(voiced, rows, languages=("en", "de", "fr"), templates=templates, **chosen)
        assert presets_of(voiced) == ["low@1", "high@1", "low@1", "high@1", "demo-voice@1"]

    def test_a_file_without_languages_is_all_in_the_first(self, voiced: Installation) -> None:
        rows = [{"id": "1", "name": "Ana"}]
        made(voiced, rows, preset_column="locale", presets={"en": "high@1"})
        assert presets_of(voiced) == ["high@1"]

    def test_a_preset_s_own_lexicon_is_for_its_rows_alone(self, voiced: Installation, tmp_path: Path) -> None:
        add_lexicon(voiced.database, high_s_names(tmp_path), name=None, actor="test")
        campaign = made(voiced)
        assert list(campaign.lock.lexicons) == ["names@1"]
        prepared = resolve_brief(voiced, LoadedBrief(brief=brief_of(campaign), suppress=()))
        composer = Composer(prepared.row_voices)
        said = [words_of_row(composer.plan(raw)) for raw in kept_rows(voiced, campaign)]
        assert said == ["Hello Ana.", "Hello Anna.", "Hello Ana."]
        assert prepared.row_voices[OWN].config is prepared.row_voices["Low"].config
        assert "Anna" in str(explain(voiced, campaign, 2)["trace"])
        assert "Anna" not in str(explain(voiced, campaign, 1)["trace"])

    def test_it_is_nobody_s_once_its_preset_speaks_no_row(self, voiced: Installation, tmp_path: Path) -> None:
        add_lexicon(voiced.database, high_s_names(tmp_path), name=None, actor="test")
        made(voiced)
        add_tone(voiced, "other", 660)
        rerender(voiced, replacement_of(voiced, RegistryKind.PRESET, "high@1", "other@1"), actor="test")
        campaign = build.worked(voiced, MINE)
        assert list(campaign.lock.lexicons) == ["names@1"]
        assert ["Anna" in str(explain(voiced, campaign, row)["trace"]) for row in (1, 2, 3)] == [False] * 3

    def test_one_that_the_brief_names_and_that_none_of_its_presets_has_is_refused(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        add_lexicon(voiced.database, high_s_names(tmp_path), name=None, actor="test")
        with pytest.raises(
            BriefError, match="names@1 is for the preset high alone, and the brief's are demo-voice, low"
        ):
            sent(voiced, presets={"Low": "low@1"}, lexicons=("names",))

    def test_where_its_column_comes_from_is_asked_of_the_voice_s_too(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        rows = [{"id": "1", "locale": "en", "name": "Ana", "Stimme": "low", "voice": "high"}]
        asked_for = asked(columns={"name": "name", "voice": {"from": "Stimme", "type": "text"}})
        for kept in (("Stimme", "voice"), ("Stimme",)):
            few = [{name: row[name] for name in ("id", "locale", "name", *kept)} for row in rows]
            with open_recipients(str(build.write_csv(tmp_path / "r.csv", few))) as source:
                fit = fit_columns(LoadedBrief(brief=asked_for, suppress=()), source)
            assert fit.sources is not None and fit.sources["voice"] == "Stimme"


class TestMadeAgain:
    def test_only_rows_of_the_replaced_preset_are_made_again_and_the_campaign_speaks_with_it_from_then_on(
        self, voiced: Installation
    ) -> None:
        made(voiced)
        before = sounds(voiced)
        add_tone(voiced, "high", 660)
        (found,) = rerender(
            voiced, replacement_of(voiced, RegistryKind.PRESET, "high@1", "high@2"), actor="test"
        )
        assert [row.row for row in found.rows] == [2]
        campaign = build.worked(voiced, MINE)
        assert presets_of(voiced) == ["low@1", "high@2", "demo-voice@1"]
        after = sounds(voiced)
        assert (before[0], before[2]) == (after[0], after[2]) and before[1] != after[1]
        assert (campaign.preset, campaign.lock.row_presets["High"].label) == ("demo-voice@1", "high@2")
        assert campaign.repins == 1, "workers that knew it look again"
        assert brief_of(campaign).presets == {"Low": "low@1", "High": "high@2"}
        add_tone(voiced, "high", 880)
        (again,) = rerender(
            voiced, replacement_of(voiced, RegistryKind.PRESET, "high@2", "high@3"), actor="test"
        )
        assert [row.row for row in again.rows] == [2]

    def test_a_row_that_was_left_with_an_older_preset_follows_when_that_is_replaced(
        self, voiced: Installation
    ) -> None:
        made(voiced, [*ROWS, {**ROWS[1], "id": "4"}])
        for version, pitch in ((2, 660), (3, 880)):
            add_tone(voiced, "high", pitch)
            if version == 2:
                add_persons(voiced, ["4"], source="test", actor="test")
            else:
                remove_persons(voiced, ["4"], source="test", actor="test")
            replaced = replacement_of(voiced, RegistryKind.PRESET, "high@1", f"high@{version}")
            rerender(voiced, replaced, actor="test")
            build.worked(voiced, MINE)
        assert presets_of(voiced) == ["low@1", "high@2", "demo-voice@1", "high@3"]

    def test_the_campaign_s_own_is_replaced_without_the_rows_that_have_theirs(
        self, voiced: Installation
    ) -> None:
        made(voiced)
        (found,) = rerender(
            voiced, replacement_of(voiced, RegistryKind.PRESET, "demo-voice@1", "low@1"), actor="test"
        )
        assert [row.row for row in found.rows] == [3]
        campaign = build.worked(voiced, MINE)
        assert (campaign.preset, brief_of(campaign).presets) == ("low@1", PRESETS)
        assert presets_of(voiced) == ["low@1", "high@1", "low@1"]

    def test_a_rejected_row_gets_the_next_take_of_its_own_preset(self, voiced: Installation) -> None:
        campaign = made(voiced)
        before = sounds(voiced)
        record_verdicts(voiced, campaign, rejected=[2], actor="test")
        (remade,) = remake_rejected(voiced, campaign, watch=_unwatched)
        assert (remade.row, remade.version) == (2, 2)
        assert presets_of(voiced) == ["low@1", "high@1", "demo-voice@1"]
        assert [one == other for one, other in zip(before, sounds(voiced), strict=True)] == [
            True,
            False,
            True,
        ]
        with voiced.database.read() as connection:
            keys = dict(
                connection.execute(
                    select(utterances.c.preset, utterances.c.key).where(
                        utterances.c.spec["take"].as_integer() == 1
                    )
                )
                .tuples()
                .all()
            )
        assert list(keys) == ["high@1"]
        # the key is the one that a campaign of that preset alone would give its second take
        alone = build.submitted(voiced, ROWS[:1], build.brief(preset="high@1"), campaign_id="alone").campaign
        done = build.worked(voiced, alone.id)
        record_verdicts(voiced, done, rejected=[1], actor="test")
        remake_rejected(voiced, done, watch=_unwatched)
        with voiced.database.read() as connection:
            second = connection.scalars(
                select(utterances.c.key).where(utterances.c.spec["take"].as_integer() == 1)
            ).all()
        assert list(second) == [keys["high@1"]]

    def test_the_best_take_is_the_one_with_the_pace_of_its_own_preset(self, voiced: Installation) -> None:
        voices_said = ["low", "low", "high", "high", "high"]
        campaign = made(
            voiced, [{**ROWS[0], "id": str(n), "voice": said} for n, said in enumerate(voices_said)]
        )
        with voiced.database.write() as connection:  # Low speaks very fast, High very slowly
            for preset, samples in (("low@1", 1_000), ("high@1", 10_000_000)):
                connection.execute(
                    update(asset_versions).where(asset_versions.c.preset == preset).values(samples=samples)
                )
        record_verdicts(voiced, campaign, rejected=[1], actor="test")
        (remade,) = remake_rejected(voiced, campaign, best_of=4, watch=_unwatched)
        with voiced.database.read() as connection:
            takes = dict(
                connection.execute(
                    select(asset_versions.c.samples, asset_versions.c.version)
                    .join(assets, assets.c.id == asset_versions.c.asset_id)
                    .where(assets.c.row == 1, asset_versions.c.version > 1)
                )
                .tuples()
                .all()
            )
        assert len(takes) == 4
        assert remade.version == takes[min(takes)]


class TestShown:
    def test_a_dry_run_shows_a_row_of_each_voice(self, voiced: Installation, tmp_path: Path) -> None:
        rows = [{**ROWS[0], "id": str(number)} for number in range(5, 30)]
        path = build.write_csv(tmp_path / "r.csv", [*rows, *ROWS])
        with open_recipients(str(path)) as source:
            tally, counted = dry_run(voiced, source, LoadedBrief(brief=asked(), suppress=()), show=1)
        assert {row.voice for row in tally.shown} == {"Low", "High", ""}
        why = {row.voice: row.why[-1] for row in tally.shown}
        assert why["High"] == "1 of 28 rows is in en by High"
        assert why[""] == "1 of 28 rows is in en by the campaign's own", "all of them are in en"
        assert counted.utterances == 3

    def test_a_look_at_the_file_counts_what_the_brief_does_not_list(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        path = build.write_csv(tmp_path / "r.csv", [*ROWS, {**ROWS[0], "id": "4", "voice": "alto"}])
        with open_recipients(str(path)) as source:
            seen = check_file(source, LoadedBrief(brief=asked(), suppress=()))
        assert seen.risks == ("voice: row 4: 'alto' is none of the brief's presets",)

    def test_a_row_that_is_tried_has_the_voice_that_it_is_sent_with(
        self, voiced: Installation, tmp_path: Path
    ) -> None:
        path = build.write_csv(tmp_path / "r.csv", [{"id": "1", "Voice": "High", "name": "Ana"}])
        with open_recipients(str(path)) as source:
            loaded = LoadedBrief(brief=asked(), suppress=())
            heard = preview(voiced, source, loaded, [1], actor="test", watch=_unwatched)
        assert heard[1].delivered.preset == "high@1"
