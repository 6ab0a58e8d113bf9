"""Templates: Jinja2 cut down to what a spoken message needs, rendered to text with typed values in place.

Jinja2's sandbox alone still lets a template make a gigabyte or loop for ever, so the syntax tree is
allow-listed as well: text, `{{ field | filter }}`, `{% if %}` with simple comparisons, `{% lang %}` and
`{% emphasis %}`. Whatever is not listed is refused when the template is loaded, before the first row.

Rendered text carries each value as one private-use character (an index into `Rendered.marks`), so a value
is never parsed again as markup; templates and fields that hold such characters are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context as JinjaContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from campaign.errors import RenderError, TemplateError
from campaign.speech.columns import ColumnSpec
from campaign.speech.conventions import NO_CONVENTIONS, Conventions
from campaign.speech.fields.fitting import Fit, fit, retyped, spec_of_row
from campaign.speech.filters import EMPHASES, FILTERS, FieldValue, filled, pause, typed
from campaign.speech.guard import FORBIDDEN, INVISIBLE
from campaign.speech.ssml import ssml_to_jinja
from campaign.speech.template_syntax import (
    TESTS,
    check_size,
    check_tree,
    retyped_fields,
    syntax_mend,
    uses,
    ways_through,
)
from campaign.speech.typed import Kind, Options, TypedValue
from workers.engines.imperfection import Imperfection
from workers.languages import canonical, checked_tag

FIRST_MARK: Final = 0xE000
"""Marks of values count up from here; those of tags, known when the template is loaded, from FIRST_TAG."""
FIRST_TAG: Final = 0xF000
MAX_TEMPLATE_CHARACTERS: Final = 50_000
MAX_VALUES: Final = 1_000
MAX_WAYS: Final = 24
"""Ways through a template that are rehearsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """One locale's template as text."""

    name: str
    """File name, for messages; `.ssml` makes it SSML."""
    text: str
    language: str | None = None
    """Its language; None for that of the locale it is filed under."""
    imperfections: tuple[Imperfection, ...] = ()
    """Flaws on purpose in what is made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence inside or after a sentence."""

    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag that opens or closes: `lang`, `emphasis`, or `break`, the end of a sentence."""

    name: str
    argument: str = ""
    opens: bool = True


Mark = TypedValue | Pause | Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A template filled for one recipient."""

    text: str
    """Text with one private-use character for each value and tag."""
    marks: Mapping[str, Mark]
    """What each private-use character stands for."""
    fallbacks: tuple[str, ...]
    """Columns whose fallback was used."""
    warnings: tuple[str, ...] = ()
    """What was changed in the fields, or looks wrong; the first word says what it is."""


class _Tags(Extension):
    """`{% lang "es" %}...{% endlang %}` and `{% emphasis "strong" %}...{% endemphasis %}`."""

    tags = {"lang", "emphasis"}  # noqa: RUF012 - Jinja2 declares it so

    def parse(self, parser: Parser) -> list[nodes.Node]:
        token = next(parser.stream)
        name = token.value
        argument = "strong"
        if name == "lang" or parser.stream.current.type == "string":
            argument = parser.stream.expect("string").value
        if name == "lang":
            try:
                argument = canonical(checked_tag(argument))
            except ValueError as exc:
                parser.fail(str(exc), token.lineno)
        if name == "emphasis" and argument not in EMPHASES:
            parser.fail(f"{argument!r} is no emphasis; use one of {', '.join(EMPHASES)}", token.lineno)
        body = parser.parse_statements((f"name:end{name}",), drop_needle=True)
        environment = self.environment
        assert isinstance(environment, _Environment)
        opened = environment.tag(Tag(name=name, argument=argument), token.lineno)
        closed = environment.tag(Tag(name=name, argument=argument, opens=False), token.lineno)
        return [opened, *body, closed]


