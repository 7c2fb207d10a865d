"""What counts as people talking, and for how long."""

from coach.adapters.talk import Talk


def after(*voices: float, every_s: float = 1.0, then_s: float = 0.0) -> Talk:
    talk = Talk()
    for voice_s in voices:
        talk.add(voice_s)
        talk.wait(every_s)
    talk.wait(then_s)
    return talk


def test_a_few_sentences_are_talk() -> None:
    assert not Talk().goes_on
    assert not after(2.5).goes_on
    assert after(2.0, 2.0).goes_on
    assert after(5.0).goes_on


def test_talk_is_forgotten() -> None:
    assert after(2.0, 2.0, then_s=17.0).goes_on
    assert not after(2.0, 2.0, then_s=21.0).goes_on
    assert not after(2.0, 2.0, every_s=21.0).goes_on


def test_trying_a_word_again_and_again_or_counting_along_is_no_talk() -> None:
    assert not after(*[0.7] * 20).goes_on
