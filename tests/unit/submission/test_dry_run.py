"""A dry run is the submit without its effect: whatever one refuses the other refuses, in the same words."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Brief, Duplicates, LoadedBrief, OnError, Purpose
from campaign.cli.exits import exit_code_of
from campaign.operations.personal_data import forget_leftovers
from campaign.recipients import open_recipients
from campaign.registry.lexicons import add_lexicon
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.nemo import kernel
from campaign.speech.templates import TemplateSource
from campaign.submission.draft import Tally
from campaign.submission.estimate import dry_run
from campaign.submission.submit import submit
from storage.installation import Installation
from storage.names import CampaignId, PinId, PresetName
from storage.queue import campaigns as campaign_rows
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import NewPin
from storage.registry.presets import FrozenPreset
from tests import ROOT, build
from workers.engines.engine import Imperfection

PEOPLE = [{"id": "1", "locale": "en", "name": "Ana"}, {"id": "2", "locale": "en", "name": "Bo"}]


STUTTER = Imperfection(kind="stutter", stage="mel", probability=1.0)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A brief, rows and options that submit refuses."""

    said: str
    """Part of the message."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str]] = tuple(PEOPLE)
    options: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Installation, Path, pytest.MonkeyPatch], Brief | LoadedBrief | None] | None = None
    """What the installation goes through first; may return another brief."""


def template(text: str, language: str = "en") -> dict[str, TemplateSource]:
    return {"default": TemplateSource(name="t.txt", text=text, language=language)}


def add_pin(installed: Installation, **changes: Any) -> None:
    with installed.database.write() as connection:
        tone = pin_rows.get(connection, "tone")
        capabilities = {**tone.capabilities, **changes.pop("capabilities", {})}
        mine = NewPin(
            id=PinId("mine"),
            digest="d" * 64,
            engine="tone",
            repo="me/mine",
            files={},
            licence="CC-BY-NC-4.0",
            purposes=[purpose.value for purpose in Purpose],
            capabilities=capabilities,
        )
        pin_rows.add(connection, replace(mine, **changes))


def add_preset(installed: Installation, name: str, **changes: Any) -> None:
    with installed.database.write() as connection:
        demo = preset_rows.find(connection, "demo-voice", 1)
        assert demo is not None
        frozen = FrozenPreset(
            name=PresetName(name),
            version=1,
            sound_digests=dict(demo.sound_digests),
            parameters=dict(demo.parameters),
            provenance={"person": None},
        )
        preset_rows.add(connection, replace(frozen, **changes))


def pin_for_research(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_pin(installed, purposes=["research"])


def pin_of_french(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_pin(installed, capabilities={"languages": ["fr"]})


def pin_that_clones(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_pin(installed, capabilities={"needs_transcript": True})


def pin_without_a_voice(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_pin(installed, capabilities={"needs_recording": True})


def preset_of_espeak(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_preset(installed, "one", parameters={"espeak": {}}, sound_digests={"espeak": "e" * 64})


def preset_of_another_engine(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_preset(installed, "far", parameters={"f5": {}}, sound_digests={"f5": "e" * 64})


def voice_that_the_pin_lacks(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_pin(installed, engine="kokoro", files={"model.onnx": "a" * 64, "voices/af_heart.bin": "b" * 64})
    table: dict[str, Any] = {"voices": {"en": "af_hart"}}
    add_preset(installed, "lost", parameters={"kokoro": table}, sound_digests={"kokoro": "e" * 64})


def presets_of_two_engines(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    preset_of_espeak(installed, _folder, _patch)
    preset_of_another_engine(installed, _folder, _patch)


def preset_from_a_recording(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    add_preset(installed, "cloned", reference_key="presets/x", reference_sha256="a" * 64)


def preset_retired(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    with installed.database.write() as connection:
        demo = preset_rows.find(connection, "demo-voice", 1)
        assert demo is not None
        preset_rows.record(connection, demo, "retirement", {"reason": "old"}, actor="test")


def slow(_installed: Installation, _folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kernel, "_PROBLEM", "numba is away")


def other_content_there(installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> None:
    build.submitted(installed, PEOPLE, build.brief("Other words, {{ name }}."), campaign_id="taken")


def held_for_another_time(installed: Installation, folder: Path, _patch: pytest.MonkeyPatch) -> None:
    path = build.write_csv(folder / "rows.csv", PEOPLE)
    with open_recipients(str(path)) as source:
        loaded = LoadedBrief(brief=build.brief(), suppress=())
        submit(installed, source, loaded, actor="test", campaign_id=CampaignId("held"), start=False)


def lexicon(folder: Path, name: str, lines: str, samples: str = "") -> Path:
    path = folder / name
    path.write_text(f"written\talias\n{lines}", encoding="utf-8")
    path.with_suffix(".samples").write_text(samples, encoding="utf-8")
    return path


def lexicons_in_a_circle(installed: Installation, folder: Path, _patch: pytest.MonkeyPatch) -> None:
    for name, lines in (("one.tsv", "Nyx\tPax\n"), ("two.tsv", "Pax\tNyx\n")):
        add_lexicon(installed.database, read_lexicon(lexicon(folder, name, lines)), name=None, actor="test")


def lexicon_of_a_preset(installed: Installation, folder: Path, _patch: pytest.MonkeyPatch) -> None:
    path = folder / "bens.tsv"
    path.write_text("# scope: preset ben\nwritten\talias\nGP\tG P\n", encoding="utf-8")
    add_lexicon(installed.database, read_lexicon(path), name=None, actor="test")


def file_with_a_failing_sample(
    _installed: Installation, folder: Path, _patch: pytest.MonkeyPatch
) -> LoadedBrief:
    file = read_lexicon(lexicon(folder, "names.tsv", "GP\tG P\n", "[en] Your GP~Your doctor\n"))
    brief = build.brief(lexicons=(file.label,))
    return LoadedBrief(brief=brief, suppress=(), lexicons={file.label: file})


def opt_outs_of_others(_installed: Installation, folder: Path, _patch: pytest.MonkeyPatch) -> LoadedBrief:
    (folder / "stop.csv").write_text("id\nx1\nx2\n")
    return LoadedBrief(brief=build.brief(), suppress=(folder / "stop.csv",))


def file_that_is_gone(_installed: Installation, _folder: Path, _patch: pytest.MonkeyPatch) -> Brief:
    return build.brief(lexicons=("names.tsv@" + "0" * 64,))


PAUSED = {"codec": "wav", "pause_before_values": "300 ms"}
REFUSALS = {
    "no such preset": Refusal(asked={"preset": "nobody@1"}, said="there is no preset nobody@1"),
    "a preset's name that is none": Refusal(asked={"preset": "demo-voice@one"}, said="is not a preset"),
    "no such pin": Refusal(asked={"model": "nothing"}, said="there is no pin or channel 'nothing'"),
    "no pin for the preset": Refusal(
        asked={"model": "", "preset": "far@1"}, said="no pin serves preset", before=preset_of_another_engine
    ),
    "no table for the engine": Refusal(
        asked={"preset": "one@1"}, said="has no table for engine tone", before=preset_of_espeak
    ),
    "voice that the pin lacks": Refusal(
        asked={"model": "mine", "preset": "lost@1"},
        said="it asks for the voice 'af_hart', and the pin has af_heart",
        before=voice_that_the_pin_lacks,
    ),
    "lexicon of a preset that speaks no row": Refusal(
        asked={"presets": {"x": "demo-voice@1"}, "preset_column": "name", "lexicons": ("bens",)},
        said="lexicon bens@1 is for the preset ben alone",
        before=lexicon_of_a_preset,
    ),
    "presets of two engines": Refusal(
        asked={"model": "", "preset": "far@1", "presets": {"x": "one@1"}, "preset_column": "name"},
        said="no engine has a table in all of the presets far@1, one@1",
        before=presets_of_two_engines,
    ),
    "licence": Refusal(asked={"model": "mine"}, said="is licensed CC-BY-NC-4.0", before=pin_for_research),
    "cannot clone": Refusal(
        asked={"preset": "cloned@1"}, said="is cloned from a recording", before=preset_from_a_recording
    ),
    "needs a recording": Refusal(
        asked={"model": "mine"}, said="needs a recording to speak from", before=pin_that_clones
    ),
    "a pin without a voice of its own, and a preset without a recording": Refusal(
        asked={"model": "mine"}, said="needs a recording to speak from", before=pin_without_a_voice
    ),
    "language of the engine": Refusal(
        asked={"model": "mine"}, said="does not speak en", before=pin_of_french
    ),
    "language of the voice": Refusal(
        asked={"model": "", "languages": ("en", "sv")}, said="has no voice for sv"
    ),
    "retired": Refusal(said="was retired", before=preset_retired),
    "marks": Refusal(asked={"finish": {"codec": "wav", "marks": ["c2pa"]}}, said="finish asks for c2pa"),
    "helped values without spaces": Refusal(
        asked={
            "finish": PAUSED,
            "languages": ("en", "zh"),
            "templates": {
                language: TemplateSource(name="t.txt", text="{{ name }}", language=language)
                for language in ("en", "zh")
            },
        },
        said="words that are parted by spaces, and zh has none",
    ),
    "helped values that nobody places": Refusal(
        asked={"finish": PAUSED}, said="needs to know when each word is said. tone does not tell"
    ),
    "values said twice in a language without words for it": Refusal(
        asked={"finish": {"codec": "wav", "say_twice": ["code"]}, "languages": ("en", "sv")},
        said="say_twice has no words in sv",
    ),
    "flaws at a stage that the engine does not have": Refusal(
        asked={"templates": {"en": TemplateSource(name="t.txt", text="Hello.", imperfections=(STUTTER,))}},
        said="templates.en asks for stutter at the stage mel, which the engine tone does not have: "
        "it has codec and text and waveform. Choose another stage",
    ),
    "slow text": Refusal(said="about a hundred times slower", before=slow),
    "other content": Refusal(
        said="campaign taken exists with other content",
        options={"campaign_id": "taken"},
        before=other_content_there,
    ),
    "a start that is past": Refusal(said="is past. Give a later --start-at", options={"start_at_ms": 1}),
    "another start": Refusal(
        said="campaign held is held until",
        options={"campaign_id": CampaignId("held"), "start_at_ms": 1 << 42},
        before=held_for_another_time,
    ),
    "the name of a dry run": Refusal(said="is only tried", options={"campaign_id": CampaignId("dry-run")}),
    "the name of one dry run": Refusal(
        said="dry-run-0123456789ab is what a submit is called",
        options={"campaign_id": CampaignId("dry-run-0123456789ab")},
    ),
    "no such lexicon": Refusal(asked={"lexicons": ("none",)}, said="there is no lexicon none"),
    "lexicon file that is not kept": Refusal(said="is not kept here", before=file_that_is_gone),
    "lexicons in a circle": Refusal(
        asked={"lexicons": ("one", "two")}, said="lead in a circle", before=lexicons_in_a_circle
    ),
    "failing sample": Refusal(said="samples fail", before=file_with_a_failing_sample),
    "disclosure": Refusal(
        asked={"purpose": Purpose.COMMERCIAL, "territories": ("US",)}, said="must say who calls"
    ),
    "disclosure's keys": Refusal(asked={"disclosure": {"who": "x"}}, said="disclosure: there is no key who"),
    "finish": Refusal(asked={"finish": {"codec": "wax"}}, said="codec"),
    "template": Refusal(asked={"templates": template("Hello {{ name")}, said="t.txt"),
    "columns": Refusal(asked={"columns": {"name": "nonsense"}}, said="nonsense"),
    "an opt-out list of other ids": Refusal(said="stops nobody", before=opt_outs_of_others),
    "no rows": Refusal(rows=[], said="no row below it"),
    "bad rows": Refusal(
        rows=[*PEOPLE, {"id": "3", "locale": "en", "name": ""}],
        asked={"on_error": OnError.REJECT},
        said="1 of 3 rows cannot be spoken",
    ),
    "duplicates": Refusal(
        rows=[*PEOPLE, PEOPLE[0]],
        asked={"on_error": OnError.REJECT, "duplicates": Duplicates.ERROR},
        said="1 of 3 rows cannot be spoken",
    ),
}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    opened = build.installation(tmp_path / "home")
    yield opened
    opened.close()


def write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    return build.write_csv(path, rows) if rows else _only_a_header(path)


def _only_a_header(path: Path) -> Path:
    path.write_text("id,locale,name\n")
    return path


def attempts(
    refusal: Refusal, installed: Installation, folder: Path, patch: pytest.MonkeyPatch
) -> Iterator[Callable[[], object]]:
    """A dry run, then the submit, of what is refused."""
    changed = refusal.before and refusal.before(installed, folder, patch)
    loaded = changed or build.brief(**refusal.asked)
    if isinstance(loaded, Brief):
        loaded = LoadedBrief(brief=loaded, suppress=())
    path = str(write_rows(folder / "rows.csv", refusal.rows))
    for attempt, options in ((dry_run, {}), (submit, {"actor": "test"})):
        with open_recipients(path) as source:
            yield partial(attempt, installed, source, loaded, **options, **refusal.options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REFUSALS)
def test_a_dry_run_refuses_what_submit_refuses(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    problems = []
    for attempt in attempts(REFUSALS[name], installed, tmp_path, monkeypatch):
        with installed.database.read() as connection:
            there = [campaign.id for campaign in campaign_rows.recent(connection)]
        with pytest.raises(Exception, match=REFUSALS[name].said) as caught:
            attempt()
        problems.append((type(caught.value), str(caught.value), exit_code_of(caught.value)))
        with installed.database.read() as connection:
            assert [campaign.id for campaign in campaign_rows.recent(connection)] == there
    assert problems[0] == problems[1]
    assert problems[0][2] is not None


ELSEWHERE = {
    "is in progress. Wait for it": "two submits at one moment: a dry run meets nobody",
    "cannot be had in sound that is heard while it is made": "of speech over the API, which has no dry run",
    "pin or channel": "of `campaign normalise --engine`; submit's own is in the table",
}
"""Raised in these modules, and no refusal that a dry run can meet: why."""


def refusals_in(module: str) -> Iterator[str]:
    """The longest literal part of every message that a module raises."""
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        literals = [
            part.value
            for argument in node.exc.args
            for part in ast.walk(argument)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        if literals:
            yield max(literals, key=len)


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that the dry runs of the table say."""
    said = []
    for refusal in REFUSALS.values():
        folder = tmp_path_factory.mktemp("refusal")
        installed = build.installation(folder / "home")
        with pytest.MonkeyPatch.context() as patch:
            tried = attempts(refusal, installed, folder, patch)  # holds the file open
            attempt = next(tried)
            with pytest.raises(Exception, match=refusal.said) as caught:
                attempt()
        installed.close()
        said.append(str(caught.value))
    return "\n".join(said)


