"""The only process that loads espeak-ng. Run as a file with `-I -S`: standard library only, up in ~20 ms.

    child.py LIBRARY DATA_FOLDER

The library is GPL, not thread-safe and may crash; worse, its sound depends on what it said before (the same
sentence twice gave 77,815 and then 77,824 samples) and on the clock, which seeds its breath. So this process
initialises it, never speaks, and forks for each utterance: every fork starts from the same state with the
request's own seed, and takes nobody along when it dies.

Frames on stdin and stdout: uint32 length (little endian), then the body. The first frame out is JSON,
`{"version", "rate_hz"}`. A request is JSON `{"spans": [{"voice", "text", "phonemes"}], "words_per_minute", "pitch",
"range", "seed", "max_samples", "timeout_s"}`, or `{"texts": [{"voice", "text"}], "timeout_s"}` for how they are read. A
reply is one status byte and then, for OK, uint32 number of spans, uint32 samples of each, uint32 words of each, for
each word uint32 character (from 0) and sample at which the library begins it in its span, and the int16 samples; or a
JSON list of IPA; for others a reason in UTF-8.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import struct
import sys
import time
from typing import Any

OK, VOICE_MISSING, TOO_LONG, CRASHED, TIMED_OUT, REFUSED = range(6)

AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8, PHONEMES = 0x01, 0x100
RATE, PITCH, RANGE = 1, 3, 4
PR_SET_PDEATHSIG = 1
IPA, TIED = 0x02, 0x80
TIE = "^"
"""Between the letters of one sound, `t^ʃ`."""
LAST_PHONEMES = "mmmmm"
"""Names that every voice has."""

LIST_ENDS, WORD_BEGINS = 0, 1


class Event(ctypes.Structure):
    """espeak_EVENT of its speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def words_begun(events: ctypes._Pointer[Event] | None) -> list[tuple[int, int]]:
    """(character from 0, sample) of each word event in a list of the library's."""
    found, at = [], 0
    while events and events[at].type != LIST_ENDS:
        if events[at].type == WORD_BEGINS:
            found.append((max(0, events[at].text_position - 1), max(0, events[at].sample)))
        at += 1
    return found


