"""Everything that a campaign will need, loaded once before a spike: what is missing shows now, and what can be kept is
kept (conditioning, compiled kernels, weights in the page cache)."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from storage.installation import Installation
from storage.records import Campaign
from workers.conditioning import condition
from workers.engines.options import ON_CPU, DeviceOptions
from workers.finish import FinishProfile
from workers.finish import warm as warm_finish
from workers.voices import Voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmed:
    """One thing that was loaded."""

    what: str
    seconds: float
    note: str = ""


def _digest_of(voices: Voices, label: str, engine: str) -> str:
    return voices.preset(label, engine).sound_digest[:16]


def warm_campaign(
    installation: Installation, campaign: Campaign, *, options: DeviceOptions = ON_CPU
) -> list[Warmed]:
    """Load preset, weights, conditioning and finish of a campaign; raises what a worker would meet."""
    database, store = installation.database, installation.store
    voices = Voices(database, store, options=options)
    done: list[Warmed] = []

    def timed(what: str, step: Callable[[], str | None]) -> None:
        start = time.perf_counter()
        note = step()
        done.append(Warmed(what=what, seconds=time.perf_counter() - start, note=note or ""))

    with closing(voices):
        labels = campaign.lock.preset_labels
        for label in labels:
            timed(f"preset {label}", partial(_digest_of, voices, label, campaign.engine))
        sounds = [voices.preset(label, campaign.engine) for label in labels]
        pin = voices.pin(campaign.pin_id)
        timed(f"engine {campaign.engine}", lambda: voices.engine_for(campaign.pin_id).version)
        engine = voices.engine_for(campaign.pin_id)
        timed("weights", lambda: engine.numeric_class)
        for sound in sounds:
            timed("conditioning", partial(condition, database, store, engine, sound, pin))
        timed("warm-up", lambda: engine.warm(sounds))
        timed("finish", lambda: warm_finish(FinishProfile.from_mapping(campaign.finish_profile)))
    return done
