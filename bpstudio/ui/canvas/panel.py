"""The network panel: header with the modes, the canvas, and the legend below it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpstudio.core.network import Network
from bpstudio.core.notation import format_count, partial
from bpstudio.ui.buttons import icon_button, tip
from bpstudio.ui.canvas.legend import Legend, entries_of
from bpstudio.ui.canvas.look import color
from bpstudio.ui.canvas.navigate import address_of
from bpstudio.ui.canvas.state import CanvasState, EdgeMode, NodeMode
from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.fonts import ui_font
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import GAP, HEADER_HEIGHT, PADDING, does, set_role
from bpstudio.ui.symbols import on_one_line
from bpstudio.ui.theme import Appearance, current_theme

_ROOMY = 800  # width from which the modes are labelled
_ROOM_FOR_CENTRE = 680

_EDGES: dict[str, EdgeMode] = {"weights": "weights", "gradients": "gradients"}
_NODES: dict[str, NodeMode] = {"a": "a", "z": "z", "dC_da": "dC_da"}


class NetworkPanel(QWidget):
    """Canvas with its header and legend."""

    step_requested = Signal(str)
    """An address to go to."""
    selected = Signal(object)
    """What is selected in the canvas now; see `NetworkCanvas.selected`."""
    breakpoint_toggled = Signal(object)
    menu_requested = Signal(object, QPoint)
    weight_dragged = Signal(int, int, int, float, bool)
    bias_dragged = Signal(int, int, float, bool)
    """What was done to a thing in the canvas; see `NetworkCanvas`."""
    modes_changed = Signal()
    """The user chose what edges or nodes show, in the header."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = NetworkCanvas()
        self.setFocusProxy(self.canvas)
        self.legend = Legend()
        self._title = QLabel("Network")
        set_role(self._title, "title")
        self._sizes = ElidedLabel()
        self._edges_label, self._nodes_label = _label("Edges"), _label("Node text")
        self._edges = SegmentedControl(_edge_segments(), "Edges show")
        self._nodes = SegmentedControl(_node_segments(), "Nodes show")
        self._centre = icon_button("centre", "Centre on the step", appearance, "Home")
        self._fit = icon_button("fit", "Fit the network", appearance, "Ctrl+0")
        self._name_actions()
        self._lay_out()
        self._connect()
        self.set_modes(self.canvas.edges_mode, self.canvas.node_mode)

    def _name_actions(self) -> None:
        does(self._centre, "centre")
        does(self._fit, "fit")
        for control, what in ((self._edges, "edges"), (self._nodes, "nodes")):
            for segment in _edge_segments() if what == "edges" else _node_segments():
                does(control.button(segment.key), f"{what}_{segment.key}")

    def show_state(self, state: CanvasState | None) -> None:
        """Show a state; None: nothing is open."""
        self.canvas.show_state(state)
        self._sizes.show_text(sizes_text(state.trace.network) if state else "")
        self._show_legend()

    @property
    def selected_address(self) -> str | None:
        """The step that the selected node or edge stands for; None where nothing is selected."""
        canvas = self.canvas
        if canvas.state is None or canvas.selection is None:
            return None
        return address_of(canvas.state, self.node_mode, canvas.selection)

    @property
    def edges_mode(self) -> EdgeMode:
        return self.canvas.edges_mode

    @property
    def node_mode(self) -> NodeMode:
        return self.canvas.node_mode

    def set_modes(self, edges: EdgeMode | None = None, nodes: NodeMode | None = None) -> None:
        """What edges and nodes show; None leaves it as it is."""
        self.canvas.set_modes(edges, nodes)
        self._edges.choose(self.canvas.edges_mode)
        self._nodes.choose(self.canvas.node_mode)
        self._show_legend()

    def set_reduced_motion(self, reduced: bool) -> None:
        self.canvas.set_reduced_motion(reduced)

    def enlarge(self, scale: float, presented: bool) -> None:
        """Nodes, strokes and text larger; ``presented``: without the header."""
        self._header.setVisible(not presented)
        self.canvas.set_scale(scale)
        self.legend.set_scale(scale)

    def fit(self) -> None:
        self.canvas.fit()

    def centre_on_step(self) -> None:
        self.canvas.centre_on_step()

    def zoom_in(self) -> None:
        self.canvas.zoom_in()

    def zoom_out(self) -> None:
        self.canvas.zoom_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Labels and the centre button give way where the panel is narrow."""
        width = self.width()
        self._edges_label.setVisible(width >= _ROOMY)
        self._nodes_label.setVisible(width >= _ROOMY)
        self._centre.setVisible(width >= _ROOM_FOR_CENTRE)

    def _lay_out(self) -> None:
        self._header = header = QWidget()
        set_role(header, "header")
        header.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(header)
        row.setContentsMargins(PADDING, 0, GAP, 1)
        row.setSpacing(GAP)
        row.addWidget(self._title)
        row.addWidget(self._sizes, 1)
        modes = (self._edges_label, self._edges, self._nodes_label, self._nodes)
        controls: tuple[QWidget, ...] = (*modes, self._centre, self._fit)
        for control in controls:
            row.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.legend)

    def _connect(self) -> None:
        self.canvas.step_requested.connect(self.step_requested)
        self.canvas.selected.connect(self.selected)
        self.canvas.breakpoint_toggled.connect(self.breakpoint_toggled)
        self.canvas.menu_requested.connect(self.menu_requested)
        self.canvas.weight_dragged.connect(self.weight_dragged)
        self.canvas.bias_dragged.connect(self.bias_dragged)
        self._edges.chosen.connect(self._choose_edges)
        self._nodes.chosen.connect(self._choose_nodes)
        self._centre.clicked.connect(self.centre_on_step)
        self._fit.clicked.connect(self.fit)

    def _choose_edges(self, key: str) -> None:
        self.set_modes(edges=_EDGES[key])
        self.modes_changed.emit()

    def _choose_nodes(self, key: str) -> None:
        self.set_modes(nodes=_NODES[key])
        self.modes_changed.emit()

    def _show_legend(self) -> None:
        state, scales = self.canvas.state, self.canvas.scales
        if state is None or scales is None:
            self.legend.show_entries(())
        else:
            self.legend.show_entries(entries_of(state, self.edges_mode, self.node_mode, scales))


class ElidedLabel(QWidget):
    """One line of hint text that gives way where room is short."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setFont(ui_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Show a text; does nothing where it is shown already."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._text), HEADER_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(color(current_theme().text3))
            shown = self.fontMetrics().elidedText(
                self._text, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


def sizes_text(network: Network) -> str:
    """What a network is, in a line: 4 – 5 – 6 – 3, 68 weights, 14 biases."""
    sizes = " – ".join(format_count(n) for n in network.sizes)
    counted = [_counted(network.n_weights, "weight", "weights")]
    if network.n_biases:
        counted.append(_counted(network.n_biases, "bias", "biases"))
    return ", ".join([sizes, *counted])


def _counted(n: int, one: str, many: str) -> str:
    return f"{format_count(n)} {one if n == 1 else many}"


def _label(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "label")
    return label


def _edge_segments() -> tuple[Segment, ...]:
    return (
        Segment("weights", "Weights", tip("Edges show weights", "Ctrl+1")),
        Segment("gradients", "Gradients", tip("Edges show gradients", "Ctrl+2")),
    )


def _node_segments() -> tuple[Segment, ...]:
    return (
        Segment("a", "a", tip("Nodes show a", "Ctrl+3"), tex=True),
        Segment("z", "z", tip("Nodes show z", "Ctrl+4"), tex=True),
        Segment(
            "dC_da",
            on_one_line(partial("C_0", "a")),
            tip("Nodes show ∂C₀/∂a", "Ctrl+5"),
            tex=True,
        ),
    )
