"""Nothing can be executed through the language, and nothing in it takes long."""

from __future__ import annotations

import ast
import builtins
from typing import Any

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions import parse

ATTRIBUTES = [
    f"{value}.{name}{rest}"
    for value in ("value", "abs", "dC_dw[3][2,2]", "(value)", "1", "loss")
    for name in ("__class__", "__init__", "real", "T")
    for rest in ("", "()", ".__globals__['os'].system('true')", ".__mro__[1].__subclasses__()")
]
BUILTINS = [
    f"{name}({argument})"
    for name in (
        *("eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "globals"),
        *("locals", "vars", "dir", "input", "breakpoint", "exit", "help", "type", "print"),
    )
    for argument in ("", "value", "'os'")
]
DUNDERS = [
    *("__name__", "__builtins__", "__debug__", "__file__", "__loader__", "__spec__", "_", "__"),
    *("None", "True", "False", "Ellipsis", "NotImplemented", "self", "os", "sys", "np", "numpy"),
]
NUMBERS = [
    *("1e309", "1e99999", "9" * 400, "1" + "0" * 309, "0x7f", "0b1", "0o7", "1_000", "1j", "1e5j"),
    *("007", "1.2.3", "1..real", "1e", "1e+", "0xe+1", "1if value else 2", "1or 2"),
    *("١٢", "①", "１", "²", "½"),
]
DEEP = [
    *("(" * n + "1" + ")" * n for n in (21, 60, 99, 200, 249)),
    *("abs(" * n + "1" + ")" * n for n in (21, 90)),
    *("-" * n + "1" for n in (21, 100, 499)),
    *("not " * n + "1" for n in (21, 120)),
    *("+".join(["1"] * n) for n in (60, 250)),
    *("**".join(["9"] * n) for n in (25, 150)),
    *("1<" * n + "1" for n in (101, 240)),
    *(" and ".join(["z"] * n) for n in (101,)),
    *("x" + "[0]" * n for n in (3, 30, 160)),
    *("[" * n for n in (1, 21, 400)),
    *("(" * n for n in (1, 21, 500)),
    "max(" + ",".join(["1"] * 120) + ")",
    "abs(" * 20 + "[" * 200,
]
LONG = ["1" * 501, "value + " * 70 + "1", " " * 501, "a" * 10**6, "(" * 10**6, "9**" * 10**5 + "9"]
UNICODE = [
    *("ｖalue", "ｖａｌｕｅ > 0", "𝐯𝐚𝐥𝐮𝐞", "𝘢bs(value)", "aｂs(value)", "ﬁnite", "isﬁnite(z)"),
    *("vаlue", "ℯxp(1)", "ｅval('1')", "_﹍class__", "value\u200b", "\u202evalue", "\ufeffvalue"),
    *(
        "value\u00a0> 0",
        "value\u2028> 0",
        "ℓ",
        "ᵃ",
        "x₀",
        "∂C",
        "𝔞",
        "ａ",
        "ⅼ == 3",
        "loſs",
        "ſum(z[2])",
    ),
]
CONTROL = [
    *("value\x00", "\x00", "val\x00ue", "value\n> 0", "value\r", "\n", "value\f> 0", "value\v"),
    *("value # comment", "#", "value; z", ";", "value \\\n > 0", "\\", "value\\", "\x1b[31m"),
    *("(value\n)", "abs(\nvalue)", "value\ud800", "\x7f", "value\x85"),
]
CONSTRUCTS = [
    *("lambda: 1", "(lambda x: x)(1)", "[z for z in a]", "{z for z in a}", "{1: 2}", "{1}", "{}"),
    *("(z for z in a)", "sum(z for z in a)", "[1, 2]", "[]", "()", "(1, 2)", "1, 2", "1,", "(1,)"),
    *("f'{value}'", 'f"{value}"', "'value'", '"value"', "b'value'", "r'value'", "'''value'''"),
    *("value := 1", "(value := 1)", "value = 1", "value += 1", "value: int", "value; import os"),
    *("abs(*value)", "abs(**value)", "abs(x=value)", "abs(value, *z)", "*value", "**value"),
    *("x[*value]", "x[0:1]", "x[:]", "x[::2]", "x[...]", "...", "x[()]", "x[0,]", "x[0][0]"),
    *("value if z else a", "value is z", "value is not z", "value in z", "value not in z"),
    *("await value", "yield value", "yield", "return value", "import os", "from os import path"),
    *("del value", "pass", "assert value", "raise value", "global value", "class a: pass"),
    *("def f(): pass", "while value: pass", "for z in a: z", "with a: pass", "try: a", "async a"),
    *("value @ z", "value // z", "value << z", "value >> z", "value & z", "value | z", "~value"),
    *("value ^ z", "!value", "value?", "value $ z", "`value`", "value -> z", "value <> z", "a.b"),
    *("abs(value)(value)", "abs(value)[0]", "(abs)(abs)", "abs[0]", "abs(abs)", "x[0](1)", "5(1)"),
    *("grad_norm", "grad_norm()", "grad_norm(value)", "grad_norm(2, 3)", "grad_norm(2.0)"),
    *("grad_norm(-1)", "grad_norm(0)", "dead(L-L)", "dead(L-1.5)", "dead(L+1)", "dead(1-L)"),
    *("dead(L-1-1)", "dead(l)", "w[L-1]", "w[value][0,0]", "w[2][0,0][0]", "w[w[2][0,0]][0,0]"),
    *("x[-1]", "x[1e3]", "x[0.0]", "x[10**9]", "x[99999999999999999999]", "y[y[0]]", "x[x]"),
    *("norm(value)", "norm()", "norm(2)", "norm(w[2], w[3])", "sum(w[2] * w[3])", "sum(sum(w[2]))"),
    *("w[2] > 0", "abs(w[2])", "min(w[2], 1)", "all(value)", "any()", "max()", "min(1)"),
    *("value value", "1 2", "value 1", "(value) (z)", "value >", "> value", "* 2", "and", "not"),
    *("value and", "or value", "value not z", "value => 1", "value =< 1", "value === 1", ")", "]"),
    *("(]", "[)", "(()", "())", "abs(", "abs(,)", "abs(value,,z)", ",", "value,", "1 + * 2"),
]
HOSTILE = [
    *ATTRIBUTES, *BUILTINS, *DUNDERS, *NUMBERS, *DEEP, *LONG, *UNICODE, *CONTROL, *CONSTRUCTS,
    "", " ", "\t",
]  # fmt: skip


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is compiled to run, executed, opened or printed."""
    compile_ = builtins.compile

    def only_parse(
        source: Any, filename: Any, mode: str, flags: int = 0, *more: Any, **named: Any
    ) -> Any:
        assert flags & ast.PyCF_ONLY_AST, "something is compiled to be run"
        return compile_(source, filename, mode, flags, *more, **named)

    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("something was executed")

    monkeypatch.setattr(builtins, "compile", only_parse)
    for name in ("eval", "exec", "open", "print", "input", "breakpoint"):
        monkeypatch.setattr(builtins, name, forbidden)


def test_the_hostile_texts_are_many_and_different() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 200


@pytest.mark.parametrize("number", range(len(HOSTILE)))
@pytest.mark.usefixtures("nothing_runs")
def test_a_hostile_text_is_refused_in_one_readable_line(number: int) -> None:
    with pytest.raises(InputError) as error:
        parse(HOSTILE[number])
    message = str(error.value)
    assert message.startswith("column ")
    assert message.isprintable()
    assert len(message) < 300