@pytest.mark.parametrize(
    "module",
    [
        "campaign/registry/voice.py",
        "campaign/registry/lexicons.py",
        "campaign/submission/prepare.py",
        "campaign/submission/preflight.py",
        "campaign/submission/draft.py",
        "campaign/submission/submit.py",
    ],
)
def test_every_refusal_on_the_way_is_in_the_table(messages: str, module: str) -> None:
    wanted = {text for text in refusals_in(module) if not any(part in text for part in ELSEWHERE)}
    assert {text for text in wanted if text.strip() not in messages} == set()


def test_a_dry_run_shows_what_is_said_beside_what_was_written(
    installed: Installation, tmp_path: Path
) -> None:
    rows = [*PEOPLE, {"id": "3", "locale": "de", "name": "Cy"}]
    texts = {
        language: TemplateSource(name="t", text=text, language=language)
        for language, text in (("en", "Hello {{ name }}, 5 km."), ("de", "Hallo {{ name }}, 5 km."))
    }
    loaded = LoadedBrief(brief=build.brief(templates=texts, languages=("en", "de")), suppress=())
    with open_recipients(str(write_rows(tmp_path / "rows.csv", rows))) as source:
        tally, _ = dry_run(installed, source, loaded, show=1)
    assert [(row.row, row.language, row.spoken) for row in tally.shown] == [
        (1, "en", "Hello Ana, five kilometers."),
        (3, "de", "Hallo Cy, fünf Kilometer."),
    ]
    assert tally.shown[0].script == "Hello Ana, 5 km."


