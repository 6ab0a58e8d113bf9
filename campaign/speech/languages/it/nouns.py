"""Genders of Italian nouns: what their endings tell, and closed lists of what they do not."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.romance import Nouns
from campaign.speech.wordlist import words

_FEMININE: Final = re.compile(r"\w+(?:a|[zsgtnl]ione|trice|tà|tù|gine|udine|ite|osi|asi|isi|esi|sione|i?ie)")
_FEMININE_WORDS: Final = words(
    "analisi ape app arte auto automobile base calce canzone card carie carne cattedrale chat chiave circolare"
    " città classe corrente corte crisi croce diagnosi dose e-mail elementare email estate fame fase febbre"
    " filiale fine fonte forestale foto frase gente gestione gioventù gru hotline igiene iniziale ipotesi legge"
    " lente lobby luce madre mail mano mansione matrice mente merce moglie morte moto nave neve newsletter notte"
    " nube opinione pace parete parte password patente pelle percentuale pertosse polvere privacy prole questione"
    " radio ragione regione religione rete riunione salute scadenza sede serie sete sim sincope sorgente sorte"
    " specie stagione stampante suor superficie superiore tangente terapia tesi tigre torre tosse tribù tv unione"
    " variante virtù vite vocale voce volpe"
)
_MASCULINE_WORDS: Final = words(
    "analista argine aroma atleta autista bancomat bastone campione caposquadra cartone chilogramma chilometro"
    " chilowattora cinema clima cognome comma confine delta dentista diaframma dilemma diploma disordine dramma"
    " duca eczema edema ematoma emblema enigma esame farmacista fisioterapista fiume furgone genoma geriatra"
    " legame limite margine mattone mese milione oculista ordine padiglione paese panorama papa paradigma pediatra"
    " pedone pianeta pigiama plasma poema poeta problema programma psichiatra rione sapone satellite schema"
    " sintomo sistema specialista tema trauma vaglia volume"
)

_FEMININE_PLURALS: Final = words(
    "aree assenze bollette borse bottiglie buste bustine camere capsule carte case cause cene chiamate"
    " compresse copie corse cose domande fatture fermate feste fette fiale finestre firme giornate gite gocce"
    " lettere materie mattine mele multe notifiche offerte ore pagelle pagine pastiglie penne persone piazze"
    " porte pratiche prime prove quote rate rette ricette richieste risposte scatole schede sedie sedute serate"
    " sere settimane spese stanze strade tariffe tasse tazze tessere valigie vie visite volte zone"
)
"""Those that could be a masculine singular."""


def _singulars(word: str) -> tuple[str, ...]:
    return (f"{word[:-1]}a",) if word in _FEMININE_PLURALS else ()


NOUNS: Final = Nouns(
    feminine=_FEMININE,
    feminine_words=_FEMININE_WORDS,
    masculine_words=_MASCULINE_WORDS,
    singulars=_singulars,
    none=words("e o a di è in per con del che al da alla fra tra"),
    passed_over=re.compile(r"\s(?:e|o|a)\s\d+\s"),
)
DETERMINERS: Final = {
    **dict.fromkeys(
        words("la una della alla nella sulla dalla questa quella mia tua sua nostra vostra prossima"), "f"
    ),
    **dict.fromkeys(
        words("il lo un uno del dello al allo nel sul dal questo quel mio tuo suo nostro vostro prossimo"),
        "m",
    ),
}
"""Articles and the like, to the gender that they show."""
