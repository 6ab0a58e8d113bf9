"""FFmpeg runs elsewhere: the same bytes as PyAV gives in this process, and no harm when its process dies."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests import ROOT
from tests.servers.process import wait_for
from tests.unit.workers.finish.sounds import babble
from workers import child_process
from workers.errors import FfmpegError
from workers.ffmpeg import FfmpegProcess, borrowed, in_child, lend, process
from workers.finish import FinishProfile, tags
from workers.finish.encoding import encode_opus, packets_sha256
from workers.finish.stream_encoding import open_encoder
from workers.finish.tags import Tags
from workers.finish.tempo import at_tempo

RATE_HZ = 24_000
SOUND = babble(2.0)


def opus_by_pyav(pcm: np.ndarray[Any, Any], profile: FinishProfile, carried: Tags) -> bytes:
    """The same file in this process."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        options = {
            "application": profile.opus_application,
            "compression_level": str(profile.opus_complexity),
            "frame_duration": "20",
            "flags": "+bitexact",
        }
        stream = container.add_stream("libopus", rate=RATE_HZ, layout="mono", options=options)
        stream.bit_rate = 1000 * profile.opus_kbps
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        packets = [*stream.encode(frame), *stream.encode(None)]
        descriptor = carried.descriptor(tags.OPUS_HASH, packets_sha256(map(bytes, packets)))
        stream.metadata.update(tags.comments(carried, descriptor))
        container.mux(packets)
    return file.getvalue()


@pytest.mark.parametrize("kbps", [8, 32, 96])
@pytest.mark.parametrize("complexity", [0, 5, 10])
@pytest.mark.parametrize("application", ["audio", "voip"])
def test_opus_is_what_pyav_makes_in_this_process(kbps: int, complexity: int, application: Any) -> None:
    profile = FinishProfile(
        codec="opus", opus_kbps=kbps, opus_complexity=complexity, opus_application=application
    )
    carried = Tags(ids={"campaign": "a", "recipient": "b"}, describe=lambda *hashed: " ".join(hashed))
    assert encode_opus(SOUND, RATE_HZ, profile, carried) == opus_by_pyav(SOUND, profile, carried)


@pytest.mark.parametrize("codec", ["opus", "flac"])
def test_a_stream_is_one_file(codec: Any) -> None:
    encoder = open_encoder(FinishProfile(codec=codec), RATE_HZ)
    pieces = [encoder.encode(SOUND[place : place + 7_001]) for place in range(0, len(SOUND), 7_001)]
    assert any(pieces[:-1])  # not all at the end
    with av.open(io.BytesIO(b"".join((*pieces, encoder.end()))), "r") as container:
        frames = list(container.decode(audio=0))
    assert sum(frame.samples for frame in frames) / frames[0].sample_rate == pytest.approx(2.0, abs=0.05)


def test_what_ffmpeg_refuses_is_said_and_the_child_goes_on() -> None:
    with borrowed() as child:
        with pytest.raises(FfmpegError, match="Invalid data"):
            child.ask("open_recording", b"\0" * 100, demuxer="mp4")
        pid = child.pid
        told, _ = child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
        assert (told, child.pid) == ({}, pid)


def test_a_fault_in_the_child_is_told_and_the_child_ended() -> None:
    with borrowed() as child:
        with pytest.raises(process.ChildGoneError, match=r"TypeError: .*colour"):
            child.ask("end_stream", colour="red")
        assert child.pid is None


def test_a_killed_child_is_replaced_without_a_failure() -> None:
    expected = at_tempo(SOUND, RATE_HZ, 1.5)
    killed: list[int] = []

    def work(child: FfmpegProcess) -> bytes:
        if not killed:
            child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
            assert child.pid is not None
            killed.append(child.pid)
            os.kill(child.pid, signal.SIGKILL)
        return child.ask("tempo", SOUND.tobytes(), rate_hz=RATE_HZ, steps=[1.5])[1]

    assert in_child(work) == expected.tobytes()
    assert killed


def test_a_child_that_died_while_nobody_asked_is_not_lent() -> None:
    with borrowed() as child:
        child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
        pid = child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not child.is_running, what="the end of the child")
    assert lend().pid != pid


def test_a_silent_child_is_ended_and_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with borrowed() as child:
        child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGSTOP)
        monkeypatch.setattr(process, "PATIENCE_S", 0.2)
        with pytest.raises(process.ChildGoneError, match="in time"):
            child.ask("end_stream")
        assert child.pid is None


def test_an_interrupted_call_s_answer_is_nobody_else_s(monkeypatch: pytest.MonkeyPatch) -> None:
    with borrowed() as child:
        child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)

        def interrupted(*_arguments: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(child_process.ChildProcess, "hear", interrupted)
            with pytest.raises(KeyboardInterrupt):
                child.ask("tempo", SOUND.tobytes(), rate_hz=RATE_HZ, steps=[2.0])
        assert child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None) == ({}, b"")


def test_a_stream_that_nobody_ends_gives_its_child_back() -> None:
    encoder = open_encoder(FinishProfile(codec="flac"), RATE_HZ)
    encoder.encode(SOUND)
    child = encoder._process  # type: ignore[attr-defined]
    assert child not in process._children()._idle
    del encoder
    gc.collect()
    assert child in process._children()._idle


def test_no_more_children_stay_than_are_kept() -> None:
    children = [FfmpegProcess() for _ in range(process.IDLE_CHILDREN + 2)]
    for child in children:
        child.ask("open_stream", codec="flac", rate_hz=RATE_HZ, bit_rate=None)
    for child in children:
        process.give_back(child)
    assert len(process._children()._idle) == process.IDLE_CHILDREN
    assert sum(child.is_running for child in children) <= process.IDLE_CHILDREN
    process._children().close()


def test_the_child_ends_with_an_owner_that_is_killed() -> None:
    script = textwrap.dedent(
        f"""
        import time
        from workers.ffmpeg import lend
        child = lend()
        child.ask("open_stream", codec="flac", rate_hz={RATE_HZ}, bit_rate=None)
        print(child.pid, flush=True)
        time.sleep(60)
        """
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        owner.kill()
    wait_for(lambda: not Path(f"/proc/{child}").exists(), what="the end of the child")


def test_no_gpl_library_is_in_the_process_that_finishes_reads_and_speaks(tmp_path: Path) -> None:
    """x264 and x265 come with FFmpeg; mutagen is for tests; espeak-ng has a process of its own, too."""
    (tmp_path / "phone.m4a").write_bytes(b"\0\0\0\x18ftypM4A " + b"\0" * 64)
    script = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from tests.unit.workers.finish.sounds import babble, part
        from workers.engines.espeak import EspeakEngine
        from workers.errors import RecordingError
        from workers.finish import FinishProfile, finish
        from workers.finish.reading import read_file
        from workers.presets.recording import decode
        engine = EspeakEngine()
        engine.warm([])
        for codec in ("wav", "flac", "mp3", "opus", "ulaw", "alaw"):
            audio = finish([part(babble(1.0))], FinishProfile(codec=codec, tempo=1.2), tags={{"a": "b"}})
            assert read_file(audio.data).tags == {{"a": "b"}}
        try:
            decode(Path({str(tmp_path / "phone.m4a")!r}), rate_hz=24_000)
        except RecordingError:
            pass
        modules = {{"av", "mutagen", "espeakng_loader"}} & {{name.partition(".")[0] for name in sys.modules}}
        maps = Path("/proc/self/maps").read_text()
        print(sorted(modules), [name for name in ("x264", "x265", "avcodec", "espeak") if name in maps])
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "[] []\n"
