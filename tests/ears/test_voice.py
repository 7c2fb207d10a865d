"""Rendered once, kept by content, at one loudness; an engine that hangs is killed."""

from pathlib import Path

import numpy as np
import pytest

from coach.adapters import tts
from coach.adapters.loudness import TARGET_LUFS, levelled, loudness
from coach.adapters.tts import Engine, Voice
from coach.ports import SAMPLE_RATE, DeviceError

ENGLISH = Engine("espeak", "en-us", 160)


def test_a_tone_has_the_loudness_of_the_standard() -> None:
    """ITU-R BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS."""
    wave = np.sin(np.arange(4 * SAMPLE_RATE) * 2 * np.pi * 997 / SAMPLE_RATE)
    assert loudness((wave * 32767).astype(np.int16)) == pytest.approx(-3.01, abs=0.1)


def test_quiet_and_loud_become_one_loudness() -> None:
    wave = np.sin(np.arange(2 * SAMPLE_RATE) * 2 * np.pi * 300 / SAMPLE_RATE)
    for size in (100, 3000, 30000):
        assert loudness(levelled((wave * size).astype(np.int16))) == pytest.approx(
            TARGET_LUFS, abs=0.3
        )


def test_silence_stays_silence() -> None:
    assert not levelled(np.zeros(SAMPLE_RATE, np.int16)).any()


def test_each_sentence_is_rendered_once(tmp_path: Path) -> None:
    voice = Voice(ENGLISH, tmp_path)
    steps: list[tuple[int, int]] = []
    rendered = voice.prepare(
        ["Stand tall. Breathe.", "Breathe."], lambda done, total: steps.append((done, total))
    )
    assert rendered == 2
    assert steps[-1] == (2, 2)
    assert Voice(ENGLISH, tmp_path).prepare(["Stand tall.", "Breathe."]) == 0
    whole = voice.samples("Stand tall. Breathe.")
    assert len(whole) > len(voice.samples("Stand tall.")) + len(voice.samples("Breathe."))


def test_a_damaged_sound_is_rendered_again(tmp_path: Path) -> None:
    voice = Voice(ENGLISH, tmp_path)
    whole = voice.samples("Breathe.")
    voice.path("Breathe.").write_bytes(b"")  # as a pulled plug may leave it
    assert np.array_equal(voice.samples("Breathe."), whole)


def test_every_voice_and_speed_has_its_own_sound(tmp_path: Path) -> None:
    paths = {
        Voice(engine, tmp_path).path("Hello.")
        for engine in (ENGLISH, Engine("espeak", "en-us", 120), Engine("espeak", "fr", 160))
    }
    assert len(paths) == 3


def test_a_rendered_sentence_starts_at_once_and_is_level(tmp_path: Path) -> None:
    samples = Voice(ENGLISH, tmp_path).samples("Let your knees go soft.")
    assert np.abs(samples[: SAMPLE_RATE // 20]).max() > 100
    assert loudness(samples) == pytest.approx(TARGET_LUFS, abs=1.0)


def test_a_sentence_sounds_alike_alone_and_among_others(tmp_path: Path) -> None:
    """Each file holds its own text, whole, at the speed that was asked for."""
    texts = ["One.", "Find a stick about as long as your leg, a broom or a mop is fine.", "Two."]
    together = Voice(ENGLISH, tmp_path / "together")
    together.prepare(texts)
    for text in texts:
        alone = len(Voice(ENGLISH, tmp_path / "alone").samples(text))
        assert len(together.samples(text)) == pytest.approx(alone, rel=0.05)
    slowly = Voice(Engine("espeak", "en-us", 120), tmp_path).samples(texts[1])
    assert len(slowly) > 1.2 * len(together.samples(texts[1]))


def test_a_voice_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no-such-voice"):
        Voice(Engine("espeak", "no-such-voice", 160), tmp_path).samples("Hello.")


def test_an_engine_that_renders_nothing_is_said_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="espeak-ng"):
        Voice(Engine("no-such-engine", "en-us", 160), tmp_path).samples("Hello.")


def test_an_engine_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tts, "START_S", 0.0)
    monkeypatch.setattr(tts, "PER_TEXT_S", 0.001)
    with pytest.raises(DeviceError, match="rendered nothing"):
        Voice(ENGLISH, tmp_path).samples("Hello.")
