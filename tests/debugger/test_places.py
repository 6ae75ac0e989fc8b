"""What is typed to go somewhere."""

from __future__ import annotations

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger.places import place_of, share_of


@pytest.mark.parametrize(("text", "n"), [("0 %", 0), ("100%", 100), ("50 %", 50), ("12,5 %", 12)])
def test_a_per_cent_is_a_part_of_the_pass(text, n):
    assert share_of(text, 101) == n


@pytest.mark.parametrize("text", ["150 %", "-1%", "abc%", "%", "nan%"])
def test_what_is_no_part_of_the_pass_is_refused(text):
    with pytest.raises(InputError, match="no part of the pass"):
        share_of(text, 101)


@pytest.mark.parametrize("text", ["17", " 17 ", "1 7", "1\u20097"])
def test_a_whole_number_is_a_step(debugger, text):
    assert place_of(text, debugger) == 17


@pytest.mark.parametrize("text", ["-5", "12.5", "1e3", "\u22121", ""])
def test_another_number_is_no_step(debugger, text):
    with pytest.raises(InputError, match=f"are 0..{len(debugger.trace) - 1}"):
        place_of(text, debugger)


def test_a_number_of_any_length_is_refused_in_words(debugger):
    with pytest.raises(InputError, match="does not exist"):
        debugger.goto(place_of("9" * 5000, debugger))


def test_an_address_without_its_sample_means_the_current_one(debugger):
    debugger.goto("s5/back/l3")
    assert place_of("loss/C", debugger) == "s5/loss/C"
    debugger.to_end()
    assert place_of("fwd/l2", debugger) == "s3/fwd/l2"
    assert place_of("s5/fwd", debugger) == "s5/fwd"
