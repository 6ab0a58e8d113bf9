"""The work itself: claim -> synthesise -> store -> commit, and claim -> finish -> store -> commit.

Each method takes one batch through all its stages and returns how many rows it moved; 0 means that there was
nothing to do. Whatever happens in between, a row is committed by the attempt that holds it, given back, or left
to its lease: nothing is lost and nothing is stored twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from storage.erasing import orphans
from storage.errors import ObjectStoreError
from storage.keys import asset_key, cache_key
from storage.queue import assets as asset_rows
from storage.queue import held
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import (
    AssetWork,
    Campaign,
    Claim,
    Failure,
    JsonObject,
    PlannedTake,
    RunDescriptor,
    Runnable,
    StoredAsset,
    StoredUtterance,
    UtteranceWork,
)
from storage.tables import Lane
from workers import observation
from workers.absence import RecogniserAbsence
from workers.captioning import put_captions
from workers.claims.claiming import Batch, Claimer
from workers.claims.preemption import Interruptions
from workers.engines.engine import (
    Engine,
    EngineError,
    Outcome,
    PreemptibleEngine,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.errors import PresetError
from workers.finish import FinishError, FinishProfile, finish
from workers.hearing import Listened, is_listened_to, listen_to, with_word_times
from workers.helping import with_values
from workers.parts import PcmGoneError, parts_of
from workers.pcm import to_raw
from workers.provenance import provenance_of
from workers.recognisers.recogniser import RecogniserAwayError
from workers.refusals import REFUSED_OBJECT, STORE_FAILED, Outage, StoreRefusals, claims_of
from workers.requests import preset_of, request_of
from workers.resources import WorkerResources
from workers.retaking import takes_after
from workers.retries import Retries
from workers.runs import Attempt, BatchFacts, describe_run

log = logging.getLogger(__name__)


class Pipeline:
    """Takes batches through their stages. `synthesise` belongs to one thread, `finish` to any number."""

    def __init__(self, resources: WorkerResources, *, on_spoken: Callable[[], None] = lambda: None) -> None:
        """`on_spoken` is called when there may be more to finish."""
        self.on_spoken = on_spoken
        self.claimer = Claimer(resources)
        self._retries = Retries(resources)
        self._refusals = StoreRefusals(resources, self.claimer, self._retries)
        self._absence = RecogniserAbsence(self._retries)
        self._resources = resources

    def synthesise(self) -> int:
        """One batch of utterances from claim to commit."""
        resources = self._resources
        with self.claimer.batch(UTTERANCES) as batch:
            if batch is None:
                return 0
            with self._step("synthesise", batch):
                with resources.database.read() as connection:
                    work = utterance_rows.load(connection, batch.claims)
                facts = BatchFacts.begin(
                    resources.clock,
                    resources.telemetry,
                    batch.campaign,
                    size=len(work),
                    queue_depth=resources.queue_depth.read(),
                )
                outcomes = self._speak(batch, work)
                facts = facts.end(resources.database, resources.telemetry, outcomes)
                self._keep_utterances(work, outcomes, facts)
            return len(work)

    def finish(self) -> int:
        """One batch of assets from claim to commit."""
        resources = self._resources
        with self.claimer.batch(ASSETS) as batch:
            if batch is None:
                return 0
            with self._step("finish", batch):
                self._finish_batch(batch)
                resources.settle(batch.campaign.id)
            return len(batch.claims)

    def _step(self, name: str, batch: Batch) -> contextlib.AbstractContextManager[None]:
        resources, campaign = self._resources, batch.campaign
        return observation.step(
            resources.traces,
            name,
            campaign,
            trace_id=resources.campaigns.campaign(campaign.id).trace_id,
            worker=resources.worker,
            rows=len(batch.claims),
        )

    # synthesise

    def _speak(self, batch: Batch, work: Sequence[UtteranceWork]) -> Sequence[Outcome]:
        campaign, voices = batch.campaign, self._resources.voices
        try:
            asked = self._requests(campaign, work)
            requests = [one for one in asked if isinstance(one, SynthesisRequest)]
            if not requests:
                return [one for one in asked if isinstance(one, SynthesisFailure)]
            engine = voices.engine_for(campaign.pin_id)
            with (
                voices.owned(campaign.pin_id),
                self._served_in_between(engine, batch),
                self._resources.live.sending(campaign, [request.key for request in requests]),
            ):
                spoken = iter(engine.synthesise(requests))
            return [one if isinstance(one, SynthesisFailure) else next(spoken) for one in asked]
        except EngineError as exc:
            voices.set_aside(campaign.pin_id, exc)
            raise

    def _requests(
        self, campaign: Runnable, work: Sequence[UtteranceWork]
    ) -> list[SynthesisRequest | SynthesisFailure]:
        """What the engine is asked for each utterance, or why its preset cannot be used."""
        known, voices = self._resources.campaigns.campaign(campaign.id), self._resources.voices
        asked: list[SynthesisRequest | SynthesisFailure] = []
        for utterance in work:
            try:
                _engine, preset = voices.voice(campaign.pin_id, preset_of(utterance, known))
                asked.append(request_of(utterance, preset))
            except PresetError as exc:
                asked.append(SynthesisFailure(code="preset-unusable", reason=str(exc)))
        return asked

    @contextlib.contextmanager
    def _served_in_between(self, engine: Engine, batch: Batch) -> Iterator[None]:
        """Let previews speak in the middle of a bulk batch, where the engine can; never beside suspects."""
        can = isinstance(engine, PreemptibleEngine) and not batch.suspects
        if not can or batch.campaign.lane == Lane.PREVIEW or Lane.PREVIEW not in self._resources.lanes:
            yield
            return
        assert isinstance(engine, PreemptibleEngine)
        with Interruptions(
            self._resources, self.claimer, self._keep_utterances, batch.campaign.pin_id
        ) as previews:
            engine.between_steps = previews.next
            try:
                yield
            finally:
                engine.between_steps = None

    def _keep_utterances(
        self, work: Sequence[UtteranceWork], outcomes: Sequence[Outcome], facts: BatchFacts
    ) -> None:
        """Put the PCM into the cache, commit what holds, and leave one run descriptor an attempt."""
        kept, problems = self._cache_all(work, outcomes)
        failures = self._refusals.failures(UTTERANCES, facts.campaign, problems, stored=len(kept))
        waiting = claims_of(problems, failures)
        runs: list[RunDescriptor] = []
        for position, (utterance, outcome) in enumerate(zip(work, outcomes, strict=True)):
            stored = kept.get(utterance.claim)
            if isinstance(outcome, Waveform):
                if stored is None:
                    code = STORE_FAILED if utterance.claim in waiting else REFUSED_OBJECT
                    outcome = SynthesisFailure(code=code, reason=str(problems[utterance.claim]))
            elif outcome.retryable and not self._retries.are_exhausted(UTTERANCES, utterance.claim):
                self._retries.postpone(UTTERANCES, utterance.claim, outcome.code, outcome.reason)
            else:
                failures.append(Failure(claim=utterance.claim, code=outcome.code, reason=outcome.reason))
            attempt = Attempt(
                run_id=uuid.uuid4().hex if stored is None else stored.run_id,
                position=position,
                work=utterance,
                outcome=outcome,
                sound_sha256=None if stored is None else stored.pcm_sha256,
            )
            runs.append(self._described(attempt, facts))
        resources, finished = self._resources, list(kept.values())
        with resources.database.write() as connection:
            accepted = utterance_rows.store(connection, finished, worker=resources.worker)
            utterance_rows.fail(connection, failures, worker=resources.worker)
            utterance_rows.add_runs(connection, [_as_committed(run, accepted.keys) for run in runs])
        self._refusals.wait(UTTERANCES, facts.campaign, waiting, stored=len(kept))
        observation.spoken(resources.meters, facts, outcomes)
        observation.committed(
            resources.meters, UTTERANCES, tried=len(finished), accepted=len(accepted.keys), failures=failures
        )
        utterance_rows.follow_up(resources.database, accepted)
        self.on_spoken()

    def _cache_all(
        self, work: Sequence[UtteranceWork], outcomes: Sequence[Outcome]
    ) -> tuple[dict[Claim, StoredUtterance], dict[Claim, ObjectStoreError]]:
        """What the cache took, durable, and what the store said against the rest."""
        kept: dict[Claim, StoredUtterance] = {}
        problems: dict[Claim, ObjectStoreError] = {}
        outage = Outage()
        for utterance, outcome in zip(work, outcomes, strict=True):
            if not isinstance(outcome, Waveform):
                continue
            if outage.error is not None:
                problems[utterance.claim] = outage.error
                continue
            try:
                kept[utterance.claim] = self._cache(utterance, outcome, uuid.uuid4().hex)
            except ObjectStoreError as exc:
                problems[utterance.claim] = exc
            outage.note(problems.get(utterance.claim))
        if (problem := self._unsynced()) is not None:
            problems |= dict.fromkeys(kept, problem)
            kept = {}
        return kept, problems

    def _unsynced(self) -> ObjectStoreError | None:
        """What keeps the objects that were put from outliving a power cut: then no row may name them yet."""
        try:
            self._resources.store.sync()
        except ObjectStoreError as exc:
            return exc
        return None

    def _described(self, attempt: Attempt, facts: BatchFacts) -> RunDescriptor:
        resources = self._resources
        return describe_run(
            attempt,
            facts,
            campaign=resources.campaigns.campaign(facts.campaign.id),
            voices=resources.voices,
            worker=resources.worker,
            secret=resources.secret,
        )

    def _cache(self, work: UtteranceWork, waveform: Waveform, run_id: str) -> StoredUtterance:
        data = to_raw(waveform.pcm)
        sha256 = hashlib.sha256(data).hexdigest()
        key = cache_key(self._resources.secret, synthesis_key=work.key, sha256=sha256)
        self._resources.store.put(key, data, sha256=sha256, content_type="audio/L16")
        self._resources.pcm.put(sha256, waveform.pcm)
        return StoredUtterance(
            claim=work.claim,
            pcm_key=key,
            pcm_sha256=sha256,
            size_bytes=len(data),
            samples=len(waveform.pcm),
            rate_hz=waveform.rate_hz,
            run_id=run_id,
        )

    # finish

    def _finish_batch(self, batch: Batch) -> None:
        resources = self._resources
        profile = resources.campaigns.profile(batch.campaign.id)
        listening = resources.campaigns.campaign(batch.campaign.id).lock.listening
        needs_words = listening is not None or bool(profile.captions) or profile.helps_values
        with resources.database.read() as connection:
            work = asset_rows.load(connection, batch.claims, with_words=needs_words)
        runs = resources.runs.of(work)
        stored: dict[Claim, StoredAsset] = {}
        failures: list[Failure] = []
        problems: dict[Claim, ObjectStoreError] = {}
        outage = Outage()
        away: RecogniserAwayError | None = None
        for asset in work:
            if outage.error is not None:
                problems[asset.claim] = outage.error
                continue
            if away is not None and is_listened_to(asset, listening):
                self._absence.wait(asset.claim, away)
                continue
            try:
                stored[asset.claim] = self._finish_one(asset, profile, runs)
            except FinishError as exc:
                failures.append(self._without_file(asset, exc))
            except PcmGoneError as gone:
                self._make_again(asset, gone.utterance_key)
            except RecogniserAwayError as exc:
                away = exc
                self._absence.begin()
                self._absence.wait(asset.claim, exc)
            except EngineError as exc:
                failures += self._absence.failures(asset.claim, exc)
            except ObjectStoreError as exc:
                problems[asset.claim] = exc
            outage.note(problems.get(asset.claim))
        if any(one.listening is not None for one in stored.values()):
            self._absence.end()
        if (problem := self._unsynced()) is not None:
            problems |= dict.fromkeys(stored, problem)
            stored = {}
        refused = self._refusals.failures(ASSETS, batch.campaign, problems, stored=len(stored))
        failures += refused
        with resources.database.write() as connection:
            finished = list(stored.values())
            accepted = asset_rows.store(
                connection, finished, campaign_id=batch.campaign.id, worker=resources.worker
            )
            if len(accepted) < len(stored):
                orphans.collect_fenced(
                    connection, [asset for asset in finished if asset.claim.key not in accepted]
                )
            asset_rows.fail(connection, failures, worker=resources.worker)
        self._refusals.wait(ASSETS, batch.campaign, claims_of(problems, refused), stored=len(stored))
        observation.committed(
            resources.meters, ASSETS, tried=len(stored), accepted=len(accepted), failures=failures
        )

    def _finish_one(
        self, work: AssetWork, profile: FinishProfile, runs: Mapping[str, JsonObject]
    ) -> StoredAsset:
        tags = {"campaign": work.campaign_id, "recipient": work.recipient_hmac, "version": str(work.version)}
        campaign = self._resources.campaigns.campaign(work.campaign_id)
        parts = parts_of(work, self._resources.pcm)
        listening = campaign.lock.listening
        listener = None
        if listening is not None and is_listened_to(work, listening):
            listener = self._resources.listeners.of(listening)
            parts = with_word_times(work, parts, runs, listener)
        if profile.helps_values:
            parts = with_values(work, parts, runs)
        audio = finish(
            parts,
            profile,
            tags=tags,
            provenance=provenance_of(work, campaign, runs),
            marker=self._resources.permits.marking.marker if profile.marks else None,
            characters=work.characters,
            language=work.language,
        )
        listened, likeness = Listened(), None
        if listening is not None and listener is not None:
            calibration = listening.calibrations.get(campaign.lock.preset_of(work.voice).label)
            listened = listen_to(work, parts, audio, listening, calibration, profile.digest, listener)
            listened = listened.rated(self._resources.opinions.of(audio.data, listening.opinion))
            likeness = self._resources.likenesses.score(audio.data, work.language, calibration)
        key = asset_key(
            campaign_id=work.campaign_id,
            row_hmac=work.recipient_hmac,
            version=work.version,
            sha256=audio.sha256,
            extension=audio.extension,
        )
        self._resources.store.put(key, audio.data, sha256=audio.sha256, content_type=audio.content_type)
        return StoredAsset(
            claim=work.claim,
            voice=work.voice,
            version=work.version,
            object_key=key,
            sha256=audio.sha256,
            sound_sha256=audio.sound_sha256,
            size_bytes=len(audio.data),
            content_type=audio.content_type,
            codec=profile.codec,
            codec_settings=profile.codec_settings,
            samples=audio.samples,
            rate_hz=audio.rate_hz,
            loudness_lufs=audio.loudness_lufs,
            true_peak_dbtp=audio.true_peak_dbtp,
            timebase=audio.timebase,
            run_ids=tuple(part.run_id for part in work.parts),
            listening=listened.listening,
            likeness=likeness,
            unheard=listened.unheard,
            next_takes=self._next_takes(campaign, work, listened),
            heard=listened.heard,
            captions=put_captions(self._resources.store, work, profile, key, audio),
        )

    def _without_file(self, work: AssetWork, problem: FinishError) -> Failure:
        """A row that has no file; where an earlier take of it waits for a person, it goes on waiting."""
        with self._resources.database.read() as connection:
            waits = work.version > 1 and held.is_kept(connection, work.claim.key)
        if not waits:
            return Failure(claim=work.claim, code=problem.code, reason=problem.reason)
        reason = (
            f"not heard as it was to be said, and its next take is no file ({problem.code}); "
            "listen to it: campaign review"
        )
        return Failure(claim=work.claim, code=held.NOT_HEARD, reason=reason)

    def _next_takes(self, campaign: Campaign, work: AssetWork, listened: Listened) -> tuple[PlannedTake, ...]:
        if not listened.again:
            return ()
        with self._resources.database.read() as connection:
            return takes_after(connection, campaign.lock, work, listened.again)

    def _make_again(self, work: AssetWork, utterance_key: str) -> None:
        log.warning("the cached sound of an utterance is gone: it is made again")
        with self._resources.database.write() as connection:
            utterance_rows.reopen(connection, [utterance_key], campaign_id=work.campaign_id)
            asset_rows.wait_again(connection, work.claim, utterance_key, worker=self._resources.worker)


def _as_committed(run: RunDescriptor, accepted: Set[str]) -> RunDescriptor:
    """`fenced` where the sound was made but another worker held the row by then."""
    was_fenced = run.outcome == "stored" and run.utterance_key not in accepted
    return replace(run, outcome="fenced") if was_fenced else run
