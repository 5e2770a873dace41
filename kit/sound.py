"""What the first bytes of a sound file say: its kind, and how long it lasts where the container tells.

A sender's word for type and length is not believed: both decide what is given to a provider that counts seconds.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_OPUS_HZ = 48_000  # the clock of every Opus stream, whatever was recorded


@dataclass(frozen=True, slots=True)
class Sound:
    """`seconds` is 0 where the container does not tell."""

    suffix: str
    mime: str
    seconds: float = 0.0


def look(data: bytes) -> Sound | None:
    """The sound that `data` is, None for anything else."""
    if data[:4] == b"OggS":
        return Sound("ogg", "audio/ogg", _ogg(data))
    if data[4:8] == b"ftyp" and data[8:11] in (b"M4A", b"M4B", b"mp4", b"iso", b"MSN", b"3gp", b"das"):
        return Sound("m4a", "audio/mp4", _mp4(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Sound("wav", "audio/wav", _wav(data))
    if data[:3] == b"ID3" or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"):
        return Sound("mp3", "audio/mpeg")
    if data[:4] == b"\x1aE\xdf\xa3":
        return Sound("webm", "audio/webm")
    return Sound("flac", "audio/flac") if data[:4] == b"fLaC" else None


def _ogg(data: bytes) -> float:
    """The last page's position over the stream's clock."""
    vorbis = data.find(b"\x01vorbis", 0, 512)
    hz = _OPUS_HZ if b"OpusHead" in data[:512] else _number("<I", data, vorbis + 12) if vorbis > 0 else 0
    return _seconds(_number("<q", data, data.rfind(b"OggS") + 6), hz)


def _mp4(data: bytes) -> float:
    """The duration in the movie header; 0 in files that are written while they are recorded."""
    at = data.find(b"mvhd") + 4
    if at < 4:
        return 0.0
    if data[at : at + 1] == b"\x01":
        return _seconds(_number(">Q", data, at + 24), _number(">I", data, at + 20))
    return _seconds(_number(">I", data, at + 16), _number(">I", data, at + 12))


def _wav(data: bytes) -> float:
    return _seconds(len(data) - 44, _number("<I", data, 28))


def _number(form: str, data: bytes, at: int) -> int:
    """The number at a place of a file that may be cut short."""
    try:
        return int(struct.unpack_from(form, data, at)[0])
    except struct.error:
        return 0


def _seconds(length: int, a_second: int) -> float:
    return length / a_second if length > 0 and a_second > 0 else 0.0
