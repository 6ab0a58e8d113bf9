"""The line over which a recipient hears a file: what becomes of its sound on the way to the weakest listener.

    telephone.py   the line itself: band, mu-law, lost packets, noise
    packets.py     which packets are lost, and what is heard in their place
    noise.py       noise with the spectrum of speech, at a stated distance below the speech
    chance.py      bits that are the same on every machine

The same sound gets the same line: all chance comes from its digest. Imports measure and of finish the G.711 tables.
"""

from workers.line.telephone import LINE_REVISION, RATE_HZ, TELEPHONE, TelephoneLine

__all__ = ["LINE_REVISION", "RATE_HZ", "TELEPHONE", "TelephoneLine"]
