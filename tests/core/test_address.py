"""Addresses: text to parts and back, and what is no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.address import KINDS, Address, parse_address
from bpstudio.core.errors import InputError

numbers = st.integers(0, 10**12)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """A step or level, of a recorded run or not."""
    in_run = draw(st.booleans())
    phase = draw(st.sampled_from(list(KINDS)))
    letter = draw(st.sampled_from(["k", "i", "m", None]))
    return Address(
        epoch=draw(numbers) if in_run else None,
        batch=draw(numbers) if in_run else None,
        row=draw(numbers),
        phase=phase,
        l=draw(numbers),
        j=draw(numbers),
        letter=letter,
        index=None if letter is None else draw(numbers),
        kind=draw(st.none() | st.sampled_from(KINDS[phase])),
    )


@given(address=addresses())
def test_text_and_parts_go_back_and_forth_at_every_level(address):
    place = address
    while place is not None and place != Address():
        assert parse_address(str(place)) == place
        place = place.parent()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("s52", Address(row=52)),
        ("s52/loss/C", Address(row=52, phase="loss", kind="C")),
        (
            "e3/b4/s52/back/l3/j2/i1/dz_da",
            Address(3, 4, 52, "back", 3, 2, "i", 1, "dz_da"),
        ),
        (
            "e3/b4/mean/l3/j2/k2/mean_dC_dw",
            Address(3, 4, None, "mean", 3, 2, "k", 2, "mean_dC_dw"),
        ),
        ("update/l3/j2", Address(phase="update", l=3, j=2)),
        ("e3/b4", Address(3, 4)),
        (" /s52/fwd/ ", Address(row=52, phase="fwd")),
    ],
)
def test_an_address_is_taken_apart(text, address):
    assert parse_address(text) == address


@given(address=addresses())
def test_every_parent_has_one_part_less(address):
    parts = str(address).split("/")
    place = address.parent()
    while place is not None and place != Address():
        parts = parts[:-2] if parts[-1].startswith("b") and parts[-1] != "back" else parts[:-1]
        assert str(place) == "/".join(parts)
        place = place.parent()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "   ",
        "s",
        "s-1",
        "s+1",
        "s052",
        "s52back",
        "s52//back",
        "S52/back",
        "s52/back/l3/j2/k1/i1",
        "s52/back/j2/l3",
        "s52/back/l3/j2/x1",
        "s52/backwards",
        "e3/s52",
        "b4/s52",
        "s52/e3/b4",
        "s52/back/l3 /j2",
        "s٥٢",  # digits, but not these
        "s" + "9" * 30,
    ],
)
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(InputError) as caught:
        parse_address(text)
    assert repr(text) in str(caught.value)
    assert "s52/back/l3/j2/k1/dC_dw" in str(caught.value)


@pytest.mark.parametrize("text", ["s52/l3/j2", "l3/j2/k1/dC_dw", "s52/dC_da", "k1"])
def test_an_address_without_its_pass_is_refused_with_the_passes(text):
    with pytest.raises(InputError) as caught:
        parse_address(text)
    assert all(word in str(caught.value) for word in (repr(text), *KINDS))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("s52/fwd/l3/j2/dC_da", "wa, z, a"),
        ("s52/loss/C_0", "is no address"),
        ("s52/loss/z", "C_j, C"),
        ("s52/back/l3/j2/gradient", "dC_da"),
        ("mean/l3/j2/k1/dC_dw", "mean_dC_dw, mean_dC_db"),
    ],
)
def test_a_kind_of_another_pass_is_refused_with_those_of_this_one(text, known):
    with pytest.raises(InputError) as caught:
        parse_address(text)
    assert repr(text) in str(caught.value)
    assert known in str(caught.value)


@pytest.mark.parametrize(
    "text", ["s52/x0", "s52/y1", "w/l3/j2/k2", "b/l3/j2", "scale/x0/mean", "data/r52/c0", "seed"]
)
def test_the_address_of_a_leaf_is_no_step_and_says_so(text):
    with pytest.raises(InputError) as caught:
        parse_address(text)
    assert repr(text) in str(caught.value)
    assert "no step" in str(caught.value)
