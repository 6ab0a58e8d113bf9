"""The filters that a template may use: each says what a piece of writing means, none says how it sounds.

A filter's arguments are constants, checked when the template is loaded. `docs/templates.md` shows each one;
a test compares that page with `FILTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from jinja2.runtime import Undefined

from campaign.errors import BriefError, FieldError, TemplateError
from campaign.speech.columns import NUMBER_KINDS, ColumnSpec, column_options, date_order
from campaign.speech.fields.flags import flag
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError
from workers.languages import checked_tag, normal

EMPHASES: Final = ("strong", "moderate", "reduced")
ALPHABETS: Final = ("ipa", "x-espeak", "pinyin")
MAX_PAUSE_MS: Final = 10_000


class FieldValue(str):
    """A recipient's field as the template sees it: text that knows its column and type."""

    __slots__ = ("column", "doubt", "fallback_used", "nothing", "spec")

    column: str
    spec: ColumnSpec
    fallback_used: bool
    doubt: UnreadableValueError | None
    """Why it is neither said nor compared before a filter or the brief gives it a type."""
    nothing: str
    """What was written where the field is empty: `NULL`."""

    @classmethod
    def of(
        cls,
        text: str,
        column: str,
        spec: ColumnSpec,
        *,
        fallback_used: bool = False,
        doubt: UnreadableValueError | None = None,
        nothing: str = "",
    ) -> FieldValue:
        """The field `column` holding `text`."""
        value = cls(text)
        value.column = column
        value.spec = spec
        value.fallback_used = fallback_used
        value.doubt = doubt
        value.nothing = nothing
        return value

    def __bool__(self) -> bool:
        """What `{% if vip %}` asks: a flag's yes; of any other field whether it is filled."""
        return flag(str(self)) if self.spec.kind is Kind.FLAG else len(self) > 0

    def __eq__(self, other: object) -> bool:
        self.settle()
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        self.settle()
        return str.__ne__(self, other) if isinstance(other, str) else NotImplemented

    __hash__ = str.__hash__

    def settle(self) -> None:
        """Raises `FieldError` where the text has two readings and no type."""
        if self.doubt is not None:
            raise FieldError(self.doubt.code, self.doubt.reason, mend=self.doubt.mend, column=self.column)


def filled(value: object) -> bool:
    """`{% if notes is filled %}`: whether the row has anything in the field, whatever its fallback."""
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError
    return isinstance(value, FieldValue) and len(value) > 0 and not value.fallback_used


def typed(value: object) -> TypedValue:
    """What a template expression means when it is spoken as it stands."""
    if isinstance(value, TypedValue):
        return value
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError
    if isinstance(value, FieldValue):
        if value.fallback_used:
            return TypedValue(kind=Kind.TEXT, written=str(value), column=value.column)
        spec = value.spec
        return TypedValue(
            kind=spec.kind,
            written=str(value),
            options=spec.options,
            language=spec.language,
            column=value.column,
        )
    return TypedValue(kind=Kind.TEXT, written=str(value))


def _settled(value: object) -> TypedValue:
    """`value` for a filter that gives it no type."""
    if isinstance(value, FieldValue):
        value.settle()
    return typed(value)


def _as(kind: Kind, value: object, **arguments: str) -> object:
    """`value` as `kind`; an empty field stays itself, so that it is reported as missing, or its fallback said."""
    if isinstance(value, FieldValue) and (not value or value.fallback_used):
        return value
    typed_value = typed(value)
    options = {
        name: option
        for name, option in typed_value.options
        if typed_value.kind is kind or (name in _OF_ITS_COLUMN and kind in NUMBER_KINDS)
    }
    options.update(_options(kind, arguments))
    return replace(typed_value, kind=kind, options=tuple(sorted(options.items())))


_OF_ITS_COLUMN: Final = frozenset({"number"})
"""Options that a value keeps as another type: how its column is written."""


def _options(kind: Kind, arguments: Mapping[str, str]) -> dict[str, str]:
    for name, argument in arguments.items():
        if not isinstance(argument, str):
            raise TemplateError(
                f'filter {kind}: {name} is text, not {argument!r}; write it in quotes: "{argument}"'
            )
    try:
        return dict(column_options(kind, arguments))
    except BriefError as error:
        raise TemplateError(f"filter {error}") from error


