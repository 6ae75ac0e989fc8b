"""Numbers of the ledger are never cut; words, bars and columns of classes give way to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetricsF

from bpstudio.core.notation import format_count
from bpstudio.debugger.ledger_columns import Columns
from bpstudio.ui.fonts import SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.ledger.columns import BAR, boxes, needs_of
from bpstudio.ui.ledger.numbers import compact, of_class, signed
from bpstudio.ui.ledger.pages import EMPTY, Widest, classes, iterations, samples
from bpstudio.ui.ledger.rows import head_of

pytestmark = pytest.mark.usefixtures("appearance")

NARROW = 330  # what the controls above need


def scaled(ledger, split, factor):
    """The same with numbers of another size, and what each class did in it."""
    T, before, after = ledger.columns
    columns = Columns(T, before * factor, after * factor)
    start, now = ledger.start * factor, ledger.now * factor
    other = replace(ledger, columns=columns, start=start, now=now)
    others = {name: values * factor for name, values in split.others.items()}
    return other, replace(split, ledger=other, part=split.part * factor, others=others)


def all_pages(ledger, split):
    return (
        iterations(ledger, split, "size", None),
        samples(split, str, "size"),
        classes(split, "size"),
    )


def fits(text, font, box):
    return QFontMetricsF(font).horizontalAdvance(text) <= box.width()


@pytest.mark.parametrize("factor", [1.0, 37.0, 4321.0, 1e9, 1e-9, 1e-300])
@pytest.mark.parametrize("width", [NARROW, 456, 700])
def test_no_number_is_cut_and_none_is_beyond_the_edge(ledger, split, factor, width):
    plain, bold, link = ui_font(Size.TABLE), ui_font(Size.TABLE, SEMIBOLD), mono_font(Size.TABLE)
    for page in all_pages(*scaled(ledger, split, factor)):
        at = boxes(page, needs_of(page), width)
        assert at.change.right() <= width
        for row in map(page.at, range(page.count)):
            one_by_one = page.view == "iteration"
            number = compact(row.before) if one_by_one else format_count(row.updates)
            assert fits(number, plain, at.number)
            assert fits(signed(row.change), bold, at.change)
            assert page.view == "class" or fits(row.place, link, at.place)
            assert all(map(fits, map(of_class, row.classes), [plain] * 2, at.classes))


def test_columns_of_classes_are_there_where_they_all_have_room(ledger, split):
    page = iterations(ledger, split, "size", None)
    needs = needs_of(page)
    assert page.classes == split.classes
    wide, narrow = boxes(page, needs, 600), boxes(page, needs, 300)
    assert len(wide.classes) == 2
    assert narrow.classes == ()
    for box, after in zip(wide.classes, wide.classes[1:], strict=False):
        assert box.right() < after.left()
    assert wide.classes[-1].right() <= 600
    assert [text for text, *_ in head_of(page, needs, "size", 600)][-2:] == list(split.classes)


def test_the_bar_is_smaller_where_columns_of_classes_have_room_then(ledger, split):
    page = iterations(ledger, split, "size", None)
    needs = needs_of(page)
    whole = boxes(page, needs, 600).classes[0].left()
    width = whole + 2 * needs.part - 20
    assert len(boxes(page, needs, width).classes) == 2
    assert boxes(page, needs, width).bar.width() < BAR
    assert boxes(page, needs, 300).bar.width() == BAR


def test_words_give_way_before_the_bar_and_the_bar_before_a_number():
    many = replace(EMPTY, view="sample", longest="e1000000/b1000", widest=Widest((), ("−0" * 10,)))
    needs = needs_of(many)
    numbers = boxes(many, needs, 2000).change.right() - boxes(many, needs, 2000).words.width()
    wide, narrow, least = (boxes(many, needs, numbers + more) for more in (300, 45, 20))
    assert wide.words.width() > 0
    assert wide.bar.width() == BAR
    assert narrow.words.width() == 0
    assert 0 < narrow.bar.width() <= BAR
    assert least.bar.width() == 0
    assert wide.place.width() == least.place.width() == needs.place


def test_the_name_of_a_class_gives_way_to_numbers():
    page = replace(EMPTY, view="class")
    needs = needs_of(page)
    assert boxes(page, needs, 400).place.width() == needs.place
    assert boxes(page, needs, 250).place.width() < needs.place
    assert boxes(page, needs, 250).change.right() <= 250
