"""From `campaign.toml`, or a table that came over the API, to a brief, with every file that it names read in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue

from campaign.brief.defaults import over_defaults
from campaign.brief.kept import Brief, BriefKeys, UnmatchedLists
from campaign.brief.table import BriefTable, TemplateEntry, TemplateTable
from campaign.brief.template_files import is_file, read_template
from campaign.errors import BriefError, TemplateError
from campaign.speech.columns import parse_column_type
from campaign.speech.lexicon.entries import Scope
from campaign.speech.lexicon.files import ENDINGS, LexiconFile, read_lexicon
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.own_text import check_own_text
from campaign.speech.ssml import ssml_language
from campaign.speech.templates import Template, TemplateSource
from storage.names import ChannelName, LexiconName, PresetName
from workers.languages import checked_tag, nearest, normal, primary
from workers.strict import read, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line says over the brief; None says nothing."""

    template: Path | None = None
    preset: str | None = None
    model: str | None = None
    suppress: tuple[Path, ...] = ()
    on_error: str | None = None
    duplicates: str | None = None
    purpose: str | None = None
    lane: str | None = None
    unmatched_lists: str | None = None
    id_column: str | None = None
    locale_column: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBrief:
    """A brief and the files beside it that are read while rows are."""

    brief: Brief
    suppress: tuple[Path, ...]
    """Opt-out lists."""
    unmatched_lists: UnmatchedLists = UnmatchedLists.ERROR
    declared: frozenset[str] = frozenset()
    """Keys that somebody wrote; the others are as they are by default."""
    sends: bool = True
    """False where nobody is called: previews, speech over HTTP, gates. Opt-outs say nothing of these."""
    lexicons: Mapping[str, LexiconFile] = field(default_factory=dict)
    """Label to file, of those lexicons that lie beside the brief."""
    defaulted: tuple[str, ...] = ()
    """Keys that the installation's defaults gave."""
    rules: tuple[LabelledRules, ...] = ()
    """Of every lexicon that applies, once `campaign.registry.lexicons.fixed` has found them."""

    def declares(self, key: str) -> bool:
        """Whether somebody wrote a key."""
        return key in self.declared


OVERRIDDEN = (
    "purpose",
    "lane",
    "duplicates",
    "on_error",
    "preset",
    "model",
    "unmatched_lists",
    "id_column",
    "locale_column",
    "timezone",
)
"""Keys that the command line may say anew."""


def load_brief(
    path: Path | None, overrides: Overrides, *, defaults: Mapping[str, JsonValue] | None = None
) -> LoadedBrief:
    """Read `campaign.toml` (None: only overrides and defaults) and the templates it names.

    `defaults` are the installation's, under every brief.

    Raises `BriefError` with the file, the key and the mend.
    """
    if path is None:
        return read_brief({}, overrides, label="the command", folder=Path(), defaults=defaults)
    table = read_toml(path, error=BriefError, option="--brief")
    return read_brief(table, overrides, label=str(path), folder=path.parent, defaults=defaults)


def read_brief(
    table: Mapping[str, JsonValue],
    overrides: Overrides | None = None,
    *,
    label: str,
    folder: Path | None,
    lists: Sequence[Path] = (),
    defaults: Mapping[str, JsonValue] | None = None,
) -> LoadedBrief:
    """A brief from a table as in `campaign.toml`; `label` is where it stands, for messages.

    Names of files are looked up in `folder`. With None, for a table from a stranger, no file is opened: templates are
    inline or `shipped:`, lexicons are registered ones, and suppression lists are `lists`. Raises `BriefError`,
    `TemplateError`, `LexiconError`, and `NameRefusedError` for a voice, model or lexicon that nothing can be called.
    """
    overrides = overrides or Overrides()
    _refuse_half_characters(table, label)
    whole, theirs = over_defaults(table, defaults or {})
    said = {key: over for key in OVERRIDDEN if (over := getattr(overrides, key)) is not None}
    where = f"{label} over the defaults of settings.toml" if theirs else label
    asked = read(BriefTable, {**whole, **said}, where=where, error=BriefError)
    _refuse_no_names(asked)
    if overrides.template is not None:
        templates = {"default": read_template(str(overrides.template), Path(), label)}
    else:
        templates = _templates(asked.templates, folder, label)
    if not templates:
        raise BriefError(
            f"{label} names no template. Add a [templates] table to campaign.toml or use --template."
        )
    if "preset_column" in asked.model_fields_set and not asked.presets:
        raise BriefError(
            f"{label}: preset_column names the column {asked.preset_column!r}, and presets is empty. Write what the "
            'column says and the preset it means: presets = { female = "anna@1", male = "ben@2" }.'
        )
    if asked.presets and asked.preset_column == asked.locale_column:
        _refuse_no_languages(asked.presets, asked.locale_column, label)
    if "languages" in table:
        _refuse_no_template(templates, asked.languages, label)
    columns = {name: parse_column_type(declared) for name, declared in asked.columns.items()}
    faults: dict[str, None] = {}
    for source in templates.values():  # what is wrong with one is said here, not where it is first used
        check_own_text(source)
        faults.update(dict.fromkeys(Template(source).condition_faults(columns)))
    if faults:
        raise TemplateError(*faults)
    lexicons, files = _lexicons(asked.lexicons, folder)
    suppress = [*_lists(asked.suppress, folder, label), *overrides.suppress, *lists]
    brief = Brief(
        **{key: getattr(asked, key) for key in BriefKeys.model_fields},
        templates=templates,
        columns=asked.written.get("columns", {}),
        lexicons=lexicons,
        finish=asked.written.get("finish", {}),
        disclosure=asked.written.get("disclosure", {}),
        listen=asked.written.get("listen", {}),
        suppress=tuple(_file_digest(file) for file in suppress),
    )
    return LoadedBrief(
        brief=brief,
        suppress=tuple(suppress),
        lexicons=files,
        unmatched_lists=asked.unmatched_lists,
        defaulted=tuple(key for key in theirs if key not in said),
        declared=frozenset(asked.model_fields_set),
    )


