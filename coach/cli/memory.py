"""The database, opened for one verb; what goes wrong with it is a plain sentence."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.cli.errors import UsageError, WorkError


@contextmanager
def writing(state_dir: Path | None, *, beside_a_coach: bool = True) -> Iterator[sqlite3.Connection]:
    """For writing a line or two; a coach that runs in this folder is told of, or refused."""
    from coach import config
    from coach.store.claim import Claim, Claimed
    from coach.store.database import NAME, StoreError, open_beside

    folder = state_dir or config.state_dir()
    claim = None
    try:
        claim = Claim(folder, alone=False)
    except Claimed as error:
        if not beside_a_coach:
            raise WorkError(str(error)) from error
    try:
        connection = open_beside(folder / NAME)
        try:
            yield connection
        finally:
            connection.close()
    except StoreError as error:
        raise WorkError(str(error)) from error
    finally:
        if claim is not None:
            claim.release()
    if claim is None:
        print("A coach is running here; it knows of this when it starts again.", file=sys.stderr)


@contextmanager
def reading(state_dir: Path | None) -> Iterator[sqlite3.Connection]:
    from coach import config
    from coach.store.database import NAME, StoreError, open_for_reading

    try:
        connection = open_for_reading((state_dir or config.state_dir()) / NAME)
        try:
            yield connection
        finally:
            connection.close()
    except StoreError as error:
        raise WorkError(str(error)) from error


def known(connection: sqlite3.Connection, name: str) -> str:
    """The name, if somebody is called that; UsageError with those there are."""
    from coach.store.people import names

    everybody = names(connection)
    if name not in everybody:
        there = ", ".join(everybody) or "nobody yet"
        raise UsageError(f"Nobody is called '{name}'; there are: {there}.")
    return name
