"""MPEG audio's frame headers (ISO 11172-3, 13818-3): the rate of an MP3 is in each."""

from __future__ import annotations

SEARCHED_BYTES = 1 << 16
"""How far in the first frame may begin: some taggers leave zeros before it."""
HEAD_BYTES = 4
KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Of layer III, by version; 2.5 has those of 2."""
RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By the version's two bits."""


def rate_of_mp3(data: bytes) -> int:
    """In Hz, of the first frame that another follows, or with which the file ends. Raises ValueError without one."""
    place = data.find(b"\xff", 0, SEARCHED_BYTES)
    while place != -1:
        head = _head(data, place)
        if head is not None:
            rate_hz, frame_bytes = head
            after = _head(data, place + frame_bytes)
            if place + frame_bytes >= len(data) or (after is not None and after[0] == rate_hz):
                return rate_hz
        place = data.find(b"\xff", place + 1, SEARCHED_BYTES)
    raise ValueError("there is no MPEG frame")


def _head(data: bytes, place: int) -> tuple[int, int] | None:
    """(rate in Hz, bytes of the frame); None where none of layer III begins."""
    head = data[place : place + HEAD_BYTES]
    if len(head) < HEAD_BYTES or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bit_rate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in RATES_HZ or not 0 < bit_rate < 15 or rate == 3:
        return None
    is_first = version == 3
    rate_hz = RATES_HZ[version][rate]
    kbps = KBPS[1 if is_first else 2][bit_rate]
    return rate_hz, (144_000 if is_first else 72_000) * kbps // rate_hz + (head[2] >> 1 & 1)
