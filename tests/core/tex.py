"""What a formula of numbers in LaTeX amounts to: an evaluator for what bpstudio writes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

_TOKEN = re.compile(r"\\mathrm\{[a-z]+\}|\\[a-zA-Z]+|\d+(?:\.\d+)?|e|[-+^{}()\[\]|,]")
_IGNORED = re.compile(r"\\left|\\right(?![a-z])|\\,|\s+")

_FUNCTIONS: dict[str, Callable[[float], float]] = {
    r"\ln": lambda x: math.log(x) if x > 0 else -math.inf,
    r"\tanh": math.tanh,
    r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
    r"\Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)),
    r"\varphi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    r"\mathrm{sign}": lambda x: float((x > 0) - (x < 0)),
}


def evaluate(tex: str) -> float:
    """The number. Assertion where something is left over or not known."""
    reader = _Reader(tex)
    value = reader.sum()
    assert not reader.tokens, f"{reader.tokens} left of {tex}"
    return value


class _Reader:
    def __init__(self, tex: str) -> None:
        text = _IGNORED.sub(" ", tex.replace(r"\left|", "|(").replace(r"\right|", ")"))
        self.tokens = _TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), f"not understood: {tex}"

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0)
        assert expected in ("", token), f"{expected} expected, found {token}"
        return token

    def sum(self) -> float:
        total = self.product(self.sign())
        while self.next in ("+", "-"):
            total += self.product(self.sign())
        return total

    def sign(self) -> float:
        return -1.0 if self.next in ("+", "-") and self.take() == "-" else 1.0

    def product(self, value: float) -> float:
        value *= self.power()
        while self.next not in ("", "+", "-", ",", ")", "]", "}"):
            if self.next in (r"\cdot", r"\times"):
                self.take()
            value *= self.power()
        return value

    def power(self) -> float:
        if self.next == "e":
            self.take()
            self.take("^")
            return math.exp(self.group())
        base = self.atom()
        if self.next != "^":
            return base
        self.take("^")
        return float(base ** (self.group() if self.next == "{" else float(self.take())))

    def group(self) -> float:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> float:
        token = self.take()
        if token in ("(", "["):
            value = self.sum()
            self.take(")" if token == "(" else "]")
            return value
        if token == "|":
            return abs(self.atom())
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\sqrt":
            return math.sqrt(self.group())
        if token in (r"\max", r"\min"):
            return (max if token == r"\max" else min)(self.several())
        if token in _FUNCTIONS:
            return _FUNCTIONS[token](self.atom())
        return float(token)

    def several(self) -> list[float]:
        self.take("(")
        values = [self.sum()]
        while self.next == ",":
            self.take()
            values.append(self.sum())
        self.take(")")
        return values
