"""Writing a worked derivation to a file, to hand in; the suffix picks the format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from bpstudio.core.errors import InputError
from bpstudio.core.worked_values import Worked
from bpstudio.files.atomic import require_writable, writing
from bpstudio.files.derivation_html import html_document
from bpstudio.files.derivation_markdown import markdown_document
from bpstudio.files.derivation_style import PartOfDocument, Style
from bpstudio.files.derivation_tex import tex_document

FORMATS: Mapping[str, Callable[[Sequence[PartOfDocument]], str]] = MappingProxyType(
    {".tex": tex_document, ".md": markdown_document, ".html": html_document}
)
KEY_HEADING = "Key. "


def write_derivation(
    worked: Worked,
    path: str | os.PathLike[str],
    decimal_comma: bool = False,
    blanks: bool = False,
    key: str | os.PathLike[str] | None = None,
) -> None:
    """Write a derivation. ``blanks``: a student's edition, without results.

    Its key goes into the file ``key``, or behind it as a second part. InputError for an unknown
    suffix and for a place where nothing can be written; no file is written then.
    """
    require_places(path, blanks, key)
    complete = PartOfDocument("", worked, Style(decimal_comma))
    if not blanks:
        _write(path, [complete])
        return
    student = PartOfDocument("", worked, Style(decimal_comma, blanks=True))
    answers = PartOfDocument(KEY_HEADING, worked, Style(decimal_comma))
    _write(path, [student, answers] if key is None else [student])
    if key is not None:
        _write(key, [answers])


def require_places(
    path: str | os.PathLike[str], blanks: bool, key: str | os.PathLike[str] | None
) -> None:
    """Refuse a file, or a key, that could not be written; asked before long work."""
    derivation_suffix(path)
    target = require_writable(path)
    if key is None:
        return
    derivation_suffix(key)
    if not blanks:
        raise InputError(f"{os.fspath(key)}: a key goes with blanks only; ask for blanks as well")
    if require_writable(key) == target:
        raise InputError(f"{os.fspath(key)} is the derivation itself; name another file as key")


def _write(path: str | os.PathLike[str], parts: Sequence[PartOfDocument]) -> None:
    text = FORMATS[derivation_suffix(path)](parts)
    with writing(path) as file:
        file.write(text)


def is_derivation(path: str | os.PathLike[str]) -> bool:
    """Whether the suffix is one of a derivation."""
    return Path(path).suffix.lower() in FORMATS


def derivation_suffix(path: str | os.PathLike[str]) -> str:
    """The suffix of a derivation, in small letters. InputError names those there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        given = f"ends in {suffix}" if suffix else "has no suffix"
        known = ", ".join(FORMATS)
        raise InputError(f"{os.fspath(path)!r} {given}, which picks the format; use {known}")
    return suffix
