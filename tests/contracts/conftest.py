"""The virtual sound card of scripts/sound_card, brought up once for each file that asks for it."""

import subprocess
from collections.abc import Iterator
from itertools import takewhile

import pytest

from coach import config

GIVEN = ("CARD", "XDG_RUNTIME_DIR", "PULSE_SERVER", "ALSA_CONFIG_PATH")


@pytest.fixture(scope="module")
def sound_card() -> Iterator[None]:
    """Devices "speaker" and "mic" for PortAudio; skips with the reason where there can be none."""
    with subprocess.Popen(
        [str(config.ROOT / "scripts" / "sound_card"), "sh", "-c", "env; echo; cat >/dev/null"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        lines = takewhile(str.strip, process.stdout)
        up = dict(line.rstrip("\n").partition("=")[::2] for line in lines)
        if "CARD" not in up:
            pytest.skip(process.stderr.read().strip())
        with pytest.MonkeyPatch.context() as patch:
            for name in GIVEN:
                patch.setenv(name, up[name])
            yield
        process.stdin.close()
