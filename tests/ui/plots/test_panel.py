"""A plot as a panel of the window."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.ui.panel_table import PANELS
from bpstudio.ui.plots.panel import PlotPanel
from bpstudio.ui.plots.view import PlotView
from bpstudio.ui.window import MainWindow
from tests.ui.plots.conftest import settle

PLOTS = ("flow", "histograms", "boundary", "confusion", "landscape")


@pytest.mark.parametrize("name", PLOTS)
def test_a_panel_is_empty_until_it_is_in_sight(main_window: MainWindow, name: str) -> None:
    panel = main_window.panels[name]
    assert isinstance(panel, PlotPanel)
    assert panel._view is None
    main_window.show_panel(name)
    assert panel.view.isVisible()
    assert panel.view.side.text() or not panel.view.portions.is_done


def test_every_control_of_a_plot_has_a_name_and_a_tooltip(main_window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit

    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox)
    for name in PLOTS:
        main_window.show_panel(name)
        view = main_window.panels[name].view
        controls = [widget for kind in kinds for widget in view.findChildren(kind)]
        controls += [w for w in view.findChildren(QLineEdit) if w.parent() is view]
        for control in controls:
            if control.isVisible():
                assert control.accessibleName(), (name, control)
                assert control.toolTip(), (name, control)


def test_the_table_names_the_plots() -> None:
    assert set(PLOTS) <= {spec.name for spec in PANELS}


def test_plots_out_of_sight_stay_those_of_the_data_they_were_told_of(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    for name in PLOTS:
        settle(qtbot, view_of(main_window, name))
    main_window.show_panel("loss")
    X = np.arange(24.0).reshape(12, 2)
    main_window.session.open_data(Dataset.from_arrays(X, np.eye(2)[np.arange(12) % 2]))
    main_window.appearance.choose("dark")
    for name in PLOTS:
        main_window.panels[name].resize(301, 203)
        settle(qtbot, view_of(main_window, name))


def view_of(window: MainWindow, name: str) -> PlotView:
    """The view of a plot, brought into sight."""
    window.show_panel(name)
    panel = window.panels[name]
    assert isinstance(panel, PlotPanel)
    assert panel.view.isVisible()
    return panel.view