def _refuse_no_names(asked: BriefTable) -> None:
    for label in (asked.preset, *asked.presets.values()):
        PresetName(label.partition("@")[0])
    if asked.model:
        ChannelName(asked.model)
    for label in asked.lexicons:
        if not label.lower().endswith(ENDINGS):
            LexiconName(label.partition("@")[0])


def _refuse_no_languages(presets: Iterable[str], column: str, label: str) -> None:
    """Presets that are told apart by a row's language are named by languages."""
    first: dict[str, str] = {}
    for language in presets:
        try:
            checked_tag(language)
        except ValueError as exc:
            raise BriefError(
                f"{label}: preset_column is {column!r}, the column of languages, so presets are named by these: {exc}."
            ) from exc
        if (other := first.setdefault(normal(language), language)) != language:
            raise BriefError(
                f"{label}: presets {other} and {language} are the same language. Leave one of them out."
            )


def _refuse_half_characters(table: Mapping[str, JsonValue], label: str) -> None:
    """JSON can spell half of a character, which no file and no database holds."""
    try:
        json.dumps(table, ensure_ascii=False, default=str).encode()
    except RecursionError as exc:
        raise BriefError(f"{label} has tables within tables beyond all measure. Write them flatter.") from exc
    except UnicodeEncodeError as exc:
        raise BriefError(f"{label} holds half of a character at {exc.start}. Write it anew there.") from exc


def _templates(
    table: Mapping[str, TemplateEntry], folder: Path | None, label: str
) -> dict[str, TemplateSource]:
    sources: dict[str, TemplateSource] = {}
    for locale, entry in table.items():
        if isinstance(entry, TemplateTable):
            sources[locale] = _of_table(entry, folder, label, locale)
        elif entry not in table:
            sources[locale] = _in_its_language(read_template(entry, folder, label, locale), locale, label)
    for locale, entry in table.items():
        if isinstance(entry, str) and entry in table:  # default = "en"
            if entry not in sources:
                raise BriefError(
                    f"{label}: templates.{locale} names {entry!r}, which names another. Name a file."
                )
            sources[locale] = replace(sources[entry], language=entry)
    return sources


def _of_table(entry: TemplateTable, folder: Path | None, label: str, locale: str) -> TemplateSource:
    if entry.file is None:
        source = TemplateSource(name=f"{locale}, inline", text=entry.text or "", language=entry.language)
    else:
        source = _in_its_language(read_template(entry.file, folder, label, locale), locale, label)
        source = replace(source, language=entry.language or source.language)
    return replace(source, imperfections=entry.imperfections)


def _in_its_language(source: TemplateSource, locale: str, label: str) -> TemplateSource:
    """SSML may say its language itself: the default's is then known, and another's is what its locale says."""
    if not source.name.endswith(".ssml") or (tag := ssml_language(source.text, source.name)) is None:
        return source
    if locale != "default" and primary(tag) != primary(locale):
        raise BriefError(
            f"{label}: templates.{locale} is {source.name}, which says xml:lang={tag!r}. Write {primary(tag)} = "
            f'"{source.name}", or correct xml:lang.'
        )
    return replace(source, language=tag)


def _refuse_no_template(sources: Mapping[str, TemplateSource], languages: Sequence[str], label: str) -> None:
    """A row that names no locale is in the first of `languages`: a brief that says these has a template for it."""
    served = {normal(one) for one in sources}
    if not nearest(languages[0], served) and "default" not in sources:
        other = next(iter(sources))
        raise BriefError(
            f"{label}: languages begins with {languages[0]}, which rows without a locale are in, and [templates] has "
            f'none for it and no default. Write default = "{other}", or {primary(languages[0])} = "...", or begin '
            f'languages with "{other}".'
        )


def _lists(names: Sequence[str], folder: Path | None, label: str) -> list[Path]:
    if folder is None and names:
        raise BriefError(f"{label}: suppress names files. Upload the list itself.")
    return [(folder or Path()) / name for name in names]


def _lexicons(names: Iterable[str], folder: Path | None) -> tuple[tuple[str, ...], dict[str, LexiconFile]]:
    """The labels in order, and the files among them. A file serves the campaigns that name it, whatever its scope."""
    labels: list[str] = []
    files: dict[str, LexiconFile] = {}
    for name in names:
        if not name.lower().endswith(ENDINGS):
            labels.append(name)
            continue
        if folder is None:
            raise BriefError(f"lexicon {name!r} is a file. Register it first and name it as name@version.")
        place = next((place for place in (folder / name, Path(name)) if is_file(place)), None)
        if place is None:
            raise BriefError(f"there is no lexicon file {name!r} beside the brief or here. Correct its name.")
        read = read_lexicon(place)
        file = replace(read, rules=replace(read.rules, scope=Scope.CAMPAIGN, preset=""))
        files[file.label] = file
        labels.append(file.label)
    return tuple(labels), files


def _file_digest(path: Path) -> str:
    import hashlib

    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise BriefError(f"the opt-out list {path} cannot be read: {reason}. Correct its name.") from exc
