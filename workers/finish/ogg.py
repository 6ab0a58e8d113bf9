"""Ogg pages read (RFC 3533): the packets of the one stream that a file of this program has.

What is read may be a stranger's: every size is held against the bytes that are there. Checksums are not held: what a
file's sound must match is its descriptor.
"""

from __future__ import annotations

import struct

MAGIC = b"OggS"
HEAD = struct.Struct("<4sBBqIIIB")
"""Magic, version, flags, position, serial number, sequence number, checksum, segments."""
MOST_PACKETS = 1 << 22
"""A day of Opus; empty ones take next to no bytes."""
WHOLE_SEGMENT_BYTES = 255
"""A segment of as many bytes goes on in the next one."""


def packets_of(data: bytes) -> list[bytes]:
    """Every packet, a last one without its end too. Raises ValueError for what is not one whole stream of pages."""
    packets: list[bytes] = []
    packet = bytearray()
    place, number, serial = 0, 0, None
    while place < len(data):
        if place + HEAD.size > len(data):
            raise ValueError(f"page {number} is cut off")
        magic, version, _flags, _position, of_stream, sequence, _sum, count = HEAD.unpack_from(data, place)
        if (magic, version) != (MAGIC, 0):
            raise ValueError(f"there is no page at byte {place:,}")
        if serial not in (None, of_stream) or sequence != number:
            raise ValueError(f"page {sequence} of stream {of_stream} stands where page {number} should")
        serial = of_stream
        number += 1
        place += HEAD.size
        sizes = data[place : place + count]
        place += count
        if len(sizes) < count or place + sum(sizes) > len(data):
            raise ValueError(f"page {sequence} is cut off")
        for size in sizes:
            packet += data[place : place + size]
            place += size
            if size < WHOLE_SEGMENT_BYTES:
                if len(packets) == MOST_PACKETS:
                    raise ValueError(f"more than {MOST_PACKETS:,} packets")
                packets.append(bytes(packet))
                packet.clear()
    return [*packets, bytes(packet)] if packet else packets
