"""X-SAMPA to IPA: pronunciations as Polly's and Azure's documents write them, `pI"kA:n`, in the alphabet of ours.

https://en.wikipedia.org/wiki/X-SAMPA; what a voice has no use for (tones by number, clicks) is not taken.
"""

from __future__ import annotations

import re
from typing import Final

_PAIRS: Final = """
a a  b b  b_< ɓ  c c  d d  d` ɖ  d_< ɗ  e e  f f  g ɡ  g_< ɠ  h h  h\\ ɦ  i i  j j  j\\ ʝ  k k  l l  l` ɭ  l\\ ɺ  m m
n n  n` ɳ  o o  p p  p\\ ɸ  q q  r r  r` ɽ  r\\ ɹ  r\\` ɻ  s s  s` ʂ  s\\ ɕ  t t  t` ʈ  u u  v v  v\\ ʋ  w w  x x
x\\ ɧ  y y  z z  z` ʐ  z\\ ʑ  A ɑ  B β  B\\ ʙ  C ç  D ð  E ɛ  F ɱ  G ɣ  G\\ ɢ  G\\_< ʛ  H ɥ  H\\ ʜ  I ɪ  I\\ ᵻ  J ɲ
J\\ ɟ  J\\_< ʄ  K ɬ  K\\ ɮ  L ʎ  L\\ ʟ  M ɯ  M\\ ɰ  N ŋ  N\\ ɴ  O ɔ  P ʋ  Q ɒ  R ʁ  R\\ ʀ  S ʃ  T θ  U ʊ  U\\ ᵿ  V ʌ
W ʍ  X χ  X\\ ħ  Y ʏ  Z ʒ  @ ə  @` ɚ  @\\ ɘ  3 ɜ  3` ɝ  3\\ ɞ  { æ  } ʉ  1 ɨ  2 ø  4 ɾ  5 ɫ  6 ɐ  7 ɤ  8 ɵ  9 œ  & ɶ
? ʔ  ?\\ ʕ  <\\ ʢ  >\\ ʡ  " ˈ  % ˌ  : ː  :\\ ˑ  . .  -\\ ‿  | |  || ‖  ' ʲ  _j ʲ  _h ʰ  _w ʷ  _G ˠ  _?\\ ˤ  _> ʼ
~ ̃  _~ ̃  _0 ̥  _v ̬  _O ̹  _c ̜  _+ ̟  _- ̠  _" ̈  _x ̽  = ̩  _= ̩  _^ ̯  ` ˞  _t ̤  _k ̰  _N ̼  _d ̪  _a ̺  _m ̻
_l ˡ  _n ⁿ  _} ̚  _r ̝  _o ̞  _A ̘  _q ̙
"""
_IPA: Final = dict(pair.split(" ") for line in _PAIRS.strip().split("\n") for pair in line.split("  "))
_SYMBOL: Final = re.compile("|".join(re.escape(symbol) for symbol in sorted(_IPA, key=len, reverse=True)))


def to_ipa(written: str) -> str:
    """The same in IPA; raises ValueError with the first sign that has none."""
    out, position = [], 0
    for match in _SYMBOL.finditer(text := written.replace(" ", "").replace("-", "")):
        if match.start() != position:
            break
        out.append(_IPA[match[0]])
        position = match.end()
    if position != len(text):
        raise ValueError(f"{text[position : position + 3]!r} is no sign of X-SAMPA that is known here")
    return "".join(out)
