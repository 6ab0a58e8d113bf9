"""A campaign's lexicons as one: the entry that applies at each place of a text, resolved for the engine.

Longest match first; among entries for the same stretch the narrower scope wins, then the higher priority, the more
exact locale, the one that was asked for by role. What the engine cannot say is never skipped: the hit carries a
problem, and the row that it stands in fails with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from campaign.errors import LexiconError
from campaign.speech.abilities import Abilities
from campaign.speech.languages import registry
from campaign.speech.lexicon.entries import SCOPE_RANK, Case, Entry, Rules
from campaign.speech.lexicon.trie import Node, Token, insert, same_signs, tokens, walk
from campaign.speech.ports import LexiconHit
from workers.languages import primary

REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRules:
    """A lexicon under the name that a trace shows: `clinic@2`."""

    label: str
    rules: Rules


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """An entry in a trie."""

    entry: Entry
    written: str
    locale: str
    label: str
    rank: tuple[int, int, int, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of what a hit says."""

    text: str | None
    phonemes: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Match:
    rule: _Rule
    start: int
    end: int
    possessive: str = ""
    """The `'s` that ends it."""


class CampaignLexicon:
    """The port `campaign.speech.ports.Lexicon`. Pickled as its rules and built again in each process."""

    def __init__(self, lexicons: Sequence[LabelledRules], abilities: Abilities) -> None:
        """Raises `LexiconError` when two lexicons of one scope and priority contradict each other."""
        self._lexicons = tuple(lexicons)
        self._abilities = abilities
        self._root: Node = {}
        self._parts: dict[tuple[int, str, str], tuple[_Part, ...]] = {}
        clashes = [clash for lexicon in self._lexicons for clash in self._add(lexicon)]
        if clashes:
            raise LexiconError(*clashes[:10])

    def __reduce__(self) -> tuple[object, ...]:
        return CampaignLexicon, (self._lexicons, self._abilities)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CampaignLexicon):
            return NotImplemented
        return (self._lexicons, self._abilities) == (other._lexicons, other._abilities)

    def __hash__(self) -> int:
        return hash(tuple(lexicon.label for lexicon in self._lexicons))

    def _add(self, lexicon: LabelledRules) -> Iterator[str]:
        rules = lexicon.rules
        exactness = 2 if "-" in rules.language else 1 if rules.language else 0
        scope = SCOPE_RANK[rules.scope]
        for entry in rules.entries:
            rank = (scope, rules.priority, exactness, bool(entry.role))
            rule = _Rule(entry, same_signs(entry.written), rules.language, lexicon.label, rank)
            rivals: list[_Rule] = insert(self._root, entry.written)
            for other in rivals:
                if _contradict(rule, other):
                    yield (
                        f"{entry.written!r}: line {entry.line} of {lexicon.label} and line {other.entry.line} of "
                        f"{other.label} differ and have the same weight; remove one, or give one lexicon a "
                        "higher priority"
                    )
            rivals.append(rule)

    def matches(self, text: str, language: str, role: str = "") -> Sequence[LexiconHit]:
        """Hits in `text`, in order; a hit of no width follows one whose alias holds other entries.

        `language` may have a region; `role` picks homographs.
        """
        hits: list[LexiconHit] = []
        for match in self._matches(text, language, role):
            entry = f"{match.rule.label}#{match.rule.entry.line}"
            parts = self._parts_of(match, language)
            for number, part in enumerate(parts):
                hits.append(
                    LexiconHit(
                        start=match.start if number == 0 else match.end,
                        end=match.end,
                        alias=part.text,
                        phonemes=part.phonemes,
                        language=part.language,
                        entry=entry,
                        problem=part.problem,
                    )
                )
        return hits

    def _matches(self, text: str, language: str | None, role: str = "") -> Iterator[_Match]:
        """`language` None is any."""
        root = self._root
        text_tokens = tokens(text)
        index = 0
        while index < len(text_tokens):
            if text_tokens[index][0] in root and (
                best := self._best(text, text_tokens, index, language, role)
            ):
                rule, after = best
                start, end = text_tokens[index][1], text_tokens[after - 1][2]
                possessive = _possessive(text, text_tokens, after) if _has_possessive(language) else ""
                yield _Match(rule, start, end + len(possessive), possessive)
                index = after + (2 if possessive else 0)
            else:
                index += 1

    def _best(
        self, text: str, text_tokens: Sequence[Token], index: int, language: str | None, role: str
    ) -> tuple[_Rule, int] | None:
        for after, rules in walk(self._root, text_tokens, index):
            raw = same_signs(text[text_tokens[index][1] : text_tokens[after - 1][2]])
            fit = [
                rule
                for rule in rules
                if rule.entry.role in ("", role)
                and _in_locale(rule, language)
                and _spelling_matches(rule, raw)
            ]
            if fit:
                return max(fit, key=lambda rule: (rule.rank, rule.written == raw)), after
        return None

    def _parts_of(self, match: _Match, language: str) -> tuple[_Part, ...]:
        key = (id(match.rule), language, match.possessive)
        parts = self._parts.get(key)
        if parts is None:
            parts = self._expanded(match.rule, language, (match.rule,))
            if match.possessive:
                parts = (*parts[:-1], _with_possessive(parts[-1], match.possessive))
            if len(self._parts) >= REMEMBERED:
                self._parts.clear()
            self._parts[key] = parts
        return parts

    def _expanded(self, rule: _Rule, language: str, above: tuple[_Rule, ...]) -> tuple[_Part, ...]:
        """What a rule says; entries inside its alias are looked up in turn, itself apart."""
        entry = rule.entry
        phonemes, problem = self._sayable(entry, entry.language or language)
        if problem or phonemes or entry.alias is None:
            text = entry.alias
            return (_Part(text=text, phonemes=phonemes, language=entry.language, problem=problem),)
        parts: list[_Part] = []
        position = 0
        for match in self._matches(entry.alias, language):
            if match.rule in above:
                continue
            parts.append(_Part(text=entry.alias[position : match.start], language=entry.language))
            inner = self._expanded(match.rule, language, (*above, match.rule))
            if match.possessive:
                inner = (*inner[:-1], _with_possessive(inner[-1], match.possessive))
            written = entry.alias[match.start : match.end]
            parts.extend(replace(part, text=written) if part.text is None else part for part in inner)
            position = match.end
        parts.append(_Part(text=entry.alias[position:], language=entry.language))
        return _merge(parts)

    def _sayable(self, entry: Entry, language: str) -> tuple[tuple[tuple[str, str], ...], str]:
        """(the pronunciations that the engine takes, or what is wrong when nothing of the entry can be said)."""
        abilities = self._abilities
        primary = language.partition("-")[0]
        if entry.language is not None and not abilities.speaks(primary):
            return (), f"{abilities.engine} does not speak {primary!r}"
        pronunciations, problem = abilities.sayable(entry.phonemes, primary)
        return pronunciations, "" if entry.alias is not None else problem

    def loops(self) -> list[str]:
        """Aliases that lead back to themselves through other entries: `a -> b -> a`, each once."""
        leads: dict[_Rule, list[_Rule]] = {}
        for rule in _rules(self._root):
            if rule.entry.alias is not None:
                inside = self._matches(rule.entry.alias, rule.locale or None)
                leads[rule] = [match.rule for match in inside if match.rule is not rule]
        return _cycles(leads)


