"""A subset of SSML as template source: `speak p s say-as sub lang phoneme break emphasis`.

SSML is rewritten to the filters and tags of the plain form, so both compile to the same spans. Fields are
written `{{ field }}` inside it; the XML is parsed before any field is filled, so no field can add markup.
What Google's, Azure's and Polly's documents have beyond it is refused with its place and what to do instead.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Final

from campaign.errors import TemplateError
from campaign.speech.filters import EMPHASES, check_filter, pause
from campaign.speech.ssml_reader import NAMESPACE, Element, SsmlReader
from campaign.speech.x_sampa import to_ipa
from workers.languages import checked_tag
from workers.mends import shown

_EXPRESSION = re.compile(r"\s*\{\{(.+?)\}\}\s*", re.S)
_STRENGTHS_MS = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400, "strong": 700, "x-strong": 1000}
_DURATION = re.compile(r"(?:(\d{1,3})')?(?:(\d{1,3})(?:\"|''))?")
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "speak": frozenset({"version", "xml:lang", "xml:base", "onlangfailure", "xsi:schemaLocation"}),
    "p": frozenset({"xml:lang"}),
    "s": frozenset({"xml:lang"}),
    "say-as": frozenset({"interpret-as", "format", "detail"}),
    "sub": frozenset({"alias"}),
    "lang": frozenset({"xml:lang", "onlangfailure"}),
    "phoneme": frozenset({"ph", "alphabet"}),
    "break": frozenset({"time", "strength"}),
    "emphasis": frozenset({"level"}),
}
_KNOWN = frozenset(_ATTRIBUTES)
_SAME: Final = frozenset({("google:style", "zero-as-zero")})
"""Attributes that ask for what is done anyway."""
_FINISH: Final = "pace and loudness are the finish profile's, [finish] in the brief: take the tags out"
_PAUSE: Final = 'write <break time="300ms"/> where silence is meant'
_INSTEAD: Final[Mapping[str, str]] = {
    "voice": "the brief chooses the voice (preset): take the tags out and keep what is between them",
    "audio": "no other sound is mixed in: take it out and write what is to be said",
    "prosody": _FINISH,
    "mark": "nothing waits for it: take it out",
    "lexicon": 'name the pronunciations in the brief, lexicons = ["names.tsv"], and take it out',
    "meta": "nobody hears it: take it out",
    "metadata": "nobody hears it: take it out",
    "desc": "nobody hears it: take it out",
    "par": "one voice speaks at a time: write the texts one after the other",
    "seq": "texts follow each other anyway: take the tags out",
    "media": "no other sound is mixed in: take it out",
    "w": "take the tags out; of homographs, a field's filter role() chooses",
    "token": "take the tags out; of homographs, a field's filter role() chooses",
    "mstts:silence": _PAUSE,
    "mstts:express-as": "the style is the voice's, chosen in the brief: take the tags out",
    "mstts:prosody": _FINISH,
    "mstts:backgroundaudio": "no other sound is mixed in: take it out",
    "mstts:viseme": "nobody hears it: take it out",
    "amazon:breath": _PAUSE,
    "amazon:auto-breaths": "breaths are the voice's own: take the tags out",
    "amazon:effect": "the sound is the voice's and the finish profile's: take the tags out",
    "amazon:domain": "the style is the voice's, chosen in the brief: take the tags out",
    "amazon:emotion": "the style is the voice's, chosen in the brief: take the tags out",
    "google:style": "the style is the voice's, chosen in the brief: take the tags out",
}
_INSTEAD_OF_ATTRIBUTES: Final[Mapping[str, str]] = {
    "language": 'write <lang xml:lang="..."> around it',
    "google:style": "a zero is said as its language says it: leave it out",
    "name": "nothing refers to it: leave it out",
    "role": "the roles of homographs are chosen by a field's filter role(): leave it out",
}


def ssml_to_jinja(text: str, name: str, *, strict: bool = False) -> str:
    """The same template in the plain form; raises `TemplateError` naming file, line and element.

    `strict` also refuses attributes that say nothing here. A template that a campaign keeps may have them.
    """
    root = SsmlReader(name).read(text)
    if root.tag != "speak":
        raise root.refused(f"the outermost element is <{root.tag}>; write <speak> ... </speak>")
    if (space := root.attributes.get("xmlns", NAMESPACE)) != NAMESPACE:
        raise root.refused(
            f"xmlns is {shown(space)}, which is not SSML's; write {NAMESPACE}, or leave it out"
        )
    return _Writer(strict=strict).body(root).strip()


def ssml_language(text: str, name: str) -> str | None:
    """The language that `<speak xml:lang="...">` names, if it names one; raises `TemplateError`."""
    root = SsmlReader(name).read(text)
    tag = root.attributes.get("xml:lang")
    return None if tag is None else _tag(tag, root)


class _Writer:
    """Elements to the plain form."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict

    def body(self, element: Element) -> str:
        """What is in an element."""
        if self._strict:
            _refuse_strange(element)
        return "".join(part if isinstance(part, str) else self._element(part) for part in element.parts)

    def _element(self, element: Element) -> str:
        tag = element.tag
        if tag not in _KNOWN or tag == "speak":
            raise element.refused(_not_supported(tag))
        if tag in ("p", "s"):
            body = self.body(element).strip()
            if language := element.attributes.get("xml:lang"):
                body = f'{{% lang "{_tag(language, element)}" %}}{body}{{% endlang %}}'
            return f"\n\n{body}\n\n"
        if tag == "lang":
            language = _tag(_required(element, "xml:lang"), element)
            return f'{{% lang "{language}" %}}{self.body(element)}{{% endlang %}}'
        if tag == "emphasis":
            return self._emphasis(element)
        if self._strict:
            _refuse_strange(element)
        if tag == "break":
            return f"{{{{ pause({_break_ms(element)}) }}}}"
        return _filtered(element)

    def _emphasis(self, element: Element) -> str:
        level = element.attributes.get("level", "moderate")
        if level == "none":
            return self.body(element)
        if level not in EMPHASES:
            raise element.refused(f"there is no emphasis {shown(level)}; use one of {', '.join(EMPHASES)}")
        return f'{{% emphasis "{level}" %}}{self.body(element)}{{% endemphasis %}}'


