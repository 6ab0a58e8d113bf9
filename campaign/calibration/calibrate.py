"""A preset on a pin calibrated: prompts spoken as any campaign, each render heard, what was learned kept as a record.

    submit the prompts -> work -> every utterance heard, all its slips seen -> bounds and kinds by language
                               -> every row embedded -> a voice print by language -> one record

Renders are taken to be as they should be: the voice was chosen by people, and the prompts are plain. Campaigns that are
submitted from then on take the record into their lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from campaign.errors import ConflictError, InputError
from campaign.gate.measures import Prompt, prompts_of
from campaign.gate.prompts import PromptSet, load_prompts
from campaign.gate.sides import submit_prompts
from campaign.operations import control
from campaign.operations.foreground import Watch, look, report_if_due, runner
from campaign.registry.calibrations import CalibrationRecord, LanguageRecord, PrintRecord, record_of
from campaign.registry.encoder import find_encoder, kept_file
from campaign.registry.voice import capabilities_of, find_preset, find_speaking_pin
from campaign.submission.listening import listening_at_hand
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.lock import TELEPHONE_HZ, LockedListening
from storage.names import CampaignId
from storage.records import Campaign
from storage.registry import calibrations as calibration_rows
from storage.registry.calibrations import Calibration, NewCalibration, vector_digest
from storage.registry.pins import Pin
from storage.registry.presets import Preset
from storage.tables import CampaignState
from workers.engines.engine import EngineError
from workers.languages import primary
from workers.listeners import Listeners
from workers.listening.bounds import bounds_of
from workers.listening.judging import Judgement
from workers.listening.learning import Learned, learn, listening_bounds
from workers.listening.listener import FileListener
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder
from workers.measure.voice_print import SHORTEST_SCORED_S, VoicePrint, resampled, voice_print
from workers.recognisers.recogniser import WeighingRecogniser

PROMPTS = "calibration"
"""The prompt set that ships for it."""

Steps = Callable[[int, int], None]
"""Called with (utterances heard, of how many)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRequest:
    """What a person asks for."""

    preset: str
    """`name@version`, or `name` for the newest."""
    pin: str = ""
    """A pin or a channel; empty: on which the preset speaks where nobody names one."""
    languages: tuple[str, ...] = ()
    """Primary ones; empty: all of the prompts that preset and pin speak. Others stay as they were calibrated."""
    prompts: str = PROMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What came of it."""

    calibration: Calibration
    record: CalibrationRecord
    measured: tuple[str, ...]
    """The languages that were measured now."""
    campaign: CampaignId
    """The renders."""


def calibrate(
    installation: Installation, request: CalibrationRequest, *, actor: str, watch: Watch, steps: Steps
) -> Calibrated:
    """Speak, hear, learn, keep.

    Raises `NotFoundError`, `InputError` and `ConflictError` with the mend: nobody to listen, a language that preset or
    pin does not speak, renders that cannot be made; and `EngineError`. Nothing is kept then.
    """
    prompts = load_prompts(request.prompts)
    with installation.database.read() as connection:
        preset = find_preset(connection, request.preset)
        pin = find_speaking_pin(connection, request.pin, [preset])
        earlier = len(calibration_rows.of_preset(connection, preset))
    languages = _languages(request, prompts, preset, pin)
    prompts = prompts.in_languages(languages)
    listening = listening_at_hand(installation.settings, languages)
    found = find_encoder(installation.settings)
    encoder = None if isinstance(found, SpectralEncoder) else found  # spectra cannot tell voices apart
    campaign = _spoken(installation, prompts, preset, pin, earlier, actor=actor, watch=watch)
    renders = prompts_of(installation, campaign)
    if missing := [one for one in languages if one not in {render.language for render in renders}]:
        raise ConflictError(
            f"{preset.label} on {pin.id} said nothing in {', '.join(missing)}: `campaign status {campaign.id}` says "
            "why. Correct that, or leave these languages out of --languages."
        )
    with closing(Listeners(installation.settings)) as listeners:
        learned = _learned(listeners.of(listening), renders, steps)
    prints = {} if encoder is None else _prints(encoder, renders)
    calibration = _kept(installation, preset, pin, listening, prompts, learned, encoder, prints, actor=actor)
    return Calibrated(
        calibration=calibration,
        record=record_of(calibration),
        measured=tuple(sorted(learned)),
        campaign=campaign.id,
    )


def _languages(request: CalibrationRequest, prompts: PromptSet, preset: Preset, pin: Pin) -> tuple[str, ...]:
    """What is to be measured. Raises `InputError` for a language that cannot be."""
    spoken = capabilities_of(pin).languages | preset.languages_elsewhere(pin.engine)
    voiced = preset.voiced_languages(pin.engine)
    able = [
        one
        for one in map(primary, prompts.brief.languages)
        if (not spoken or one in spoken) and (voiced is None or one in map(primary, voiced))
    ]
    asked = tuple(dict.fromkeys(map(primary, request.languages)))
    have = ", ".join(able) or "no language"
    if unable := [one for one in asked if one not in able]:
        raise InputError(
            f"{preset.label} on {pin.id} cannot be calibrated in {', '.join(unable)}: prompts, voice and model "
            f"together have {have}. Leave it out of --languages, or bring prompts with "
            "--prompts."
        )
    if not able:
        raise InputError(
            f"{preset.label} on {pin.id} speaks no language of the prompts {prompts.label} "
            f"({', '.join(prompts.brief.languages)}). Bring prompts of your own with --prompts."
        )
    return asked or tuple(able)


def _spoken(
    installation: Installation,
    prompts: PromptSet,
    preset: Preset,
    pin: Pin,
    earlier: int,
    *,
    actor: str,
    watch: Watch,
) -> Campaign:
    """The renders: what was interrupted goes on, what was made before is shared."""
    content = digest([preset.label, pin.id, prompts.digest, [row["id"] for row in prompts.rows]])
    campaign = submit_prompts(
        installation,
        prompts,
        campaign_id=CampaignId(f"calibration-{content[:12]}-{earlier + 1}"),
        name=f"calibration of {preset.label}",
        pin=pin.id,
        preset=preset.label,
        purpose="",
        actor=actor,
    )
    if campaign.state == CampaignState.PAUSED:
        control.resume(installation, campaign.id, actor=actor)
    try:
        with runner(installation) as working:
            campaign = working.finish(campaign.id, watch)
    except EngineError as exc:
        if look(installation, campaign.id)[0].state == CampaignState.RUNNING:
            control.pause(installation, campaign.id, reason=str(exc), actor=actor)
        raise
    if campaign.state not in (CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS):
        raise ConflictError(
            f"campaign {campaign.id}, which speaks the prompts, is {campaign.state}: "
            f"{campaign.state_reason or 'by hand'}. The same command goes on once that is corrected."
        )
    report_if_due(installation, campaign.id)
    return campaign


def _learned(listener: FileListener, renders: Sequence[Prompt], steps: Steps) -> dict[str, Learned]:
    said = [one for render in renders for one in render.utterances]
    judgements: dict[str, list[Judgement]] = defaultdict(list)
    for number, one in enumerate(said, 1):
        asked = replace(one, bounds=listening_bounds(bounds_of(one.language)))
        judgements[one.language].append(listener.judge(one.pcm, one.rate_hz, asked))
        steps(number, len(said))
    weighs = isinstance(listener.recogniser(), WeighingRecogniser)
    return {
        language: learn(
            of_language, bounds_of(language), partial(listener.unlikeness, language), weighs=weighs
        )
        for language, of_language in judgements.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prints:
    """Of one language."""

    wide: VoicePrint | None
    telephone: VoicePrint | None
    renders: int

    @property
    def vectors(self) -> list[tuple[float, ...]]:
        return [one.vector for one in (self.wide, self.telephone) if one is not None]


def _prints(encoder: SpeakerEncoder, renders: Sequence[Prompt]) -> dict[str, _Prints]:
    """By primary language."""
    by_language: dict[str, list[Prompt]] = defaultdict(list)
    for render in renders:
        if len(render.pcm) >= SHORTEST_SCORED_S * render.rate_hz:
            by_language[primary(render.language)].append(render)
    return {
        language: _Prints(
            wide=voice_print([encoder.embed(one.pcm, one.rate_hz) for one in of_language]),
            telephone=voice_print(
                [
                    encoder.embed(resampled(one.pcm, one.rate_hz, TELEPHONE_HZ), TELEPHONE_HZ)
                    for one in of_language
                ]
            ),
            renders=len(of_language),
        )
        for language, of_language in by_language.items()
    }


def _kept(
    installation: Installation,
    preset: Preset,
    pin: Pin,
    listening: LockedListening,
    prompts: PromptSet,
    learned: Mapping[str, Learned],
    encoder: SpeakerEncoder | None,
    prints: Mapping[str, _Prints],
    *,
    actor: str,
) -> Calibration:
    """Keep what was learned, together with languages that were calibrated before and not now."""
    name = "" if encoder is None else encoder.name
    languages = {language: _language_record(one, prints.get(language)) for language, one in learned.items()}
    vectors = [vector for made in prints.values() for vector in made.vectors]
    with installation.database.write() as connection:
        before = calibration_rows.newest(connection, preset, pin.id, listening.recogniser, listening.revision)
        if before is not None:
            kept_vectors = (
                calibration_rows.vectors(connection, before.digest) if before.encoder == name else {}
            )
            for language, one in record_of(before).languages.items():
                if language in languages:
                    continue
                if all(digest in kept_vectors for digest in one.print_digests):
                    languages[language] = one
                    vectors += [kept_vectors[digest] for digest in one.print_digests]
                else:
                    languages[language] = one.model_copy(update={"print": None, "telephone_print": None})
        record = CalibrationRecord(
            prompts=prompts.digest,
            encoder_file="" if encoder is None else kept_file(installation.settings, encoder),
            languages=dict(sorted(languages.items())),
        )
        calibration = calibration_rows.add(
            connection,
            NewCalibration(
                preset=preset,
                pin_id=pin.id,
                recogniser=listening.recogniser,
                listening_revision=listening.revision,
                encoder=name,
                record=record.model_dump(mode="json"),
                vectors=vectors,
            ),
            actor=actor,
        )
        audit.note(
            connection,
            "preset.calibrate",
            preset.label,
            actor=actor,
            pin=pin.id,
            recogniser=listening.recogniser,
            calibration=calibration.digest,
        )
    return calibration


def _language_record(learned: Learned, made: _Prints | None) -> LanguageRecord:
    bounds = learned.bounds
    return LanguageRecord(
        nats=bounds.nats,
        unlike_sounds=bounds.unlike_sounds,
        beyond=sorted(bounds.beyond),
        sentences=learned.sentences,
        heard=dict(learned.values),
        print=None if made is None else _print_record(made.wide, made.renders),
        telephone_print=None if made is None else _print_record(made.telephone, made.renders),
    )


def _print_record(made: VoicePrint | None, renders: int) -> PrintRecord | None:
    if made is None:
        return None
    return PrintRecord(
        digest=vector_digest(made.vector), lowest=made.lowest, median=made.median, renders=renders
    )
