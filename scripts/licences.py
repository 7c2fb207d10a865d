"""Prints docs/licences.md: the packages (pip-licenses' JSON, the only argument) and the models."""

import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
# What the coach is made of, and under which licences

Made by `scripts/sbom`; the same in CycloneDX form is in [sbom.cdx.json](sbom.cdx.json). The coach
itself is Apache-2.0. Nothing below is part of this repository: it is installed beside it.
"""

TAIL = """\
## Recordings in this repository

The words of the demo's trainee (`coach/demo/words`) were rendered with the Piper voice
`en_US-joe-medium`. Its model card says: dataset CC0, fine-tuned from Piper's `lessac` voice, whose
recordings (Blizzard Challenge 2013) have a licence of their own. The package that brings the voice
says MIT of itself. Whoever passes the demo on and wants to be sure renders the ten words anew.
The coach's own voice is not in the repository: it is rendered where it speaks.

## Known weaknesses

With a network, this asks the Python Package Index about every locked version:

    pipx run pip-audit --disable-pip --require-hashes -r requirements/run-3.11.lock

It is no part of `scripts/check`: where this was written neither its data nor OSV's could be had
(every package was "not found"), so no result is claimed here.
"""

# What the packages do not say themselves, with where it was found.
NOTES = {
    "vosk": "its wheel holds Kaldi and OpenFst (both Apache-2.0)",
    "opencv-python-headless": "its wheel holds FFmpeg (LGPL-2.1)",
    "pyttsx3": "used unchanged, in a process of its own",
}


def packages(rows: list[dict[str, str]]) -> list[str]:
    lines = [
        "## Python packages",
        "",
        "| package | version | licence | note |",
        "|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: row["Name"].lower()):
        name, licence = row["Name"], row["License"].splitlines()[0]
        note = NOTES.get(name.lower(), "")
        known = f"[{name}]({row['URL']})" if row["URL"] != "UNKNOWN" else name
        lines.append(f"| {known} | {row['Version']} | {licence} | {note} |")
    return lines


def models() -> list[str]:
    catalogue = tomllib.loads((ROOT / "coach" / "models.toml").read_text())
    lines = ["## Models", "", "| model | what it does | licence | maker |", "|---|---|---|---|"]
    for name, model in catalogue.items():
        maker = model["maker"].split("/")[2]
        lines.append(f"| {name} | {model['what']} | {model['license']} | {maker} |")
    return lines


def system() -> list[str]:
    return [
        "## From the system (Debian, Raspberry Pi OS)",
        "",
        "| package | licence |",
        "|---|---|",
        "| python3 | PSF-2.0 |",
        "| libportaudio2 | MIT |",
        "| espeak-ng | GPL-3.0-or-later; used to render the voice, in a process of its own |",
        "| libatomic1 | GPL-3.0-or-later with the GCC runtime exception |",
        "| python3-picamera2 (Raspberry Pi only) | BSD-2-Clause |",
        "| python3-gpiozero (Raspberry Pi only) | BSD-3-Clause |",
        "| python3-lgpio (Raspberry Pi only) | Unlicense |",
        "",
        "Each one's whole text is in `/usr/share/doc/PACKAGE/copyright`.",
    ]


if __name__ == "__main__":
    sections = [HEAD.splitlines(), packages(json.loads(sys.argv[1])), models(), system()]
    sections.append(TAIL.splitlines())
    print("\n\n".join("\n".join(section) for section in sections))