def _not_supported(tag: str) -> str:
    supported = sorted(_KNOWN - {"speak"})
    plain = tag.lower().replace("_", "-")
    if instead := _INSTEAD.get(plain):
        return f"<{tag}> is not supported; {instead}"
    near = plain if plain in _KNOWN else next(iter(difflib.get_close_matches(plain, supported, n=1)), "")
    meant = f"did you mean <{near}>? else " if near else ""
    return f"<{tag}> is not supported; {meant}use {', '.join(supported)}"


def _refuse_strange(element: Element) -> None:
    for key, value in element.attributes.items():
        if key in _ATTRIBUTES[element.tag] or key.startswith("xmlns") or (key, value) in _SAME:
            continue
        if instead := _INSTEAD_OF_ATTRIBUTES.get(key):
            raise element.refused(f"<{element.tag}> has {key}={shown(value)}; {instead}")
        takes = ", ".join(sorted(_ATTRIBUTES[element.tag])) or "no attributes"
        raise element.refused(
            f"<{element.tag}> has {key}={shown(value)}, which says nothing here; it takes {takes}"
        )


def _filtered(element: Element) -> str:
    inner = next((part for part in element.parts if isinstance(part, Element)), None)
    if inner is not None:
        raise element.refused(f"<{element.tag}> holds text only; move <{inner.tag}> out of it")
    text = "".join(part for part in element.parts if isinstance(part, str))
    match = _EXPRESSION.fullmatch(text)
    if match is None and ("{{" in text or "{%" in text):
        raise element.refused(f"<{element.tag}> holds text or one {{{{ field }}}}, not both; split it in two")
    if not text.strip():
        raise element.refused(f"<{element.tag}> is empty; write what is to be said in it")
    value = match[1].strip() if match else _constant(text, element)
    if element.tag == "sub":
        return f"{{{{ {value} | alias({_constant(_required(element, 'alias'), element)}) }}}}"
    if element.tag == "phoneme":
        alphabet, sounds = _pronunciation(element)
        return f"{{{{ {value} | phoneme({sounds}, alphabet={alphabet}) }}}}"
    kind = _required(element, "interpret-as")
    detail = element.attributes.get("format") or element.attributes.get("detail")
    if match is None and (parts := _parts(kind.lower(), " ".join(text.split()), detail or "")):
        return " ".join(f"{{{{ {_constant(part, element)} | {filter_} }}}}" for part, filter_ in parts)
    try:
        check_filter("say_as", kind, *([detail] if detail else []))
    except TemplateError as error:
        raise element.refused(str(error)) from error
    arguments = _constant(kind, element) + (f", {_constant(detail, element)}" if detail else "")
    return f"{{{{ {value} | say_as({arguments}) }}}}"


