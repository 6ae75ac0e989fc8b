"""As much of the protocol buffers' wire format as a file of ONNX needs.

A message is fields, each a key (number · 8 + kind) and its content: kind 0 a varint, 2 bytes with
their length before them, 5 and 1 numbers of 4 and 8 bytes.
Source: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

Value = int | bytes


class BrokenMessageError(ValueError):
    """Bytes that are no message."""


def varint(n: int) -> bytes:
    """A number ≥ 0, 7 bits a byte, the lowest first."""
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes((*out, n))


def field(number: int, value: int | bytes | str) -> bytes:
    """One field: a whole number ≥ 0, or bytes, a text or a message."""
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | BYTES) + varint(len(content)) + content


def fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """The fields of a message in order: number, and a whole number or the bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        size, at = _size(message, at, kind)
        if at + size > len(message):
            raise BrokenMessageError(f"it is cut off within field {number}")
        yield number, message[at : at + size]
        at += size


def _size(message: bytes, at: int, kind: int) -> tuple[int, int]:
    if kind == BYTES:
        return _varint(message, at)
    if kind not in (FIXED32, FIXED64):
        raise BrokenMessageError(f"it has a field of the unknown kind {kind}")
    return (4 if kind == FIXED32 else 8), at


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 70:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise BrokenMessageError("a number in it is cut off")
