"""Who listens to a campaign's files, decided with everything else before its first row.

The server that the settings name, else the catalogue's recogniser where this machine has it: a brief that asks for
listening is refused where there is none; one that says nothing is listened to where there is one, and where hearing
takes less of the machine than speaking does. Whether the server answers is seen when it is to hear.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from campaign.brief import Brief
from campaign.brief.listen import ALL, OFF, ListenTable
from campaign.errors import BriefError, NotFoundError
from campaign.registry.calibrations import locked_calibration
from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.keeping import Presence, place_of, presence
from campaign.registry.opinions import opinion_is_here, opinion_places
from campaign.registry.voice import OWN, ChosenVoice
from campaign.submission.plan import ListeningEstimate
from storage.lock import LockedLine, LockedListening, LockedOpinion, LockedRecogniser
from storage.session import Connection
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.languages import primary
from workers.line import LINE_REVISION
from workers.listeners import served_recogniser
from workers.listening.revision import LISTENING_REVISION
from workers.recognisers.http import http_name
from workers.recognisers.moonshine import DECODER, moonshine_name
from workers.recognisers.whisper import PACKAGES, whisper_name

RECOGNISER = "whisper-base"
"""Of the catalogue."""
SECOND = "moonshine-tiny"
"""Of the catalogue: hears beside the other where files are heard over a line."""
WEIGHTS = "model.bin"
ONNX = "onnxruntime"
"""What the predictor of opinions runs in."""
WELL_HEARD = frozenset({"en", "es", "fr", "it", "pt"})
"""Languages that it was measured to hear on a natural voice: a brief that leaves listening open is heard in these."""
QUICKER_THAN_LISTENING = frozenset({"espeak", "tone"})
"""Engines that speak a second in less time than it takes to hear it."""
COST_OVER_A_LINE_CPU_S = 0.23
"""The same with a telephone line at 10 dB, both recognisers (benchmarks.listening.telephone)."""
COST_CPU_S = 0.08
"""CPU seconds a second of sound, whisper-base in int8 on a core with VNNI (`python -m benchmarks.listening`)."""
OPINION_COST_CPU_S = 0.035
"""The same of a predicted opinion, of files of 12 to 17 seconds (`python -m benchmarks.listening.opinions`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenListening:
    """The decision, and why where nobody listens."""

    locked: LockedListening | None
    why_not: str = ""
    uncalibrated: tuple[str, ...] = ()
    """Presets, `name@version`, that this recogniser was not calibrated for in each language that it hears."""
    calibrate: str = ""
    """The commands that calibrate it."""


def listening_cost(chosen: ChosenListening, seconds_to_deliver: float) -> ListeningEstimate:
    """What it takes to hear the files of a campaign."""
    locked = chosen.locked
    seconds = 0.0 if locked is None else locked.share * seconds_to_deliver
    return ListeningEstimate(
        recogniser="" if locked is None else locked.recogniser,
        share=0.0 if locked is None else locked.share,
        seconds_to_hear=seconds,
        cpu_seconds=seconds * _cost_of(locked),
        why_not=chosen.why_not,
        opinion="" if locked is None or locked.opinion is None else locked.opinion.name,
        opinion_cpu_seconds=seconds * OPINION_COST_CPU_S if locked is not None and locked.opinion else 0.0,
        line="" if locked is None or locked.line is None else locked.line.told,
        second=_told_second(locked),
        uncalibrated=chosen.uncalibrated,
        calibrate=chosen.calibrate,
    )


def calibrated(
    connection: Connection, chosen: ChosenListening, brief: Brief, voices: Mapping[str, ChosenVoice]
) -> ChosenListening:
    """The decision with what was learned of each voice, heard by who listens."""
    if chosen.locked is None:
        return chosen
    found = {
        one.preset.label: locked_calibration(
            connection, one.preset, one.pin.id, chosen.locked.recogniser, chosen.locked.revision
        )
        for one in voices.values()
    }
    heard = set(chosen.locked.languages or map(primary, brief.languages))
    uncalibrated = tuple(
        label for label, one in found.items() if one is None or not heard <= one.languages.keys()
    )
    return replace(
        chosen,
        locked=replace(
            chosen.locked, calibrations={label: one for label, one in found.items() if one is not None}
        ),
        uncalibrated=uncalibrated,
        calibrate="; ".join(
            calibrate_command(label, voices[OWN].pin.id, sorted(heard)) for label in uncalibrated
        ),
    )


def calibrate_command(label: str, pin_id: str, languages: Sequence[str] = ()) -> str:
    """What calibrates a preset on a pin for these languages; none are all."""
    only = f" --languages {','.join(languages)}" if languages else ""
    return f"campaign preset calibrate {label} --pin {pin_id}{only}"


def listening_at_hand(settings: Settings, languages: Sequence[str]) -> LockedListening:
    """Who would listen to files in these primary languages. Raises `NotFoundError` with the mend where nobody can."""
    if problem := _problem(settings, languages):
        raise NotFoundError(f"nobody can listen here: {problem}.")
    model, recogniser = _recogniser(settings)
    return LockedListening(
        model=model,
        recogniser=recogniser,
        share=1.0,
        unclear=ListenTable().unclear,
        revision=LISTENING_REVISION,
    )


def _cost_of(locked: LockedListening | None) -> float:
    """CPU seconds a second of sound on this machine."""
    if locked is None or not locked.model:
        return 0.0
    return COST_CPU_S if locked.line is None else COST_OVER_A_LINE_CPU_S


def _told_second(locked: LockedListening | None) -> str:
    """Who hears beside the first, or how to have somebody who does; empty where one alone is meant to."""
    if locked is None or locked.line is None:
        return ""
    if locked.second is None:
        return f"nobody hears beside it: `campaign voice get {SECOND}` brings who does, in English"
    return f"{locked.second.recogniser} hears {', '.join(locked.second.languages)} beside it"


def choose_listening(settings: Settings, brief: Brief, voices: Mapping[str, ChosenVoice]) -> ChosenListening:
    """Decide; raises `BriefError` for listening that is asked for and cannot be had, with the mend."""
    table = ListenTable.model_validate(dict(brief.listen))
    chosen = _chosen(settings, brief, voices, table)
    if chosen.locked is None and table.quality == ALL:
        raise BriefError(
            f'listen: quality = "all" rates the files that are listened to, and none are: {chosen.why_not}. Mend that, '
            "or leave quality out."
        )
    if chosen.locked is None:
        return chosen
    return replace(chosen, locked=replace(chosen.locked, opinion=_opinion(settings, chosen.locked, table)))


def _opinion(settings: Settings, locked: LockedListening, table: ListenTable) -> LockedOpinion | None:
    """Who rates the files that are listened to. Raises `BriefError` where that is asked for and nobody is here."""
    if table.quality == OFF:
        return None
    is_here = opinion_is_here(settings) and importlib.util.find_spec(ONNX) is not None
    if table.quality == ALL and not is_here:
        raise BriefError(
            'listen: quality = "all" and the predictor is not here; run `campaign voice get distillmos`, install '
            "campaign[measure], or leave quality out."
        )
    hearing_costs = COST_CPU_S if locked.model else 0.0  # a server's time is not this machine's
    if not is_here or (table.quality != ALL and hearing_costs < OPINION_COST_CPU_S):
        return None
    file, name = opinion_places(settings)
    return LockedOpinion(name=name, file=file)


def _chosen(
    settings: Settings, brief: Brief, voices: Mapping[str, ChosenVoice], table: ListenTable
) -> ChosenListening:
    if table.share == 0.0:
        return ChosenListening(locked=None, why_not="the brief says so")
    problem = _problem(settings, list(dict.fromkeys(map(primary, brief.languages))))
    if table.share is not None and problem:
        raise BriefError(f'listen: {problem}, or write listen = {{ files = "off" }}.')
    if problem:
        return ChosenListening(locked=None, why_not=problem)
    engines = {chosen.pin.engine for chosen in voices.values()}
    if table.share is None and engines <= QUICKER_THAN_LISTENING:
        return ChosenListening(
            locked=None, why_not=f"{', '.join(sorted(engines))} speaks faster than it can be heard"
        )
    if table.share is None and brief.is_streamed:
        return ChosenListening(locked=None, why_not="somebody hears it while it is made")
    spoken = sorted(set(map(primary, brief.languages)))
    heard = [one for one in spoken if one in _well_heard(settings)] if table.share is None else spoken
    if not heard:
        return ChosenListening(locked=None, why_not=f"nobody knows how well {', '.join(spoken)} is heard")
    model, recogniser = _recogniser(settings)
    return ChosenListening(
        locked=LockedListening(
            model=model,
            recogniser=recogniser,
            share=1.0 if table.share is None else table.share,
            unclear=table.unclear,
            takes=table.takes,
            revision=LISTENING_REVISION,
            languages=() if heard == spoken else tuple(heard),
            line=_line(table),
            second=None if table.line is None else _second(settings, heard),
        )
    )


def _line(table: ListenTable) -> LockedLine | None:
    if table.line is None:
        return None
    return LockedLine(
        name=table.line, snr_db=table.snr_db, packet_loss=table.lost_share, revision=LINE_REVISION
    )


def _second(settings: Settings, heard: Sequence[str]) -> LockedRecogniser | None:
    """Who hears beside the first, where one is at hand that hears any of these languages."""
    entry = shipped_catalogue().find(SECOND)
    languages = tuple(one for one in heard if one in entry.languages)
    if not languages or presence(place_of(settings, entry), entry) != Presence.HERE:
        return None
    digest = next(file.sha256 for file in entry.files if file.path == DECODER)
    return LockedRecogniser(
        model=place_of(settings, entry).name, recogniser=moonshine_name(digest), languages=languages
    )


def _well_heard(settings: Settings) -> Collection[str]:
    """Languages that are listened to where nobody asked for it: those that the operator names for a server."""
    named = frozenset(map(primary, settings.listen_languages))
    return named if settings.listen_url and named else WELL_HEARD


def _recogniser(settings: Settings) -> tuple[str, str]:
    """(its folder among the models, empty for a server; its name)."""
    if settings.listen_url:
        return "", http_name(settings.listen_model, settings.listen_label)
    entry = shipped_catalogue().find(RECOGNISER)
    digest = next(file.sha256 for file in entry.files if file.path == WEIGHTS)
    return place_of(settings, entry).name, whisper_name(digest, settings.listen_device)


def _problem(settings: Settings, languages: Sequence[str]) -> str:
    """Why nobody can listen here, with the mend; empty where somebody can."""
    if settings.listen_url:
        return _problem_of_server(settings, languages)
    return _problem_of_catalogue(settings, languages)


def _problem_of_server(settings: Settings, languages: Sequence[str]) -> str:
    try:
        with closing(served_recogniser(settings)) as recogniser:
            deaf = [one for one in languages if not recogniser.understands(one)]
    except EngineError as exc:
        return f"CAMPAIGN_LISTEN_URL: {exc}"
    if deaf:
        return (
            f"CAMPAIGN_LISTEN_LANGUAGES leaves {', '.join(deaf)} out; add them, or leave these languages out"
        )
    return ""


def _problem_of_catalogue(settings: Settings, languages: Sequence[str]) -> str:
    entry = shipped_catalogue().find(RECOGNISER)
    missing = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if missing:
        return f"{' and '.join(missing)} is not installed; install campaign[listen]"
    if presence(place_of(settings, entry), entry) != Presence.HERE:
        return f"the recogniser is not here; run `campaign voice get {RECOGNISER}`"
    deaf = [one for one in languages if one not in entry.languages]
    if deaf:
        return f"{entry.name} does not hear {', '.join(deaf)}; leave these languages out"
    return ""
