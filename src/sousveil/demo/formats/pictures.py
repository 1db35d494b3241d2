"""Pictures of nothing: the smallest valid JPEG and PNG files, made of their bytes, each of another shade."""

from __future__ import annotations

import struct
import zlib


def jpeg(shade: int) -> bytes:
    """A grey JPEG (ITU T.81, baseline) of 8 by 8 pixels; `shade` is 0-127."""
    quantise = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([1 + shade % 128] + [16] * 63)
    frame = b"\xff\xc0" + struct.pack(">HBHHBBBB", 11, 8, 8, 8, 1, 1, 0x11, 0)
    # One code each: "0" is a DC difference of four bits, "0" is the end of the block's AC coefficients.
    direct = b"\xff\xc4" + struct.pack(">HB", 20, 0x00) + bytes([1] + [0] * 15) + b"\x04"
    others = b"\xff\xc4" + struct.pack(">HB", 20, 0x10) + bytes([1] + [0] * 15) + b"\x00"
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0x00, 0, 63, 0)
    # 0 (DC, four bits) 1010 (= 10) 0 (end of block) and ones to fill the byte.
    return b"\xff\xd8" + quantise + frame + direct + others + scan + bytes([0b01010011]) + b"\xff\xd9"


def png(shade: int) -> bytes:
    """A grey PNG (ISO 15948) of 1 by 1 pixel; `shade` is 0-255."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes([0, shade % 256]), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
