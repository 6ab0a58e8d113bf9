"""Columns of an opt-out list that say who of it opted out: such a list may be one of everybody, subscribers too.

    id,status                     line 2 says subscribed, line 3 unsubscribed: who of them is to be left out?
    17,subscribed
    18,unsubscribed

Whoever stands in an opt-out list gets nothing. Where a column of it says otherwise of some, or of all, that is an error
and not a guess: leaving everybody out and calling those who objected are both wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from campaign.errors import RecipientsError
from campaign.recipients.header import folded
from campaign.speech.fields.flags import flag
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.typed import UnreadableValueError
from campaign.speech.wordlist import words
from workers.printable import printable

SHOWN_CHARACTERS: Final = 40


class Asks(Enum):
    """What a column asks, by its name."""

    STATE = auto()
    """How it is with somebody, in words."""
    IS_IN = auto()
    """Whether somebody may be called: no is an opt-out."""
    IS_OUT = auto()
    """Whether somebody opted out: yes is one."""


class Says(Enum):
    """What a cell says."""

    IN = auto()
    """Somebody may be called."""
    OUT = auto()
    """Somebody opted out."""
    YES = auto()
    """Yes, to a question that the name of the column leaves open."""
    NO = auto()
    """No, to such a question."""


_STATES: Final = words(
    "status statut estado stato memberstatus contactstatus emailstatus smsstatus callstatus marketingstatus"
)
"""What a column of states is called, by itself or at the end of what it is the state of."""
_STEMS: Final[Mapping[Asks, frozenset[str]]] = {
    Asks.IS_OUT: words(
        "unsubscri optout optedout donotcall donotcontact donotemail donotmail donottext donotdisturb suppressed",
        "blacklist blocklist abgemeldet abbestellt widerspr widerrufen désabonn désinscr disiscri descadastr",
    ),
    Asks.IS_IN: words(
        "subscri optin optedin consent newsletter einwillig zustimm angemeldet abonni abonné suscri iscritt inscrit",
        "consenso",
    ),
}
"""What a name of such a column holds, folded as names of columns are: objections first, `unsubscribed` is one."""
_OBJECTIONS: Final = words("dnc dnd baja")
"""Names of columns of these that are too short to be looked for in others."""
_OTHER: Final = re.compile(
    r"(id|nr|number|count|type|plan|level|version|date|time|timestamp|at|ip|reason|source|title|url|by|name|campaign|"
    r"note|notes|comment|comments)$"
)
"""How a name ends that asks something else of the same matter: when, why, by whom."""
_OUT: Final = words(
    "unsubscribed unsubscribe optout optedout donotcall donotcontact dnc suppressed revoked withdrawn declined refused",
    "objected removed inactive cleaned abgemeldet abbestellt widerrufen widersprochen gesperrt inaktiv désabonné",
    "désinscrit inactif baja inactivo disiscritto inattivo descadastrado inativo",
)
_IN: Final = words(
    "subscribed optin optedin active confirmed consented granted agreed angemeldet abonniert aktiv eingewilligt",
    "zugestimmt abonné inscrit actif suscrito alta activo iscritto attivo inscrito ativo",
)
"""Words for either, folded so too."""


_TAKE_OUT: Final = "take that column out of it"
_OPPOSITES: Final = ((Says.OUT, Says.IN), (Says.YES, Says.NO))


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where something is said."""

    line: int
    text: str
    """Empty where it is said by saying nothing."""

    def __str__(self) -> str:
        if not self.text:
            return f"line {self.line} (empty)"
        more = "..." if len(self.text) > SHOWN_CHARACTERS else ""
        return f"line {self.line} ({printable(self.text[:SHOWN_CHARACTERS])!r}{more})"


@dataclass(slots=True)
class _Column:
    """What one column said so far, each with the first line that does."""

    asks: Asks
    first: dict[Says, _Cell] = field(default_factory=dict)

    def look(self, cell: _Cell) -> None:
        """One more cell."""
        said = _said(self.asks, cell.text)
        if said is not None and not (said in self.first and (self.first[said].text or not cell.text)):
            self.first[said] = cell


class OptedColumns:
    """Such columns of one list, while it is read."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._columns: dict[str, _Column] = {}

    def look(self, line: int, cells: Mapping[str, str]) -> None:
        """The cells of one line by their columns' names."""
        for name in cells:
            if name not in self._columns and (asks := asked_by(name)) is not None:
                self._columns[name] = _Column(asks)
        for name, column in self._columns.items():
            column.look(_Cell(line, cells.get(name, "").strip()))

    def _refuse_both(self, name: str, one: _Cell, other: _Cell) -> None:
        earlier, later = sorted((one, other), key=lambda cell: cell.line)
        raise RecipientsError(
            f"the opt-out list {self._label} can be read in two ways: everybody in it opted out, or only those of whom "
            f"{printable(name)!r} says so. It says one thing in {earlier} and the other in {later}. Keep only the "
            f"lines of those who opted out; if all of them did, {_TAKE_OUT}."
        )

    def close(self) -> None:
        """The list is at its end. Raises `RecipientsError` where a column says both, or of nobody that they opted out.

        Where another column says of everybody that they did, that is what the list is of.
        """
        if any(
            column.first.keys() == {Says.OUT} and column.first[Says.OUT].text
            for column in self._columns.values()
        ):
            return
        for name, column in self._columns.items():
            for one, other in _OPPOSITES:
                if one in column.first and other in column.first:
                    self._refuse_both(name, column.first[one], column.first[other])
            if column.first.keys() == {Says.IN} and column.first[Says.IN].text:
                raise RecipientsError(
                    f"the opt-out list {self._label} is one of people who may be called, by its column "
                    f"{printable(name)!r}: nobody opted out there, see {column.first[Says.IN]}. Give the list of those "
                    f"who did; if all of these did, {_TAKE_OUT}."
                )


def asked_by(name: str) -> Asks | None:
    """What a column of this name asks; None for one that asks something else.

    Names of exports are many (`HasOptedOutOfEmail__c`, `SMS_BLACKLISTED`, `Email Marketing Consent`): what counts is
    what they hold.
    """
    plain = folded(name)
    if plain in _STATES:
        return Asks.STATE
    if plain in _OBJECTIONS:
        return Asks.IS_OUT
    asks = next((asks for asks, stems in _STEMS.items() if any(stem in plain for stem in stems)), None)
    if asks is None or _OTHER.search(plain):
        return None
    return Asks.STATE if plain.endswith(tuple(_STATES)) else asks


def _said(asks: Asks, text: str) -> Says | None:
    """What a cell says there; None for what says neither. Nothing is no to a question of yes and no."""
    if asks is Asks.STATE:
        if is_nothing(text):
            return None
        return _in_words(text) or _answered(text)
    answer = Says.NO if is_nothing(text) else _answered(text)
    if answer is None:
        return _in_words(text)
    return Says.IN if (answer is Says.YES) == (asks is Asks.IS_IN) else Says.OUT


def _in_words(text: str) -> Says | None:
    word = folded(text)
    return Says.OUT if word in _OUT else Says.IN if word in _IN else None


def _answered(text: str) -> Says | None:
    try:
        return Says.YES if flag(text) else Says.NO
    except UnreadableValueError:
        return None
