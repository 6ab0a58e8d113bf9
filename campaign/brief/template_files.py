"""The template that a brief names: a file beside it, or `shipped:NAME`.

What ships is named as such: a file that is missing is an error, never another company's message.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from campaign.brief.table import LONGEST_NAME, BriefTable
from campaign.errors import BriefError
from campaign.speech.templates import MAX_TEMPLATE_CHARACTERS, TemplateSource
from storage.resources import data_folder
from workers.documents import decoded
from workers.mends import or_above, shown

SHIPPED = "shipped:"
"""Before the name of one that comes with the program."""
TEMPLATE_ENDINGS = (".txt", ".ssml", ".j2", ".jinja")
MOST_NAMED = 10
"""Files that lie beside a brief."""


def read_template(name: str, folder: Path | None, label: str, locale: str = "") -> TemplateSource:
    """The template of that name: a file in `folder` or here, or `shipped:NAME`; raises `BriefError`."""
    key = f"templates.{locale}" if locale else "--template"
    if len(name) > LONGEST_NAME or "{" in name or not name.isprintable():
        raise BriefError(
            f"{label}: {key} is {shown(name)}, no file's name. Write the text itself: "
            f'{locale or "en"} = {{ text = "..." }}.'
        )
    if name.startswith(SHIPPED):
        place = _shipped(name, f"{label}: {key}")
    elif folder is None:
        ours = f"{SHIPPED}{name}" if name in shipped_templates() else f"{SHIPPED}{shipped_templates()[0]}"
        raise BriefError(
            f"{label}: {key} names the file {shown(name)}, and nothing that is sent names one. Write the text itself: "
            f'{{"text": "..."}}, or a template that ships: {ours}.'
        )
    else:
        found = next((place for place in (folder / name, Path(name)) if is_file(place)), None)
        if found is None:
            missing = _missing(name, folder, in_brief=bool(locale))
            raise BriefError(f"{label}: {key}: {missing}{or_above(locale, ('templates',), BriefTable)}.")
        place = found
    try:
        return TemplateSource(name=place.name, text=_text(place))
    except OSError as exc:
        raise BriefError(f"template {place} cannot be read: {exc.strerror}. Name another.") from exc
    except ValueError as exc:
        raise BriefError(f"template {place} cannot be read: {exc}.") from exc


def _shipped(name: str, where: str) -> Path:
    """The file of `shipped:NAME`."""
    plain = name.removeprefix(SHIPPED)
    if plain not in shipped_templates():
        raise BriefError(
            f"{where}: no template {shown(plain)} ships. Use one of "
            f"{', '.join(f'{SHIPPED}{known}' for known in shipped_templates())}."
        )
    return data_folder("templates") / plain


def shipped_templates() -> list[str]:
    """The names of those that come with the program."""
    return sorted(path.name for path in data_folder("templates").iterdir() if path.suffix in TEMPLATE_ENDINGS)


def _missing(name: str, folder: Path, *, in_brief: bool) -> str:
    """That there is no such file, what lies there, and what may be meant."""
    place = (folder / name).parent
    try:
        there = sorted(path.name for path in place.iterdir() if path.suffix.lower() in TEMPLATE_ENDINGS)
    except OSError:
        return f"there is no template {shown(name)}, nor a folder {shown(str(place))}. Correct the name"
    lies = "No template lies there."
    if there:
        named = f"{', '.join(there[:MOST_NAMED])}{' ...' if len(there) > MOST_NAMED else ''}"
        lies = f"There {'is' if len(there) == 1 else 'are'} {named}."
    near = difflib.get_close_matches(Path(name).name, there, n=1, cutoff=0.5)
    meant = f"Did you mean {near[0]}? " if near else ""
    ours = (
        f"One of that name ships: write {SHIPPED}{name} if it is meant. "
        if name in shipped_templates()
        else ""
    )
    itself = ', or write the text itself: { text = "..." }' if in_brief else ""
    return f"there is no template {shown(name)}. {lies} {meant}{ours}Correct the name{itself}"


def _text(place: Path) -> str:
    """A template's text; raises ValueError with the mend. A character has 4 bytes at most."""
    with place.open("rb") as stream:
        data = stream.read(4 * MAX_TEMPLATE_CHARACTERS + 5)
    if len(data) > 4 * MAX_TEMPLATE_CHARACTERS + 4:
        raise ValueError(f"it has more than {MAX_TEMPLATE_CHARACTERS:,} characters; shorten it")
    text = decoded(data, is_xml=place.suffix == ".ssml")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_file(place: Path) -> bool:
    """Whether a file lies there."""
    try:
        return place.is_file()
    except OSError:  # a name that no file can have: 255 bytes are the most
        return False
