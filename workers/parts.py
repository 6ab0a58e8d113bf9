"""The sound of an asset's utterances, read from the cache in their order."""

from __future__ import annotations

from storage.errors import ObjectCorruptError, ObjectMissingError
from storage.records import AssetWork
from workers.finish import Part
from workers.pcm import PcmCorruptError, PcmMemoryCache


class PcmGoneError(Exception):
    """The cache lost an utterance's PCM."""

    def __init__(self, utterance_key: str) -> None:
        super().__init__(utterance_key)
        self.utterance_key = utterance_key


def parts_of(work: AssetWork, pcm: PcmMemoryCache) -> list[Part]:
    """Each utterance with its pause. Raises `PcmGoneError`; a store that refuses says nothing about the sound."""
    parts = []
    for part in work.parts:
        if not part.pcm_key:
            raise PcmGoneError(part.utterance_key)  # planned again since this asset was woken
        try:
            sound = pcm.get(part.pcm_key, part.pcm_sha256)
        except (PcmCorruptError, ObjectMissingError, ObjectCorruptError) as exc:
            raise PcmGoneError(part.utterance_key) from exc
        parts.append(
            Part(
                pcm=sound,
                rate_hz=part.rate_hz,
                pause_after_ms=part.pause_after_ms,
                characters=part.characters,
            )
        )
    return parts
