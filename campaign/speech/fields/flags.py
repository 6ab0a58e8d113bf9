"""Yes and no, as people and programs write them: the values of a column of type `flag`."""

from __future__ import annotations

import unicodedata
from typing import Final

from campaign.speech.typed import UnreadableValueError
from campaign.speech.wordlist import words

YES: Final = words(
    "1 1.0 1,0 -1 y yes yep true t x on checked ok enabled active included",
    "j ja wahr an ein aktiv angekreuzt richtig zutreffend s si verdadero cierto activo marcado activado",
    "oui vrai actif coché vero attivo selezionato sim verdadeiro ativo marcado v 是 对 真 有",
    "да так tak ano evet igen kyllä joo tosi ναι igaz da はい 네 예 نعم כן jes jah jā ✓ ✔ ☑ √ ✅",
)
NO: Final = words(
    "0 0.0 0,0 n no nope false f off unchecked disabled inactive excluded",
    "nein falsch aus inaktiv unzutreffend falso inactivo desmarcado desactivado non faux inactif décoché",
    "inattivo não inativo 否 不 错 假 无 没有 нет ні nie ne nej nee hayır hayir nem ei epätosi όχι hamis nu",
    "いいえ 아니요 아니오 لا לא nē ☐ ❌",
)
"""Case and accents do not count. `O` is none: it is French for yes and looks like a zero."""


def flag(text: str) -> bool:
    """Whether a cell says yes; an empty one says no. Raises `UnreadableValueError` for what says neither."""
    word = _plain(text)
    if not word or word in _PLAIN_NO:
        return False
    if word in _PLAIN_YES:
        return True
    raise UnreadableValueError(
        "not-a-flag",
        f"{text[:40]!r} says neither yes nor no",
        'write yes or no, leave it empty for no, or declare the column as "text" and compare it in the template',
    )


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).strip(" .!()[]")


_PLAIN_YES: Final = frozenset(map(_plain, YES))
_PLAIN_NO: Final = frozenset(map(_plain, NO))