class _Environment(ImmutableSandboxedEnvironment):
    """One environment for one template: its tags are numbered as they are parsed."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=_finalise,
            extensions=[_Tags],
            autoescape=False,
            keep_trailing_newline=False,
            cache_size=0,
        )
        self.filters = dict(FILTERS)
        self.globals = {"pause": _pause}
        self.tests["filled"] = filled
        self.tags_found: dict[str, Tag] = {}
        for test in set(self.tests) - TESTS:
            del self.tests[test]

    def tag(self, tag: Tag, lineno: int) -> nodes.Output:
        """The output node of a tag: its private-use character."""
        mark = chr(FIRST_TAG + len(self.tags_found))
        self.tags_found[mark] = tag
        return nodes.Output([nodes.TemplateData(mark)], lineno=lineno)


class _Slots:
    """Where one rendering collects its values."""

    __slots__ = ("columns", "fallbacks", "marks", "reference_date", "warnings")

    def __init__(self, columns: Mapping[str, ColumnSpec], reference_date: str = "") -> None:
        self.columns = columns
        self.reference_date = reference_date
        self.marks: dict[str, Mark] = {}
        self.fallbacks: list[str] = []
        self.warnings: list[str] = []

    def counted_from(self, value: TypedValue) -> TypedValue:
        """A date whose two digits of a year are counted from a day, with that day."""
        if not self.reference_date or value.kind is not Kind.DATE or not value.option("direction"):
            return value
        options = {**dict(value.options), "reference": self.reference_date}
        return replace(value, options=tuple(sorted(options.items())))

    def retyped(self, value: TypedValue) -> TypedValue:
        """A value to which a filter gave another type than its column's, as that type is written."""
        declared = self.columns.get(value.column or "", _PLAIN).kind
        if value.column is None or value.kind in (declared, Kind.TEXT):
            return value
        written, warning = retyped(value.column, value.written, value.kind, value.options)
        if warning:
            self.warnings.append(warning)
        return replace(value, written=written)


_SLOTS = "\0slots"


@pass_context
def _finalise(context: JinjaContext, value: object) -> str:
    """What `{{ ... }}` leaves in the text: a mark, never the value itself."""
    slots: _Slots = context.parent[_SLOTS]
    if isinstance(value, FieldValue):
        if value.fallback_used:
            slots.fallbacks.append(value.column)
        if not value:
            if value.fallback_used:
                return ""
            raise _missing(value)
        value.settle()
    elif isinstance(value, str | int):
        return str(value)
    mark_value: Mark = value if isinstance(value, Pause) else slots.counted_from(slots.retyped(typed(value)))
    if len(slots.marks) >= MAX_VALUES:
        raise RenderError(
            "too-many-values",
            f"more than {MAX_VALUES} values",
            mend="split the message or shorten the template",
        )
    mark = chr(FIRST_MARK + len(slots.marks))
    slots.marks[mark] = mark_value
    return mark


def _missing(value: FieldValue) -> RenderError:
    if value.nothing:
        return RenderError(
            "missing-value",
            f"the field {value.column!r} is empty: {value.nothing[:40]!r} stands for nothing",
            mend="fill it in, declare the column optional with a fallback, or declare nothing = [] where it is a value",
            column=value.column,
        )
    return RenderError(
        "missing-value",
        f"the field {value.column!r} is empty",
        mend="fill it in, or declare the column optional with a fallback",
        column=value.column,
    )


def _pause(duration_ms: object) -> Pause:
    return Pause(duration_ms=pause(duration_ms))


