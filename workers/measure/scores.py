"""Every measure of one recording, in one record: what a preset is registered with and the gate compares later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata

from workers.engines.engine import JsonValue, Pcm
from workers.finish.loudness import measure as measure_level
from workers.measure.activity import activity, snr_db
from workers.measure.dnsmos import dnsmos
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder, self_similarity
from workers.measure.pitch import pitch

TOOLS = ("numba", "numpy", "onnxruntime", "soxr", "speechmos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What was measured; None is not measured, never 0."""

    seconds: float
    speech_s: float
    """Pauses left out."""
    snr_db: float | None
    clipped_share: float
    """Of the source's frames, 0 to 1."""
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    f0_median_hz: float | None
    f0_low_hz: float | None
    f0_high_hz: float | None
    f0_range_semitones: float | None
    letters_per_second: float | None
    """Of the text over the speech."""
    dnsmos_overall: float | None
    dnsmos_signal: float | None
    dnsmos_background: float | None
    dnsmos_p808: float | None
    self_similarity: float | None
    similarity_encoder: str
    tools: Mapping[str, str]

    def as_json(self) -> dict[str, JsonValue]:
        """Rounded to what the measures can tell."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }

    @property
    def quality(self) -> float:
        """For choosing among clips of one recording, higher is better; compares nothing else.

        DNSMOS where it was measured, else what SNR gives on the same scale; clipping costs most.
        """
        heard = (
            self.dnsmos_overall if self.dnsmos_overall is not None else 1 + min(self.snr_db or 0.0, 60.0) / 15
        )
        return heard - 50 * self.clipped_share


def score(
    pcm: Pcm,
    rate_hz: int,
    *,
    text: str = "",
    clipped_share: float = 0.0,
    encoder: SpeakerEncoder | None = None,
) -> Scores:
    """Measure int16 mono. 0.3 s for 5 s with everything installed."""
    encoder = encoder or SpectralEncoder()
    level = measure_level(pcm, rate_hz)
    spoken_s = activity(pcm, rate_hz).speech_s
    voice = pitch(pcm, rate_hz)
    opinion = dnsmos(pcm, rate_hz)
    letters = sum(character.isalpha() for character in text)
    return Scores(
        seconds=len(pcm) / rate_hz,
        speech_s=spoken_s,
        snr_db=snr_db(pcm, rate_hz),
        clipped_share=clipped_share,
        loudness_lufs=level.loudness_lufs,
        true_peak_dbtp=level.true_peak_dbtp,
        f0_median_hz=voice.median_hz if voice else None,
        f0_low_hz=voice.low_hz if voice else None,
        f0_high_hz=voice.high_hz if voice else None,
        f0_range_semitones=voice.range_semitones if voice else None,
        letters_per_second=letters / spoken_s if letters and spoken_s else None,
        dnsmos_overall=opinion.overall if opinion else None,
        dnsmos_signal=opinion.signal if opinion else None,
        dnsmos_background=opinion.background if opinion else None,
        dnsmos_p808=opinion.p808 if opinion else None,
        self_similarity=self_similarity(encoder, pcm, rate_hz),
        similarity_encoder=encoder.name,
        tools=tool_versions(TOOLS),
    )


def tool_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Versions of installed packages; those that are not installed are left out."""
    versions = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
