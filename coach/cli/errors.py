"""The two ways a verb can fail; `main` prints the sentence and exits with the status."""


class CoachError(Exception):
    """A plain sentence for the person who typed the command, with what to do."""

    status = 1


class WorkError(CoachError):
    """The work failed."""

    status = 1


class UsageError(CoachError):
    """The call or a file is wrong."""

    status = 2
