"""JSON schemas and the reference page of the tables that people write, made from the models: `python -m tools.tables`.

schemas/<name>.schema.json   an editor completes and checks a file with them
docs/brief.md                every key of `campaign.toml` with type, default and example
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import EnumType
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from campaign.brief import BriefTable, TemplateTable
from campaign.brief.listen import ListenTable
from campaign.gate.rule import Rule
from campaign.registry.consent import ConsentTable
from campaign.speech.columns import ColumnTable
from campaign.speech.disclosure import DisclosureTable
from workers.engines.espeak.settings import EspeakSettings
from workers.engines.f5.settings import F5Settings
from workers.engines.kokoro.settings import KokoroSettings
from workers.engines.pocket.settings import PocketSettings
from workers.finish import FinishProfile
from workers.mends import expectation

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS: Mapping[str, tuple[type[BaseModel], str]] = {
    "brief": (BriefTable, "campaign.toml: what is asked for."),
    "consent": (ConsentTable, "A speaker's consent."),
    "rule": (Rule, "When a candidate takes the baseline's place."),
    "espeak-preset": (EspeakSettings, "The table of a preset for espeak."),
    "kokoro-preset": (KokoroSettings, "The table of a preset for Kokoro."),
    "f5-preset": (F5Settings, "The table of a preset for F5."),
    "pocket-preset": (PocketSettings, "The table of a preset for Pocket TTS."),
}
"""By the name in `schemas/`."""

INTRODUCTION = """# The brief

Made from the models by `make docs`; do not edit.

`campaign.toml` beside the recipients file says what is asked for. `campaign init recipients.csv` writes one from a
file's header. Every key may be left out but for a template; an unknown key, or one below the wrong `[table]`, is an
error that names it. Over the API a brief has the same keys, as JSON; what names a file is sent by itself.

```toml
#:schema schemas/brief.schema.json
name = "Autumn reminders"
languages = ["en", "de"]
preset = "demo-voice@2"

[templates]
default = "en"
en = { text = "Hello {{ name }}. Your bill of {{ amount }} is due on {{ due }}." }
de = "reminder.de.txt"

[columns]
name = "name"
amount = "money EUR"
due = "date iso"

[finish]
codec = "mp3"
```

The first line makes an editor that knows TOML schemas complete and check the file; `campaign schema brief` prints the
schema, and `schemas/` has those of the other tables that people write.

What the briefs of an installation have in common stands in its `settings.toml`: a brief stands over it, key by key, in
`finish`, `disclosure` and `listen` too. `campaign init` writes it as comments, `campaign submit` tells what came from
there, `campaign doctor` shows it, and a campaign keeps the outcome. What a message says, to whom and of which columns
stands in each brief.

```toml
[defaults]
preset = "ours@2"
languages = ["en-GB"]
purpose = "commercial"
[defaults.finish]
codec = "mp3"
```

Keys that stand above the first `[table]`:
"""

SECTIONS: tuple[tuple[str, str, type[BaseModel], frozenset[str]], ...] = (
    (
        "",
        "",
        BriefTable,
        frozenset({"templates", "columns", "finish", "disclosure", "listen"}),
    ),
    (
        "`[templates]`",
        "One entry a locale: the name of a file beside the brief, `shipped:NAME` for one that comes with the program, "
        "the name of another entry, or a table with the text. "
        "`default` serves every locale that has none.",
        TemplateTable,
        frozenset(),
    ),
    (
        "`[columns]`",
        "One entry a column of the recipients file: a type in a word or two, or a table. docs/templates.md has "
        "the types.",
        ColumnTable,
        frozenset(),
    ),
    ("`[finish]`", "What is done to sound after synthesis.", FinishProfile, frozenset()),
    (
        "`[disclosure]`",
        "What each message must say of itself; docs/templates.md has what each territory asks for.",
        DisclosureTable,
        frozenset(),
    ),
    ("`[listen]`", "Who hears the files before they go out: docs/listening.md.", ListenTable, frozenset()),
)


def schema(name: str) -> str:
    """A schema as its file holds it."""
    model, title = SCHEMAS[name]
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(document | {"title": title}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def brief_page() -> str:
    """`docs/brief.md`."""
    parts = [INTRODUCTION]
    for title, says, model, left_out in SECTIONS:
        parts.append(f"## {title}\n\n{says}\n" if title else "")
        parts.extend(_rows(model, left_out))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def example_of(field: FieldInfo) -> str:
    """A value as TOML writes it."""
    if field.examples:
        return str(field.examples[0])
    default = field.get_default(call_default_factory=True)
    if isinstance(default, bool):
        return _toml(not default)
    others = [choice for choice in _choices(field.annotation) if choice != default]
    return _toml(others[0] if others else default)


def _choices(annotation: object) -> list[object]:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return list(annotation) if isinstance(annotation, EnumType) else []


def _rows(model: type[BaseModel], left_out: frozenset[str]) -> Iterator[str]:
    yield "| key | is | default | example | |\n| --- | --- | --- | --- | --- |"
    for name, field in model.model_fields.items():
        if name not in left_out:
            kind = expectation(field.annotation, field).removeprefix("one of ")
            meaning = (field.description or "").replace("\n", " ")
            cells = (f"`{field.alias or name}`", kind, _default(field), f"`{example_of(field)}`", meaning)
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    return "" if default in (None, "", (), {}) else f"`{_toml(default)}`"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return str(value) if isinstance(value, int | float) else json.dumps(str(value))


def main() -> None:
    """Write all of it."""
    for name in SCHEMAS:
        (ROOT / "schemas" / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
    (ROOT / "docs" / "brief.md").write_text(brief_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
