"""The numbers of a trace's steps as .npz: one array a column, for numpy.

``values``, ``index``, ``row``, ``l``, ``j``, ``k``, ``i`` and ``m`` have an entry a step; −1 is an
index that a kind does not have. ``kind`` counts the names in ``kinds``. Nothing is pickled and
nothing compressed. The arrays stand one after the other in the file, so the steps are gone through
once for each: no array is ever in memory as a whole.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from bpstudio.files.trace_columns import KIND_NAMES
from bpstudio.files.trace_export import Export

_ARRAYS = {
    "values": ("value", "<f8"),
    "index": ("index", "<i8"),
    "kind": ("kind", "|i1"),
    "row": ("row", "<i8"),
    **{letter: (letter, "<i4") for letter in "ljkim"},
}
_DATE = (1980, 1, 1, 0, 0, 0)  # the same trace gives the same file


def write_npz(export: Export, file: BinaryIO) -> int:
    """Write the arrays; → number of steps."""
    count = export.count()
    progress = _Shared(export, len(_ARRAYS))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        with _member(archive, "kinds") as member:
            npy.write_array(member, np.array(KIND_NAMES), allow_pickle=False)
        for name, (column, type_) in _ARRAYS.items():
            with _member(archive, name) as member:
                _write_header(member, count, type_)
                for found in replace(export, advanced=progress.add).columns(texts=False):
                    member.write(_bytes(getattr(found, column), type_))
    return count


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    """An array of the file; it may be larger than 4 GB."""
    return archive.open(zipfile.ZipInfo(f"{name}.npy", _DATE), "w", force_zip64=True)


def _write_header(member: Any, count: int, type_: str) -> None:
    header = {"descr": type_, "fortran_order": False, "shape": (count,)}
    npy.write_array_header_1_0(member, header)


def _bytes(column: NDArray[Any], type_: str) -> bytes:
    return column.astype(np.dtype(type_)).tobytes()


class _Shared:
    """Progress of writing that goes through all steps several times."""

    def __init__(self, export: Export, times: int) -> None:
        self._advanced, self._times, self._left = export.advanced, times, 0

    def add(self, more: int) -> None:
        """Some steps more, of one of the arrays."""
        whole, self._left = divmod(self._left + more, self._times)
        self._advanced(whole)
