"""`coach`: every verb in one place. Everything heavy is imported inside the verb that needs it."""

import sys

import typer

from coach.cli import (
    doctor,
    history,
    listen,
    models,
    rehearse,
    replay,
    run,
    say,
    table,
    voice,
    watch,
)
from coach.cli.errors import CoachError

app = typer.Typer(
    name="coach",
    help="An offline, voice-guided coach that teaches the hip hinge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the coloured help takes 0.2 s to import
)
app.command("run")(run.run)
app.command("rehearse")(rehearse.rehearse)
app.command("replay")(replay.replay)
app.command("history")(history.history)
app.command("table")(table.table)
app.command("doctor")(doctor.doctor)
app.command("watch")(watch.watch)
app.command("listen")(listen.listen)
app.command("say")(say.say)

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
    """Run a verb; what goes wrong is one plain sentence on standard error."""
    try:
        app()
    except CoachError as error:
        print(f"coach: {error}", file=sys.stderr)
        sys.exit(error.status)
    except BrokenPipeError:
        sys.exit(0)  # the reader of our output has seen enough
