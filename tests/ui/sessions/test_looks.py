"""How the window looks is kept as plain numbers and names, and what makes no sense is left out."""

from __future__ import annotations

import json
import math

from bpstudio.ui.sessions.looks import looks_of, put_back


def seen(window):
    """What a file keeps of it."""
    return json.loads(json.dumps(looks_of(window)))


def test_what_is_kept_is_json_and_nonsense_changes_nothing(main_window):
    window = main_window
    window.network.zoom_in()
    window.network.canvas.select(("edge", 3, 2, 1))
    kept = seen(window)
    for nonsense in (
        {"layout": "none"},
        {"zoom": math.nan},
        {"zoom": 1e9},
        {"moved": [1e9, 0]},
        {"on_top": [{}]},
        {"room": {"docks": [1, 2, -3]}},
        {"unfolded": [[1]]},
        {"selected": ["edge", -1]},
        {"unit": 3},
    ):
        put_back(window, kept | nonsense)
        assert seen(window) == kept, nonsense


def test_a_thing_that_the_network_has_not_is_not_selected(main_window):
    for selected in (
        ["node", 9, 0],
        ["node", 3, 6],
        ["edge", 1, 0, 0],
        ["edge", 3, 0, 5],
        ["bias", 1, 0],
        ["x"],
    ):
        put_back(main_window, {"selected": selected, "goal": [9, 9, 9], "unit": "eon"})
        assert main_window.network.canvas.selection is None
    assert main_window.showing.goal is None
    assert main_window.debug.unit == "term"
