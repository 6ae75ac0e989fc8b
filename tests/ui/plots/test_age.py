"""What a picture is of, said where that is not what is on show."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.notation import format_count
from bpstudio.debugger.session import Session
from bpstudio.ui.plots.age import PictureOf, age_words
from tests.ui.plots.conftest import MakeView, let_shrink, settle

OLD, NEW = object(), object()


def test_a_picture_of_what_is_on_show_says_nothing() -> None:
    assert age_words(PictureOf(NEW, 3), PictureOf(NEW, 3), training=False) == ""
    assert age_words(None, PictureOf(NEW, 3), training=False) == ""
    assert age_words(None, PictureOf(NEW, 3), training=True) == ""


def test_an_older_picture_says_which_update_it_is_of() -> None:
    now = PictureOf(NEW, 1200)
    assert age_words(PictureOf(OLD, 0), now, training=False) == "Still update 0 …"
    assert age_words(PictureOf(OLD, 1200), now, training=False) == "Still as before …"
    assert age_words(PictureOf(OLD, 1100), now, training=True) == f"Update {format_count(1100)}"
    assert age_words(PictureOf(NEW, 1200), now, training=True) == f"Update {format_count(1200)}"


@pytest.mark.parametrize("module", ["boundary", "confusion", "landscape", "histograms"])
def test_until_the_picture_follows_it_says_that_it_is_old(
    make_view: MakeView, session: Session, qtbot: QtBot, module: str
) -> None:
    view = make_view(module, session)
    assert view.age.text == ""
    assert view.age.below.isHidden()
    session.debugger.set_weight(4, 0, 0, 5.0)
    assert view.age.text == "Still as before …"
    assert view.age.below.isVisible()
    settle(qtbot, view)
    assert view.age.text == ""
    assert view.age.below.isHidden()


def test_in_training_it_says_its_update_all_the_time_and_in_the_end_nothing(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    session.change(epochs=100_000)
    settle(qtbot, view)
    session.train()
    assert view.age.text == "Update 0"
    qtbot.waitUntil(lambda: [session.poll(), view.drawn.update > 0][1], timeout=60_000)
    assert view.age.text == f"Update {format_count(view.drawn.update)}"
    session.pause()
    settle(qtbot, view)
    assert view.drawn.subject is session.network
    assert view.age.text == ""


def test_where_the_read_out_has_no_room_it_is_said_in_the_corner(
    make_view: MakeView, session: Session
) -> None:
    view = make_view("boundary", session)
    let_shrink(view)
    view.resize(320, 200)
    session.debugger.set_weight(4, 0, 0, 5.0)
    over = view.age.over
    assert over.isVisible()
    assert view.age.below.isHidden()
    assert view.picture.rect().contains(over.geometry())
    assert over.geometry().right() > view.picture.width() - 20
