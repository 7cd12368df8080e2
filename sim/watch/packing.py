"""Arrays and words in one small message, the same for the local server and for a file.

A message is zlib of: the length of the head (4 bytes, little-endian), the head as JSON, and the
bytes of the arrays one after the other. The head names each array with its type, length, offset
and coding, so that the page needs to know nothing else. ``page/data.js`` reads it.

Positive amounts are kept as logarithms in 16 bits: v = FLOOR · (e^(code / SCALE) − 1), exact to
0.02 % above a tenth; their differences along a life are small and compress well.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOOR = 0.01
SCALE = 3000.0
_HIGHEST_CODE = 65535
_ALIGNMENT = 8  # a typed array in the page must begin at a multiple of its item's size
PLAIN, DELTA = "plain", "delta"


def log_code(values: NDArray[Any]) -> NDArray[np.uint16]:
    """Amounts from 0 to 30 million as logarithms in 16 bits."""
    code = np.rint(np.log1p(np.maximum(values, 0.0) / FLOOR) * SCALE)
    return np.asarray(np.minimum(code, _HIGHEST_CODE), np.uint16)


def from_log_code(code: NDArray[np.uint16]) -> NDArray[np.float64]:
    """The amounts that ``log_code`` kept."""
    return np.asarray(FLOOR * np.expm1(code / SCALE), np.float64)


def share_code(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Shares from 0 to 1 in 8 bits; what is unknown counts as 0."""
    return np.asarray(np.rint(255.0 * np.clip(np.nan_to_num(values), 0.0, 1.0)), np.uint8)


def pack(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], level: int = 6) -> bytes:
    """One message. Unsigned 16-bit arrays are stored as differences, high bytes apart from low."""
    listed: dict[str, Any] = {}
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        coding = DELTA if array.dtype == np.uint16 else PLAIN
        data = _differences(array) if coding == DELTA else np.ascontiguousarray(array).tobytes()
        data += bytes(-len(data) % _ALIGNMENT)
        listed[name] = [array.dtype.str.lstrip("<|"), int(array.size), offset, coding]
        parts.append(data)
        offset += len(data)
    text = json.dumps(
        {**head, "arrays": listed}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    words = text.encode()
    words += b" " * (-(4 + len(words)) % _ALIGNMENT)
    return zlib.compress(b"".join([struct.pack("<I", len(words)), words, *parts]), level)


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Head and arrays of a message, as the page sees them."""
    raw = zlib.decompress(message)
    (length,) = struct.unpack_from("<I", raw)
    head = json.loads(raw[4 : 4 + length])
    base = 4 + length
    arrays = {}
    for name, (kind, size, offset, coding) in head.pop("arrays").items():
        dtype = np.dtype(kind)
        data = raw[base + offset : base + offset + size * dtype.itemsize]
        arrays[name] = _sums(data) if coding == DELTA else np.frombuffer(data, dtype)
    return head, arrays


def _differences(codes: NDArray[np.uint16]) -> bytes:
    steps = np.diff(codes, prepend=np.uint16(0)).astype("<u2")  # modulo 65,536
    return np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 2).T).tobytes()


def _sums(data: bytes) -> NDArray[np.uint16]:
    planes = np.frombuffer(data, np.uint8).reshape(2, -1)
    steps = np.ascontiguousarray(planes.T).view("<u2").ravel()
    return np.cumsum(steps, dtype=np.uint16)
