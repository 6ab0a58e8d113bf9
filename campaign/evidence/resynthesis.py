"""`campaign verify`: say a sample of a campaign's utterances again and compare with what was delivered.

    what was locked against what is installed -> the same request to the same engine -> bits, else how far apart

The one place beside the workers that speaks: nothing is claimed, stored or changed, so it may run beside them and on
any machine that can load the pin.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from campaign.errors import ConflictError
from campaign.submission.lock import differences_from
from storage.errors import ObjectStoreError
from storage.history import origins
from storage.history.origins import MadeUtterance
from storage.installation import Installation
from storage.objects import ObjectStore
from storage.records import Campaign
from storage.session import Database
from workers.conditioning import condition
from workers.engines.engine import Engine, Pcm, Waveform
from workers.engines.options import ON_CPU, DeviceOptions
from workers.engines.registry import engine_revision
from workers.pcm import from_raw, to_raw
from workers.requests import request_for
from workers.voices import Voices

TOLERANCE_DB = -40.0
"""Difference over signal up to which another numeric class counts as the same sound."""


class Same(StrEnum):
    """How alike two makings are."""

    BIT_EXACT = "bit-exact"
    """The same samples."""
    WITHIN_TOLERANCE = "within-tolerance"
    """As many samples, no further apart than was allowed."""
    DIFFERENT = "different"
    """Further apart, of another length, not to be said now, or not to be compared: `why` tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One utterance said again."""

    key: str
    same: Same
    difference_db: float | None
    """Of the difference over the signal; None when bit-exact, or when there is nothing to subtract."""
    why: tuple[str, ...]
    """What may explain a difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of it."""

    campaign: str
    utterances: int
    """Distinct ones that the campaign's current files hold."""
    numeric_class: str
    """Here, now."""
    lock: tuple[str, ...]
    """What differs between the lock and what is installed."""
    compared: tuple[Compared, ...]

    @property
    def holds(self) -> bool:
        """Whether everything sampled is the same sound."""
        return all(utterance.same != Same.DIFFERENT for utterance in self.compared)


def verify_campaign(
    installation: Installation,
    campaign: Campaign,
    *,
    sample: int,
    options: DeviceOptions = ON_CPU,
    tolerance_db: float = TOLERANCE_DB,
    seed: int = 1,
) -> Verification:
    """Say `sample` utterances again, drawn by `seed`. Raises `ConflictError` when nothing is delivered,
    `EngineError` when the pin cannot speak here."""
    with installation.database.read() as connection:
        keys = origins.keys(connection, campaign.id)
        drawn = random.Random(f"{campaign.content_digest}-{seed}").sample(keys, min(sample, len(keys)))
        sampled = [
            utterance for key in drawn if (utterance := origins.utterance(connection, key)) is not None
        ]
        lock = tuple(differences_from(connection, campaign))
    if not sampled:
        raise ConflictError(f"campaign {campaign.id} has no sound to compare with. Let it finish first.")
    database, store = installation.database, installation.store
    with closing(Voices(database, store, options=options)) as voices:
        compared = tuple(_compared(database, store, voices, sampled, tolerance_db))
        numeric_class = voices.engine_for(sampled[0].pin_id).numeric_class
    return Verification(
        campaign=campaign.id,
        utterances=len(keys),
        numeric_class=numeric_class,
        lock=lock,
        compared=compared,
    )


def _compared(
    database: Database,
    store: ObjectStore,
    voices: Voices,
    utterances: Sequence[MadeUtterance],
    tolerance_db: float,
) -> Iterator[Compared]:
    """Voice by voice, so that each is loaded once."""
    for utterance in sorted(utterances, key=lambda utterance: (utterance.pin_id, utterance.preset)):
        engine, pin = voices.engine_for(utterance.pin_id), voices.pin(utterance.pin_id)
        preset = voices.preset(utterance.preset, pin.engine)
        if not voices.is_warm(utterance.pin_id, utterance.preset):
            condition(database, store, engine, preset, pin)
            engine.warm([preset])  # what is wrong with the weights is said here, not utterance by utterance
            voices.warm(utterance.pin_id, utterance.preset)
        (outcome,) = engine.synthesise([request_for(utterance.key, utterance.spec, preset)])
        why = _why(utterance, engine)
        if not isinstance(outcome, Waveform):
            reasons = (f"it cannot be said now: {outcome.code}", *why)
            yield Compared(key=utterance.key, same=Same.DIFFERENT, difference_db=None, why=reasons)
            continue
        yield _judged(store, utterance, outcome, why, tolerance_db)


def _judged(
    store: ObjectStore, utterance: MadeUtterance, outcome: Waveform, why: tuple[str, ...], tolerance_db: float
) -> Compared:
    if hashlib.sha256(to_raw(outcome.pcm)).hexdigest() == utterance.pcm_sha256:
        return Compared(key=utterance.key, same=Same.BIT_EXACT, difference_db=None, why=())
    before = _kept(store, utterance)
    if before is None:
        why = ("the first samples are gone from the cache, so only digests were compared", *why)
        return Compared(key=utterance.key, same=Same.DIFFERENT, difference_db=None, why=why)
    if len(before) != len(outcome.pcm) or utterance.rate_hz != outcome.rate_hz:
        why = (f"{len(outcome.pcm)} samples, not {len(before)}", *why)
        return Compared(key=utterance.key, same=Same.DIFFERENT, difference_db=None, why=why)
    apart_db = difference_db(before, outcome.pcm)
    same = Same.WITHIN_TOLERANCE if apart_db <= tolerance_db else Same.DIFFERENT
    return Compared(key=utterance.key, same=same, difference_db=round(apart_db, 1), why=why)


def difference_db(before: Pcm, after: Pcm) -> float:
    """Energy of the difference over the energy of the first, in dB; both of one length."""
    signal = float((before.astype(np.float64) ** 2).sum())
    apart = float(((after.astype(np.float64) - before) ** 2).sum())
    if not apart:
        return -math.inf
    return 10 * math.log10(apart / signal) if signal else math.inf


def _kept(store: ObjectStore, utterance: MadeUtterance) -> Pcm | None:
    if utterance.pcm_key is None:
        return None
    try:
        data = store.get(utterance.pcm_key)
    except ObjectStoreError:
        return None
    return from_raw(data) if hashlib.sha256(data).hexdigest() == utterance.pcm_sha256 else None


def _why(utterance: MadeUtterance, engine: Engine) -> tuple[str, ...]:
    reasons = []
    if utterance.numeric_class not in (None, engine.numeric_class):
        reasons.append(f"numeric class {engine.numeric_class}, made by {utterance.numeric_class}")
    if utterance.engine_version not in (None, engine.version):
        reasons.append(f"{engine.name} {engine.version}, made by {utterance.engine_version}")
    if (installed := engine_revision(utterance.engine)) != utterance.engine_revision:
        reasons.append(f"{utterance.engine} revision {installed}, made by {utterance.engine_revision}")
    return tuple(reasons)
