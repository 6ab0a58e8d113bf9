"""The lock: digests of everything that decided a campaign's sound, kept with it and published as `campaign.lock`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

TELEPHONE_HZ = 8_000
"""Of files for a telephone: nothing above 4 kHz is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPreset:
    """The voice."""

    label: str
    """`name@version`."""
    sound_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPin:
    """The weights."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedEngine:
    """What runs the weights."""

    name: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFinish:
    """What happens after synthesis."""

    digest: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedConventions:
    """How its columns are read, beyond what its brief declares."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Column to a sample of how it writes numbers."""
    reference_date: str = ""
    """The day that two-digit years are counted from; empty where nothing asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOpinion:
    """Who predicts how people would rate its files."""

    name: str
    """Kind and digest: opinions compare under one name alone."""
    file: str
    """Below the models of a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRecogniser:
    """One that hears beside the first."""

    model: str
    """What its folder is called among the models of a machine."""
    recogniser: str
    """Kind, model by digest, library."""
    languages: tuple[str, ...]
    """Primary languages of the campaign that it hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedLine:
    """The line over which files are heard."""

    name: str
    """`telephone`."""
    snr_db: float
    """Of speech over noise."""
    packet_loss: float
    """Share of the packets, 0 to 1."""
    revision: int

    @property
    def told(self) -> str:
        """For people: `over a telephone line, 10 dB, 1 % of packets lost`."""
        return f"over a {self.name} line, {self.snr_db:g} dB, {100 * self.packet_loss:.4g} % of packets lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedBounds:
    """From when on a divergence counts in one language, as a voice was calibrated (`workers.listening.judging`)."""

    nats: float
    unlike_sounds: float
    beyond: tuple[str, ...] = ()
    """Kinds of values that are not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPrint:
    """By what files in one language are told to be a preset's voice. The vector stays in the calibration's row.

    A vector tells a speaker from others: a lock is published and outlives whom it is of.
    """

    digest: str
    """SHA-256 of the vector as it is kept."""
    lowest: float
    """Cosine of the calibration's render that is least like it, -1 to 1."""
    median: float
    """Of its renders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedCalibration:
    """What was learned of one preset, heard by the campaign's recogniser."""

    digest: str
    """Of the record."""
    languages: Mapping[str, LockedBounds]
    """By primary language; others are judged by what ships."""
    encoder: str = ""
    """Kind and digest: numbers compare under one name alone. Empty where none was at hand."""
    encoder_file: str = ""
    """Among the models of a machine; empty for a file that the settings name."""
    prints: Mapping[str, LockedPrint] = field(default_factory=dict)
    """By primary language, for a preset may have a voice for each; files in others have no score."""
    telephone_prints: Mapping[str, LockedPrint] = field(default_factory=dict)
    """The same for files of `TELEPHONE_HZ`: with half of its band gone a voice has another print."""

    def print_for(self, language: str, rate_hz: int) -> LockedPrint | None:
        """What a file in a primary language and at a rate is held against; None where there is no print."""
        return (self.telephone_prints if rate_hz <= TELEPHONE_HZ else self.prints).get(language)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LockedCalibration:
        """As it stands in a lock's JSON."""
        languages = {
            language: LockedBounds(**{**bounds, "beyond": tuple(bounds["beyond"])})
            for language, bounds in kept["languages"].items()
        }
        prints = {
            name: {language: LockedPrint(**one) for language, one in kept[name].items()}
            for name in ("prints", "telephone_prints")
        }
        return cls(**{**kept, **prints, "languages": languages})

    def as_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        document = asdict(self)
        for bounds in document["languages"].values():
            bounds["beyond"] = list(bounds["beyond"])
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedListening:
    """Who listens to its files before they are delivered, and by what rule."""

    model: str
    """What the recogniser's folder is called among the models of a machine; empty for a server of the settings."""
    recogniser: str
    """Kind, model by digest, library, or a server's model and label: what is heard is compared only under one name."""
    share: float
    """Of the rows, 0 to 1, chosen by their keyed hash."""
    unclear: str
    """What becomes of a file that could not be judged: `hold` or `deliver`."""
    revision: int
    """Of the judgement."""
    languages: tuple[str, ...] = ()
    """Primary languages of the rows that are listened to; empty: all."""
    takes: int = 0
    """Further takes of what was not heard, before a file is held."""
    opinion: LockedOpinion | None = None
    """Of the files that are listened to; None where nobody rates them."""
    line: LockedLine | None = None
    """None where files are heard as they are."""
    second: LockedRecogniser | None = None
    """None where one alone hears."""
    calibrations: Mapping[str, LockedCalibration] = field(default_factory=dict)
    """By `name@version`; a preset that has none is judged by what ships, and its files have no score."""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LockedListening:
        """The inverse of `as_json`."""
        calibrations = kept.get("calibrations", {}).items()
        values = {
            **kept,
            "languages": tuple(kept.get("languages", ())),
            "calibrations": {preset: LockedCalibration.from_json(one) for preset, one in calibrations},
        }
        if (line := kept.get("line")) is not None:
            values["line"] = LockedLine(**line)
        if (opinion := kept.get("opinion")) is not None:
            values["opinion"] = LockedOpinion(**opinion)
        if (second := kept.get("second")) is not None:
            values["second"] = LockedRecogniser(**{**second, "languages": tuple(second["languages"])})
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """As it is kept; without a line and a second recogniser it is what it was before there were any."""
        document = asdict(self)
        document["languages"] = list(self.languages)
        document["calibrations"] = {preset: one.as_json() for preset, one in self.calibrations.items()}
        for name in ("line", "opinion", "calibrations", "takes"):
            if not getattr(self, name):
                del document[name]
        if self.second is None:
            del document["second"]
        else:
            document["second"]["languages"] = list(self.second.languages)
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a campaign speaks with, by digest. JSON in database, report and bundle; typed everywhere else."""

    brief: str
    templates: Mapping[str, str]
    """By locale."""
    lexicons: Mapping[str, str]
    """By full label, `name@version`."""
    grammars: Mapping[str, str]
    """By language."""
    preset: LockedPreset
    pin: LockedPin
    engine: LockedEngine
    speech_revision: int
    finish: LockedFinish
    numeric_classes: tuple[str, ...] | None = None
    """Of the runs whose sound the current files hold; None until the campaign has ended."""
    replaced: tuple[Lock, ...] = ()
    """What it spoke with before, oldest first: a re-make keeps the lock that it replaces."""
    row_presets: Mapping[str, LockedPreset] = field(default_factory=dict)
    """By what a row calls them, where rows may have a preset of their own; on the same pin as `preset`."""
    conventions: LockedConventions | None = None
    """None where it has none, and of campaigns that were submitted before there were any."""
    listening: LockedListening | None = None
    """None where nobody listens."""

    def preset_of(self, voice: str | None) -> LockedPreset:
        """The preset of a row by what the row calls it; None or empty: the campaign's own."""
        return self.row_presets[voice] if voice else self.preset

    @property
    def presets(self) -> Mapping[str, LockedPreset]:
        """Every preset that it speaks with by `name@version`, its own first."""
        return {preset.label: preset for preset in (self.preset, *self.row_presets.values())}

    @property
    def preset_labels(self) -> tuple[str, ...]:
        """`name@version` of every preset that it speaks with, its own first."""
        return tuple(self.presets)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Lock:
        """The inverse of `as_json`. Raises `KeyError` or `TypeError` for what is no lock."""
        values = dict(kept)
        values["preset"] = LockedPreset(**kept["preset"])
        values["pin"] = LockedPin(**kept["pin"])
        values["engine"] = LockedEngine(**kept["engine"])
        values["finish"] = LockedFinish(**kept["finish"])
        row_presets = kept.get("row_presets", {})
        values["row_presets"] = {voice: LockedPreset(**preset) for voice, preset in row_presets.items()}
        if (conventions := kept.get("conventions")) is not None:
            values["conventions"] = LockedConventions(**conventions)
        if (listening := kept.get("listening")) is not None:
            values["listening"] = LockedListening.from_json(listening)
        if kept.get("numeric_classes") is not None:
            values["numeric_classes"] = tuple(kept["numeric_classes"])
        values["replaced"] = tuple(cls.from_json(before) for before in kept.get("replaced", ()))
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """As it is kept and published; what is not known yet is left out."""
        document = asdict(replace(self, replaced=()))
        del document["replaced"]
        if not self.row_presets:
            del document["row_presets"]
        if self.conventions is None:
            del document["conventions"]
        if self.listening is None:
            del document["listening"]
        else:
            document["listening"] = self.listening.as_json()
            document["listening"]["languages"] = list(self.listening.languages)
            document["listening"]["calibrations"] = {
                preset: one.as_json() for preset, one in self.listening.calibrations.items()
            }
            if not self.listening.calibrations:
                del document["listening"]["calibrations"]
        if self.numeric_classes is None:
            del document["numeric_classes"]
        else:
            document["numeric_classes"] = list(self.numeric_classes)
        if self.replaced:
            document["replaced"] = [before.as_json() for before in self.replaced]
        return document

    def replacing(self, before: Lock) -> Lock:
        """This lock in place of another, which is kept together with those that it had replaced."""
        return replace(self, replaced=(*before.replaced, replace(before, replaced=())))

    def with_replaced(self) -> tuple[Lock, ...]:
        """What it speaks with, then what it spoke with before."""
        return (self, *self.replaced)
