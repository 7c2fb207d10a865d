"""`coach person ...`: who trains here, what they have chosen and mastered."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import UsageError

if TYPE_CHECKING:
    from coach.speech.voice_pack import VoicePack

Name = Annotated[str, typer.Argument(help="Name of the person.")]
State = Annotated[Path | None, typer.Option(help="Where the history is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]

NAME = re.compile(r"[^\W\d_][\w'-]{0,29}")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
HEAVIEST_KG = 300.0


def list_(state_dir: State = None, as_json: AsJson = False) -> None:
    """Everybody of the household."""
    from dataclasses import asdict

    from coach.cli.memory import reading
    from coach.store import people

    with reading(state_dir) as db:
        for name in people.names(db):
            chosen, mastery = people.choices(db, name), people.mastery(db, name)
            if as_json:
                line = {**asdict(chosen), "sessions": mastery.sessions}
                print(json.dumps(line, ensure_ascii=False))
            else:
                what = f"{mastery.sessions} sessions, {chosen.program or 'first-hinge'}"
                print(f"{name:<16} {what}, {chosen.language or 'en'}")


def add(
    name: Name,
    language: Annotated[str | None, typer.Option(help="Language of the voice pack.")] = None,
    state_dir: State = None,
) -> None:
    """Make somebody known, who can then say that it is them."""
    from coach.adapters.packs import languages, load_pack
    from coach.cli.memory import writing
    from coach.domain.people import GUEST
    from coach.store import people

    if not NAME.fullmatch(name) or name == GUEST:
        raise UsageError(f"'{name}' is no name for a person; use letters, and not '{GUEST}'.")
    if language is not None and language not in languages():
        raise UsageError(f"There is no language '{language}'; there are: {', '.join(languages())}.")
    with writing(state_dir) as db:
        people.choose(db, name, **({} if language is None else {"language": language}))
        spoken = {people.choices(db, one).language or "en" for one in people.names(db)}
    print(f"{name} is known now; begin with: coach run --person {name}")
    for one in sorted(spoken):
        _how_to_say(name, load_pack(one))


def _how_to_say(name: str, pack: "VoicePack") -> None:
    """How somebody takes over by voice from whoever trains in this language."""
    from coach.adapters.vosk_recogniser import unknown_to
    from coach.domain.terms import Command
    from coach.ports import DeviceError

    named = pack.naming[Command.WAKE][0].format(name=name)
    try:
        unknown = unknown_to(pack.language, named)
    except DeviceError as error:
        print(f'In {pack.name}: "{named}". {error}')
        return
    if not unknown:
        print(f'In {pack.name}: "{named}"')
        return
    somebody, yes = pack.phrases[Command.SOMEBODY][0], pack.phrases[Command.YES][0]
    print(
        f"In {pack.name} the recogniser does not know: {', '.join(unknown)}. "
        f'Say "{somebody}", and "{yes}" when the coach asks for {name}.'
    )


def show(name: Name, state_dir: State = None, as_json: AsJson = False) -> None:
    """How far somebody has come with each drill."""
    from dataclasses import asdict

    from coach.cli.memory import known, reading
    from coach.domain.drills import DRILLS
    from coach.domain.mastery import State as Mastered
    from coach.store import people

    with reading(state_dir) as db:
        mastery = people.mastery(db, known(db, name))
    if as_json:
        print(json.dumps(asdict(mastery), ensure_ascii=False))
        return
    for one in mastery.progress:
        drill = DRILLS.get(one.drill)
        side = f" ({one.side})" if one.side else ""
        gate = f" (the gate asks for {drill.gate.in_a_row})" if drill and drill.gate else ""
        state = {
            Mastered.LEARNING: "learning",
            Mastered.PASSED: "passed, to be checked",
            Mastered.RETAINED: "mastered",
        }[one.state]
        back = f", first back to {one.detour}" if one.detour else ""
        weight = f", {one.weight_kg:g} kg" if one.weight_kg else ""
        print(f"{one.drill + side:<24} {state}, {one.streak} in a row{gate}{weight}{back}")
    if not mastery.progress:
        print(f"{name} has not finished a set yet.")


def weight(
    name: Name,
    drill: Annotated[str, typer.Argument(help="A drill with weight.")],
    kilos: Annotated[float, typer.Argument(help="Weight in kilos.")],
    state_dir: State = None,
) -> None:
    """Enter the weight that somebody lifts."""
    from dataclasses import replace

    from coach.cli.memory import writing
    from coach.domain.drills import DRILLS
    from coach.domain.program import Stage
    from coach.store import people

    loaded = [one.id for one in DRILLS.values() if one.stage is Stage.LOAD]
    if drill not in loaded:
        raise UsageError(f"'{drill}' has no weight; these have: {', '.join(loaded)}.")
    if not 0 < kilos <= HEAVIEST_KG:
        raise UsageError(f"A weight is more than 0 and at most {HEAVIEST_KG:g} kilos.")
    with writing(state_dir) as db:
        people.choose(db, name)
        people.keep(db, name, replace(people.mastery(db, name).of(drill), weight_kg=kilos))
    print(f"{name} lifts {kilos:g} kg in {drill} now.")


def unlock(
    name: Name,
    knows: Annotated[
        bool, typer.Option("--already-hinges-well", help="Needed: you vouch for it.")
    ] = False,
    lock: Annotated[bool, typer.Option("--lock", help="Lock it again.")] = False,
    state_dir: State = None,
) -> None:
    """Unlock weights by hand, before the drills without them are mastered; it is recorded."""
    from coach.cli.memory import writing
    from coach.store import people
    from coach.store.journal import now

    if not knows and not lock:
        raise UsageError(
            "Weights unlock by themselves once the drills before them are mastered. Whoever hinges "
            "well already says so: --already-hinges-well"
        )
    with writing(state_dir) as db:
        people.choose(db, name, unlocked=None if lock else now())
    print(f"Weights are {'locked' if lock else 'unlocked by hand'} for {name}; it is recorded.")


def remind(
    name: Name,
    at: Annotated[str, typer.Argument(metavar="HH:MM|off", help="Time of day, or off.")],
    state_dir: State = None,
) -> None:
    """Be reminded by voice at a time of day; off by default."""
    from coach.cli.memory import writing
    from coach.store import people

    if at != "off" and not TIME.fullmatch(at):
        raise UsageError(f"'{at}' is no time of day; write it as 18:30, or off.")
    with writing(state_dir) as db:
        people.choose(db, name, remind=None if at == "off" else at)
    print(f"{name} is {'not reminded' if at == 'off' else f'reminded at {at}'}.")


def export(name: Name, state_dir: State = None) -> None:
    """Print everything that is kept of somebody, as JSON."""
    from dataclasses import asdict

    from coach.cli.memory import known, reading
    from coach.store import people
    from coach.store.history import sessions_in

    with reading(state_dir) as db:
        kept = {
            "choices": asdict(people.choices(db, known(db, name))),
            "person": asdict(people.person(db, name)),
            "sessions": sessions_in(db, name),
        }
    print(json.dumps(kept, ensure_ascii=False, indent=2))


def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    state_dir: State = None,
) -> None:
    """Delete everything of somebody, for good: also from the daily copies."""
    import sys

    from coach import config
    from coach.cli.memory import known, writing
    from coach.store import people
    from coach.store.copies import remove_copies
    from coach.store.database import NAME as DATABASE

    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"This deletes everything of {name}; say so with --yes.")
        if not typer.confirm(f"Delete everything of {name}, for good?"):
            raise UsageError("Nothing was deleted.")
    # A coach that runs would go on writing about somebody who has left.
    with writing(state_dir, beside_a_coach=False) as db:
        count = people.remove(db, known(db, name))
    copies = remove_copies((state_dir or config.state_dir()) / DATABASE)
    print(f"Everything of {name} is deleted: {count} sessions, and {copies} copies with them.")
