"""Where sentences end."""

from __future__ import annotations

import pytest

from campaign.speech.languages.sentences import sentence_ends


def split(text: str, language: str) -> list[str]:
    ends = sentence_ends(text, language)
    return [text[start:end].strip() for start, end in zip((0, *ends), ends, strict=False)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mr. Smith | paid $3.50."),
        ("en", "Dr. A. B. Jones of St. Mary's called at 5 p.m. today."),
        ("en", "Bring ID, e.g. a passport, i.e. one with a photo."),
        ("en", "It is 3.5 times larger."),
        ("en", "See www.example.com for more."),
        ("en", "Well... maybe not."),
        ("en", 'He asked "Why?" and left.'),
        ("de", "Wir sehen uns am 3. Dezember."),
        ("de", "Der 2. Versuch im 3. Stock gelang z. B. Herrn Dr. Groß."),
        ("de", "Das gilt ca. 3 Tage bzw. 5 Nächte."),
        ("de", "Am 3.12.2026 um 14.30 Uhr."),
        ("es", "El Sr. López y la Sra. Ruiz viven en la Avda. de América."),
        ("es", "Son 1.234,50 euros, p. ej. en enero."),
        ("fr", "M. Dupont et Mme Durand, c.-à-d. les voisins."),
        ("it", "Il Sig. Rossi e la Dott.ssa Bianchi, ecc. sono qui."),
        ("pt", "O Sr. Silva e a Dra. Costa moram na Av. da Liberdade."),
    ],
)
def test_abbreviations_numbers_and_ordinals_do_not_end_a_sentence(language: str, text: str) -> None:
    assert split(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hello Anna.|This is Lumen.|Ready?|Yes!|Good..."),
        ("en", "He came at 5 p.m.|She left."),
        ("en", "It costs 5.|Pay now."),
        ("en", "First paragraph|Second paragraph"),
        ("en", "(It is late.)|Go."),
        ("de", "Wir haben 3.|Und dann?"),
        ("de", "Es ist 14 Uhr.|Der Zug kommt."),
        ("de", "Bringen Sie Ausweis, Karte usw.|Danke."),
        ("es", "¿Necesita ayuda?|¡Llámenos!|Gracias."),
        ("fr", "Besoin d'aide ?|Appelez-nous !|Merci."),
        ("zh", "您好。|请付款！|谢谢。"),
        ("ar", "مرحبا؟|شكرا."),
    ],
)
def test_a_sentence_ends_at_its_mark_or_an_empty_line(language: str, text: str) -> None:
    glue = "" if language == "zh" else "\n\n" if "paragraph" in text else " "
    assert split(text.replace("|", glue), language) == text.split("|")


@pytest.mark.parametrize("text", ["", " ", ".", "...", "\n\n", "a", "a\n\n\n\nb. ", "\ue000.\ue001"])
def test_the_ends_cover_the_text_whatever_it_is(text: str) -> None:
    ends = sentence_ends(text, "en")
    assert ends[-1] == len(text)
    assert list(ends) == sorted(set(ends))
