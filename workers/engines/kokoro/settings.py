"""The `kokoro` table of a preset, typed, and how each voice's language is read.

{"voices": {"en": "af_heart", "es": "ef_dora"}, "accents": {"es": "es-419"}, "speed": 1.0}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import partial

from pydantic import Field, JsonValue

from workers.engines.engine import EngineError
from workers.engines.imperfection import VoiceTable
from workers.engines.kokoro.letters import from_ipa
from workers.engines.pronunciation import IpaReaders
from workers.languages import checked_primary, primary
from workers.strict import read

ACCENTS = {"a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "h": "hi", "i": "it", "p": "pt-br"}
"""First letter of a voice's name -> the language tag that espeak-ng reads its texts in. Of Japanese (`j`) and Chinese
(`z`) espeak-ng knows too little to be heard: there is no reader for them here."""
UNREAD = frozenset("jz")
LANGUAGES = frozenset(map(primary, ACCENTS.values()))


class KokoroSettings(VoiceTable):
    """How a preset speaks."""

    voices: Mapping[str, str] = Field(min_length=1, examples=['{ en = "af_heart", es = "ef_dora" }'])
    """Primary language to a voice of the pin's folder, without `.bin`."""
    accents: Mapping[str, str] = Field(default_factory=dict, examples=['{ es = "es-419" }'])
    """Primary language to the tag that its texts are read in, where the voice's name does not decide it."""
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    """1 is the voice's own; 2 is twice as fast."""
    elsewhere: Mapping[str, JsonValue] = Field(default_factory=dict)
    """An `espeak` table: who speaks the languages that no voice here has. Empty: nobody."""

    @classmethod
    def parse(cls, parameters: Mapping[str, JsonValue]) -> KokoroSettings:
        """From a preset's table; raises `EngineError` that names the key and the fix."""
        table = read(cls, parameters, where="kokoro preset", error=EngineError)
        for language in (*table.voices, *table.accents):
            try:
                checked_primary(language)
            except ValueError as problem:
                raise EngineError(f"kokoro preset: {problem}") from problem
        for language, voice in table.voices.items():
            if voice[:1] in UNREAD and language not in table.accents:
                raise EngineError(
                    f"kokoro preset: nothing here reads texts for the voice {voice!r}; leave {language} out of `voices`"
                )
            if voice[:1] in ACCENTS and voice[2:3] == "_" and primary(ACCENTS[voice[0]]) != language:
                speaks = primary(ACCENTS[voice[0]])
                raise EngineError(
                    f"kokoro preset: the voice {voice!r} speaks {speaks}, not {language}; choose another"
                )
        if "imperfections" in table.elsewhere:
            raise EngineError("kokoro preset: declare imperfections in its own table, not in elsewhere")
        if unknown := sorted(table.accents.keys() - table.voices.keys()):
            raise EngineError(f"kokoro preset: accents names {unknown[0]}, which has no voice; leave it out")
        return table

    def accent(self, language: str) -> str:
        """The tag that texts of a language with a voice are read in."""
        voice = self.voices[language]
        return self.accents.get(language, ACCENTS.get(voice[:1], language)).lower()


def speaker_table(voice: str, language: str) -> dict[str, JsonValue]:
    """The table of a preset that is one voice of the model; `language` is its own, a tag. Raises `EngineError`."""
    spoken = primary(language)
    table: dict[str, JsonValue] = {"voices": {spoken: voice}}
    if voice[:1] not in ACCENTS and voice[:1] not in UNREAD:
        table["accents"] = {spoken: language}
    KokoroSettings.parse(table)
    return table


def check_table(parameters: Mapping[str, JsonValue], files: Collection[str]) -> None:
    """Raise `EngineError` for a voice that a pin's files do not hold."""
    there = sorted(
        path.removeprefix("voices/").removesuffix(".bin") for path in files if path.endswith(".bin")
    )
    for voice in KokoroSettings.parse(parameters).voices.values():
        if voice not in there:
            near = get_close_matches(voice, there) or there
            raise EngineError(f"it asks for the voice {voice!r}, and the pin has {', '.join(near)}")


def ipa_readers(parameters: Mapping[str, JsonValue]) -> IpaReaders:
    """What each voice of a preset's table can say of people's IPA. Raises `EngineError`."""
    settings = KokoroSettings.parse(parameters)
    own: IpaReaders = {
        language: partial(from_ipa, accent=settings.accent(language)) for language in settings.voices
    }
    if not settings.elsewhere:
        return own
    from workers.engines.espeak import EspeakEngine

    return {**EspeakEngine.ipa_readers(settings.elsewhere), **own}
