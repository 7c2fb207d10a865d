"""`coach voice list|render|check`: the languages the coach speaks and understands."""

import sys
from typing import Annotated

import typer

from coach.cli.errors import UsageError, WorkError
from coach.speech.voice_pack import PackError, missing_from

COMPLETE = "en"
"""The pack that the others are checked against: its cues are what the coach uses."""

COUNTS = range(31)
"""Numbers rendered ahead; a session that needs another one renders it when it starts."""


def voice_list() -> None:
    """The languages that have a voice pack, and what speaks them here."""
    from coach.adapters.packs import languages, load_pack
    from coach.adapters.tts import engine_for

    for language in languages():
        pack = load_pack(language)
        engine = engine_for(pack)
        print(f"{language}  {pack.name:12} {len(pack.cues)} cues, spoken by {engine.name}")


def voice_render(
    language: Annotated[str, typer.Argument(help="Language of the voice pack")] = "en",
    program: Annotated[
        str | None, typer.Option(help="Also with every number that comes up in this program")
    ] = None,
) -> None:
    """Render all of a pack's audio that is not there yet."""
    from rich.progress import Progress

    from coach import config
    from coach.adapters.packs import load_pack
    from coach.adapters.tts import Voice, engine_for
    from coach.ports import DeviceError
    from coach.programs import ProgramFileError, load, numbers_said

    try:
        pack = load_pack(language)
    except PackError as error:
        raise UsageError(str(error)) from error
    engine = engine_for(pack)
    try:
        numbers = (
            {} if program is None else numbers_said(load(program, config.state_dir() / "programs"))
        )
    except ProgramFileError as error:
        raise UsageError(str(error)) from error
    texts = pack.sentences_ahead({**numbers, "n": COUNTS})
    with Progress(transient=not sys.stderr.isatty()) as bar:
        task = bar.add_task(f"Rendering {pack.name} with {engine.name}", total=len(texts))
        try:
            rendered = Voice(engine).prepare(
                texts, lambda done, total: bar.update(task, completed=done, total=total)
            )
        except DeviceError as error:
            raise WorkError(str(error)) from error
    print(f"{pack.name}: {len(texts)} sentences ready, {rendered} of them rendered now.")


def voice_check(
    language: Annotated[
        str | None, typer.Argument(help="Language of the voice pack; all by default")
    ] = None,
) -> None:
    """Say what each pack lacks: cues, blanks, cases, phrases that its recogniser cannot hear."""
    from coach import config
    from coach.adapters.packs import languages, load_pack
    from coach.adapters.vosk_recogniser import known_phrases, load_model
    from coach.ports import DeviceError

    wrong = False
    for code in [language] if language is not None else languages():
        try:
            pack = load_pack(code)
            problems = list(missing_from(pack, load_pack(COMPLETE)))
        except PackError as error:
            raise UsageError(str(error)) from error
        if not (config.VOICE_PACKS / code / "cases.yaml").is_file():
            problems.append("cases.yaml is missing: what people say, and the command it is")
        try:
            model = load_model(config.models_dir() / f"vosk-{code}")
        except DeviceError as error:
            print(f"{code}: phrases not checked. {error}", file=sys.stderr)
        else:
            _, unknown = known_phrases(model, pack.phrases)
            problems += [f"the recogniser cannot hear '{phrase}'" for phrase in unknown]
        wrong = wrong or bool(problems)
        for problem in problems:
            print(f"{code}: {problem}")
        if not problems:
            print(f"{code}: complete, {len(pack.cues)} cues")
    if wrong:
        raise WorkError("A voice pack is not complete; add what is named above to its folder.")
