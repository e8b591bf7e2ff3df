"""The container of signed files: a ZIP archive that can be written in one way only, and is read in no other.

Entries are stored as they are, with a fixed date, no extra fields and no comment, so equal contents give equal bytes.
The reader goes through the file from its first to its last byte and refuses whatever the writer would not have
written: packed entries (which could grow without bound), links, paths, doubled names, bytes before, between or after.
The layout is that of PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

MAX_ENTRIES: Final = 20_000
MAX_ENTRY_BYTES: Final = 64 * 2**20
MAX_FILE_BYTES: Final = 2**31 - 1
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_NEEDED: Final = 20
_MADE_BY: Final = 3 << 8 | _NEEDED  # Unix, so that the mode below counts
_MODE: Final = 0o100644 << 16
_DAY: Final = 1 << 5 | 1  # 1 January 1980, the first day a ZIP archive knows
_PLAIN_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_CHUNK: Final = 2**20


class Unsound(ValueError):
    """The file is not what it should be. The message is the reason, a clause such as "it is cut off"."""


class Newer(Unsound):
    """A later version wrote the file: another copy of it would not help."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that was read through: where its content begins in the file, its size in bytes, its hash."""

    name: str
    offset: int
    size: int
    crc: int
    sha256: str


def write_container(stream: BinaryIO, entries: Iterable[tuple[str, bytes]]) -> None:
    """Writes the entries in their order. Raises Unsound when the reader would refuse the result."""
    written: list[Entry] = []
    names: set[str] = set()
    offset = 0
    for name, content in entries:
        names.add(_check_name(name.encode(), names))
        if len(content) > MAX_ENTRY_BYTES or len(written) >= MAX_ENTRIES:
            raise Unsound("it would be too large")
        crc = zlib.crc32(content)
        header = _local(name, len(content), crc)
        stream.write(header)
        stream.write(content)
        offset += len(header)
        written.append(Entry(name, offset, len(content), crc, ""))
        offset += len(content)
        if offset > MAX_FILE_BYTES:
            raise Unsound("it would be too large")
    stream.write(_directory(written, offset))


def read_container(stream: BinaryIO) -> tuple[Entry, ...]:
    """The entries in their order, each read through once. Raises Unsound for anything the writer would not write."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > MAX_FILE_BYTES:
        raise Unsound("it is too large")
    entries: list[Entry] = []
    names: set[str] = set()
    while (mark := stream.read(4)) == _LOCAL_MARK:
        if len(entries) >= MAX_ENTRIES:
            raise Unsound("it has too many entries")
        entry = _read_entry(stream, names)
        entries.append(entry)
        names.add(entry.name)
    if not entries:
        raise Unsound("it is not a file of this kind" if size >= _END.size else "it is cut off")
    offset = stream.tell() - len(mark)
    expected = _directory(entries, offset)
    rest = mark + stream.read(len(expected) - len(mark) + 1)
    if rest != expected:
        raise Unsound("it is cut off" if expected.startswith(rest) else "its list of entries was altered")
    return tuple(entries)


def content_of(stream: BinaryIO, entry: Entry) -> bytes:
    """The content of an entry. Raises Unsound when the file is no longer the one that was read through."""
    stream.seek(entry.offset)
    content = stream.read(entry.size)
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise Unsound("it changed while it was read")
    return content


def _read_entry(stream: BinaryIO, names: set[str]) -> Entry:
    header = _LOCAL_MARK + _exactly(stream, _LOCAL.size - 4)
    _, _, _, method, _, _, crc, packed, size, name_length, _ = _LOCAL.unpack(header)
    name = _check_name(_exactly(stream, name_length), names)
    if method != 0 or packed != size:
        raise Unsound("it holds packed entries")
    if size > MAX_ENTRY_BYTES:
        raise Unsound("one of its entries is too large")
    if header + name.encode() != _local(name, size, crc):
        raise Unsound("it was written by another program")
    offset = stream.tell()
    digest, seen, left = hashlib.sha256(), 0, size
    while left:
        piece = _exactly(stream, min(left, _CHUNK))
        digest.update(piece)
        seen = zlib.crc32(piece, seen)
        left -= len(piece)
    if seen != crc:
        raise Unsound("one of its entries is damaged")
    return Entry(name, offset, size, crc, digest.hexdigest())


def _check_name(raw: bytes, taken: set[str]) -> str:
    """One plain component in lower case: no folder, no drive, no dot in front."""
    name = raw.decode("ascii", "replace")
    if not _PLAIN_NAME.fullmatch(name):
        raise Unsound("one of its entries has a name that is no plain file name")
    if name in taken:
        raise Unsound("it holds two entries of one name")
    return name


def _exactly(stream: BinaryIO, count: int) -> bytes:
    content = stream.read(count)
    if len(content) != count:
        raise Unsound("it is cut off")
    return content


def _local(name: str, size: int, crc: int) -> bytes:
    return (
        _LOCAL.pack(_LOCAL_MARK, _NEEDED, 0, 0, 0, _DAY, crc, size, size, len(name.encode()), 0)
        + name.encode()
    )


def _directory(entries: list[Entry], offset: int) -> bytes:
    """The list of entries and the end of the archive, which begin at ``offset``."""
    lines = []
    for entry in entries:
        name = entry.name.encode()
        start = entry.offset - _LOCAL.size - len(name)
        sizes = (entry.crc, entry.size, entry.size, len(name), 0, 0, 0, 0)
        lines.append(
            _CENTRAL.pack(_CENTRAL_MARK, _MADE_BY, _NEEDED, 0, 0, 0, _DAY, *sizes, _MODE, start) + name
        )
    listing = b"".join(lines)
    end = _END.pack(_END_MARK, 0, 0, len(entries), len(entries), len(listing), offset, 0)
    return listing + end
