"""Everything that `F5Engine` holds once its weights are read: model, device, tokeniser, and voices made with them."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch

from workers.engines.engine import PresetSound
from workers.engines.f5 import conditioning
from workers.engines.f5.conditioning import Conditioning
from workers.engines.f5.device import DeviceChoice, DeviceModel, admit
from workers.engines.f5.duration import measure_pace
from workers.engines.f5.network.capturing import DEVICE_WIDE
from workers.engines.f5.sampler import Guidance, Schedule, times_of
from workers.engines.f5.settings import F5Settings
from workers.engines.f5.text import Tokeniser, tokeniser_of
from workers.engines.f5.upstream import load_upstream
from workers.engines.f5.utterances import PreparedVoice, Sound
from workers.engines.f5.weights import Folder, digests, load


@dataclass(slots=True, kw_only=True)
class ReadyModel:
    """A model on its device."""

    device_model: DeviceModel
    tokeniser: Tokeniser
    sound: Sound
    weights_digest: str
    """sha256 hex over all files' digests: what a stored conditioning belongs to."""
    mel_spec: Any

    def voice(
        self,
        preset: PresetSound,
        settings: F5Settings,
        schedules: dict[tuple[object, ...], Schedule],
        stored: Conditioning | None,
    ) -> PreparedVoice:
        """A preset made ready; its table of steps is shared with others that have the same steps."""
        key = (settings.nfe, settings.schedule, settings.sway)
        if key not in schedules:
            times = times_of(
                settings.nfe,
                empirical=settings.schedule == "epss",
                sway=settings.sway,
                get_epss_timesteps=load_upstream().get_epss_timesteps,
            )
            table = self.device_model.network.modulation(times[:-1])
            schedules[key] = Schedule(times=tuple(times.tolist()), table=table)
        conditioned = stored or conditioning.make(
            preset,
            self.mel_spec,
            rate_hz=self.sound.rate_hz,
            target_rms=10 ** (settings.target_rms_dbfs / 20),
            weights_digest=self.weights_digest,
        )
        language = settings.reference_language
        return PreparedVoice(
            preset=preset,
            settings=settings,
            conditioning=conditioned,
            pace=measure_pace(
                preset.transcript, conditioned.seconds, language=language, unit=settings.pace_unit
            ),
            schedule=schedules[key],
            guidance=Guidance(strength=settings.cfg_strength, interval=settings.cfg_interval),
        )

    def release(self) -> None:
        """Give the device's memory back."""
        self.device_model.close()
        del self.device_model
        gc.collect()
        if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            with DEVICE_WIDE:
                torch.cuda.empty_cache()


def load_on(
    folder: Folder,
    choice: DeviceChoice,
    files: Mapping[str, str],
    device_turn: AbstractContextManager[object],
) -> ReadyModel:
    """Read the weights, move them, admit the budgets; the device's part in `device_turn`. Raises `EngineError`."""
    model = load(folder)
    with device_turn:
        device_model = DeviceModel(model, choice)
        admit(device_model)
    architecture = model.architecture
    described = json.dumps(dict(files) or digests(folder), sort_keys=True)
    return ReadyModel(
        device_model=device_model,
        tokeniser=tokeniser_of(model, load_upstream().convert_char_to_pinyin),
        sound=Sound(rate_hz=architecture.rate_hz, hop_samples=architecture.hop_samples),
        weights_digest=hashlib.sha256(described.encode()).hexdigest(),
        mel_spec=model.mel_spec,
    )