def _money(value: object, currency: str = "") -> object:
    return _as(Kind.MONEY, value, currency=currency)


def _date(
    value: object, order: str = "", weekday: bool = False, year: bool = True, direction: str = ""
) -> object:
    flags = {"weekday": "true" if weekday is True else "", "year": "false" if year is False else ""}
    return _as(Kind.DATE, value, order=order, direction=direction, **flags)


def _time(value: object) -> object:
    return _as(Kind.TIME, value)


def _telephone(value: object, region: str = "") -> object:
    return _as(Kind.TELEPHONE, value, region=region)


def _spell(value: object) -> object:
    return _as(Kind.SPELL, value)


def _digits(value: object) -> object:
    return _as(Kind.DIGITS, value)


def _cardinal(value: object, gender: str = "") -> object:
    return _as(Kind.CARDINAL, value, gender=gender)


def _ordinal(value: object, gender: str = "") -> object:
    return _as(Kind.ORDINAL, value, gender=gender)


def _unit(value: object, unit: str = "") -> object:
    return _as(Kind.UNIT, value, unit=unit)


def _fraction(value: object) -> object:
    return _as(Kind.FRACTION, value)


def _duration(value: object, form: str = "") -> object:
    return _as(Kind.DURATION, value, form=form)


def _percent(value: object, of: str = "") -> object:
    return _as(Kind.PERCENT, value, of=of)


def _year(value: object) -> object:
    return _as(Kind.YEAR, value)


def _address(value: object) -> object:
    return _as(Kind.POSTAL, value)


def _email(value: object) -> object:
    return _as(Kind.EMAIL, value)


def _url(value: object) -> object:
    return _as(Kind.URL, value)


def _name(value: object) -> object:
    return _as(Kind.NAME, value)


def _text(value: object) -> object:
    return _as(Kind.TEXT, value)


def _alias(value: object, words: str) -> object:
    if not isinstance(words, str) or not words.strip():
        raise TemplateError('filter alias needs the words to say; write alias("World Wide Web Consortium")')
    if isinstance(value, FieldValue) and not value:
        return value
    return replace(typed(value), kind=Kind.ALIAS, options=(("words", words),))


def _phoneme(value: object, pronunciation: str, alphabet: str = "ipa") -> object:
    if alphabet not in ALPHABETS:
        raise TemplateError(f"filter phoneme: no alphabet {alphabet!r}; use one of {', '.join(ALPHABETS)}")
    if not isinstance(pronunciation, str) or not pronunciation.strip():
        raise TemplateError('filter phoneme needs a pronunciation; write phoneme("ˈmyːlɐ", alphabet="ipa")')
    if isinstance(value, FieldValue) and not value:
        return value
    return replace(typed(value), kind=Kind.NAME, options=(), phonemes=((alphabet, pronunciation),))


def _role(value: object, role: str) -> object:
    if not isinstance(role, str) or not role.strip():
        raise TemplateError('filter role needs the role of a lexicon entry; write for example role("past")')
    if isinstance(value, FieldValue) and not value:
        return value
    return replace(typed(value), kind=Kind.NAME, options=(("role", role.strip()),))


def _lang(value: object, language: str) -> object:
    if not isinstance(language, str):
        raise TemplateError(f'filter lang: no language {language!r}; write for example lang("es")')
    try:
        checked_tag(language)
    except ValueError as exc:
        raise TemplateError(f"filter lang: {exc}") from exc
    if isinstance(value, FieldValue) and not value:
        return value
    return replace(_settled(value), language=normal(language))


def _emphasis(value: object, level: str = "strong") -> object:
    if level not in EMPHASES:
        raise TemplateError(f"filter emphasis: no level {level!r}; use one of {', '.join(EMPHASES)}")
    if isinstance(value, FieldValue) and not value:
        return value
    return replace(_settled(value), emphasis=level)


