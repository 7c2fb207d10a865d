"""Models, camera, vocabulary and voice."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from coach import config, models
from coach.doctor.findings import Finding, fine, trouble
from coach.ports import DeviceError, Frame
from coach.speech.voice_pack import VoicePack

FRAMES = 15
ENOUGH_FPS = 8.0
"""Frames a second that suffice to count reps."""
DARK = 20.0
"""Mean brightness (0-255) under which a person is not found."""


def check_models(language: str) -> Iterator[Finding]:
    folder = config.models_dir()
    for model in models.chosen((), (language,)):
        wrong = models.faults(model, folder, thorough=True)
        if wrong:
            yield trouble(
                "models",
                f"The model {model.name} is missing or damaged.",
                "Run: coach models fetch",
            )
        else:
            yield fine("models", f"The model {model.name} is whole.")


def check_camera(wish: str) -> Iterator[Finding]:
    """Takes a frame, then lets the pose model look at it."""
    image = np.full((480, 640, 3), 90, np.uint8)
    if wish != "none":
        from coach.adapters.cameras import live_camera

        try:
            camera = live_camera(wish)
            camera.open()
            try:
                frame = camera.read(5.0)
            finally:
                camera.close()
        except DeviceError as error:
            yield trouble("camera", str(error), "Without one the coach asks and keeps the time.")
        else:
            if frame is None:
                yield trouble("camera", "The camera gives no picture.", "Unplug it, plug it in.")
            else:
                image = frame.image
                yield _brightness(image)
    yield _speed(image)


def _brightness(image: "np.typing.NDArray[np.uint8]") -> Finding:
    height, width = image.shape[:2]
    if image.mean() < DARK:
        return trouble("camera", "The camera's picture is nearly black.", "Turn a light on.")
    return fine("camera", f"The camera gives pictures of {width} x {height}.")


def _speed(image: "np.typing.NDArray[np.uint8]") -> Finding:
    from coach.adapters.blazepose import BlazePose

    try:
        model = BlazePose(config.models_dir(), models.landmark_variant("auto"))
        model.observe(Frame(0.0, image))
        began = time.perf_counter()
        for number in range(FRAMES):
            model.observe(Frame(number / 15, image))
    except DeviceError as error:
        return trouble("pose", str(error), "Run: coach models fetch")
    fps = FRAMES / (time.perf_counter() - began)
    if fps < ENOUGH_FPS:
        return trouble(
            "pose",
            f"This machine looks at {fps:.1f} frames a second; {ENOUGH_FPS:.0f} are needed.",
            "Close other programs, or check cooling and power of the Pi.",
        )
    return fine("pose", f"The pose model looks at {fps:.0f} frames a second.")


def check_words(pack: VoicePack) -> Iterator[Finding]:
    from coach.adapters.vosk_ears import VoskEars

    try:
        ears = VoskEars(config.models_dir() / f"vosk-{pack.language}", pack.phrases, pack.decoys)
    except DeviceError as error:
        yield trouble("words", str(error), "Run: coach models fetch")
        return
    if ears.unknown:
        yield trouble(
            "words",
            f"The listening model does not know: {', '.join(ears.unknown)}.",
            f"Take these phrases out of voice_packs/{pack.language}/pack.yaml.",
        )
    else:
        yield fine("words", "Every command phrase is in the listening model's vocabulary.")


def check_voice(pack: VoicePack) -> Iterator[Finding]:
    from coach.adapters.tts import Voice, engine_for

    engine = engine_for(pack)
    try:
        with TemporaryDirectory() as nothing_kept:
            Voice(engine, Path(nothing_kept)).samples(next(iter(pack.cues.values())))
    except DeviceError as error:
        yield trouble("voice", str(error), "Install espeak-ng, then run: coach voice render")
    else:
        yield fine("voice", f"The voice {engine.name} speaks.")