def read_exactly(descriptor: int, count: int) -> bytes | None:
    """`count` bytes, or None at the end of the stream."""
    data = bytearray()
    while len(data) < count:
        part = os.read(descriptor, count - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def write_all(descriptor: int, data: bytes) -> None:
    """All of `data`."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class Library:
    """espeak-ng, initialised and silent."""

    def __init__(self, path: str, data_folder: str) -> None:
        self.lib = ctypes.CDLL(path)
        self.lib.espeak_Info.restype = ctypes.c_char_p
        self.lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        options = INITIALIZE_DONT_EXIT
        self.rate_hz: int = self.lib.espeak_Initialize(
            AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data_folder), options
        )
        if self.rate_hz <= 0:
            raise SystemExit(f"espeak-ng cannot read its data in {data_folder}")
        self.version: str = self.lib.espeak_Info(None).decode()

    def answer(self, request: dict[str, Any]) -> bytes:
        """The reply to `request`. Called once in a process's life."""
        return self.read(request["texts"]) if "texts" in request else self.speak(request)

    def read(self, texts: list[dict[str, str]]) -> bytes:
        """Each text in IPA, with stress, its sounds tied; words apart as the language says them."""
        read = []
        for one in texts:
            if self.lib.espeak_SetVoiceByName(os.fsencode(one["voice"])) != 0:
                return bytes([VOICE_MISSING]) + str(one["voice"]).encode()
            read.append(" ".join(self.phonemes(one["text"], IPA | TIED | ord(TIE) << 8)))
        return bytes([OK]) + json.dumps(read).encode()

    def phonemes(self, text: str, mode: int) -> list[str]:
        """Clause by clause, in espeak's names or in IPA."""
        buffer = ctypes.create_string_buffer(text.encode())
        rest = ctypes.c_char_p(ctypes.addressof(buffer))
        clauses = []
        while rest:
            clauses.append(self.lib.espeak_TextToPhonemes(ctypes.byref(rest), CHARS_UTF8, mode).decode())
        return clauses

    def speak(self, request: dict[str, Any]) -> bytes:
        """Its sound, span by span, and where its words begin."""
        samples = bytearray()
        begun: list[tuple[int, int]] = []
        limit_bytes = 2 * request["max_samples"]

        def receive(pcm: int | None, count: int, events: ctypes._Pointer[Event]) -> int:
            if pcm and count > 0:
                samples.extend(ctypes.string_at(pcm, 2 * count))
            begun.extend(words_begun(events))
            return 1 if len(samples) > limit_bytes else 0

        self.lib.espeak_ng_SetRandSeed(ctypes.c_long(request["seed"]))
        callback = CALLBACK(receive)
        self.lib.espeak_SetSynthCallback(callback)
        counts, words, done, told = [], [], 0, 0
        for span in request["spans"]:
            if self.lib.espeak_SetVoiceByName(os.fsencode(span["voice"])) != 0:
                return bytes([VOICE_MISSING]) + str(span["voice"]).encode()
            for parameter, value in ((RATE, "words_per_minute"), (PITCH, "pitch"), (RANGE, "range")):
                self.lib.espeak_SetParameter(parameter, request[value], 0)
            text, flags = span["text"], CHARS_UTF8
            if span["phonemes"] is not None:
                text, flags = f"[[{span['phonemes']}]]", CHARS_UTF8 | PHONEMES
            data = text.encode()
            if self.lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, flags, None, None) != 0:
                return bytes([REFUSED]) + b"espeak-ng refused the text"
            if span["phonemes"] is not None and not self.knows_all(span["phonemes"]):
                return bytes([REFUSED]) + b"the voice has no phoneme of one of these names"
            if len(samples) > limit_bytes:
                return bytes([TOO_LONG]) + str(request["max_samples"]).encode()
            counts.append((len(samples) - done) // 2)
            words.append(len(begun) - told)
            done, told = len(samples), len(begun)
        head = struct.pack(f"<BI{2 * len(counts)}I", OK, len(counts), *counts, *words)
        places = [number for place in begun for number in place]
        return head + struct.pack(f"<{len(places)}I", *places) + bytes(samples)

    def knows_all(self, phonemes: str) -> bool:
        """Whether the voice has every name: the library drops all from the first unknown one, in silence.

        Only right after speaking phonemes, since that is what makes the library read `[[...]]` here.
        """
        read = "".join(self.phonemes(f"[[{phonemes}||{LAST_PHONEMES}]]", 0))
        return read.translate(dict.fromkeys(map(ord, "',_| "))).endswith(LAST_PHONEMES)


def answer_in_fork(library: Library, request: dict[str, Any], requests: int) -> bytes:
    """Fork, answer, collect. A dead or late fork becomes a reply; a dead parent ends this process."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        write_all(writing, library.answer(request) + b"\n")
        os._exit(0)
    os.close(writing)
    reply, ending = collect(reading, requests, time.monotonic() + request["timeout_s"])
    os.close(reading)
    if ending != "closed":
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if ending == "orphaned":
        raise SystemExit(0)
    if ending == "late":
        return bytes([TIMED_OUT]) + f"not done after {request['timeout_s']:g} s".encode()
    if status != 0 or reply[-1:] != b"\n":
        return (
            bytes([CRASHED])
            + f"the library's process ended with {os.waitstatus_to_exitcode(status)}".encode()
        )
    return bytes(reply[:-1])


def collect(reading: int, requests: int, deadline: float) -> tuple[bytearray, str]:
    """(bytes, `closed`, `late` or `orphaned`)."""
    reply = bytearray()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    poll.register(requests, 0)  # hang-up only
    while True:
        left_ms = 1000 * (deadline - time.monotonic())
        events = dict(poll.poll(max(0, left_ms)))
        if requests in events:
            return reply, "orphaned"
        if reading in events:
            part = os.read(reading, 1 << 20)
            if not part:
                return reply, "closed"
            reply += part
        elif left_ms <= 0:
            return reply, "late"


def send(descriptor: int, body: bytes) -> None:
    """One frame."""
    write_all(descriptor, struct.pack("<I", len(body)) + body)


def main() -> None:
    """Serve until stdin ends."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what the library prints could hold a person's text
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the owner decides
    library = Library(sys.argv[1], sys.argv[2])
    send(replies, json.dumps({"version": library.version, "rate_hz": library.rate_hz}).encode())
    while True:
        head = read_exactly(requests, 4)
        body = head and read_exactly(requests, struct.unpack("<I", head)[0])
        if not body:
            return
        send(replies, answer_in_fork(library, json.loads(body), requests))


if __name__ == "__main__":
    main()
