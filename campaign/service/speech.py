"""One text to sound by the preview lane: whole, or utterance by utterance as it is spoken.

A request is a campaign of one row, so it goes through the same front end, preset, engine, checks and run descriptors
as every other. The stream reads each utterance from the worker that speaks it or, when that was missed, from the
object store; its samples are those of the file.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import time
import uuid
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from anyio.to_thread import run_sync
from pydantic import JsonValue

from campaign.brief import LoadedBrief, Purpose
from campaign.operations import control
from campaign.preview.one_off import one_text, submit_rows
from campaign.registry.catalogue.speakers import voice_of
from campaign.service.access import Caller
from campaign.service.context import ServiceContext
from campaign.service.live import Listening
from campaign.service.problems import FieldProblem, ProblemError
from campaign.service.views.speech import SpeechIn, SpeechStatistics
from storage.errors import ObjectCorruptError, ObjectMissingError
from storage.history import delivery
from storage.history import runs as run_rows
from storage.history.delivery import DeliveredRow
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import listeners
from storage.queue import utterances as utterance_rows
from storage.records import AssetUtterance, Campaign
from storage.tables import CampaignState, RowStatus
from workers.engines.engine import Pcm
from workers.finish import FinishError, FinishProfile, Part
from workers.finish.encoding import CODECS
from workers.finish.stream_encoding import StreamEncoder, open_encoder
from workers.finish.streaming import StreamedFinish
from workers.pcm import from_raw

POLL_S = 0.04
WAIT_S = 120.0
"""Without anything new for this long, nobody works."""
RAW_RATE_HZ = 24_000
"""Of `pcm`, whatever the engine: clients are told no rate."""
CONTENT_TYPES = {name: kind for name, (_, kind, _) in CODECS.items()} | {"pcm": "audio/pcm"}


@dataclass(slots=True, kw_only=True)
class Spoken:
    """One request under way."""

    campaign: Campaign
    request: SpeechIn
    profile: FinishProfile
    listening: Listening
    t_start: float
    t_first: float | None = None
    samples: int = 0
    rate_hz: int = RAW_RATE_HZ
    utterances: list[AssetUtterance] = field(default_factory=list)
    made_before: int = 0
    """Utterances that lay ready when it began."""

    @property
    def asset_id(self) -> int:
        """Of its one row."""
        return campaign_rows.asset_id(self.campaign.number, 1)

    def heard(self, samples: int) -> None:
        """So much more went out."""
        if self.t_first is None and samples:
            self.t_first = time.monotonic()
        self.samples += samples

    def statistics(self) -> SpeechStatistics:
        """As of now: call it at the end."""
        total_s = time.monotonic() - self.t_start
        audio_s = self.samples / self.rate_hz
        return SpeechStatistics(
            id=self.campaign.id,
            audio_s=round(audio_s, 4),
            total_ms=round(1000 * total_s, 2),
            t_first_audio_ms=round(1000 * ((self.t_first or time.monotonic()) - self.t_start), 2),
            real_time_factor=round(total_s / audio_s, 5) if audio_s else 0.0,
            utterances=len(self.utterances),
            utterances_made=len(self.utterances) - self.made_before,
            characters=sum(utterance.characters for utterance in self.utterances),
        )


class Speaker:
    """Speaks for a service."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def begin(self, request: SpeechIn, caller: Caller) -> Spoken:
        """Plan it and let it be spoken; raises `ProblemError` when it cannot be."""
        start = time.monotonic()
        campaign_id = CampaignId(f"speech-{uuid.uuid4().hex}")
        listening = self._context.live.listen(campaign_id)
        try:
            campaign = await run_sync(self._submit, request, campaign_id, caller)
        except BaseException:
            self._context.live.leave(campaign_id)
            raise
        spoken = Spoken(
            campaign=campaign,
            request=request,
            profile=FinishProfile.from_mapping(campaign.finish_profile),
            listening=listening,
            t_start=start,
        )
        spoken.utterances = await run_sync(self._utterances, spoken)
        spoken.made_before = sum(utterance.status == RowStatus.STORED for utterance in spoken.utterances)
        return spoken

    async def stream(self, spoken: Spoken, encoder: StreamEncoder | None = None) -> AsyncIterator[bytes]:
        """Encoded sound, the first of it as soon as one utterance is spoken."""
        stream: StreamedFinish | None = None
        try:
            for position, planned in enumerate(spoken.utterances):
                pcm, rate_hz = await self._pcm(spoken, position, planned.key)
                if stream is None:
                    stream = StreamedFinish(spoken.profile, engine_rate_hz=rate_hz)
                    spoken.rate_hz = stream.rate_hz
                    is_raw = spoken.request.response_format == "pcm"
                    encoder = encoder or open_encoder(spoken.profile, stream.rate_hz, is_raw=is_raw)
                assert encoder is not None
                part = Part(
                    pcm=pcm,
                    rate_hz=rate_hz,
                    pause_after_ms=planned.pause_after_ms,
                    characters=planned.characters,
                )
                is_last = position == len(spoken.utterances) - 1
                data, samples = await run_sync(_piece, stream, encoder, part, is_last)
                spoken.heard(samples)
                if data:
                    yield data
            self._context.in_background(self._remember(spoken, spoken.statistics()))
        finally:
            await self.end(spoken)

    async def whole(self, spoken: Spoken) -> bytes:
        """The finished file, as a campaign would deliver it."""
        try:
            row = await self._row(spoken)
            data = await run_sync(self._context.installation.store.get, row.object_key or "")
            spoken.rate_hz = row.rate_hz or RAW_RATE_HZ
            spoken.heard(row.samples or 0)
            spoken.utterances = await run_sync(self._utterances, spoken)
            self._context.in_background(self._remember(spoken, spoken.statistics()))
        finally:
            await self.end(spoken)
        return _samples_of(data) if spoken.request.response_format == "pcm" else data

    async def end(self, spoken: Spoken) -> None:
        """Listen no more. What is still to be made is made all the same: it is paid for, and the next may want it."""
        self._context.live.leave(spoken.campaign.id)
        await run_sync(self._unlisten, spoken.campaign.id)

    # in threads

    def _submit(self, request: SpeechIn, campaign_id: CampaignId, caller: Caller) -> Campaign:
        context = self._context
        request = self._of_preset(request, caller)
        submission = submit_rows(
            context.installation,
            _brief(request),
            [{"id": "1", "locale": request.language, "text": request.input}],
            actor=caller.name,
            campaign_id=campaign_id,
            start=False,
        )
        if submission.tally.problems:
            error = submission.tally.problems[0].error
            control.cancel(context.installation, campaign_id, actor=caller.name)
            problem = FieldProblem(field="input", code=error.code, reason=error.reason, mend=error.mend)
            raise ProblemError(422, f"{error.code}: {error.reason}. {error.mend}.", fields=[problem])
        with context.installation.database.write() as connection:
            listeners.add(connection, campaign_id, context.options.sound_url)
        control.resume(context.installation, campaign_id, actor=caller.name)
        context.started(campaign_id, submission.campaign.lane)
        return submission.campaign

    def _of_preset(self, request: SpeechIn, caller: Caller) -> SpeechIn:
        """A request that names a speaker of the catalogue as one that names its preset, which is made when need be."""
        if isinstance(request.voice, str) or "speaker" not in request.voice:
            return request
        if "id" in request.voice:
            raise ProblemError(
                422, "voice: id is a preset, speaker is of the catalogue. Leave one of them out."
            )
        asked = request.language if "language" in request.model_fields_set else ""
        voice = voice_of(
            self._context.installation, request.voice["speaker"], language=asked, actor=caller.name
        )
        return request.model_copy(
            update={
                "voice": voice.preset.label,
                "model": request.model or voice.pin.id,
                "language": asked or voice.listed.speaker.language,
            }
        )

    def _utterances(self, spoken: Spoken) -> list[AssetUtterance]:
        with self._context.installation.database.read() as connection:
            return utterance_rows.of_asset(connection, spoken.asset_id)

    def _unlisten(self, campaign_id: CampaignId) -> None:
        with self._context.installation.database.write() as connection:
            listeners.remove(connection, campaign_id, self._context.options.sound_url)

    async def _remember(self, spoken: Spoken, statistics: SpeechStatistics) -> None:
        """Keep the statistics with the runs, once these are committed: the listener was quicker."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and not self._context.closing.is_set():
            state, _row = await run_sync(self._look, spoken)
            if state in campaign_rows.TERMINAL:
                await run_sync(self._note, spoken.campaign.id, statistics)
                return
            await asyncio.sleep(POLL_S)

    def _note(self, campaign_id: CampaignId, statistics: SpeechStatistics) -> None:
        with self._context.installation.database.write() as connection:
            run_rows.note(connection, campaign_id, {"request": statistics.model_dump()})

    def _stored(self, spoken: Spoken, utterance: AssetUtterance) -> Pcm:
        """From the store. What is damaged or gone is planned again here: a worker that remembers it never looks."""
        try:
            data = self._context.installation.store.get(utterance.pcm_key or "")
        except (ObjectMissingError, ObjectCorruptError):
            data = b""
        if hashlib.sha256(data).hexdigest() == utterance.pcm_sha256:
            return from_raw(data)
        with self._context.installation.database.write() as connection:
            utterance_rows.reopen(connection, [utterance.key], campaign_id=spoken.campaign.id)
        raise ProblemError(503, "an utterance in the store is damaged; ask again and it will be remade.")

    def _look(self, spoken: Spoken) -> tuple[CampaignState, DeliveredRow]:
        with self._context.installation.database.read() as connection:
            state = campaign_rows.get(connection, spoken.campaign.id).state
            [row] = delivery.rows(connection, spoken.campaign.id, only=[1])
            return state, row

    # waiting

    async def _pcm(self, spoken: Spoken, position: int, key: str) -> tuple[Pcm, int]:
        """One utterance's samples and rate, from the worker or from the store."""
        listening, deadline = spoken.listening, time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            live = listening.heard.pop(key, None)
            if live is not None:
                return live.pcm, live.rate_hz
            now = (await run_sync(self._utterances, spoken))[position]
            if now.status == RowStatus.STORED:
                spoken.utterances[position] = now
                return await run_sync(self._stored, spoken, now), now.rate_hz or RAW_RATE_HZ
            if now.status not in (RowStatus.PENDING, RowStatus.CLAIMED):
                raise ProblemError(422, f"{now.code}: {now.reason}.")
            listening.something.clear()
            if key not in listening.heard:
                await _wait(listening.something, POLL_S)
        raise _nobody_works()

    async def _row(self, spoken: Spoken) -> DeliveredRow:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            state, row = await run_sync(self._look, spoken)
            if row.status == RowStatus.STORED:
                return row
            if row.status not in (RowStatus.PENDING, RowStatus.CLAIMED) or state == CampaignState.PAUSED:
                raise ProblemError(
                    422, f"{row.code or state}: {row.reason or 'the campaign is not running'}."
                )
            await asyncio.sleep(POLL_S)
        raise _nobody_works()


