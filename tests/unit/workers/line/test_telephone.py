"""A telephone line does what its numbers say, and the same to the same sound."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
import soundfile

from tests.unit.workers.finish.sounds import RATE_HZ, babble, silence, sine
from workers.engines.engine import Pcm
from workers.finish.g711 import from_ulaw, to_ulaw
from workers.line import LINE_REVISION, TelephoneLine
from workers.line import RATE_HZ as LINE_RATE_HZ
from workers.line.packets import lost_packets, with_losses
from workers.measure.activity import activity

CLEAN = TelephoneLine(snr_db=200, packet_loss=0)
GOLDEN = {1: "c80512ccbdc4426cc85da1499e6c75732d99398e3e50b3a0cbd0da906ed7969a"}
"""Revision to the sha256 of what arrives: a change here without a higher revision changes verdicts."""


def speech() -> Pcm:
    """Two stretches with a pause between, 4.5 s."""
    return np.concatenate([babble(2.0, seed=1), silence(0.5), babble(2.0, seed=2)])


def power(pcm: Pcm | np.ndarray) -> float:
    return float((pcm.astype(np.float64) ** 2).mean())


@pytest.mark.parametrize("snr_db", [0.0, 5.0, 10.0, 20.0])
def test_speech_lies_above_the_noise_by_what_is_stated(snr_db: float) -> None:
    sound = np.rint(speech() * 0.2).astype(np.int16)  # so that nothing has to be turned down
    alone = CLEAN.send(sound, RATE_HZ, "a")
    noise = TelephoneLine(snr_db=snr_db, packet_loss=0).send(sound, RATE_HZ, "a").astype(np.float64) - alone
    speaks = np.repeat(activity(alone, LINE_RATE_HZ).speech, LINE_RATE_HZ // 50)
    measured = 10 * np.log10(power(alone[: len(speaks)][speaks]) / power(noise))
    assert measured == pytest.approx(snr_db, abs=0.5)


def test_noise_has_the_spectrum_of_speech_within_the_band() -> None:
    sound = np.rint(speech() * 0.2).astype(np.int16)
    noise = TelephoneLine(snr_db=0, packet_loss=0).send(sound, RATE_HZ, "a").astype(np.float64)
    noise -= CLEAN.send(sound, RATE_HZ, "a")
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(len(noise), 1 / LINE_RATE_HZ)

    def level(low: float, high: float) -> float:
        return 10 * float(np.log10(spectrum[(hz >= low) & (hz < high)].mean()))

    assert level(400, 600) - level(1_600, 2_400) > 12, "9 dB an octave"
    assert level(400, 600) - level(0, 150) > 20
    assert level(2_000, 3_000) - level(3_700, 4_000) > 15


@pytest.mark.parametrize(
    ("hz", "passes"), [(100, False), (500, True), (1_000, True), (3_000, True), (3_900, False)]
)
def test_what_lies_outside_the_band_does_not_arrive(hz: int, passes: bool) -> None:
    sound = sine(1.0, frequency_hz=hz)
    arrived = CLEAN.send(sound, RATE_HZ, "a")
    loss_db = 10 * np.log10(power(sound) / max(1e-9, power(arrived)))
    assert abs(loss_db) < 1 if passes else loss_db > 20


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 48_000])
def test_it_takes_any_rate_and_shifts_nothing(rate_hz: int) -> None:
    sound = np.concatenate(
        [silence(0.5, rate_hz=rate_hz), sine(0.5, rate_hz=rate_hz), silence(0.5, rate_hz=rate_hz)]
    )
    arrived = CLEAN.send(sound, rate_hz, "a")
    assert len(arrived) == pytest.approx(1.5 * LINE_RATE_HZ, abs=1)
    loud = np.flatnonzero(np.abs(arrived) > 2_000)
    assert loud[0] == pytest.approx(0.5 * LINE_RATE_HZ, abs=30)
    assert loud[-1] == pytest.approx(1.0 * LINE_RATE_HZ, abs=30)


def test_mu_law_is_decoded_as_others_do_and_comes_back_as_it_went() -> None:
    codes = bytes(range(256))
    theirs, _ = soundfile.read(
        io.BytesIO(codes), format="RAW", subtype="ULAW", samplerate=8_000, channels=1, dtype="int16"
    )
    assert np.array_equal(from_ulaw(codes), theirs)
    every = np.arange(-32_768, 32_768).astype(np.int16)
    once = from_ulaw(to_ulaw(every))
    assert np.array_equal(from_ulaw(to_ulaw(once)), once)
    error = np.abs(once.astype(int) - every) / np.maximum(132, np.abs(every.astype(int)))
    assert error.max() < 1 / 10


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_the_stated_share_of_packets_is_lost_in_bursts_of_two(share: float) -> None:
    lost = lost_packets(200_000, share, "a")
    assert lost.mean() == pytest.approx(share, rel=0.08)
    bursts = int((np.diff(np.concatenate(([0], lost.astype(int)))) == 1).sum())
    assert lost.sum() / bursts == pytest.approx(2.0, rel=0.05)


def test_no_packet_is_lost_where_none_should_be() -> None:
    assert not lost_packets(10_000, 0.0, "a").any()


def test_what_is_lost_is_said_on_and_fades_to_silence() -> None:
    tone = sine(1.0, rate_hz=LINE_RATE_HZ, frequency_hz=100)
    lost = np.zeros(50, np.bool_)
    lost[20:26] = True
    heard = with_losses(tone, LINE_RATE_HZ, lost)
    packet = LINE_RATE_HZ // 50
    assert np.array_equal(heard[: 20 * packet], tone[: 20 * packet])
    assert np.array_equal(heard[26 * packet :], tone[26 * packet :])
    levels = [power(heard[at * packet : (at + 1) * packet]) / power(tone) for at in range(20, 26)]
    assert levels[0] > 0.7 and levels[1] < 0.6 * levels[0] and levels[2] < 0.15
    assert levels[3:] == [0, 0, 0], "after 60 ms nothing is made up any more"
    assert np.abs(np.diff(heard[19 * packet : 21 * packet].astype(int))).max() < 1_500, (
        "no step where the loss begins"
    )


def test_a_loss_before_anything_was_heard_is_silence() -> None:
    lost = np.array([True, False])
    heard = with_losses(sine(0.04, rate_hz=LINE_RATE_HZ), LINE_RATE_HZ, lost)
    assert not heard[:160].any() and heard[160:].any()


def test_the_same_sound_gets_the_same_line_and_another_sound_another() -> None:
    line = TelephoneLine(snr_db=5, packet_loss=0.05)
    one = line.send(speech(), RATE_HZ, "a")
    assert np.array_equal(one, line.send(speech(), RATE_HZ, "a"))
    assert not np.array_equal(one, line.send(speech(), RATE_HZ, "b"))


def test_the_line_of_this_revision_gives_these_bits() -> None:
    line = TelephoneLine(snr_db=5, packet_loss=0.05)
    sound = line.send(np.rint(speech()[: 2 * RATE_HZ]).astype(np.int16), RATE_HZ, "a")
    assert hashlib.sha256(sound.astype("<i2").tobytes()).hexdigest() == GOLDEN[LINE_REVISION]


def test_nothing_is_no_error_and_silence_gets_no_noise() -> None:
    line = TelephoneLine(snr_db=5, packet_loss=0.05)
    assert len(line.send(silence(0), RATE_HZ, "a")) == 0
    assert not line.send(silence(1), RATE_HZ, "a").any()


def test_a_loud_file_is_turned_down_as_a_whole() -> None:
    loud = sine(1.0, dbfs=0)
    heard = TelephoneLine(snr_db=-5, packet_loss=0).send(loud, RATE_HZ, "a")
    assert np.abs(heard.astype(int)).max() == 32_767
