"""What a check found: a code that is documented in docs/doctor.md, a sentence, a remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report.

    code: stable, documented under this name; the same for the good and the bad outcome
    remedy: what to do; empty where all is well
    """

    code: str
    sentence: str
    remedy: str = ""

    @property
    def fine(self) -> bool:
        return not self.remedy


def fine(code: str, sentence: str) -> Finding:
    return Finding(code, sentence)


def trouble(code: str, sentence: str, remedy: str) -> Finding:
    return Finding(code, sentence, remedy)
