"""Names that are none: what people type to try a form, and what stands where nobody was asked for a name.

Each may be somebody's name all the same, so it is told and counted, and the row is made. A note that stands where the
name should, or beside it (`Deceased - Ann`), is nobody's name: that row is refused.
"""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.wordlist import phrases, words

TEST_VALUE: Final = "test-value"
NO_NAME: Final = "no-name"

_TESTS: Final = words(
    "test testing tester testuser testperson testkunde prueba essai prova teste asdf asdfg asdfgh asd sdf asdfasdf",
    "qwer qwert qwerty qwertz azerty qwe abc abcd abcde foo bar baz foobar dummy sample example beispiel ejemplo",
    "exemple esempio exemplo blabla bla lorem ipsum mustermann musterfrau fulano x xx yy zz aa",
) | phrases(
    "test user|test customer|test name|test person|john doe|jane doe|joe bloggs|foo bar|max mustermann|first last",
    "erika mustermann|maxine musterfrau|marta musterfrau|fulano de tal|mickey mouse|donald duck|lorem ipsum",
    "firstname lastname|vorname nachname|nombre apellido|prénom nom|nome cognome",
)
_NONE: Final = words(
    "unknown noname anonymous anon customer client guest user member patient resident occupant friend recipient",
    "subscriber name firstname lastname surname null nil na none nobody c/o tbd tba tbc n.n family",
    "unbekannt anonym kunde kundin gast mitglied vorname nachname namenlos familie desconocido desconocida cliente",
    "anonimo anónimo anônimo nombre apellido familia inconnu inconnue anonyme nom prénom famille sconosciuto nome",
    "cognome famiglia desconhecido desconhecida família",
    "mr mrs ms miss mx dr prof sir madam herr herrn frau fräulein sr sra srta señor señora señorita m mme mlle",
    "monsieur madame mademoiselle sig sig.ra sig.na signor signora signore senhor senhora doña",
) | phrases(
    "not provided|not given|not known|not specified|no name|no name given|none given|name unknown|first name",
    "last name|full name|your name|valued customer|dear customer|dear sir|dear madam|sir or madam|sir/madam|mr/mrs",
    "mr. & mrs|mr & mrs|mr and mrs|herr/frau|herr oder frau|kein name|ohne name|ohne namen|name unbekannt",
    "sin nombre|sans nom|senza nome|sem nome|the occupier|the resident|the occupant|care of|to be confirmed",
    "sr./sra|m./mme",
)
_TYPED: Final = re.compile(
    r"(?:test|user|name|kunde|customer|asdf|foo)[ _-]?[0-9]+|([^\W\d_])\1{2,}|[0-9 .-]+|test(?:\W+test(?:ing)?)+"
)


_NOTE: Final = re.compile(
    r"\b(?:do not (?:call|contact|mail|ring|use)|don'?t (?:call|contact)|deceased|duplicate (?:of|record|contact)"
    r"|opted out|unsubscribed|nicht anrufen|verstorben|d[ée]c[ée]d[ée]e?|fallecid[oa]|no llamar|ne pas appeler"
    r"|decedut[oa]|falecid[oa])\b"
    r"|[(\[*]\s*(?:dnc|deleted|duplicate|inactive|redacted|gelöscht|test)\s*[)\]*]",
    re.I,
)
_NOTE_ALONE: Final = re.compile(r"duplicate|redacted|deleted|removed|inactive|anonymi[sz]ed|gelöscht", re.I)


def note_in(name: str) -> str:
    """What somebody noted in the place of a name or beside it, as `do not call`; empty where nothing is."""
    match = _NOTE.search(name) or _NOTE_ALONE.fullmatch(name)
    return match[0] if match else ""


def suspect(name: str) -> str:
    """`test-value`, `no-name`, or nothing where a name is like any other."""
    plain = " ".join(name.casefold().split()).rstrip(".,:!")
    if plain in _TESTS or _TYPED.fullmatch(plain):
        return TEST_VALUE
    return NO_NAME if plain in _NONE else ""