class Meanwhile:
    """Does something once, while rows are read."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def rows_read(self, rows: int, share: float | None) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


def test_two_dry_runs_at_once_have_each_their_own_lists_and_purge_takes_them(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.submission.compose.CHUNK_ROWS", 1)
    loaded = LoadedBrief(brief=build.brief(), suppress=())
    tallies: list[Tally] = []

    def tried(name: str, ids: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        rows = [{"id": one, "locale": "en", "name": ""} for one in ids]
        with open_recipients(str(write_rows(tmp_path / name, rows))) as source:
            tallies.append(dry_run(installed, source, loaded, progress=Meanwhile(meanwhile))[0])

    tried("a.csv", "ab", lambda: tried("b.csv", "xyz"))
    folders = [tally.folder for tally in tallies if tally.folder is not None]
    listed = [
        [line.split(",")[1] for line in (folder / "errors.csv").read_text().splitlines()[1:]]
        for folder in folders
    ]
    assert listed == [["x", "y", "z"], ["a", "b"]]
    forget_leftovers(installed, older_than_ms=3_600_000)
    assert [folder.exists() for folder in folders] == [True, True]
    for folder in folders:
        for file in folder.iterdir():
            os.utime(file, (0, 0))
    forget_leftovers(installed, older_than_ms=3_600_000)
    assert [folder.exists() for folder in folders] == [False, False]
