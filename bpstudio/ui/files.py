"""Opening and writing files from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

import bpstudio
from bpstudio import sessions
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import BadRowsError, InputError, TooLargeError
from bpstudio.core.generated import generated, is_generated
from bpstudio.debugger.opening import Opening, prepare
from bpstudio.files.example import EXAMPLES, load_example
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.weights import load_weights, save_weights
from bpstudio.resources import resource
from bpstudio.ui import dialogs
from bpstudio.ui.exporting import ExportVerbs
from bpstudio.ui.generate_dialog import GenerateDialog
from bpstudio.ui.importing.scrim import Scrim
from bpstudio.ui.message_bar import Link
from bpstudio.ui.painting.strokes import Canvas
from bpstudio.ui.readings import Readings
from bpstudio.ui.sessions.shelf import SUFFIX
from bpstudio.ui.trace_opening import open_trace

if TYPE_CHECKING:
    from bpstudio.ui.importing.dialog import ImportDialog
    from bpstudio.ui.painting.dialog import PaintDialog
    from bpstudio.ui.window import MainWindow

ASK = "import/ask"  # the setting: to look at a file before it is opened


Choice = dict[str, Any]
"""Target, task, and sample, as `load` takes them."""


class FileVerbs:
    """What the File menu does. Everything refused leaves the session as it was."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._imported: tuple[Path, ImportOptions] | None = None  # how the open file was read
        self._canvas = Canvas()
        self.exports = ExportVerbs(window)
        self.readings = Readings(window.appearance, window)

    @property
    def imported(self) -> ImportOptions | None:
        """How the data of the session were imported; None where they were not."""
        if self._imported is None or self._window.session.data.path != str(self._imported[0]):
            return None
        return self._imported[1]

    def was_imported(self, options: ImportOptions | None) -> None:
        """How the data of a session that is opened were imported, so that a change keeps that."""
        path = self._window.session.data.path
        self._imported = None if options is None or path is None else (Path(path), options)

    def ask_open(self) -> None:
        """Choose a data file and open it, or look at it first where the user wants to."""
        path = self._ask_file()
        is_data = path is not None and path.suffix.lower() not in (".json", SUFFIX)
        if path is not None and is_data and self._window.settings.flag(ASK):
            self.show_import(path)
        elif path is not None:
            self.open(path)

    def toggle_ask(self) -> None:
        """Look at every data file before it is opened, or only at those that need it."""
        settings = self._window.settings
        settings.set_flag(ASK, not settings.flag(ASK))
        self._window.show_enabled()

    def ask_import(self) -> None:
        """Choose a data file, and look at it before it is opened."""
        path = self._ask_file()
        if path is not None:
            self.show_import(path)

    def _ask_file(self) -> Path | None:
        recent = self._window.settings.recent_files
        return dialogs.ask_data_file(self._window, str(Path(recent[0]).parent) if recent else "")

    def show_import(self, path: Path) -> None:
        """The dialog that shows what a file would become."""
        window = self._window
        # with it the reader is loaded, which takes time and memory
        dialog = import_module("bpstudio.ui.importing.dialog").ImportDialog(
            path, window.session.experiment, window.appearance, window
        )
        scrim = Scrim(window.appearance, window)  # of a dialog that is there: it goes with that
        dialog.accepted.connect(partial(self._import, dialog))
        dialog.finished.connect(scrim.deleteLater)
        dialog.open()

    def _import(self, dialog: ImportDialog) -> None:
        self._import_as(dialog.path, dialog.options, dialog.split.settings())

    def _import_again(self, change: Callable[[ImportOptions, Dataset], ImportOptions]) -> bool:
        """The open file with other options, where it was imported; whether it was."""
        data, options = self._window.session.data, self.imported
        if options is None or data.path is None:
            return False
        self._import_as(Path(data.path), change(options, data), {})
        return True

    def _open_again(self, **choice: Any) -> None:
        """The open file with another target or task, and the same rows of it."""
        data, source = self._window.session.data, self._window.sessions.source
        if data.path is None:
            return
        if data.drawn is not None:
            choice |= {"sample": data.drawn.rows, "sample_seed": data.drawn.seed}
        self._read(Path(data.path), choice, "refuse" if source is None else source.bad_rows)

    def _import_as(self, path: Path, options: ImportOptions, settings: dict[str, Any]) -> None:
        """Open a file read so, under other settings of the split and the scaling."""
        load = import_module("bpstudio.files.importing").load
        before = self._window.session.experiment
        how = {"options": options, "stamp": sessions.DataFile.stamp_of(path)}
        self.readings.read(
            path,
            lambda: prepare(load(path, options), before, **settings),
            partial(self._take, path, (path, options), how),
            self._refuse,
            then=Opening.ready_to_train,
        )

    def _take(
        self,
        path: Path,
        imported: tuple[Path, ImportOptions] | None,
        how: dict[str, Any],
        opening: Opening,
    ) -> bool:
        """Open what was made ready of a file; ``how`` it was read, as `DataFile.of` has it."""
        window = self._window
        source = sessions.DataFile.of(path, opening.dataset, **how)
        if not self._begin(lambda: window.session.open_prepared(opening), source):
            return False
        self._imported = imported
        window.settings.add_recent_file(path)
        self._say_what_was_read(window.session.data)
        return True

    def _refuse(self, error: InputError) -> None:
        self._window.message_bar.show_error(str(error))

    def open(
        self, path: Path, target: str | Sequence[str] | None = None, task: str | None = None
    ) -> bool:
        """Open a data file with its suggested target, or with another.

        Rows that are no rows of numbers are refused, and may then be left out by a button; of a
        file that is too large a sample may be taken by one. A JSON trace brings its network along,
        a .bps all of its session.
        """
        if is_generated(str(path)):
            return self._window.attempt(lambda: self._open_own(generated(str(path))))
        if path.suffix.lower() == SUFFIX:
            return self._window.sessions.open(path)
        if path.suffix.lower() == ".json":
            return open_trace(self._window, path)
        return self._read(path, {"target": target, "task": task}, "refuse")

    def _read(self, path: Path, choice: Choice, bad_rows: str) -> bool:
        before, target = self._window.session.experiment, choice["target"]
        target = (target,) if isinstance(target, str) else target and tuple(target)
        how = {"target": target, "task": choice["task"], "bad_rows": bad_rows}
        how["stamp"] = sessions.DataFile.stamp_of(path)
        # the scaling is fitted when the data are split
        asked: Choice = {"bad_rows": bad_rows, "too_large": "refuse", "scale": "none"}
        # by the package's lazy name: the reader is not loaded before the first file is opened
        return self.readings.read(
            path,
            lambda: prepare(bpstudio.load(str(path), **choice, **asked), before),
            partial(self._take, path, None, how),
            partial(self._refuse_rows, path, choice, bad_rows),
            then=Opening.ready_to_train,
        )

    def _refuse_rows(self, path: Path, choice: Choice, bad_rows: str, error: InputError) -> None:
        """Say what is wrong with a file, and what can be done about it."""
        bar, more = self._window.message_bar, self._import_link(path)
        if isinstance(error, BadRowsError):
            again = partial(self._read, path, choice, "leave out")
            bar.show_error(str(error), "Leave such rows out", again, more=more)
        elif isinstance(error, TooLargeError):
            again = partial(self._read, path, choice | {"sample": error.rows}, bad_rows)
            bar.show_error(str(error), f"Take a sample of {error.rows:,} rows", again, more=more)
        else:
            bar.show_error(str(error), more=more)

    def _import_link(self, path: Path) -> tuple[Link, ...]:
        """To the dialog that corrects how a file is read; there must be one."""
        look = partial(self.show_import, path)
        return (("Import…", look),) if path.is_file() else ()

    def open_example(self, name: str = "") -> None:
        """One of the `EXAMPLES`; without a name the data that the program starts with."""
        self._open_own(_example(name) if name else load_example())

    def ask_generate(self) -> None:
        """Choose data to be made from a seed, and open it."""
        window = self._window
        dialog = GenerateDialog(window.appearance, window.session.experiment.seed, window)
        dialog.accepted.connect(partial(self._open_generated, dialog))
        dialog.open()

    def _open_generated(self, dialog: GenerateDialog) -> None:
        self._open_own(dialog.data)

    def ask_paint(self) -> None:
        """Paint points, and open them; what is painted stays for the next time."""
        window, session = self._window, self._window.session
        # with it pyqtgraph is loaded
        dialog = import_module("bpstudio.ui.painting.dialog").PaintDialog(
            window.appearance, self._canvas, session.data, session.experiment.seed, window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._open_painted, dialog))
        dialog.open()

    def _open_painted(self, dialog: PaintDialog) -> None:
        self._open_own(dialog.data)

    def _begin(self, verb: Callable[[], object], source: sessions.DataFile | None = None) -> bool:
        """Do a verb that opens data, which begins another session; whether it was done.

        ``source``: the file that they are from.
        """
        window = self._window
        return window.attempt(lambda: window.sessions.in_another(verb, source))

    def _open_own(self, data: Dataset) -> None:
        """Open data of the program's own."""
        window = self._window
        if self._begin(lambda: window.session.open_data(data)):
            self._say_what_was_read(window.session.data)

    def choose_target(self, target: str) -> None:
        """The same file with another column to learn."""
        if not self._import_again(partial(_with_target, target)):
            self._open_again(target=target, task=None)

    def choose_task(self, task: str) -> None:
        """The same target as classes or as a number."""
        data = self._window.session.data
        if data.path is None or task == data.task:
            return
        if not self._import_again(partial(_with_task, task)):
            self._open_again(target=data.target_column_names, task=task)

    def _say_what_was_read(self, data: Dataset) -> None:
        """Rows left out and columns left out are said, never done in silence."""
        remarks = list(data.notes)
        if data.rejected:
            first = data.rejected[0]
            count = len(data.rejected)
            rows = "row was" if count == 1 else "rows were"
            remarks.insert(0, f"{count} {rows} left out; the first is {first}")
        if remarks:
            self._window.message_bar.show_note(f"{data.name}: {'. '.join(remarks)}.")
        else:
            self._window.message_bar.dismiss()

    def ask_load_weights(self) -> None:
        """Choose a file of weights and put them in."""
        path = dialogs.ask_weights_file(self._window)
        if path is not None:
            self.load_weights(path)

    def load_weights(self, path: Path) -> bool:
        """Take the network of a file; the data stay.

        A file that names no activations, such as a PyTorch state dict, takes those on show.
        """
        window = self._window
        *hidden, output = (layer.activation for layer in window.session.network.layers)
        if not window.attempt(
            lambda: window.session.use_network(load_weights(path, hidden, output))
        ):
            return False
        window.message_bar.show_note(f"The weights of {path.name} are in place.")
        return True

    def ask_save_weights(self) -> None:
        """Choose where the weights go and write them."""
        stem = Path(self._window.session.data.name).stem
        path = dialogs.ask_where_to_save_weights(self._window, f"{stem}-weights.json")
        if path is not None:
            self.save_weights(path)

    def save_weights(self, path: Path) -> bool:
        """Write the weights as they stand."""
        window = self._window
        if not window.attempt(lambda: save_weights(window.session.network, path)):
            return False
        window.message_bar.show_note(f"The weights were written to {path}.")
        return True


def _with_target(target: str, options: ImportOptions, data: Dataset) -> ImportOptions:
    index = data.column_names.index(target)
    return options.with_target(index, set(data.target_columns) - {index})


def _with_task(task: str, options: ImportOptions, data: Dataset) -> ImportOptions:
    kind = "class" if task == "classification" else "number"
    for index in data.target_columns:
        options = options.with_column(index, kind=kind)
    return options


def _example(name: str) -> Dataset:
    file, target, task = EXAMPLES[name]
    return bpstudio.load(str(resource(file)), target, task=task)