def _brief(request: SpeechIn) -> LoadedBrief:
    preset = request.voice if isinstance(request.voice, str) else request.voice.get("id", "")
    if request.instructions:
        raise ProblemError(422, "instructions: a preset is frozen and takes none. Choose another voice.")
    is_raw = request.response_format == "pcm"
    finish: dict[str, JsonValue] = {
        "codec": "wav" if is_raw else request.response_format,
        "tempo": float(request.speed),
    }
    if is_raw:
        finish["rate_hz"] = RAW_RATE_HZ
    return one_text(
        preset=preset,
        model=request.model,
        language=request.language,
        purpose=Purpose(request.purpose),
        finish=finish,
        is_streamed=True,
    )


def _piece(stream: StreamedFinish, encoder: StreamEncoder, part: Part, is_last: bool) -> tuple[bytes, int]:
    """(bytes that can be sent now, samples in them)."""
    try:
        pcm = stream.add(part, is_last=is_last)
    except FinishError as exc:
        raise ProblemError(422, f"{exc.code}: {exc.reason}.") from exc
    data = encoder.encode(pcm)
    return data + (encoder.end() if is_last else b""), len(pcm)


def _samples_of(data: bytes) -> bytes:
    with wave.open(io.BytesIO(data)) as file:
        frames: bytes = file.readframes(file.getnframes())
        return frames


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def _nobody_works() -> ProblemError:
    return ProblemError(503, "no worker took it in time. Start one with `campaign worker`.")
