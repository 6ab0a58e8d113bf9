"""`F5Engine`: a batch of requests in, packs on the device, one outcome for each request out.

synthesise -> prepare each -> pack by length -> draw, decode -> check -> outcome
                                 ^  out of memory: once more, then without the largest budget;
                                    in a preview beside a pack: after that pack; anything else: halve, then alone
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from workers.engines.engine import (
    Capabilities,
    DeviceLostError,
    DeviceMemoryError,
    EngineError,
    Outcome,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
)
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.conditioning import LONGEST_REFERENCE_S
from workers.engines.f5.faults import first_line
from workers.engines.f5.outcomes import BatchOutcomes
from workers.engines.f5.packing import Budget, pack
from workers.engines.f5.settings import F5Settings
from workers.engines.f5.text import character_runs
from workers.engines.f5.utterances import PreparedUtterance, PreparedVoice, flawed_mel, outcome_of, prepare
from workers.engines.f5.weights import Folder, check, open_folder, read_vocabulary, sound_files
from workers.engines.imperfection import AROUND
from workers.engines.options import Mode
from workers.engines.preemption import Preemptible, PutOffError

if TYPE_CHECKING:
    from workers.engines.f5.conditioning import Conditioning
    from workers.engines.f5.loading import ReadyModel
    from workers.engines.f5.sampler import Schedule

F5_REVISION = 1
UNKNOWN_FOLDER_RATE_HZ = 24_000
MAX_BATCH = 64
"""Utterances a call: some five minutes of sound, packed by length into the device's budgets."""


