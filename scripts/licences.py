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

# What the packages do not say themselves, with where it was found.
NOTES = {
    "pyaec": "states no licence: ask its maker before passing it on; holds SpeexDSP (BSD-3-Clause)",
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
        "",
        "Each one's whole text is in `/usr/share/doc/PACKAGE/copyright`.",
    ]


if __name__ == "__main__":
    sections = [HEAD.splitlines(), packages(json.loads(sys.argv[1])), models(), system()]
    print("\n\n".join("\n".join(section) for section in sections))
