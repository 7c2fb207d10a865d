"""`coach why`: what was behind a spoken correction."""

import json
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.errors import UsageError
from coach.cli.history import on_the_wall


def why(
    number: Annotated[int, typer.Argument(min=1, help="1 is the latest correction.")] = 1,
    person: Annotated[str | None, typer.Option(help="Only this person's corrections.")] = None,
    language: Annotated[str, typer.Option(help="Language of the voice pack.")] = "en",
    state_dir: Annotated[Path | None, typer.Option(help="Where the history is kept.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Explain a correction: the rep, the number, the limit and how sure it is; and draw it."""
    from dataclasses import asdict

    from coach.adapters.packs import load_pack
    from coach.cli.memory import reading
    from coach.domain.effects import Cue
    from coach.explain import behind, sentences
    from coach.speech.voice_pack import PackError
    from coach.stick_figure import figure
    from coach.store.history import corrected, correction

    with reading(state_dir) as db:
        rep = correction(db, person, number)
        count = corrected(db, person)
    if rep is None and not count:
        raise UsageError("No rep has been corrected yet: there is nothing to explain.")
    if rep is None:
        raise UsageError(f"There is no correction {number}; there are 1, the latest, to {count}.")
    fault, found = behind(rep)
    if as_json:
        known = {} if found is None else {**asdict(found), "confidence": found.confidence}
        print(json.dumps({**rep, "why": {"fault": fault, **known}}, ensure_ascii=False))
        return
    try:
        said = load_pack(language).text(Cue(rep["cue"]))
    except PackError as error:
        raise UsageError(str(error)) from error
    when = on_the_wall(rep["began"])
    print(f"{when}, {rep['person']}: {rep['drill']}, set {rep['set_number']}, rep {rep['number']}")
    print(f'Said: "{said}"')
    print(*sentences(fault, found), sep="\n")
    measured = found.measured if found is not None else 0.0
    print(*figure(rep["lean_deg"], rep["knee_deg"], rep["bow"], fault, measured), sep="\n")
