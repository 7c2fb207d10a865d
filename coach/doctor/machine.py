"""The machine itself: history, disk, clock, heat and power of a Pi, and the service."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from coach.doctor.findings import Finding, fine, trouble
from coach.store.database import NAME, StoreError, open_for_reading

ROOM_MB = 200
HOT_C = 80.0
"""A Pi slows itself down from here on."""
PLAUSIBLE_YEAR = 2025
UNDER_VOLTAGE = 0x1 | 0x10000
"""Bits of the firmware's `throttled` word: now, and since boot."""

THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")


def check_history(state_dir: Path) -> Iterator[Finding]:
    path = state_dir / NAME
    if not path.exists():
        yield fine("history", f"There is no history yet in {state_dir}.")
        return
    try:
        connection = open_for_reading(path)
        sessions = connection.execute("SELECT count(*) FROM session").fetchone()[0]
        connection.close()
    except (StoreError, sqlite3.Error) as error:
        yield trouble("history", str(error), "See the sentence before; nothing was deleted.")
    else:
        yield fine("history", f"The history is sound and holds {sessions} sessions.")


def check_machine(state_dir: Path) -> Iterator[Finding]:
    place = next(p for p in (state_dir, *state_dir.parents) if p.exists())
    free = shutil.disk_usage(place).free // 1_000_000
    if free < ROOM_MB:
        yield trouble("disk", f"Only {free} MB are free in {place}.", "Make room on the disk.")
    else:
        yield fine("disk", f"{free} MB are free.")
    year = datetime.now(UTC).year
    if year < PLAUSIBLE_YEAR:
        yield trouble(
            "clock", f"The clock says it is {year}.", "Set it: sudo date -s 'YYYY-MM-DD hh:mm'."
        )
    else:
        yield fine("clock", "The clock is plausible.")
    yield from _heat()
    yield from _power()


def _heat() -> Iterator[Finding]:
    if THERMAL.exists():
        degrees = int(THERMAL.read_text()) / 1000
        if degrees >= HOT_C:
            yield trouble("heat", f"The processor is at {degrees:.0f} C.", "Give it air or a fan.")
        else:
            yield fine("heat", f"The processor is at {degrees:.0f} C.")


def _power() -> Iterator[Finding]:
    if THROTTLED.exists():
        if int(THROTTLED.read_text(), 16) & UNDER_VOLTAGE:
            yield trouble(
                "power",
                "The power supply is, or was, too weak.",
                "Use the Pi's own supply and a short cable.",
            )
        else:
            yield fine("power", "The power supply is strong enough.")


def check_unit() -> Iterator[Finding]:
    if shutil.which("systemctl") is None:
        return
    asked = subprocess.run(
        ["systemctl", "is-active", "coach.service"], capture_output=True, text=True, check=False
    )
    state = asked.stdout.strip()
    if state == "failed":
        yield trouble("unit", "The service has failed.", "See: journalctl -u coach")
    elif state:
        yield fine("unit", f"The service is {state}.")
