"""Prompt sets: what every candidate and every baseline says. A set is a brief and its recipients, nothing new to learn.

`templates/prompts/<name>-<version>/` ship; a folder of yours with `campaign.toml` and `prompts.csv` is a set too. A set
never changes: its digest is in the gate, and other words are another set.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.brief import Brief, Overrides, load_brief
from campaign.errors import InputError, NotFoundError
from storage.canonical import digest
from storage.resources import data_folder
from workers.languages import checked_tag, primary

BRIEF, ROWS = "campaign.toml", "prompts.csv"
_FOLDER = re.compile(r"(?P<name>[a-z0-9][a-z0-9_.-]*)-(?P<version>[0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """What is said, in every language of the set."""

    label: str
    """`name@version`."""
    digest: str
    """Of templates, types and rows."""
    brief: Brief
    rows: tuple[Mapping[str, str], ...]
    """As the recipients file has them, `id` and `locale` among them."""

    def in_languages(self, languages: tuple[str, ...]) -> PromptSet:
        """Only these languages; raises `InputError` for one that the set does not have."""
        languages = tuple(primary(language) for language in languages)
        if unknown := [language for language in languages if language not in self.brief.languages]:
            raise InputError(
                f"prompt set {self.label} has no {unknown[0]}; it has {', '.join(self.brief.languages)}. "
                "Leave it out of --lang, or bring a set of your own."
            )
        if not languages:
            return self
        rows = tuple(row for row in self.rows if row["locale"].partition("-")[0] in languages)
        return replace(self, rows=rows)


def shipped_sets() -> list[str]:
    """Labels of the sets that ship."""
    return sorted(
        f"{match['name']}@{match['version']}"
        for path in data_folder("templates").joinpath("prompts").iterdir()
        if (match := _FOLDER.fullmatch(path.name))
    )


def load_prompts(name: str) -> PromptSet:
    """A set by label, by name for its newest version, or by folder. Raises `NotFoundError`, `InputError`."""
    folder = _folder(name)
    match = _FOLDER.fullmatch(folder.name)
    label = f"{match['name']}@{match['version']}" if match else folder.name
    brief = load_brief(folder / BRIEF, Overrides()).brief
    try:
        with (folder / ROWS).open(encoding="utf-8-sig", newline="") as stream:
            rows = tuple(dict(row) for row in csv.DictReader(stream, strict=True))
    except (OSError, csv.Error, UnicodeDecodeError) as exc:
        raise InputError(f"{folder / ROWS} cannot be read: {exc}. A prompt set has its rows there.") from exc
    if not rows or not all(row.get(brief.id_column) and row.get(brief.locale_column) for row in rows):
        raise InputError(
            f"{folder / ROWS}: every row needs {brief.id_column} and {brief.locale_column}. Fill them in."
        )
    for number, row in enumerate(rows, start=1):
        try:
            checked_tag(str(row[brief.locale_column]))
        except ValueError as exc:
            raise InputError(f"{folder / ROWS}, row {number}: {exc}.") from exc
    content = {
        "templates": {locale: template.text for locale, template in brief.templates.items()},
        "columns": dict(brief.columns),
        "languages": list(brief.languages),
        "rows": rows,
    }
    return PromptSet(label=label, digest=digest(content), brief=brief, rows=rows)


def _folder(name: str) -> Path:
    shipped = data_folder("templates") / "prompts"
    base, at, version = name.partition("@")
    if at:
        candidates = [shipped / f"{base}-{version}"]
    else:
        versions = [path for path in shipped.iterdir() if path.name.rpartition("-")[0] == name]
        newest = sorted(versions, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
        candidates = [*newest[:1], Path(name)]
    for folder in candidates:
        if (folder / BRIEF).is_file():
            return folder
    raise NotFoundError(
        f"there is no prompt set {name!r}; there are {', '.join(shipped_sets())}. Name one, or a folder with "
        f"{BRIEF} and {ROWS}."
    )