_SAY_AS: Final[Mapping[str, Callable[..., object]]] = {
    "money": _money,
    "currency": _money,
    "date": _date,
    "time": _time,
    "telephone": _telephone,
    "spell-out": _spell,
    "characters": _spell,
    "spell": _spell,
    "digits": _digits,
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "unit": _unit,
    "fraction": _fraction,
    "name": _name,
    "text": _text,
    "verbatim": _spell,
    "acronym": _spell,
    "number_digit": _digits,
    "address": _address,
}
"""`interpret-as` words of SSML and ours; `format` is the first argument."""
_NO_SOUND: Final = frozenset({"expletive", "bleep", "interjection"})
_TIME_FORMATS: Final = frozenset(
    ("hms12", "hms24", "hms", "hm", "hm12", "hm24", "h", "h12", "h24", "12", "24", "hh:mm", "hh:mm:ss")
)
"""How it is written, which a time shows by itself."""
_NUMBER_FORMATS: Final = frozenset({"cardinal", "ordinal", "digits", "telephone", "fraction"})


def _say_as(value: object, interpret_as: str, format: str = "") -> object:
    kind, _, tail = interpret_as.lower().partition(":")
    form = (format or tail).strip()
    if kind == "number" and form.lower() in _NUMBER_FORMATS:
        kind, form = form.lower(), ""
    if kind in _NO_SOUND:
        raise TemplateError(
            f"say_as {interpret_as!r}: no sound is put over words; leave it out, words and all"
        )
    if kind == "duration":
        raise TemplateError(
            f"say_as {interpret_as!r}: write the units, for example 1 min 21 s, without the tag"
        )
    filter_of_type = _SAY_AS.get(kind)
    if filter_of_type is None:
        raise TemplateError(
            f"say_as: there is no type {interpret_as!r}; use one of {', '.join(sorted(_SAY_AS))}"
        )
    if kind == "date":
        return _say_date(value, form)
    if kind == "time" and form.lower() in _TIME_FORMATS:
        return filter_of_type(value)
    if kind == "telephone" and form.lstrip("+").isdecimal():
        from campaign.speech.verbalise.numbering import region_of_calling_code

        if not (region := region_of_calling_code(form.lstrip("+"))):
            raise TemplateError(
                f"say_as 'telephone': {form!r} is no calling code that is known here; write the country, such as DE"
            )
        form = region
    if not form:
        return filter_of_type(value)
    if filter_of_type not in (_money, _telephone, _unit):
        known = (
            f"; leave it out, or use one of {', '.join(sorted(_TIME_FORMATS))}"
            if kind == "time"
            else "; leave it out"
        )
        raise TemplateError(f"say_as {interpret_as!r} takes no format {form!r}{known}")
    return filter_of_type(value, form)


def _say_date(value: object, form: str) -> object:
    """A date in a format of SSML: `dmy`, `yyyymmdd`, `MM/DD/YYYY`, `dm`, `y`."""
    order = date_order(form)
    if order == "y":
        return _as(Kind.YEAR, value)
    return _ordinal(value) if order == "d" else _date(value, order)


def check_filter(name: str, *arguments: object) -> None:
    """Raises `TemplateError` where a filter does not take these constants."""
    FILTERS[name]("0", *arguments)


def _default(value: object, fallback: str) -> object:
    if not isinstance(fallback, str):
        raise TemplateError(f'filter default: say text, not {fallback!r}; write it in quotes: "{fallback}"')
    if isinstance(value, Undefined):
        return fallback
    if isinstance(value, FieldValue) and not value:
        return FieldValue.of(fallback, value.column, value.spec, fallback_used=True)
    return value


def pause(duration_ms: object) -> int:
    """The checked length of `{{ pause(300) }}`."""
    if (
        isinstance(duration_ms, bool)
        or not isinstance(duration_ms, int)
        or not 0 <= duration_ms <= MAX_PAUSE_MS
    ):
        raise TemplateError(
            f"pause: {duration_ms!r} is not 0 to {MAX_PAUSE_MS} milliseconds; write pause(300)"
        )
    return duration_ms


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "money": _money,
    "date": _date,
    "time": _time,
    "telephone": _telephone,
    "spell": _spell,
    "digits": _digits,
    "cardinal": _cardinal,
    "ordinal": _ordinal,
    "unit": _unit,
    "fraction": _fraction,
    "duration": _duration,
    "percent": _percent,
    "year": _year,
    "address": _address,
    "email": _email,
    "url": _url,
    "name": _name,
    "text": _text,
    "say_as": _say_as,
    "alias": _alias,
    "phoneme": _phoneme,
    "role": _role,
    "lang": _lang,
    "emphasis": _emphasis,
    "default": _default,
}
"""Every filter by the name that templates use."""
