"""The capture process: `python -m coach.adapters.camera_child KIND [ARGUMENT ...]`.

A camera library can hang for ever, and after a disconnect often does; in a process of its own it
can be killed. Frames go to standard output, each as `HEADER` and then its bytes; a sentence about
what went wrong goes to standard error, and the exit status is 1.
"""

import os
import struct
import sys
from collections.abc import Callable, Iterator

from coach.adapters import camera_pattern, camera_picamera2, camera_v4l2
from coach.ports import DeviceError, Frame

HEADER = struct.Struct("<dII")
"""Time in monotonic seconds (one clock for all processes of a machine), height, width."""

KINDS: dict[str, Callable[..., Iterator[Frame]]] = {
    "picamera2": lambda turn="0": camera_picamera2.frames(int(turn)),
    "v4l2": lambda device, turn="0": camera_v4l2.frames(device, int(turn)),
    "pattern": lambda failure="", after="5": camera_pattern.frames(failure, int(after)),
}


def main(kind: str, *arguments: str) -> int:
    # Libraries print to standard output as they please; from here on that is standard error, and
    # the frames have a way of their own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        for frame in KINDS[kind](*arguments):
            height, width = frame.image.shape[:2]
            out.write(HEADER.pack(frame.t, height, width))
            out.write(frame.image.tobytes())
            out.flush()
    except DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    # Not through the interpreter's end, where a camera library may wait for its own threads.
    sys.stderr.flush()
    os._exit(status)
