"""What the loudspeaker's thread does with a device that the test holds in its hand."""

import threading
from queue import SimpleQueue

import numpy as np
import pytest

from coach.adapters import player
from coach.adapters.player import SoundSpeaker
from coach.adapters.sound_devices import Opened
from coach.domain.events import Event, SpeechFinished

SOON_S = 10.0
"""Longer than anything here takes; only a failing test waits for it."""


class Card:
    """A sound card's stream with a long way from the last block sent to the last one heard."""

    latency = 60.0

    def __init__(self) -> None:
        self.sounded = threading.Event()
        self.silent_again = threading.Event()

    def write(self, data: bytes) -> bool:
        if any(data):
            self.sounded.set()
        elif self.sounded.is_set():
            self.silent_again.set()
        threading.Event().wait(0.001)
        return False


def test_what_was_sent_but_not_heard_to_its_end_is_cut_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = Card()
    monkeypatch.setattr(player, "open_stream", lambda *_: Opened("output", "x", card, 16_000, 1))
    monkeypatch.setattr(player, "close_stream", lambda _: None)
    inbox: SimpleQueue[Event] = SimpleQueue()
    speaker = SoundSpeaker(inbox.put)
    speaker.open()
    try:
        speaker.play(1, np.full(320, 1000, np.int16))
        assert card.silent_again.wait(SOON_S), "all of it has been sent"
        assert inbox.empty(), "none of it has been heard yet"
        speaker.stop()
        speaker.stop()
    finally:
        speaker.close()
    end = inbox.get(timeout=SOON_S)
    assert isinstance(end, SpeechFinished)
    assert (end.utterance, end.completed) == (1, False)
    assert inbox.empty()