def _parts(kind: str, text: str, form: str) -> list[tuple[str, str]]:
    """(text, filter) of what only documents of others write so; nothing for the rest.

    `1'21"` is a duration, as is `1:21` of the form `m:s`; `????0925` a day without its year, `5+1/2` a number with its
    fraction.
    """
    if kind == "time" and (duration := _DURATION.fullmatch(text)):
        amounts = zip(duration.groups(), ("min", "s"), strict=True)
        return [(f"{amount} {unit}", "unit") for amount, unit in amounts if amount]
    if kind == "duration" and re.fullmatch(r"[hms](?::?[hms]){0,2}", form.lower()):
        units = [{"h": "h", "m": "min", "s": "s"}[letter] for letter in form.lower() if letter != ":"]
        numbers = text.split(":")
        if len(numbers) == len(units) and all(re.fullmatch(r"\d{1,3}", number) for number in numbers):
            return [(f"{int(number)} {unit}", "unit") for number, unit in zip(numbers, units, strict=True)]
    if kind == "date" and (day := re.fullmatch(r"\?{4}(\d\d)(\d\d)", text)):
        return [(f"{day[1]}/{day[2]}", 'date("md")')]
    if kind == "fraction" and re.fullmatch(r"\d+\+\d+/\d+", text):
        return [(text.replace("+", " "), "fraction")]
    return []


def _pronunciation(element: Element) -> tuple[str, str]:
    """(alphabet, sounds) of a `<phoneme>`, X-SAMPA as IPA."""
    sounds = _required(element, "ph")
    alphabet = element.attributes.get("alphabet", "ipa")
    if alphabet.lower() in ("x-sampa", "xsampa", "sampa"):
        try:
            alphabet, sounds = "ipa", to_ipa(sounds)
        except ValueError as error:
            raise element.refused(f'{error}; write alphabet="ipa" and the pronunciation in IPA') from error
    try:
        check_filter("phoneme", sounds, alphabet)
    except TemplateError as error:
        raise element.refused(str(error)) from error
    return _constant(alphabet, element), _constant(sounds, element)


def _required(element: Element, key: str) -> str:
    value = element.attributes.get(key)
    if not value:
        raise element.refused(f"<{element.tag}> lacks {key}; add it")
    return value


def _tag(language: str, element: Element) -> str:
    try:
        return checked_tag(language)
    except ValueError as error:
        raise element.refused(f"xml:lang: {error}") from error


def _constant(text: str, element: Element) -> str:
    """A text as Jinja2 writes one."""
    if "{{" in text or "{%" in text:
        raise element.refused(
            f"{shown(text)} holds a field in an attribute; write the field between the tags"
        )
    text = " ".join(text.split())
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _break_ms(element: Element) -> int:
    time = element.attributes.get("time")
    if time is None:
        strength = element.attributes.get("strength", "medium")
        if strength not in _STRENGTHS_MS:
            raise element.refused(
                f"there is no break strength {shown(strength)}; use one of {', '.join(_STRENGTHS_MS)}"
            )
        return _STRENGTHS_MS[strength]
    match = re.fullmatch(r"\+?([0-9]{0,6}(?:\.[0-9]{1,6})?)(ms|s)", time.strip().lower())
    if match is None or not match[1]:
        raise element.refused(f'break time {shown(time)} is not a time; write time="300ms"')
    try:
        return pause(round(float(match[1]) * (1000 if match[2] == "s" else 1)))
    except TemplateError as error:
        raise element.refused(str(error).replace("pause(300)", 'time="300ms"')) from error
