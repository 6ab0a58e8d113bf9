"""Words to prompts, by the rules of the model's configuration; or why the model cannot say them.

What upstream does to a text is done here by upstream's own functions: a capital first, a sign at the end, signs
that the model never saw replaced, eight blanks before a short text where the configuration asks for them, parts of
at most so many tokens. Nothing else is changed: an unknown character, a text that is too short and a part that
cannot be parted are refusals, where upstream speaks a guess.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from workers.engines.pocket.settings import PocketSettings
from workers.engines.pocket.upstream import PocketPackage

FRAMES_ADDED_TO_GUESS = 2
"""Upstream's, to what it guesses from the number of words."""


class RefusedTextError(Exception):
    """The model cannot say it: becomes the utterance's failure."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """One part of a text, as the model gets it."""

    tokens: tuple[int, ...]
    frames_after_eos: int


class Prompter:
    """For one model."""

    def __init__(self, package: PocketPackage, config: Any, tokenizer: Any) -> None:
        """`config` and `tokenizer` are upstream's."""
        self._package = package
        self._config = config
        self._tokenizer = tokenizer
        self._unknown = _unknown_number(tokenizer)

    def prompts(self, text: str, language: str, settings: PocketSettings) -> list[TextPart]:
        """One or more parts; raises `RefusedTextError`."""
        if not any(character.isalnum() for character in text):
            raise RefusedTextError("unspeakable", "there is no letter in the text")
        prepared, _ = self._prepare(text)
        self._refuse_unknown(prepared)
        fewest = 0 if self._config.pad_with_spaces_for_short_inputs else settings.fewest_words_of(language)
        words = len(prepared.split())
        if words < fewest:
            raise RefusedTextError(
                "too-few-words",
                f"{words} {'word' if words == 1 else 'words'}; the model garbles fewer than {fewest}: join it with the "
                "sentence beside it, or give the preset's table fewest_words where you have heard that it does not",
            )
        return [
            self._prompt(part, settings) for part in self._parts(prepared, fewest, settings.prompt_tokens)
        ]

    def _prepare(self, text: str) -> tuple[str, int]:
        config = self._config
        prepared, frames = self._package.prepare_text_prompt(
            text,
            config.pad_with_spaces_for_short_inputs,
            config.remove_semicolons,
            config.append_terminal_punctuation,
            config.capitalize_first_letter,
            config.replace_characters,
        )
        return prepared, frames

    def _refuse_unknown(self, text: str) -> None:
        if self._unknown is None or self._unknown not in self._tokenizer.encode(text):
            return
        character = next((one for one in text if self._unknown in self._tokenizer.encode(one)), None)
        told = "a part of the text" if character is None else f"{character!r} (U+{ord(character):04X})"
        raise RefusedTextError("unspeakable", f"the model has no token for {told}")

    def _parts(self, prepared: str, fewest: int, most_tokens: int) -> list[str]:
        """Whole where it fits; else upstream's parts, of fewer tokens where one would be too short to be said well."""
        if len(self._tokenizer.encode(prepared.strip())) <= most_tokens:
            return [prepared]
        reason = "too many words without a comma"
        for limit in range(most_tokens, most_tokens // 2, -2):
            parts = self._split(prepared, limit)
            if max(len(self._tokenizer.encode(part)) for part in parts) > most_tokens:
                continue
            if min(len(part.split()) for part in parts) >= fewest:
                if _letters("".join(parts)) != _letters(prepared):
                    raise RefusedTextError("unspeakable", "the model's tokens give another text back")
                return parts
            reason = "a part would be too short to be said well"
        raise RefusedTextError(
            "too-long",
            f"the model says {most_tokens} tokens at once and the text does not part so: {reason}; "
            "write shorter sentences",
        )

    def _split(self, text: str, limit: int) -> list[str]:
        config = self._config
        parts: list[str] = self._package.split_into_best_sentences(
            self._tokenizer,
            text,
            limit,
            config.pad_with_spaces_for_short_inputs,
            remove_semicolons=config.remove_semicolons,
            append_terminal_punctuation=config.append_terminal_punctuation,
            capitalize_first_letter=config.capitalize_first_letter,
            replace_characters=config.replace_characters,
        )
        return parts

    def _prompt(self, part: str, settings: PocketSettings) -> TextPart:
        prepared, guess = self._prepare(part)
        after = settings.frames_after_eos
        if after is None:
            after = self._config.model_recommended_frames_after_eos
        return TextPart(
            tokens=tuple(self._tokenizer.encode(prepared)),
            frames_after_eos=guess + FRAMES_ADDED_TO_GUESS if after is None else after,
        )


def _letters(text: str) -> str:
    """What of it is said, whatever a tokenizer does to blanks, forms and signs."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def _unknown_number(tokenizer: Any) -> int | None:
    """Of the token that stands for what has none; None where every byte has one."""
    pieces = getattr(tokenizer, "sp", None)
    if pieces is not None:
        return int(pieces.unk_id())
    model = json.loads(tokenizer.tokenizer.to_str())["model"]
    if model.get("byte_fallback"):
        return None
    if model.get("unk_id") is not None:
        return int(model["unk_id"])
    name = model.get("unk_token")
    number = None if name is None else tokenizer.tokenizer.token_to_id(name)
    return None if number is None else int(number)
