"""NeMo's written-to-spoken grammars without NeMo: shipped as data, decoded in machine code, equal to the byte.

normaliser.py   SentenceNormaliser: one sentence in, its spoken form out
tokens.py       NeMo's notation between tagger and verbaliser
decoder.py      best path through a transducer
transducer.py   a grammar as arrays
shipped.py      the shipped files, and the expanded copy that processes share
triggers.py     which sentences cannot change, and need no decoding
compile.py      (grammars extra) makes the shipped files from the pinned package
oracle.py       (grammars extra) asks stock NeMo and keeps the answers
"""
