"""`PocketEngine`: a batch of requests in, many streams at once, one outcome for each request out.

synthesise -> prepare each -> streams in the same products -> each decoded when it has ended -> check -> outcome
                                 ^  an error: once more in halves, then alone
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from workers.engines.engine import (
    Capabilities,
    DeviceLostError,
    EngineError,
    Outcome,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
)
from workers.engines.f5.faults import first_line
from workers.engines.f5.outcomes import BatchOutcomes
from workers.engines.imperfection import AROUND
from workers.engines.pocket.conditioning import LONGEST_REFERENCE_S
from workers.engines.pocket.settings import PocketSettings
from workers.engines.pocket.utterances import (
    PocketUtterance,
    PocketVoice,
    failure_of,
    pocket_outcome,
    prepare_utterance,
)
from workers.engines.pocket.weights import PocketFolder, check_digests, open_pocket_folder
from workers.engines.preemption import Preemptible

if TYPE_CHECKING:
    from workers.engines.pocket.backbone import Prefix
    from workers.engines.pocket.loading import ReadyPocket

POCKET_REVISION = 1
ATTRIBUTION = "Pocket TTS by Kyutai, CC BY 4.0"
"""What the licence of the published weights asks whoever passes their sound on to say."""
UNKNOWN_FOLDER_RATE_HZ = 24_000
MAX_BATCH = 64
"""Utterances a call: streams that end make room for those that wait."""


class PocketEngine(Preemptible):
    """Pocket TTS from one folder of weights on one device. One thread at a time may call it."""

    name = "pocket"
    revision = POCKET_REVISION
    attribution = ATTRIBUTION
    imperfection_stages = AROUND

    def __init__(
        self,
        *,
        device: str = "cpu",
        location: Path | None = None,
        files: Mapping[str, str] | None = None,
        max_vram_gib: float | None = None,
    ) -> None:
        """`location` is the folder of weights, `files` its sha256 digests by path, checked before anything is read."""
        super().__init__()
        self.loading_lock: AbstractContextManager[object] = nullcontext()
        self._device, self._max_vram_gib = device, max_vram_gib
        self._files = dict(files or {})
        self._folder: PocketFolder | None = None if location is None else open_pocket_folder(location)
        self._loaded: ReadyPocket | None = None
        self._voices: dict[str, PocketVoice] = {}
        self._prefixes: dict[str, Prefix] = {}
        self._owner = threading.Lock()
        self.capabilities = capabilities_of_pocket(self._folder)

    @property
    def version(self) -> str:
        """Of the pocket-tts package; raises `EngineError` where it is not installed."""
        try:
            return metadata.version("pocket-tts")
        except metadata.PackageNotFoundError as exc:
            raise EngineError("Pocket TTS is not installed. Install campaign[pocket].") from exc

    @property
    def numeric_class(self) -> str:
        """See `ReadyPocket.numeric_class`. Loads the model."""
        return self._ready().numeric_class

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Load the weights, prove what may be mixed, listen to the references. Raises `EngineError`.

        Without a folder of weights, the presets' tables are checked and nothing more.
        """
        if self._folder is None:
            for preset in presets:
                PocketSettings.parse(preset.parameters).check_languages()
            return
        self._ready()
        for preset in presets:
            self._voice(preset)

    def close(self) -> None:
        """Give the memory back. Idempotent; the engine can be warmed again."""
        self._voices.clear()
        self._prefixes.clear()
        self._loaded = None

    # conditioning

    def conditioning_bytes(self, preset: PresetSound) -> bytes:
        """What a preset's reference becomes with these weights, to be kept per (preset, pin)."""
        from workers.engines.pocket.conditioning import to_bytes

        return to_bytes(
            self._voice(preset).prefix,
            sound_digest=preset.sound_digest,
            weights_digest=self._ready().weights_digest,
        )

    def load_conditioning(self, preset: PresetSound, data: bytes) -> None:
        """Use what `conditioning_bytes` gave; raises `EngineError` when it was made from something else."""
        from workers.engines.pocket.backbone import Prefix
        from workers.engines.pocket.conditioning import from_bytes

        ready = self._ready()
        kept = from_bytes(
            data,
            shape=ready.prefix_shape,
            sound_digest=preset.sound_digest,
            weights_digest=ready.weights_digest,
        )
        self._prefixes[preset.sound_digest] = Prefix(keys_values=kept.keys_values.to(ready.network.device))
        self._voices.pop(preset.sound_digest, None)

    # synthesis

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`."""
        if not self._owner.acquire(blocking=False):
            raise EngineError("two threads called one pocket engine; give each its own or a lock")
        try:
            with self._ready().own_threads():
                return self._make(batch)
        finally:
            self._owner.release()

    def _make(self, batch: Sequence[SynthesisRequest]) -> list[Outcome]:
        run = BatchOutcomes(batch, self.on_outcome)
        by_steps: dict[int, list[PocketUtterance]] = {}
        for index, request in run.unsettled():
            prepared = self._prepare(request, index)
            if isinstance(prepared, SynthesisFailure):
                run.settle(index, prepared)
            else:
                by_steps.setdefault(prepared.voice.settings.sampler_steps, []).append(prepared)
        for steps, utterances in by_steps.items():
            self._speak(utterances, steps, run)
        return run.outcomes

    def _prepare(self, request: SynthesisRequest, index: int) -> PocketUtterance | SynthesisFailure:
        ready = self._ready()
        try:
            voice = self._voice(request.preset)
        except DeviceLostError:
            raise
        except EngineError as problem:
            return SynthesisFailure(code="preset-unusable", reason=str(problem))
        return prepare_utterance(request, index, voice, ready.prompter, ready.facts)

    def _speak(self, utterances: Sequence[PocketUtterance], steps: int, run: BatchOutcomes) -> None:
        """All of them; on an error those that are left in halves, down to each alone."""
        try:
            self._speak_together(utterances, steps, run)
            return
        except RuntimeError as problem:  # torch's own
            reason = first_line(problem)
        unsettled = {index for index, _ in run.unsettled()}
        left = [utterance for utterance in utterances if utterance.index in unsettled]
        if len(left) == 1:
            run.settle(left[0].index, SynthesisFailure(code="engine-crashed", reason=f"Pocket TTS: {reason}"))
            return
        middle = len(left) // 2
        for part in (left[:middle], left[middle:]):
            for utterance in part:
                utterance.spoken.clear()
            self._speak(part, steps, run)

    def _speak_together(self, utterances: Sequence[PocketUtterance], steps: int, run: BatchOutcomes) -> None:
        from workers.engines.pocket.streams import speak

        ready = self._ready()
        members = [(utterance, part) for utterance in utterances for part in range(len(utterance.streams))]
        for spoken in speak(
            ready.network,
            [utterance.streams[part] for utterance, part in members],
            row_counts=ready.proof(steps).row_counts,
            steps=steps,
            between_frames=self._between,
        ):
            utterance, part = members[spoken.index]
            utterance.spoken[part] = spoken
            if len(utterance.spoken) == len(utterance.streams):
                run.settle(utterance.index, self._outcome(utterance, run))

    def _outcome(self, utterance: PocketUtterance, run: BatchOutcomes) -> Outcome:
        ready = self._ready()
        failure = failure_of(utterance, ready.facts)
        if failure is not None:
            return failure
        latents = [utterance.spoken[part].latents for part in range(len(utterance.streams))]
        return pocket_outcome(
            utterance,
            list(ready.decode(latents)),
            ready.facts,
            at_ms=run.elapsed_ms(),
            numeric_class=ready.numeric_class,
        )

    def _between(self) -> None:
        self.serve_urgent(self._make)

    # what is loaded

    def _ready(self) -> ReadyPocket:
        if self._loaded is None:
            if self._folder is None:
                raise EngineError(
                    "the pocket engine has no weights; add a folder of them with `campaign model add`"
                )
            if self._files:
                check_digests(self._folder, self._files)
            from workers.engines.pocket.loading import load_pocket

            self._loaded = load_pocket(
                self._folder, self._device, self._max_vram_gib, self._files, self.loading_lock
            )
        return self._loaded

    def _voice(self, preset: PresetSound) -> PocketVoice:
        voice = self._voices.get(preset.sound_digest)
        if voice is None:
            ready, settings = self._ready(), PocketSettings.parse(preset.parameters)
            prefix = self._prefixes.get(preset.sound_digest)
            with self.loading_lock, ready.own_threads():
                voice = PocketVoice(preset=preset, settings=settings, prefix=prefix or ready.listen(preset))
            self._voices[preset.sound_digest] = voice
        return voice


def capabilities_of_pocket(folder: PocketFolder | None) -> Capabilities:
    """What a folder of weights can do; of Pocket TTS in general without one."""
    return Capabilities(
        clones=True,
        languages=frozenset() if folder is None else folder.languages,
        phoneme_alphabets=frozenset(),
        needs_transcript=False,
        needs_recording=True,
        reference_limit_s=LONGEST_REFERENCE_S,
        streams=False,
        rate_hz=UNKNOWN_FOLDER_RATE_HZ if folder is None else folder.rate_hz,
        max_batch=MAX_BATCH,
    )
