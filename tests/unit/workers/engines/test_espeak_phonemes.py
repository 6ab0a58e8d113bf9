"""The IPA tables against the library itself: what we send for a symbol, the library prints as that symbol."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from workers.engines.espeak.engine import _installed
from workers.engines.espeak.phonemes import ALSO, SAME, from_ipa
from workers.engines.pronunciation import UnknownPhonemeError

ASK = textwrap.dedent(
    """
    import ctypes, json, sys
    library, data, questions = sys.argv[1], sys.argv[2], json.load(sys.stdin)
    lib = ctypes.CDLL(library)
    lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
    lib.espeak_Initialize(2, 0, data.encode(), 0x8000)
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(lambda *_: 0)
    lib.espeak_SetSynthCallback(callback)
    answers = []
    for voice, phonemes in questions:
        assert lib.espeak_SetVoiceByName(voice.encode()) == 0, voice
        lib.espeak_Synth(b"a", 2, 0, 1, 0, 0x101, None, None)  # from here on [[...]] is read
        text = ctypes.create_string_buffer(f"[[{phonemes}]]".encode())
        rest = ctypes.c_char_p(ctypes.addressof(text))
        said = ""
        while rest:
            said += lib.espeak_TextToPhonemes(ctypes.byref(rest), 1, 2).decode()
        answers.append(said)
    print(json.dumps(answers))
    """
)


def library_ipa(questions: list[tuple[str, str]]) -> list[str]:
    """What the library reads in `[[...]]`, as IPA; in a process of its own, as always."""
    library, data = _installed()
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(library), str(data)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[str] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_every_symbol_of_every_table_is_read_back_as_itself() -> None:
    entries = [(voice, symbol, name) for voice, table in SAME.items() for symbol, name in table.items()]
    # alone or between vowels: German hardens final b, d, g, v, z, and English r needs a vowel after it
    alone = library_ipa([(voice, name) for voice, _, name in entries])
    between = library_ipa([(voice, f"a|{name}|a") for voice, _, name in entries])
    wrong = [
        (voice, symbol, said, inside)
        for (voice, symbol, _), said, inside in zip(entries, alone, between, strict=True)
        if said != symbol and inside.replace("ˈ", "") != f"a{symbol}a"
    ]
    assert wrong == []


def test_other_spellings_point_at_sounds_of_the_table() -> None:
    for voice, table in ALSO.items():
        assert set(table.values()) <= set(SAME[voice].values()), voice
        assert not table.keys() & SAME[voice].keys(), voice


@pytest.mark.parametrize(
    ("voice", "ipa", "spoken"),
    [
        ("gmw/en", "/həˈləʊ/", "həlˈəʊ"),
        ("gmw/en", "t͡ʃɜːt͡ʃ", "tʃɜːtʃ"),
        ("gmw/en", "ˈɡʊd ˈmɔː.nɪŋ", "ɡˈʊd mˈɔːnɪŋ"),
        ("gmw/de", "ˈmʏlɐ", "mˈʏlɜ"),
        ("roa/es", "ɡaɾˈθi.a", "ɡaɾθˈia"),
        ("roa/fr", "bɔ̃ʒuʁ", "bɔ̃ʒuʁ"),
    ],
)
def test_words_are_read_as_written(voice: str, ipa: str, spoken: str) -> None:
    assert library_ipa([(voice, from_ipa(ipa, voice))]) == [spoken]


@pytest.mark.parametrize("ipa", ["ǃa", "aʰ", "lː", "ɛ̃", "", "ˈ", ".", "q"])
def test_symbols_without_a_sound_in_the_voice_are_refused(ipa: str) -> None:
    with pytest.raises(UnknownPhonemeError):
        from_ipa(ipa, "gmw/en")


def test_a_voice_without_a_table_is_refused() -> None:
    with pytest.raises(UnknownPhonemeError, match="no IPA table"):
        from_ipa("a", "zls/sr")