class Template:
    """One locale's template, compiled and checked."""

    def __init__(self, source: TemplateSource) -> None:
        """Raises `TemplateError` on anything that is not allowed, naming file and line."""
        self.name = source.name
        if len(source.text) > MAX_TEMPLATE_CHARACTERS:
            raise TemplateError(
                f"{source.name}: {len(source.text)} characters; shorten it to {MAX_TEMPLATE_CHARACTERS}"
            )
        text = check_text(source.text, source.name)
        if source.name.endswith(".ssml"):
            text = ssml_to_jinja(text, source.name)
        environment = _Environment()
        try:
            check_size(environment.lex(text), source.name)
            tree = environment.parse(text)
            self.variables = check_tree(tree, source.name)
            self._template = environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise TemplateError(
                f"{source.name}, line {error.lineno}: {error.message}; "
                f"{syntax_mend(text, error.message or '', error.lineno)}"
            ) from error
        except (RecursionError, SyntaxError, ValueError, MemoryError) as error:  # what no limit foresaw
            raise TemplateError(
                f"{source.name}: it cannot be compiled ({type(error).__name__}); write it flatter and shorter"
            ) from error
        self._tags: Mapping[str, Mark] = environment.tags_found
        self._uses = uses(tree)
        self.retyped: Mapping[str, tuple[TypedValue, ...]] = retyped_fields(tree)
        """Fields to which filters give a type, each with a zero of these types."""
        self._text = text
        self._needed: tuple[Mapping[str, ColumnSpec], tuple[str, ...]] | None = None

    def needed(self, columns: Mapping[str, ColumnSpec]) -> tuple[str, ...]:
        """The columns that a row is rendered with: the variables, and what their declarations name."""
        if self._needed is None or self._needed[0] is not columns:
            others = (other for name in self.variables if name in columns for other in columns[name].needs)
            self._needed = columns, tuple(dict.fromkeys((*self.variables, *others)))
        return self._needed[1]

    def check_flags(self, columns: Mapping[str, ColumnSpec]) -> None:
        """Raises `TemplateError` where a flag is said or compared, which only conditions ask."""
        for name, line in self._uses.otherwise.items():
            if name in columns and columns[name].kind is Kind.FLAG:
                raise TemplateError(
                    f"{self.name}, line {line}: {name} is a flag, yes or no, and is neither said nor compared; write "
                    f"{{% if {name} %}}...{{% endif %}}, or declare it as text"
                )

    def condition_faults(self, columns: Mapping[str, ColumnSpec]) -> list[str]:
        """Each condition that takes a column for a flag which is not declared so: a cell with `no` is filled, too."""
        return [
            f"{self.name}, line {line}: if {name} asks whether {name} is filled in, or whether it says yes; write "
            f'{{% if {name} is filled %}} for the first, for the second declare {name} = "flag" under [columns], '
            f'or compare: {{% if {name} == "yes" %}}'
            for name, line in self._uses.asked.items()
            if name not in columns or columns[name].kind is not Kind.FLAG
        ]

    def rehearsals(self, sample: str) -> Iterator[Rendered]:
        """The template with `sample` for every value, each way through its `if`s, the first `MAX_WAYS` of them."""
        environment = _Environment()
        for way in islice(ways_through(environment.parse(self._text).body, sample), MAX_WAYS):
            template = environment.from_string(nodes.Template(way, lineno=1))
            slots = _Slots({})
            text = "".join(template.root_render_func(template.new_context({_SLOTS: slots})))
            yield Rendered(text=text, marks={**environment.tags_found, **slots.marks}, fallbacks=())

    def render(
        self,
        fields: Mapping[str, str],
        columns: Mapping[str, ColumnSpec],
        conventions: Conventions = NO_CONVENTIONS,
    ) -> Rendered:
        """The template filled with one recipient's fields, made fit first; raises `RenderError` and `FieldError`."""
        slots = _Slots(columns, conventions.reference_date)
        values: dict[str, Any] = {_SLOTS: slots}
        fits: dict[str, Fit] = {}
        for name in self.needed(columns):
            if (raw := fields.get(name)) is not None:
                fits[name] = fit(name, raw, columns.get(name))
                slots.warnings.extend(fits[name].warnings)
        for name in self.variables:
            spec = columns.get(name, _PLAIN)
            if name not in fits and not spec.optional:
                continue
            found = fits.get(name, _EMPTY)
            if not found.text and spec.optional and spec.kind is not Kind.FLAG:
                values[name] = FieldValue.of(spec.fallback, name, spec, fallback_used=True)
            else:
                of_row = spec_of_row(name, spec, fits) if found.text and spec.needs else spec
                if name in conventions.numbers:
                    of_row = _with_options(of_row, conventions.options_of(name))
                values[name] = FieldValue.of(
                    found.text, name, of_row, doubt=found.doubt, nothing=found.stood_for_nothing
                )
        try:
            text = "".join(self._template.root_render_func(self._template.new_context(values)))
        except UndefinedError as error:
            raise RenderError(
                "undefined-variable",
                f"{self.name}: {error.message}",
                mend="add the column to the recipients file, or declare it optional",
                column=next((name for name in self.variables if name not in values), None),
            ) from error
        except TypeError as error:
            raise RenderError(
                "wrong-comparison",
                f"{self.name}: {error}",
                mend='compare fields with text: {% if count == "1" %}',
            ) from error
        return Rendered(
            text=text,
            marks={**self._tags, **slots.marks},
            fallbacks=tuple(slots.fallbacks),
            warnings=tuple(slots.warnings),
        )


@lru_cache(maxsize=1024)
def _with_options(spec: ColumnSpec, options: Options) -> ColumnSpec:
    """A column with options that its brief does not declare."""
    return replace(spec, options=tuple(sorted({**dict(options), **dict(spec.options)}.items())))


_PLAIN: Final = ColumnSpec()
_EMPTY: Final = Fit("")
_BLANKS: Final = re.compile(
    "[\t\u1680\u2000-\u200a\u205f\u3000]|(?<![0-9])[\u00a0\u202f]|[\u00a0\u202f](?![0-9])"
)
"""Blanks that a word processor writes; the narrow one of `12 500` is a part of the number."""
_LINE_ENDS: Final = re.compile("[\u000b\u000c\u0085\u2028\u2029]")


def check_text(text: str, name: str) -> str:
    """Template text in NFC, with plain blanks and line ends and nothing unseen.

    Raises `TemplateError` on characters that cannot be spoken or fake a mark.
    """
    for line, content in enumerate(text.splitlines(), start=1):
        if match := FORBIDDEN.search(content):
            raise TemplateError(
                f"{name}, line {line}: the character U+{ord(match[0]):04X} is not allowed; remove it"
            )
    text = INVISIBLE.sub("", _LINE_ENDS.sub("\n", _BLANKS.sub(" ", text)))
    return unicodedata.normalize("NFC", text)
