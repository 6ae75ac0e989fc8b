"""Somebody's numbers as JSON Lines."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.files.own_numbers import read_numbers
from bpstudio.files.traces import write_trace
from tests.core.cases import traced


def test_the_steps_of_a_trace_are_such_a_file(tmp_path: Path) -> None:
    trace = traced()
    write_trace(trace, tmp_path / "t.jsonl")
    assert read_numbers(tmp_path / "t.jsonl") == {term.address: term.value for term in trace}


def test_numbers_that_are_not_finite_are_words_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_text('{"address": "s1/loss/C", "value": "NaN"}\n\n')
    assert math.isnan(read_numbers(tmp_path / "n.jsonl")["s1/loss/C"])


BAD = {
    "": "n.jsonl holds no numbers",
    "{": "n.jsonl, line 1: ",
    '{"address": "s1/loss/C", "value": 1}\n[]': "n.jsonl, line 2: ",
    '{"address": "s1/loss/C"}': "missing required field `value`",
    '{"address": "s1/loss/C", "value": "much"}': "could not convert string to float",
    '{"address": "s1/loss/C", "value": 1}\n' * 2: "line 2: s1/loss/C is there twice",
    "[" * 100_000: "n.jsonl, line 1: ",
}


@pytest.mark.parametrize(("text", "words"), BAD.items(), ids=range(len(BAD)))
def test_what_is_none_is_refused_with_the_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_text(text)
    with pytest.raises(InputError) as error:
        read_numbers(tmp_path / "n.jsonl")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_numbers(tmp_path / "absent.jsonl")
