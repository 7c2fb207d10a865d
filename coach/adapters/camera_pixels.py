"""A camera's raw buffer as a picture: the format it really has, its stride, its mounting."""

import cv2
import numpy as np
import numpy.typing as npt

from coach.ports import DeviceError

Bytes = npt.NDArray[np.uint8]

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def to_bgr(buffer: Bytes, pixel_format: str, width: int, height: int, stride: int) -> Bytes:
    """(height, width, 3) B-G-R from a buffer whose rows begin `stride` bytes apart.

    `pixel_format` is libcamera's name, which says the order of a word and not of memory:
    "RGB888" is B, G, R in memory.
    """
    match pixel_format:
        case "RGB888":
            return _rows(buffer, height, stride, width * 3).reshape(height, width, 3)
        case "BGR888":
            return _rows(buffer, height, stride, width * 3).reshape(height, width, 3)[:, :, ::-1]
        case "XRGB8888":
            return _rows(buffer, height, stride, width * 4).reshape(height, width, 4)[:, :, :3]
        case "XBGR8888":
            return _rows(buffer, height, stride, width * 4).reshape(height, width, 4)[:, :, 2::-1]
        case "NV12":
            planes = _rows(buffer, height * 3 // 2, stride, width)
            return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_NV12), dtype=np.uint8)
        case "YUV420":
            luma = _rows(buffer, height, stride, width)
            chroma = _rows(buffer[height * stride :], height, stride // 2, width // 2)
            planes = np.concatenate([luma, chroma.reshape(height // 2, width)])
            return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), dtype=np.uint8)
    raise DeviceError(
        f"The camera sends pictures as {pixel_format}, which the coach cannot read: "
        "use another camera."
    )


def turned(image: Bytes, degrees: int) -> Bytes:
    """The picture turned clockwise, for a camera that is mounted in portrait."""
    return np.asarray(cv2.rotate(image, _TURNS[degrees])) if degrees else image


def _rows(buffer: Bytes, rows: int, stride: int, length: int) -> Bytes:
    """`rows` rows without what is between their ends and the next row's beginning."""
    whole = buffer.reshape(-1)[: rows * stride].reshape(rows, stride)
    return np.ascontiguousarray(whole[:, :length])
