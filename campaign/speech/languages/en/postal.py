"""English addresses: house numbers in pairs, names of streets without their dot."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.numbers import in_pairs
from campaign.speech.languages.record import Postal

_STREETS: Final = {
    "St": "Street", "Dr": "Drive", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Ln": "Lane", "Ct": "Court",
    "Pl": "Place", "Hwy": "Highway", "Pkwy": "Parkway", "Sq": "Square", "Ter": "Terrace", "Cir": "Circle",
}  # fmt: skip
POSTAL: Final = Postal(
    house=in_pairs,
    longest_house=4,
    ranked=True,
    ranges=False,
    streets=_STREETS,
    street=re.compile(
        rf"(?<=[\w.] )(?:{'|'.join(_STREETS)})(?=$|[,;\n]|\s(?:[NSEW]{{1,2}}|Apt|Suite|Ste|Unit|Floor|Room|#)(?!\w))"
    ),
)
