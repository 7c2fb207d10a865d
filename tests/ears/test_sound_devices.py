"""Which device is meant when none is named."""

from typing import Any

import pytest

from coach.adapters import sound_devices

HDMI = "vc4-hdmi-0: MAI PCM i2s-hifi-0 (hw:0,0)"
SPEAKERPHONE = "USB PnP Sound Device: Audio (hw:2,0)"


class PortAudio:
    """The devices of a machine; the first is ALSA's default."""

    def __init__(self, *names: str) -> None:
        self._devices = [{"name": name, "max_output_channels": 2} for name in names]

    def query_devices(self, kind: str | None = None) -> Any:
        return self._devices if kind is None else self._devices[0]


def chosen(*names: str, wish: str | None = None) -> str:
    return str(sound_devices._find(PortAudio(*names), "output", wish)["name"])


def test_on_a_bare_pi_what_is_plugged_in_comes_before_the_hdmi_plug() -> None:
    assert chosen("default", HDMI, SPEAKERPHONE) == SPEAKERPHONE


def test_without_anything_plugged_in_it_is_the_default() -> None:
    assert chosen("default", HDMI) == "default"


@pytest.mark.parametrize("server", ["pulse", "pipewire"])
def test_a_sound_server_knows_better(server: str) -> None:
    assert chosen("default", server, SPEAKERPHONE) == "default"


def test_a_part_of_a_name_chooses() -> None:
    assert chosen("default", HDMI, SPEAKERPHONE, wish="hdmi") == HDMI
