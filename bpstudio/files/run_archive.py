"""The zip of a run or session: stored members, one after the other, and a manifest of hashes.

Nothing is compressed, so that no member is larger than the file; every size and place is checked
before a member is read, and nothing is ever written to a disk by its name.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import msgspec

from bpstudio.core.background import window_first
from bpstudio.core.errors import InputError, NewerFileError
from bpstudio.core.limits import require_memory
from bpstudio.files.atomic import writing_bytes
from bpstudio.files.run_arrays import Array, Buffers, array_buffers, read_array

T = TypeVar("T")

MANIFEST = "manifest.json"
MOST_MEMBERS = 10_000
LARGEST_TEXT = 16 * 2**20  # bytes of a JSON member
_LARGEST = 2**32 - 2**20  # what a plain zip holds

_NAME = re.compile(r"[a-z][a-z_]*(/[a-z0-9][a-z0-9_]*)*\.(json|npy)", re.ASCII)
_END = struct.Struct("<4s4H2LH")  # end of central directory, which is the end of the file
_LOCATOR_BYTES = 20  # of a zip64, before that
_LOCAL = 30  # bytes of a member's own header, before its name
_DATE = (1980, 1, 1, 0, 0, 0)  # the same run gives the same file
_BROKEN = (
    *(zipfile.BadZipFile, EOFError, ValueError, RuntimeError, NotImplementedError),
    *(struct.error, OverflowError, KeyError),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its format and version, and what it is called to the user."""

    format: str
    version: int
    what: str
    remedy: str


RUN = Kind("bpstudio-run", 1, "recorded run", "record it anew")


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    sha256: str


