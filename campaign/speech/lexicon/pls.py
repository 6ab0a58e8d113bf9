"""Lexicons as W3C PLS 1.0 (https://www.w3.org/TR/pronunciation-lexicon/), in and out.

PLS has no case policy, no language to speak in, no scope: they travel as attributes of a namespace of ours, which
other processors skip. Read with expat itself: a document type (and with it every entity) is refused when it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from campaign.errors import LexiconError
from campaign.speech.lexicon.entries import MAX_ENTRIES, Case, Entry, Rules
from campaign.speech.lexicon.tsv import parse_settings
from campaign.speech.x_sampa import to_ipa
from workers.languages import canonical, primary
from workers.mends import shown

PLS: Final = "http://www.w3.org/2005/01/pronunciation-lexicon"
OURS: Final = "urn:campaign:lexicon"
MAX_DEPTH: Final = 32
"""Elements within each other; PLS has three, its metadata may have more."""
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ALPHABETS: Final = {
    "ipa": "ipa",
    "x-espeak": "x-espeak",
    "pinyin": "pinyin",
    "x-pinyin": "pinyin",
    "x-amazon-pinyin": "pinyin",
    "x-sampa": "ipa",
}
_WRITTEN_AS: Final = {"ipa": "ipa", "pinyin": "x-pinyin", "x-espeak": "x-espeak"}
_KNOWN: Final = frozenset(
    {"lexicon", "meta", "metadata", "lexeme", "grapheme", "phoneme", "alias", "example"}
)


@dataclass(slots=True, kw_only=True)
class _Lexeme:
    """One `<lexeme>` while it is read."""

    line: int
    role: str
    case: str
    language: str | None
    graphemes: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    phonemes: list[tuple[str, str]] = field(default_factory=list)
    preferred: set[str] = field(default_factory=set)
    """Alphabets, and `alias`, whose `prefer="true"` was met."""


class _Reader:
    """Expat's handlers."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parser = expat.ParserCreate("utf-8", " ")  # whatever the text says of itself: it is decoded
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._path: list[str] = []
        self._text: list[str] = []
        self._attributes: dict[str, str] = {}
        self._alphabet = "ipa"
        self._lexeme: _Lexeme | None = None
        self.settings: dict[str, str] = {}
        self.entries: list[Entry] = []

    def read(self, text: str) -> None:
        try:
            self._parser.Parse(text.encode(), True)
        except UnicodeEncodeError as error:
            raise LexiconError(f"{self._source}: half of a character; save it anew.") from error
        except expat.ExpatError as error:
            raise LexiconError(
                f"{self._source}:{error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}; "
                "correct it there."
            ) from error

    def _refuse(self, problem: str) -> LexiconError:
        return LexiconError(f"{self._source}:{self._parser.CurrentLineNumber}: {problem}")

    def _document_type(self, *_: object) -> None:
        raise self._refuse(
            "a document type is not allowed; remove <!DOCTYPE ...> and write characters as such."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if len(self._path) == MAX_DEPTH:
            raise self._refuse(f"more than {MAX_DEPTH} elements within each other; take the inner ones out.")
        parent = self._path[-1] if self._path else ""
        self._path.append(local)
        if "metadata" in self._path[:-1]:
            return
        if space not in (PLS, "") or local not in _KNOWN or (not parent and local != "lexicon"):
            raise self._refuse(f"<{local}> is not PLS 1.0 here; the outermost element is <lexicon> in {PLS}.")
        self._text, self._attributes = [], attributes
        if local == "lexicon":
            self._root(attributes)
        elif local == "lexeme":
            self._lexeme = _Lexeme(
                line=self._parser.CurrentLineNumber,
                role=attributes.get("role", ""),
                case=attributes.get(f"{OURS} case", "auto"),
                language=canonical(tag) if (tag := attributes.get(f"{OURS} language")) else None,
            )

    def _root(self, attributes: dict[str, str]) -> None:
        if attributes.get("version", "1.0") != "1.0":
            raise self._refuse(f"PLS version {shown(attributes['version'])}; only 1.0 is read.")
        language = attributes.get(f"{_XML} lang", "")
        self.settings = {
            "language": "" if primary(language) == "und" else language,
            **{
                key: attributes[f"{OURS} {key}"]
                for key in ("scope", "priority")
                if f"{OURS} {key}" in attributes
            },
        }
        self._alphabet = attributes.get("alphabet", "ipa")

    def _characters(self, data: str) -> None:
        if self._lexeme is not None and "metadata" not in self._path:  # no other text is read
            self._text.append(data)

    def _end(self, name: str) -> None:
        local = self._path.pop()
        lexeme = self._lexeme
        if "metadata" in self._path or lexeme is None:
            return
        text = " ".join("".join(self._text).split())
        if local == "grapheme":
            lexeme.graphemes.append(text)
        elif local == "alias":
            if self._takes_precedence("alias", lexeme):
                lexeme.aliases[:] = [text]
        elif local == "phoneme":
            self._phoneme(text, lexeme)
        elif local == "lexeme":
            self._lexeme = None
            self._finish(lexeme)
        self._text = []

    def _phoneme(self, text: str, lexeme: _Lexeme) -> None:
        name = self._attributes.get("alphabet", self._alphabet)
        alphabet = _ALPHABETS.get(name.lower())
        if alphabet is None:
            alphabets = ", ".join(sorted(_ALPHABETS))
            raise self._refuse(f"no alphabet {shown(name)}; convert it to one of {alphabets}.")
        if name.lower() == "x-sampa":
            try:
                text = to_ipa(text)
            except ValueError as error:
                raise self._refuse(f"{error}; write the pronunciation in IPA.") from error
        if self._takes_precedence(alphabet, lexeme):
            lexeme.phonemes[:] = [pair for pair in lexeme.phonemes if pair[0] != alphabet]
            lexeme.phonemes.append((alphabet, text))

    def _takes_precedence(self, kind: str, lexeme: _Lexeme) -> bool:
        """The first of its kind, or the first that is preferred."""
        existing = (
            lexeme.aliases
            if kind == "alias"
            else [alphabet for alphabet, _ in lexeme.phonemes if alphabet == kind]
        )
        if self._attributes.get("prefer") == "true" and kind not in lexeme.preferred:
            lexeme.preferred.add(kind)
            return True
        return not existing

    def _finish(self, lexeme: _Lexeme) -> None:
        if not lexeme.graphemes:
            raise LexiconError(f"{self._source}:{lexeme.line}: a lexeme without a grapheme; add <grapheme>.")
        if lexeme.case not in list(Case):
            raise LexiconError(
                f"{self._source}:{lexeme.line}: no case {shown(lexeme.case)}; use one of {', '.join(Case)}."
            )
        roles = lexeme.role.split() or [""]
        if len(self.entries) + len(roles) * len(lexeme.graphemes) > MAX_ENTRIES:
            raise LexiconError(
                f"{self._source}:{lexeme.line}: more than {MAX_ENTRIES:,} entries, one for each role of each grapheme; "
                "split it."
            )
        for role in roles:
            for written in lexeme.graphemes:
                self.entries.append(
                    Entry(
                        written=written,
                        alias=lexeme.aliases[0] if lexeme.aliases else None,
                        phonemes=tuple(sorted(lexeme.phonemes)),
                        case=Case(lexeme.case),
                        role=role,
                        language=lexeme.language,
                        line=lexeme.line,
                    )
                )


def read_pls(text: str, source: str) -> Rules:
    """The rules in `text`, not yet checked; raises `LexiconError` with source, line and mend.

    Of several pronunciations in one alphabet the preferred one counts, else the first, as PLS says.
    """
    reader = _Reader(source)
    reader.read(text)
    return Rules(entries=tuple(reader.entries), **parse_settings(reader.settings, source))


def write_pls(rules: Rules) -> str:
    """PLS 1.0; `read_pls` of it gives the same rules."""
    scope = f"{rules.scope} {rules.preset}".strip()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<lexicon version="1.0" xmlns="{PLS}" xmlns:c="{OURS}" alphabet="ipa" '
        f'xml:lang="{rules.language or "und"}" c:scope={quoteattr(scope)} c:priority="{rules.priority}">',
    ]
    for entry in rules.entries:
        attributes = f" role={quoteattr(entry.role)}" if entry.role else ""
        attributes += f' c:case="{entry.case}"' if entry.case is not Case.AUTO else ""
        attributes += f' c:language="{entry.language}"' if entry.language else ""
        lines.append(f"  <lexeme{attributes}>")
        lines.append(f"    <grapheme>{escape(entry.written)}</grapheme>")
        for alphabet, sounds in entry.phonemes:
            attribute = "" if alphabet == "ipa" else f' alphabet="{_WRITTEN_AS[alphabet]}"'
            lines.append(f"    <phoneme{attribute}>{escape(sounds)}</phoneme>")
        if entry.alias is not None:
            lines.append(f"    <alias>{escape(entry.alias)}</alias>")
        lines.append("  </lexeme>")
    lines.append("</lexicon>")
    return "\n".join(lines) + "\n"
