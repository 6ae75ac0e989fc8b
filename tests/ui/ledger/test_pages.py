"""What the rows of a ledger say, and where they have room for it."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from bpstudio.core.notation import format_number
from bpstudio.ui.ledger.footer import how_exact, sum_of
from bpstudio.ui.ledger.numbers import compact
from bpstudio.ui.ledger.pages import classes, iterations, samples, spoken, titles


def plain(html: str) -> str:
    """Without tags, and with single plain spaces."""
    return " ".join(re.sub("<[^>]*>", "", html).replace("\u00a0", " ").split())


def test_rows_that_are_left_out_are_counted_with_their_sum(ledger, monkeypatch):
    assert iterations(ledger, None, "size", None).rest == ""
    monkeypatch.setattr(type(ledger), "order", lambda self, by: [3, 5])
    page = iterations(ledger, None, "size", None)
    left = sum(c for n, c in enumerate(ledger.change) if n not in (3, 5))
    assert page.count == 2
    assert page.rest == f"18 more, sum {compact(left)}"


def test_of_many_classes_none_has_a_column(ledger, split):
    many = replace(split, classes=tuple("abcdefg"))
    assert iterations(ledger, many, "size", None).classes == ()


def test_the_title_in_order_has_an_arrow(ledger):
    page = iterations(ledger, None, "size", None)
    assert titles(page, "size") == ("Iteration", "Before", "Change ↓")
    assert titles(page, "newest") == ("Iteration ↓", "Before", "Change")
    assert titles(page, "oldest") == ("Iteration ↑", "Before", "Change")


def test_the_sums_of_samples_and_classes_have_what_nobody_did_among_them(split):
    for page in (samples(split, str, "size"), classes(split, "size")):
        names = [row.words + row.place for row in map(page.at, range(page.count))]
        assert any("momentum" in name for name in names)
        sizes = [abs(page.at(n).change) for n in range(page.count)]
        assert sizes == sorted(sizes, reverse=True)
        assert spoken(page.at(0), page).count("change ") == 1
        assert "update" in spoken(page.at(0), page)


def test_an_update_says_no_class_that_had_no_sample(ledger, split):
    page = iterations(ledger, split, "oldest", None)
    row = page.at(0)._replace(classes=(math.nan, 0.5))
    assert spoken(row, page).endswith(f"{split.classes[1]} +0.5000")
    assert split.classes[0] not in spoken(row, page)


def test_the_sum_tells_a_change_by_hand_from_the_updates(ledger):
    assert "by hand" not in plain(sum_of(ledger, ""))
    changed = ledger.changed_to(9.0)
    moved = [format_number(x) for x in (ledger.now - ledger.start, 9.0 - ledger.now)]
    start = format_number(ledger.start)
    expected = f"Start {start} + updates {moved[0]} + by hand {moved[1]} = now 9"
    assert plain(sum_of(changed, "")) == expected
    assert "= e3/b4" in plain(sum_of(ledger, "e3/b4"))


def test_how_exact_the_sum_is_is_said_honestly(ledger):
    assert "do not lead to" in how_exact(replace(ledger, now=ledger.now + 1.0))
    off = ledger.changed_to(1e20).changed_to(1.0)
    assert "off by −1" in how_exact(off)
    assert ("exactly, too" in how_exact(ledger)) == (ledger.float_sum == ledger.now)