class _Manifest(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    members: dict[str, _Entry]


class _Said(msgspec.Struct):
    """What any version of the manifest says."""

    format: str = ""
    version: int = 0


class Writer:
    """Members on their way into a file; equal arrays are kept once."""

    def __init__(self, kind: Kind = RUN) -> None:
        self._kind = kind
        self._members: dict[str, Buffers] = {}
        self._entries: dict[str, _Entry] = {}
        self._known: dict[str, str] = {}  # hash: member

    def array(self, name: str, array: Array) -> str:
        """Keep an array; → the member that has it, which may be another with the same bits."""
        return self._add(f"{name}.npy", array_buffers(array))

    def text(self, name: str, value: object) -> None:
        """Keep a value as JSON."""
        content = msgspec.json.encode(value, enc_hook=_plain)
        if len(content) > LARGEST_TEXT:
            size = f"{len(content)} bytes, too many to save"
            raise InputError(f"the {name} of this {self._kind.what} takes {size}")
        self._add(f"{name}.json", (content,))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the file; it appears when it is complete."""
        kind = self._kind
        manifest = msgspec.json.encode(_Manifest(kind.format, kind.version, self._entries))
        members = {MANIFEST: (manifest,), **self._members}
        if sum(entry.size + 1000 for entry in self._entries.values()) > _LARGEST:
            raise InputError(f"{path}: a {kind.what} of more than 4 GB cannot be written")
        if len(members) > MOST_MEMBERS:
            raise InputError(f"{path}: this {kind.what} has too many parts to be written")
        with writing_bytes(path) as file, zipfile.ZipFile(file, "w", allowZip64=False) as archive:
            for name, buffers in members.items():
                window_first.let_pass()
                with archive.open(_info(name), "w") as member:
                    for buffer in buffers:
                        member.write(buffer)

    def _add(self, name: str, buffers: Buffers) -> str:
        window_first.let_pass()
        digest = hashlib.sha256()
        for buffer in buffers:
            digest.update(buffer)
        known = self._known.setdefault(digest.hexdigest(), name)
        if known == name:
            self._members[name] = buffers
            size = sum(len(buffer) for buffer in buffers)
            self._entries[name] = _Entry(size, digest.hexdigest())
        return known


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.create_system = 3
    return info


def _plain(value: object) -> object:
    """Numbers of numpy as JSON's own."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON")


class Reader:
    """The members of a file that was found whole; ``name`` for what is said of it."""

    def __init__(self, name: str, members: Mapping[str, bytes], kind: Kind = RUN) -> None:
        self.name, self.kind = name, kind
        self._members = members
        self._arrays: dict[str, Array] = {}

    def array(self, name: str) -> Array:
        """An array; the same object whenever it is asked for."""
        if name not in self._arrays:
            self._arrays[name] = read_array(self._content(name), self.place(name))
        return self._arrays[name]

    def text(self, name: str) -> bytes:
        """A JSON text."""
        return self._content(f"{name}.json")

    def place(self, name: str) -> str:
        """How a member is called in what is said of it."""
        return f"{self.name}, {name}"

    def _content(self, name: str) -> bytes:
        if name not in self._members:
            raise InputError(f"{self.name}: {name} is missing; the file is damaged")
        return self._members[name]


def read_archive(path: str | os.PathLike[str], kinds: Sequence[Kind] = (RUN,)) -> Reader:
    """The members of a file, every hash compared. InputError says what is wrong with it.

    It is one of the ``kinds``; what is none of them is called by the name of the first.
    """
    name = Path(path).name
    try:
        with open(path, "rb") as file:
            return _Opening(name, kinds).reader(file)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class _Opening:
    """A file that is looked at: its name, and what it may be."""

    name: str
    kinds: Sequence[Kind]

    def reader(self, file: BinaryIO) -> Reader:
        """Its members, once everything about the zip is as it must be."""
        size = os.fstat(file.fileno()).st_size
        require_memory(2 * size, f"reading {self.name}", "open it on a machine with more")
        self._require_end(file, size)
        try:
            with zipfile.ZipFile(file) as archive:
                self._require_order(archive)
                contents = {info.filename: archive.read(info) for info in archive.infolist()}
        except InputError:
            raise
        except _BROKEN as error:
            raise self._damaged(str(error)[:100]) from error  # may have all of the file
        kind, manifest = self._manifest(contents.pop(MANIFEST))
        for member in _differing(contents, manifest):
            raise self._damaged(f"{member} is not what the manifest says")
        return Reader(self.name, contents, kind)

    def _require_end(self, file: BinaryIO, size: int) -> None:
        """The directory is as large as the end of the file says, and not too large to be read."""
        file.seek(max(0, size - _END.size - _LOCATOR_BYTES))
        locator, end = file.read(_LOCATOR_BYTES), file.read(_END.size)
        none = f"{self.name} is no {self.kinds[0].what}, or only the start of one"
        if len(end) < _END.size:
            raise InputError(f"{none}: {size} bytes")
        mark, disk, other, here, count, length, start, comment = _END.unpack(end)
        if mark != b"PK\x05\x06" or (disk, other, comment) != (0, 0, 0):
            raise InputError(none)
        if locator.startswith(b"PK\x06\x07"):
            raise self._damaged("it is a zip64, which could name another directory")
        if here != count or not 1 <= count <= MOST_MEMBERS or start + length + _END.size != size:
            raise self._damaged("its directory does not fit its size")
        if length > count * 256:
            raise self._damaged("its directory is larger than its members need")

    def _require_order(self, archive: zipfile.ZipFile) -> None:
        """Members are stored, and follow each other without a gap; the manifest is the first."""
        at = 0
        for info in archive.infolist():
            self._require_plain(info)
            if info.header_offset != at:
                raise self._damaged(f"{info.filename} overlaps another member or leaves a gap")
            at += _LOCAL + len(info.filename) + info.file_size
        if at != archive.start_dir:
            raise self._damaged("its members do not fill it")
        names = archive.namelist()
        if names[0] != MANIFEST or len(set(names)) < len(names):
            raise self._damaged(f"its first member is {names[0]}, or one is there twice")

    def _require_plain(self, info: zipfile.ZipInfo) -> None:
        if not (info.filename == MANIFEST or _NAME.fullmatch(info.filename)):
            raise self._damaged(f"it has a member {info.filename[:80]!r}")
        stored = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
        if not stored or info.flag_bits or info.extra or info.comment:
            raise self._damaged(f"{info.filename} is packed or encrypted")
        if info.filename.endswith(".json") and info.file_size > LARGEST_TEXT:
            raise self._damaged(f"{info.filename} has {info.file_size} bytes, too many")

    def _manifest(self, text: bytes) -> tuple[Kind, _Manifest]:
        said = decoded(text, _Said, f"{self.name}, {MANIFEST}")
        for kind in self.kinds:
            if (said.format, said.version) == (kind.format, kind.version):
                return kind, decoded(text, _Manifest, f"{self.name}, {MANIFEST}")
        known = " and ".join(f"{kind.format!r} version {kind.version}" for kind in self.kinds)
        found = f"{said.format[:40]!r} version {said.version}"
        if any(said.format == kind.format and said.version > kind.version for kind in self.kinds):
            newer = f"{self.name} was written by a newer bpstudio, which can open it: it is {found}"
            raise NewerFileError(f"{newer}; this bpstudio reads {known}")
        raise InputError(f"{self.name} is {found}; this bpstudio reads {known}")

    def _damaged(self, why: str) -> InputError:
        kind = self.kinds[0]
        return InputError(f"{self.name} is damaged or no {kind.what}: {why}; {kind.remedy}")


def decoded(text: bytes, kind: type[T], place: str) -> T:
    """A JSON text as a value of that kind. InputError names the place and the key."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{place}: {error}; the file is damaged") from error


def _differing(contents: Mapping[str, bytes], manifest: _Manifest) -> Iterator[str]:
    yield from sorted(contents.keys() ^ manifest.members.keys())
    for member, content in contents.items():
        entry = manifest.members[member]
        found = (len(content), hashlib.sha256(content).hexdigest())
        if found != (entry.size, entry.sha256):
            yield member
