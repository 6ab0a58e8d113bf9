"""The `espeak` table of a preset, typed, and the voices that the installed data has.

    {"voices": {"en": "en-gb", "de": "de"}, "variant": "f2", "words_per_minute": 165, "pitch": 50, "range": 50}

The library answers an unknown voice with the one it used last and ignores an unknown variant in silence, so both
are checked here against the data's own files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from workers.digits import whole_number
from workers.engines.engine import EngineError, JsonValue
from workers.engines.imperfection import VoiceTable
from workers.strict import read

DEFAULT_PRIORITY = 5
"""Of a voice's language line that gives none; the lowest number is the language's first voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCatalogue:
    """What the library's data folder holds."""

    by_language: Mapping[str, str]
    """Language tag, lower case (`en-gb`) -> voice file (`gmw/en`)."""
    variants: frozenset[str]

    @property
    def languages(self) -> frozenset[str]:
        """BCP 47 primary languages with a voice."""
        return frozenset(tag.partition("-")[0] for tag in self.by_language)

    def voice(self, tag: str) -> str:
        """The voice file of a language tag; raises `EngineError`."""
        name = self.by_language.get(tag.lower())
        if name is None:
            raise EngineError(f"espeak-ng has no voice {tag!r}; choose another language tag")
        return name

    @classmethod
    def read(cls, data: Path) -> VoiceCatalogue:
        """Scan `data/lang` and `data/voices/!v`, about 140 small files."""
        voices: dict[str, tuple[int, str]] = {}
        folder = data / "lang"
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            lines = [line.split() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
            if not _has_dictionary(data, path, lines):
                continue  # the wheel lacks three; the library then reads letter by letter
            voices.setdefault(path.name.lower(), (DEFAULT_PRIORITY, name))
            for words in lines:
                if words[:1] == ["language"]:
                    priority = whole_number(words[2]) if len(words) > 2 else None
                    candidate = (DEFAULT_PRIORITY if priority is None else priority, name)
                    tag = words[1].lower()
                    voices[tag] = min(voices.get(tag, candidate), candidate)
        if not voices:
            raise EngineError(f"no voices in {folder}; reinstall the espeakng-loader package")
        variants = frozenset(path.name for path in (data / "voices" / "!v").iterdir())
        return cls(by_language={tag: name for tag, (_, name) in voices.items()}, variants=variants)


class EspeakSettings(VoiceTable):
    """How a preset speaks."""

    voices: Mapping[str, str] = Field(min_length=1, examples=['{ en = "en-gb", de = "de" }'])
    """Primary language to the library's tag of a voice; once parsed, to its voice with the variant: `gmw/en+f2`."""
    variant: str = ""
    """A voice variant of the library, such as `f2`."""
    words_per_minute: int = Field(default=165, ge=80, le=400)
    """How fast."""
    pitch: int = Field(default=50, ge=0, le=100)
    """50 is the voice's own."""
    range: int = Field(default=50, ge=0, le=100)
    """Of intonation; 0 is monotone, 50 the voice's own."""

    @classmethod
    def parse(cls, parameters: Mapping[str, JsonValue], catalogue: VoiceCatalogue) -> EspeakSettings:
        """From a preset's table; raises `EngineError` that names the key and the fix."""
        table = read(cls, parameters, where="espeak preset", error=EngineError)
        if table.variant and table.variant not in catalogue.variants:
            raise EngineError(
                f"espeak preset: no variant {table.variant!r}; choose from {', '.join(sorted(catalogue.variants))}"
            )
        suffix = f"+{table.variant}" if table.variant else ""
        voices = {
            language: _voice_file(language, tag, catalogue) + suffix for language, tag in table.voices.items()
        }
        return table.model_copy(update={"voices": voices})


def _has_dictionary(data: Path, voice: Path, lines: list[list[str]]) -> bool:
    names = {words[1] for words in lines if words[:1] in (["dictionary"], ["language"])} | {voice.name}
    return any((data / f"{name.partition('-')[0]}_dict").exists() for name in names)


def _voice_file(language: str, tag: str, catalogue: VoiceCatalogue) -> str:
    name = catalogue.by_language.get(tag.lower())
    if name is None:
        near = sorted(other for other in catalogue.by_language if other.partition("-")[0] == language)
        raise EngineError(
            f"espeak preset: no voice {tag!r} for {language!r}; this library has {', '.join(near) or 'none for it'}"
        )
    return name
