"""`coach`: every verb in one place. Everything heavy is imported inside the verb that needs it."""

import os
import sys

import typer

from coach.cli import (
    doctor,
    history,
    listen,
    models,
    person,
    program,
    rehearse,
    replay,
    report,
    run,
    say,
    table,
    voice,
    watch,
    why,
)
from coach.cli.errors import CoachError

app = typer.Typer(
    name="coach",
    help="An offline, voice-guided coach that teaches the hip hinge.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the coloured help takes 0.2 s to import
)
app.command("run")(run.run)
app.command("rehearse")(rehearse.rehearse)
app.command("replay")(replay.replay)
app.command("history")(history.history)
app.command("report")(report.report)
app.command("why")(why.why)
app.command("table")(table.table)
app.command("doctor")(doctor.doctor)
app.command("watch")(watch.watch)
app.command("listen")(listen.listen)
app.command("say")(say.say)

_program = typer.Typer(help="What is trained: list, make, change and choose programs.")
_program.command("list")(program.list_)
_program.command("show")(program.show)
_program.command("new")(program.new)
_program.command("set")(program.set_)
_program.command("check")(program.check)
_program.command("use")(program.use)
_program.command("remove")(program.remove)
_program.command("export")(program.export)
_program.command("schema")(program.schema)
app.add_typer(_program, name="program")

_person = typer.Typer(help="Who trains: their language, weights, progress, and their deletion.")
_person.command("list")(person.list_)
_person.command("add")(person.add)
_person.command("show")(person.show)
_person.command("weight")(person.weight)
_person.command("unlock")(person.unlock)
_person.command("remind")(person.remind)
_person.command("export")(person.export)
_person.command("remove")(person.remove)
app.add_typer(_person, name="person")

_models = typer.Typer(help="The models that hear and see: fetch and list them.")
_models.command("fetch")(models.fetch)
_models.command("list")(models.list_)
app.add_typer(_models, name="models")

_voice = typer.Typer(help="The voice packs: list, render and check them.")
_voice.command("list")(voice.voice_list)
_voice.command("render")(voice.voice_render)
_voice.command("check")(voice.voice_check)
app.add_typer(_voice, name="voice")


def main() -> None:
    """Run the verb that was typed, and exit with its status."""
    _silence_libraries()
    sys.exit(call(sys.argv[1:]))


def call(words: list[str]) -> int:
    """Run a verb; what goes wrong is one plain sentence on standard error. The exit status."""
    try:
        status = app(words or ["--help"], prog_name="coach", standalone_mode=False)
        sys.stdout.flush()  # a closed pipe shows here rather than when Python shuts down
    except CoachError as error:
        print(f"coach: {error}", file=sys.stderr)
        return error.status
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        verb = context.command_path if context is not None else "coach"
        wrong = error.format_message().rstrip(".")
        print(f"coach: {wrong}. See: {verb} --help", file=sys.stderr)
        return error.exit_code
    except typer.Abort:
        print("coach: Nothing was done.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _forget_output()
        return 1
    return int(status or 0)


def _forget_output() -> None:
    """Nobody reads on; Python shall not try to flush once more when it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _silence_libraries() -> None:
    """Keep standard error for people: PortAudio, ALSA and LiteRT write to file descriptor 2."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