def _contradict(rule: _Rule, other: _Rule) -> bool:
    """Whether nothing but chance would choose between them. Within a lexicon `check_rules` has looked."""
    return (
        rule.rank == other.rank
        and rule.locale == other.locale
        and rule.entry.role == other.entry.role
        and rule.entry.case is other.entry.case
        and (rule.written == other.written or rule.entry.case is Case.ANY)
        and rule.entry.says != other.entry.says
    )


def _in_locale(rule: _Rule, language: str | None) -> bool:
    if not rule.locale or language is None or rule.locale == language:
        return True
    return rule.locale == language.partition("-")[0]


def _spelling_matches(rule: _Rule, raw: str) -> bool:
    written = rule.written
    case = rule.entry.case
    if raw == written or case is Case.ANY:
        return True
    if case is Case.EXACT:
        return False
    lower = written.lower()
    if written == lower:
        return True
    if written == written.upper():
        return False
    return raw in (written.upper(), written[0].upper() + written[1:])


def _has_possessive(language: str | None) -> bool:
    room = registry.language(primary(language)) if language else None
    return room is not None and room.possessive


def _possessive(text: str, text_tokens: Sequence[Token], after: int) -> str:
    if after + 1 < len(text_tokens) and text_tokens[after][0] == "'" and text_tokens[after + 1][0] == "s":
        return text[text_tokens[after][1] : text_tokens[after + 1][2]]
    return ""


