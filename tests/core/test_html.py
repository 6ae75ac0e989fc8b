"""What a notebook shows."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.core.cases import network, traced, varied

CASES = varied()


class Reader(HTMLParser):
    """The text of a page, and whether every tag that opens is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader.text


def test_a_term_shows_its_address_formula_numbers_and_sentence() -> None:
    term = traced()["s52/back/l3/j2/i1/dz_da"]
    assert read(term._repr_html_()) == [
        term.address,
        f"${term.symbol}$",
        f"$= {term.substitution}$",
        term.sentence,
    ]


@pytest.mark.parametrize("name", CASES)
def test_every_term_is_whole_html(name: str) -> None:
    trace = CASES[name]
    for term in trace[:: max(1, len(trace) // 50)]:
        assert term.sentence in read(term._repr_html_())


def test_a_network_shows_a_layer_a_line() -> None:
    net = network((4, 5, 3), ("tanh", "softmax"), [True, False])
    text = read(net._repr_html_())
    assert text[5:] == [
        *("1", "4", "input"),
        *("2", "5", "tanh", "5 × 4", "5"),
        *("3", "3", "softmax", "3 × 5", "none"),
    ]
