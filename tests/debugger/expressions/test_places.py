"""Whether what an expression reads exists in a network."""

from __future__ import annotations

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions import check, parse

SIZES = (4, 5, 6, 3)
SOFTMAX = (False, False, True)
BIASES = (True, True, False)


def problem(text: str) -> str:
    with pytest.raises(InputError) as error:
        check(parse(text), SIZES, SOFTMAX, BIASES)
    return str(error.value)


EXISTING = [
    *("dC_dw[3][5,4]", "dC_dw[2][4,3]", "dC_dw[L][2,5]", "dC_dw[L-1][5,4]", "w[4][2,5]"),
    *("x[3]", "y[2]", "C_j[2]", "a[1][3]", "z[2][4]", "da_dz[3][5]", "da_dz[4][2,2]"),
    *("addend_z[4][2,0]", "dz_da[3][5,2]", "addend[2][4,5]", "b[3][5]", "norm(dC_dw[L])"),
    *("dead(2)", "saturated(3)", "grad_norm(L)", "mean_dC_dw[2][0,3]", "update_b[2][0]"),
    *("addend_z", "dC_db", "value", "lr", "update_w", "mean(a[1])", "dz_db[2][0]", "sum(da_dz[4])"),
]


@pytest.mark.parametrize("text", EXISTING)
def test_what_exists_passes(text: str) -> None:
    check(parse(text), SIZES, SOFTMAX, BIASES)


MISSING = {
    "dC_dw[3][6,2]": "dC_dw[3][6,2]: layer 3 has 6 nodes (j = 0..5)",
    "dC_dw[3][5,5]": "dC_dw[3][5,5]: layer 2 has 5 nodes (k = 0..4)",
    "dz_da[3][0,3]": "dz_da[3][0,3]: layer 4 has 3 nodes (i = 0..2)",
    "x[4]": "x[4]: the input has 4 nodes (k = 0..3)",
    "y[3]": "y[3]: the output has 3 nodes (j = 0..2)",
    "C_j[3]": "C_j[3]: the output has 3 nodes (j = 0..2)",
    "a[5][0]": "a[5][0]: layer 5 has no a; the layers that have are l = 1..4",
    "z[1][0]": "z[1][0]: layer 1 has no z; the layers that have are l = 2..4",
    "z[L-3][0]": "z[L-3][0]: layer 1 has no z; the layers that have are l = 2..4",
    "w[L-7][0,0]": "w[L-7][0,0]: layer -3 has no w; the layers that have are l = 2..4",
    "addend[4][0,0]": "addend[4][0,0]: layer 4 has no addend; the layers that have are l = 2..3",
    "norm(dz_da[L])": "dz_da[L]: layer 4 has no dz_da; the layers that have are l = 2..3",
    "grad_norm(7)": "grad_norm(7): layer 7 has no grad_norm; the layers that have are l = 2..4",
    "dead(4)": "dead(4): layer 4 is softmax, its ∂a/∂z is not one number a node; "
    "give another layer",
    "da_dz[4][0]": "da_dz[4][0]: layer 4 is softmax; write da_dz[l][j,m]",
    "da_dz[3][0,1]": "da_dz[3][0,1]: layer 3 is not softmax; write da_dz[l][j]",
    "da_dz[4][0,3]": "da_dz[4][0,3]: layer 4 has 3 nodes (m = 0..2)",
    "addend_z[3][0,1]": "addend_z[3][0,1]: layer 3 is not softmax",
    "b[4][0]": "b[4][0]: layer 4 has no biases",
}


@pytest.mark.parametrize("text", MISSING)
def test_what_does_not_exist_is_refused_with_what_does(text: str) -> None:
    assert problem(text) == MISSING[text]


def test_every_part_is_looked_at() -> None:
    assert "layer 3 has 6 nodes" in problem("value > 0 and not abs(1 + z[3][6]) < 2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("addend_z", "addend_z: no layer of this network is softmax"),
        ("dC_db", "dC_db: this network has no biases"),
        ("dz_da", "dz_da: this network has no hidden layer"),
        ("addend[2][0,0]", "addend[2][0,0]: layer 2 has no addend; the layers that have are none: "
         "there is no hidden layer"),
    ],
)  # fmt: skip
def test_a_bare_term_must_occur_somewhere(text: str, expected: str) -> None:
    with pytest.raises(InputError) as error:
        check(parse(text), (2, 1), (False,), (False,))
    assert str(error.value) == expected
