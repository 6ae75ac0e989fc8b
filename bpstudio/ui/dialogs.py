"""Dialogs that ask for a file, and what a refused one says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import bpstudio

DATA_FILES = (
    "Data files (*.csv *.tsv *.txt *.csv.gz *.tsv.gz *.parquet);;JSON trace (*.json);;"
    "Sessions and recorded runs (*.bps);;All files (*)"
)
WEIGHT_FILES = "Weights (*.json *.npz *.safetensors *.onnx);;All files (*)"
SESSION_FILES = "Sessions and recorded runs (*.bps);;All files (*)"
PICTURE_KINDS: Mapping[str, str] = MappingProxyType(
    {".svg": "SVG (*.svg)", ".png": "PNG (*.png)", ".pdf": "PDF (*.pdf)"}
)
ANIMATION_KINDS: Mapping[str, str] = MappingProxyType(
    {".webp": "Animated WebP (*.webp)", ".gif": "GIF (*.gif)", ".mp4": "MP4 movie (*.mp4)"}
)
DERIVATION_FILES = "Web page (*.html);;LaTeX (*.tex);;Markdown (*.md)"


class TraceKind(NamedTuple):
    """A format of a trace: its name, and what a file of it has."""

    title: str
    hint: str


TRACE_KINDS: Mapping[str, TraceKind] = MappingProxyType(
    {
        ".json": TraceKind("JSON trace", "The network, the rows and the steps."),
        ".jsonl": TraceKind("JSON Lines", "The steps alone, an object a line."),
        ".csv": TraceKind("CSV", "The steps alone, for a spreadsheet."),
        ".parquet": TraceKind("Parquet", "The steps alone, small and quick, for data tools."),
        ".npz": TraceKind("NPZ", "The numbers and indices alone, as arrays for numpy."),
    }
)


def ask_data_file(parent: QWidget, folder: str) -> Path | None:
    """A data file to open; None where the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open data", folder, DATA_FILES)
    return Path(name) if name else None


def ask_where_to_save_data(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write a data set; CSV where no suffix is given."""
    return _ask_where(parent, "Save data", suggestion, "CSV (*.csv)", suffix=".csv")


def ask_session_file(parent: QWidget, folder: str) -> Path | None:
    """A session to open; None where the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open session", folder, SESSION_FILES)
    return Path(name) if name else None


def ask_where_to_save_session(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write the session; .bps where no suffix is given."""
    return _ask_where(parent, "Save session", suggestion, "Sessions (*.bps)", suffix=".bps")


def ask_trace_file(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write the trace. A name without a suffix gets that of the chosen kind."""
    kinds = {suffix: f"{kind.title} (*{suffix})" for suffix, kind in TRACE_KINDS.items()}
    offered, first = ";;".join(kinds.values()), kinds.get(Path(suggestion).suffix, "")
    return _ask_where(parent, "Export trace", suggestion, offered, first)


def ask_derivation_file(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write a derivation. A name without a suffix gets that of the chosen kind."""
    return _ask_where(parent, "Export derivation", suggestion, DERIVATION_FILES)


def ask_weights_file(parent: QWidget) -> Path | None:
    """A file of weights to take over."""
    name, _ = QFileDialog.getOpenFileName(parent, "Load weights", "", WEIGHT_FILES)
    return Path(name) if name else None


def ask_where_to_save_weights(parent: QWidget, suggestion: str) -> Path | None:
    """Where to keep the weights; JSON where no suffix is given."""
    return _ask_where(parent, "Save weights", suggestion, WEIGHT_FILES, suffix=".json")


def ask_where_to_save_picture(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write a picture. A name without a suffix gets that of the chosen kind."""
    return _ask_kind(parent, "Save picture", suggestion, PICTURE_KINDS)


def ask_where_to_save_animation(parent: QWidget, suggestion: str) -> Path | None:
    """Where to write an animation. A name without a suffix gets that of the chosen kind."""
    return _ask_kind(parent, "Save animation", suggestion, ANIMATION_KINDS)


def _ask_kind(
    parent: QWidget, title: str, suggestion: str, kinds: Mapping[str, str]
) -> Path | None:
    """Among these kinds of files by their suffixes; that of the suggestion is chosen at first."""
    offered, first = ";;".join(kinds.values()), kinds[Path(suggestion).suffix]
    return _ask_where(parent, title, suggestion, offered, first)


def _ask_where(
    parent: QWidget, title: str, suggestion: str, offered: str, first: str = "", suffix: str = ""
) -> Path | None:
    """Where to write; without a suffix the path gets this one, else that of the chosen kind."""
    name, kind = QFileDialog.getSaveFileName(parent, title, suggestion, offered, first)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(suffix or suffix_of(kind))


def suffix_of(kind: str) -> str:
    """The suffix of a kind of file, as the dialog names it."""
    return "." + kind.partition("(*.")[2].partition(")")[0]


def show_about(parent: QWidget) -> None:
    """Name, version and what the program is for."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About bpstudio")
    box.setText(
        f"<b>bpstudio {bpstudio.__version__}</b><p>Step through backpropagation, one term of the "
        f"chain rule at a time, forward and back.</p><p>It never connects to a network.</p>"
    )
    close = box.addButton("Close", QMessageBox.ButtonRole.RejectRole)
    close.setToolTip("Close (Esc)")
    box.open()
