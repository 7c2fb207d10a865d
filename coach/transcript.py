"""What one sees: the conversation as it happens, one line each, also readable when piped."""

from collections.abc import Callable, Sequence

from coach.domain.effects import Effect, EndSession, RecordSet, Speak, UseLanguage
from coach.domain.events import (
    CommandHeard,
    DayBegan,
    DeviceFailed,
    DeviceRecovered,
    Event,
    LockoutSeen,
    OtherMovementSeen,
    RepCompleted,
    ViewChanged,
)
from coach.domain.session import Session
from coach.domain.state import Phase
from coach.domain.terms import Evidence, Rep
from coach.speech.voice_pack import VoicePack


class Transcript:
    """An observer of the loop; `show` gets who, what and a style for each line.

    packs: the pack of a language
    """

    def __init__(
        self, packs: Callable[[str], VoicePack], show: Callable[[str, str, str, str], None]
    ) -> None:
        self._packs = packs
        self._show = show
        self._language: str | None = None
        self._began: float | None = None

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        if self._language is None:
            self._language = session.language
        if self._began is None or isinstance(event, DayBegan):
            self._began = event.t
        seconds = max(0.0, event.t - self._began)
        time = f"{int(seconds) // 60:02d}:{seconds % 60:04.1f}"
        for who, what, style in (*_happened(event, session), *self._done(effects)):
            self._show(time, who, what, style)

    def _done(self, effects: Sequence[Effect]) -> list[tuple[str, str, str]]:
        lines = []
        for effect in effects:
            match effect:
                case UseLanguage(language):
                    self._language = language
                case Speak(cue=cue):
                    assert self._language is not None, "set with the first event"
                    text = self._packs(self._language).text(cue)
                    lines.append(("coach", text[:1].upper() + text[1:], "cyan"))
                case RecordSet(set_number=number, reps=reps, clean=clean, outcome=outcome):
                    line = f"set {number}: {reps} reps, {clean} clean, gate {outcome}"
                    lines.append(("gate", line, "magenta"))
                case EndSession(reason):
                    lines.append(("session", reason, "dim"))
                case _:
                    pass
        return lines


def _happened(event: Event, session: Session) -> list[tuple[str, str, str]]:
    match event:
        case CommandHeard(command=command, text=text, latency_s=latency):
            heard = f"{text or command}"
            return [("you", f"{heard}  ({latency * 1000:.0f} ms)" if latency else heard, "green")]
        case RepCompleted(rep=rep):
            number = session.work.done if session.work else rep.number
            return [("rep", f"{number}: {_measured(rep)}", "red" if rep.faults else "blue")]
        case LockoutSeen(fault=Evidence() as found, over=False):
            return [("rep", f"{found.fault} ({abs(found.measured):.0f} deg at the top)", "red")]
        case ViewChanged(judgeable=False, reason=reason) if session.phase is Phase.SET:
            return [("view", f"cannot judge: {reason}", "yellow")]
        case DayBegan():
            return [("day", "another day", "dim")]
        case OtherMovementSeen(what=what):
            return [("view", f"not a hinge: {what}", "yellow")]
        case DeviceFailed(device=device, reason=reason):
            return [(str(device), reason, "yellow")]
        case DeviceRecovered(device=device, lost=lost):
            gap = f"; {lost} records had to be let go" if lost else ""
            return [(str(device), f"is back{gap}", "yellow")]
        case _:
            return []


def _measured(rep: Rep) -> str:
    knee = "" if rep.knee_deg is None else f", knee {rep.knee_deg:.0f} deg"
    back = f", back {rep.back.bow:+.3f}" if rep.back.bow is not None else ""
    verdict = ", ".join(rep.faults) if rep.faults else str(rep.verdict)
    return f"{verdict} (lean {rep.lean_deg:.0f} deg{knee}{back}, {rep.duration_s:.1f} s)"