_SIBILANTS: Final = {"ipa": "szʃʒ", "x-espeak": "szSZ"}
_VOICELESS: Final = {"ipa": "ptkfθ", "x-espeak": "ptkfT"}
_ENDINGS: Final = {"ipa": ("ɪz", "s", "z"), "x-espeak": ("Iz", "s", "z")}


def _with_possessive(part: _Part, possessive: str) -> _Part:
    """A part with the English possessive after it, in sound as in writing."""
    spoken = None if part.text is None else part.text + possessive
    phonemes = tuple(
        (alphabet, sounds + _ending(alphabet, sounds)) if alphabet in _ENDINGS else (alphabet, sounds)
        for alphabet, sounds in part.phonemes
    )
    return replace(part, text=spoken, phonemes=phonemes)


def _ending(alphabet: str, sounds: str) -> str:
    after_sibilant, after_voiceless, otherwise = _ENDINGS[alphabet]
    last = sounds.rstrip("/] ")[-1:]
    if last and last in _SIBILANTS[alphabet]:
        return after_sibilant
    return after_voiceless if last and last in _VOICELESS[alphabet] else otherwise


def _merge(parts: Sequence[_Part]) -> tuple[_Part, ...]:
    """Neighbours that are plain words in one language as one."""
    merged: list[_Part] = []
    for part in parts:
        last = merged[-1] if merged else None
        plain = not part.phonemes and not part.problem
        if (
            last is not None
            and plain
            and not last.phonemes
            and not last.problem
            and last.language == part.language
        ):
            merged[-1] = replace(last, text=(last.text or "") + (part.text or ""))
        elif part.text or part.phonemes or part.problem:
            merged.append(part)
    return tuple(merged)


def _rules(node: Node) -> Iterator[_Rule]:
    for key, below in node.items():
        if key:
            yield from _rules(below)
        else:
            yield from below


@dataclass(slots=True)
class _Walk:
    """A depth-first walk for cycles."""

    leads: Mapping[_Rule, Sequence[_Rule]]
    state: dict[_Rule, int] = field(default_factory=dict)
    """1 on the path, 2 done."""
    cycles: list[str] = field(default_factory=list)


def _cycles(leads: Mapping[_Rule, Sequence[_Rule]]) -> list[str]:
    walk_ = _Walk(leads)
    for start in leads:
        if start in walk_.state:
            continue
        path = [start]
        ahead = [iter(leads[start])]
        walk_.state[start] = 1
        while path:
            child = next(ahead[-1], None)
            if child is None:
                walk_.state[path.pop()] = 2
                ahead.pop()
            elif walk_.state.get(child) == 1:
                names = [rule.entry.written for rule in [*path[path.index(child) :], child]]
                places = ", ".join(
                    f"{rule.label} line {rule.entry.line}" for rule in path[path.index(child) :]
                )
                walk_.cycles.append(f"{' -> '.join(names)} ({places})")
            elif child not in walk_.state:
                walk_.state[child] = 1
                path.append(child)
                ahead.append(iter(leads.get(child, ())))
    return walk_.cycles
