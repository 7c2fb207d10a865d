"""The documents keep up with the program: every verb is described, every link and command holds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from coach import config
from coach.adapters.packs import load_pack
from coach.cli.main import app
from coach.domain.terms import Command
from coach.speech.commands import normalised

ROOT = config.ROOT
PAGES = sorted({ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")})
READ = [page for page in PAGES if page.is_file() and page.name != "CHANGELOG.md"]

REFERENCE = ROOT / "docs" / "commands.md"

COMMANDS = typer.main.get_command(app)


def verbs(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb as it is typed: ("run",), ("models", "fetch") and so on."""
    for name, inner in getattr(command, "commands", {}).items():
        if getattr(inner, "commands", None):
            yield from verbs(inner, (*words, name))
        else:
            yield (*words, name)


VERBS = sorted(verbs(COMMANDS))
GROUPS = {words[0] for words in VERBS if len(words) > 1}


def options(words: tuple[str, ...]) -> set[str]:
    command: Any = COMMANDS
    for word in words:
        command = command.commands[word]
    return {name for param in command.params for name in param.opts} | {"--help"}


def commands_in(page: Path) -> Iterator[tuple[str, ...]]:
    """What a reader may type: `coach ...` in code, inline or in a block."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|bash|console|text)?\n(.*?)```", text, re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for line in [*inline, *(line for block in blocks for line in block.splitlines())]:
        called = re.match(r"(?:\$ )?(?:sudo )?(?:\.venv/bin/)?coach +([a-z].*)", line.strip())
        if called:
            yield tuple(called[1].split("#")[0].split())


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_has_help_and_so_has_each_of_its_options(words: tuple[str, ...]) -> None:
    command: Any = COMMANDS
    for word in words:
        command = command.commands[word]
    assert command.help
    silent = [param.name for param in command.params if not param.help]
    assert silent == []


def reference() -> str:
    """Every verb's help, as one page."""
    parts = [
        "# Every command\n\nWritten by `pytest tests/cli --update` from the program's own help.\n"
    ]
    for words in VERBS:
        command: Any = COMMANDS
        for word in words:
            command = command.commands[word]
        typed = " ".join(("coach", *words))
        context = command.make_context(typed, [], resilient_parsing=True, terminal_width=90)
        parts.append(f"## {typed}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def test_the_reference_is_what_the_program_says(update: bool) -> None:
    if update:
        REFERENCE.write_text(reference(), encoding="utf-8")
    written = REFERENCE.read_text(encoding="utf-8")
    assert written == reference(), "see the change, then accept it: pytest tests/cli --update"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    if not page.is_file():
        pytest.fail(f"{page.name} is missing")
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text)
    broken = [
        link
        for link in links
        if not re.match(r"[a-z]+:", link)
        and not (page.parent / link.split("#")[0]).exists()
        and link.split("#")[0]
    ]
    assert broken == []


@pytest.mark.parametrize("page", READ, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_a_document_exists(page: Path) -> None:
    wrong = []
    for said in commands_in(page):
        fitting = [words for words in VERBS if said[: len(words)] == words]
        if not fitting and (said[0] not in GROUPS or "|" in " ".join(said)):
            verb = said[0].split("|")[0]
            if verb not in GROUPS and not any(words[0] == verb for words in VERBS):
                wrong.append(said)
        for words in fitting:
            named = {word.split("=")[0] for word in said if re.match(r"--[a-z]", word)}
            wrong += [(*words, option) for option in sorted(named - options(words))]
    assert wrong == []


@pytest.mark.parametrize("page", READ, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_script_in_a_document_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])(?:\./)?(scripts/[\w.-]+)", text))
    assert [name for name in sorted(named) if not (ROOT / name.rstrip(".")).exists()] == []


def everything() -> list[tuple[str, str]]:
    """The rows of the README's table of all that can be done: by voice, by command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("## Everything you can do")[1].split("\n## ")[0]
    rows = [line.replace("\\|", "/").split("|") for line in table.splitlines() if line[:1] == "|"]
    return [(row[2], row[3]) for row in rows[2:]]


def test_the_readme_s_table_has_every_command_of_the_command_line() -> None:
    typed = " ".join(command for _, command in everything())
    listed = set()
    for called in re.findall(r"`coach ([a-z/ ]+)", typed):
        verb, _, inner = called.strip().partition(" ")
        listed |= {(verb,)} if not inner else {(verb, one) for one in inner.split()[0].split("/")}
    assert set(VERBS) - listed == set()


def test_the_readme_s_table_has_every_command_by_voice_and_no_other() -> None:
    pack = load_pack("en").with_names(["NAME"])
    spoken = " ".join(voice for voice, _ in everything())
    quoted = {normalised(said) for said in re.findall(r'"([^"]+)"', spoken)}
    meant = {phrase: command for command, said in pack.phrases.items() for phrase in said}
    assert {said for said in quoted if said not in meant} == set()
    assert set(Command) - {meant[said] for said in quoted} == set()