class F5Engine(Preemptible):
    """F5-TTS from one folder of weights on one device. One thread at a time may call it."""

    name = "f5"
    revision = F5_REVISION
    sound_files = staticmethod(sound_files)
    imperfection_stages = AROUND | {"mel"}

    def __init__(
        self,
        *,
        device: str = "cpu",
        location: Path | None = None,
        files: Mapping[str, str] | None = None,
        frame_budgets: Sequence[int] | None = None,
        max_vram_gib: float | None = None,
        mode: Mode | None = None,
        precision: str | None = None,
    ) -> None:
        """`location` is the folder of weights, `files` its sha256 digests by path, checked before anything is read.

        `frame_budgets`: None for the device's own list, empty for every utterance alone. Loads nothing.
        """
        super().__init__()
        self.loading_lock: AbstractContextManager[object] = nullcontext()
        self._files = dict(files or {})
        self._choice = DeviceChoice(
            device=device,
            budgets_frames=None if frame_budgets is None else tuple(frame_budgets),
            max_vram_gib=max_vram_gib,
            mode=mode,
            precision=precision,
        )
        self._folder: Folder | None = None if location is None else open_folder(location)
        self._loaded: ReadyModel | None = None
        self._voices: dict[str, PreparedVoice] = {}
        self._conditionings: dict[str, Conditioning] = {}
        self._schedules: dict[tuple[object, ...], Schedule] = {}
        self._owner = threading.Lock()
        self.capabilities = capabilities_of(self._folder)

    @property
    def version(self) -> str:
        """Of the f5-tts package; raises `EngineError` where it is not installed."""
        try:
            return metadata.version("f5-tts")
        except metadata.PackageNotFoundError as exc:
            raise EngineError("F5-TTS is not installed. Install campaign[f5].") from exc

    @property
    def numeric_class(self) -> str:
        """See `DeviceModel.numeric_class`. Loads the model."""
        return self._ready().device_model.numeric_class

    def warm(self, presets: Sequence[PresetSound]) -> None:
        """Load the weights, admit the budgets, make the presets' conditioning. Raises `EngineError`.

        Beside a pack on the device it makes what there is the memory for; the rest follows when the preset speaks.
        """
        self._ready()
        for preset in presets:
            try:
                self._admit(self._voice(preset))
            except PutOffError:
                continue

    def close(self) -> None:
        """Give the memory back. Idempotent; the engine can be warmed again."""
        self._voices.clear()
        self._schedules.clear()  # their tables hold the network
        if self._loaded is not None:
            self._loaded.release()
        self._loaded = None

    # conditioning

    def conditioning_bytes(self, preset: PresetSound) -> bytes:
        """What a preset's reference becomes with these weights, to be kept per (preset, pin)."""
        from workers.engines.f5.conditioning import to_bytes

        return to_bytes(self._voice(preset).conditioning)

    def load_conditioning(self, preset: PresetSound, data: bytes) -> None:
        """Use what `conditioning_bytes` gave; raises `EngineError` when it was made from something else."""
        from workers.engines.f5.conditioning import from_bytes

        self._conditionings[preset.sound_digest] = from_bytes(
            data, sound_digest=preset.sound_digest, weights_digest=self._ready().weights_digest
        )
        self._voices.pop(preset.sound_digest, None)

    # synthesis

    def synthesise(self, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
        """See `Engine.synthesise`. Raises `DeviceLostError` when only a new process can go on."""
        if not self._owner.acquire(blocking=False):
            raise EngineError("two threads called one F5 engine; give each its own or a lock")
        try:
            self._ready()
            return self._make(BatchOutcomes(batch, self.on_outcome))
        finally:
            self.forget_put_off()
            self._owner.release()

    def _make(self, run: BatchOutcomes) -> list[Outcome]:
        """Speak what is not settled yet."""
        groups: dict[tuple[object, ...], list[PreparedUtterance]] = {}
        for index, request in run.unsettled():
            prepared = self._prepare(request, index)
            if isinstance(prepared, SynthesisFailure):
                run.settle(index, prepared)
            else:
                groups.setdefault(prepared.voice.group, []).append(prepared)
        for utterances in groups.values():
            self._speak(utterances, run)
        return run.outcomes

    def _make_urgent(self, requests: Sequence[SynthesisRequest]) -> list[Outcome]:
        """Beside a pack that is on the device; raises `PutOffError` when there is not the room for both."""
        run = BatchOutcomes(requests, self.on_outcome)
        try:
            return self._make(run)
        except PutOffError as later:
            raise PutOffError(resume=lambda: self._make(run)) from later

    def _prepare(self, request: SynthesisRequest, index: int) -> PreparedUtterance | SynthesisFailure:
        loaded = self._ready()
        try:
            voice = self._voice(request.preset)
        except DeviceLostError:
            raise
        except EngineError as problem:
            return SynthesisFailure(code="preset-unusable", reason=str(problem))
        return prepare(request, index, voice, loaded.tokeniser, loaded.sound)

    def _speak(self, utterances: Sequence[PreparedUtterance], run: BatchOutcomes) -> None:
        """All of one group, in packs."""
        device_model, voice = self._ready().device_model, utterances[0].voice
        if not device_model.packs:
            for utterance in utterances:
                self._speak_pack([utterance], None, run)
            return
        try:
            self._admit(voice)
        except DeviceLostError:
            raise
        except EngineError as problem:
            for utterance in utterances:
                run.settle(utterance.index, SynthesisFailure(code="preset-unusable", reason=str(problem)))
            return
        budgets = device_model.budgets_for(voice.halves)
        largest = budgets[-1].frames
        fitting = [utterance for utterance in utterances if utterance.sample.frames <= largest]
        for utterance in utterances:
            if utterance.sample.frames > largest:
                reason = (
                    f"{utterance.sample.frames} frames do not fit the largest frame budget here, {largest}"
                )
                run.settle(
                    utterance.index, SynthesisFailure(code="out-of-memory", reason=reason, retryable=True)
                )
        packs = pack([utterance.sample.frames for utterance in fitting], budgets) if fitting else []
        waiting = deque((budget, [fitting[member] for member in members]) for budget, members in packs)
        while waiting:
            budget, pack_of = waiting.popleft()
            following = waiting[0] if waiting else None
            self._speak_pack(pack_of, budget, run, following)

    def _speak_pack(
        self,
        pack_of: Sequence[PreparedUtterance],
        budget: Budget | None,
        run: BatchOutcomes,
        following: tuple[Budget, Sequence[PreparedUtterance]] | None = None,
    ) -> None:
        """One pack, while `following` is prepared; on an error its parts, down to each utterance alone.

        Out of memory it is tried once more; then, beside another pack, `PutOffError`; then without the largest budget,
        until `DeviceMemoryError`.
        """
        device_model, halves = self._ready().device_model, pack_of[0].voice.halves
        is_second = False
        while budget is None or budget in device_model.budgets_for(halves):
            fault = self._attempt(pack_of, budget, run, None if is_second else following)
            if fault is None:
                return
            if not fault.is_memory:
                break
            device_model.free_memory()
            if is_second:
                if self.is_between_steps:
                    raise PutOffError
                if budget is None:
                    break
                device_model.drop_largest(f"out of memory in a pack of {budget.frames}")
            is_second = True
        else:  # its budget was dropped, by this pack or by what was spoken meanwhile
            self._speak(pack_of, run)
            return
        if len(pack_of) == 1:
            code = "out-of-memory" if fault.is_memory else "engine-crashed"
            failure = SynthesisFailure(code=code, reason=f"F5: {fault.reason}", retryable=fault.is_memory)
            run.settle(pack_of[0].index, failure)
            return
        middle = len(pack_of) // 2
        for part in (pack_of[:middle], pack_of[middle:]):
            self._speak_pack(part, budget, run)

    def _attempt(
        self,
        pack_of: Sequence[PreparedUtterance],
        budget: Budget | None,
        run: BatchOutcomes,
        following: tuple[Budget, Sequence[PreparedUtterance]] | None,
    ) -> _Fault | None:
        """A pack, once; then what was put off meanwhile, whether or not the pack went well."""
        fault = None
        try:
            self._run_pack(pack_of, budget, run, following)
        except RuntimeError as problem:  # torch's own is one too
            is_memory = self._ready().device_model.lacked_memory(problem)
            fault = _Fault(is_memory=is_memory, reason=first_line(problem))
        self.serve_put_off()  # out of the handler: the error holds the pack's tensors
        return fault

    def _run_pack(
        self,
        utterances: Sequence[PreparedUtterance],
        budget: Budget | None,
        run: BatchOutcomes,
        following: tuple[Budget, Sequence[PreparedUtterance]] | None,
    ) -> None:
        loaded = self._ready()
        voice, numeric_class = utterances[0].voice, loaded.device_model.numeric_class
        waves = loaded.device_model.run(
            [utterance.sample for utterance in utterances],
            voice.schedule,
            voice.guidance,
            budget=budget,
            reshape=lambda index, mel: flawed_mel(utterances[index], mel, loaded.sound),
            between_steps=self._between,
            following=None
            if following is None
            else (following[0], [utterance.sample for utterance in following[1]]),
        )
        for utterance, wave in zip(utterances, waves, strict=True):
            speech = utterance.sample.frames - len(utterance.sample.reference) + utterance.added_frames
            outcome = outcome_of(
                utterance,
                wave,
                loaded.sound,
                expected_samples=loaded.device_model.vocoder.samples_of(speech),
                at_ms=run.elapsed_ms(),
                numeric_class=numeric_class,
            )
            run.settle(utterance.index, outcome)

    def _between(self) -> None:
        self.serve_urgent(self._make_urgent)

    # what is loaded

    def _ready(self) -> ReadyModel:
        if self._loaded is None:
            if self._folder is None:
                raise EngineError(
                    "the F5 engine has no weights; add a folder of them with `campaign model add`"
                )
            if self._files:
                check(self._folder, self._files)
            from workers.engines.f5.loading import load_on

            self._loaded = load_on(self._folder, self._choice, self._files, self.loading_lock)
        return self._loaded

    def _voice(self, preset: PresetSound) -> PreparedVoice:
        """Raises `PutOffError` beside a pack that leaves no memory for its tables."""
        voice = self._voices.get(preset.sound_digest)
        if voice is not None:
            return voice
        loaded, settings = self._ready(), F5Settings.parse(preset.parameters)
        stored = self._conditionings.get(preset.sound_digest)
        for _ in range(2):
            try:
                with self.loading_lock:
                    voice = loaded.voice(preset, settings, self._schedules, stored)
            except RuntimeError as problem:
                if not loaded.device_model.lacked_memory(problem):
                    raise
            else:
                self._voices[preset.sound_digest] = voice
                return voice
            loaded.device_model.free_memory()
        if self.is_between_steps:
            raise PutOffError
        raise DeviceMemoryError(
            f"{loaded.device_model.device} has no memory left for the tables of preset {preset.name}. "
            "Start the worker again; if this comes back, end what else uses the device"
        )

    def _admit(self, voice: PreparedVoice) -> None:
        """Prove the shapes of its packs, once. Raises `PutOffError` beside a pack: it may change budgets and mode."""
        device_model = self._ready().device_model
        if not device_model.packs or voice.halves <= device_model.digests.keys():
            return
        if self.is_between_steps:
            raise PutOffError
        from workers.engines.f5.device import admit

        with self.loading_lock:
            admit(device_model, voice.halves)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """Why a pack did not go well on a device that still runs."""

    is_memory: bool
    reason: str


def capabilities_of(folder: Folder | None) -> Capabilities:
    """What a folder of weights can do; of F5 in general without one."""
    architecture = None if folder is None else folder.architecture
    return Capabilities(
        clones=True,
        languages=frozenset() if architecture is None else architecture.languages,
        phoneme_alphabets=frozenset({"pinyin"}),
        needs_transcript=True,
        reference_limit_s=LONGEST_REFERENCE_S,
        streams=False,
        rate_hz=UNKNOWN_FOLDER_RATE_HZ if architecture is None else architecture.rate_hz,
        max_batch=MAX_BATCH,
        characters=()
        if folder is None
        else character_runs(read_vocabulary(folder.vocabulary), folder.architecture.tokeniser),
    )
