"""What a person has chosen, read before anything is opened for good."""

from pathlib import Path

from coach.store.people import Choices


def used_program(state: Path, person: str, trainee: str | None) -> str:
    """The program to train where none was named; a recorded trainee knows only the stick."""
    from coach.programs import DEFAULT

    if trainee is not None:
        return "dowel-only"
    return _choices(state, person).program or DEFAULT


def used_language(state: Path, person: str) -> str:
    return _choices(state, person).language or "en"


def _choices(state: Path, person: str) -> Choices:
    """Nothing chosen where nothing can be read: `run` itself tells what is wrong with it."""
    from coach.store.database import NAME, StoreError, open_for_reading
    from coach.store.people import choices

    try:
        connection = open_for_reading(state / NAME)
    except StoreError:
        return Choices(person)
    try:
        return choices(connection, person)
    except StoreError:
        return Choices(person)
    finally:
        connection.close()
