"""Genders of Portuguese nouns: what their endings tell, and closed lists of what they do not."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.romance import Nouns
from campaign.speech.wordlist import words

_FEMININE: Final = re.compile(
    r"\w+(?:a|ã|[çs]ão|[lstg]ião|[nx]ão|dade|[aeu]de|gem|triz|ez|ite|ose|ice|fie|érie|écie|ície)"
)
_FEMININE_WORDS: Final = words(
    "agência amplitude análise app apólice arte atitude atriz ave avó base cabine carne catástrofe central"
    " certidão chance chave cicatriz classe colher cor corrente crise cruz digestão dor dose equipa equipe espécie"
    " estação estirpe face fase febre ficha filial flor fome fonte foto foz frase frente fé garagem gente gestão"
    " greve gripe hipótese imagem internet irmã laringe lavagem lei lente libido luz lápide lã manhã margem matriz"
    " maçã mensagem metade mil morte moto mulher mãe mão nave neve noite nuance nuvem ocasião opinião opção ordem"
    " origem parede parte paz pele pensão perdiz performance pirâmide ponte pose posse postal pressão prestação"
    " principal prótese psicanálise página questão raiz razão rebelião receção rede região religião reunião rã ré"
    " saúde sede senha sessão sorte sugestão superfície sé série síntese tarde tensão tese torre tosse tribo turnê"
    " união variante varize vertente vez via viagem virtude vitrine voz web árvore ênfase"
)
_MASCULINE_WORDS: Final = words(
    "acionista aroma artífice atleta autarca avião azeite açoite açúcar balcão bilhão bilião botão caixão calção"
    " camarada caminhão camião cartão chão cidadão cifrão cinema clima colega cometa compatriota convite coração"
    " corrimão cronograma cão dia diafragma diagrama dilema diploma dogma drama défice ecossistema ecrã eczema"
    " edema emblema enigma esquema fantasma feijão fã genoma glaucoma grama grão guarda-roupa hematoma idioma ioga"
    " leite lema limite limão linfoma mapa mecenas meio-dia milhão miligrama mês panorama papa paradigma patriarca"
    " pavilhão peru pijama planeta plasma poema poeta português portão problema profeta programa pulmão pão"
    " quilograma sintoma sistema site sofá sorteio talão tecnocrata telefonema telegrama tema trauma vagão verão"
    " vice índex índice órgão"
)


def _singulars(word: str) -> tuple[str, ...]:
    for plural, singular in (
        ("ões", "ão"),
        ("ães", "ão"),
        ("ãos", "ão"),
        ("ns", "m"),
        ("ais", "al"),
        ("éis", "el"),
    ):
        if word.endswith(plural):
            return (word[: -len(plural)] + singular, word[:-1])
    if word.endswith("es"):
        return (word[:-1], word[:-2])
    return (word[:-1],) if word.endswith("s") else ()


_PERSONS: Final = re.compile(r"(?!(?:pista|lista|vista|entrevista|revista|conquista)$)\w+ista")
"""`dentista`, of either gender."""

NOUNS: Final = Nouns(
    feminine=_FEMININE,
    feminine_words=_FEMININE_WORDS,
    masculine_words=_MASCULINE_WORDS,
    masculine=_PERSONS,
    singulars=_singulars,
    none=words("e ou a de é em por para com do que ao até cada sem"),
    passed_over=re.compile(r"\s(?:mil\s|(?:e|ou|a)\s\d+\s)"),
)
DETERMINERS: Final = {
    **dict.fromkeys(words("a uma da à na pela esta essa aquela minha tua sua nossa próxima"), "f"),
    **dict.fromkeys(words("o um do ao no pelo este esse aquele meu teu seu nosso próximo"), "m"),
}
"""Articles and the like, to the gender that they show."""
