"""The first look at an expression: nothing but known words, numbers and operators goes on.

Python's parser sees only texts that passed here, so that no other construct of Python reaches it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword

from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.language import LOGIC, SPELLINGS, WORDS, nearest

MAX_TEXT = 500  # characters
MAX_BRACKETS = 20  # open at once
MAX_NUMBER = 1e308

_TOKEN = re.compile(
    r"(?P<space>[ \t]+)"
    r"|(?P<number>(?:[0-9]|\.[0-9])(?:[eE][+-]?[0-9]|[0-9A-Za-z_.])*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>\*\*|[<>=!]=|[-+*/%<>,()\[\]])"
)
_NUMBER = re.compile(r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_CLOSING = {")": "(", "]": "["}


def require_tokens(text: str) -> None:
    """ExpressionError where the text has anything that is not of the language."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(
            f"an expression has at most {MAX_TEXT} characters, this one has {len(text)}", MAX_TEXT
        )
    if not text.strip():
        raise ExpressionError("an expression is missing, such as abs(value) > 0.1", 0)
    open_brackets: list[tuple[str, int]] = []
    for sort, token, start in _tokens(text):
        if sort == "name":
            _require_word(token, start)
        elif sort == "number":
            _require_number(token, start)
        else:
            _follow_brackets(token, start, open_brackets)
    if open_brackets:
        bracket, start = open_brackets[-1]
        raise ExpressionError(f"{bracket!r} is never closed", start)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _strange(text, position)
        if found.lastgroup is not None and found.lastgroup != "space":
            yield found.lastgroup, found[0], position
        position = found.end()


def _strange(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character in SPELLINGS:
        return ExpressionError(
            f"{character!r} does not exist here; write {SPELLINGS[character]}", position
        )
    return ExpressionError(
        f"{character!a} does not exist here; an expression has names, numbers and "
        "+ - * / % ** < <= > >= == != and or not ( ) [ ] only",
        position,
    )


def _require_word(name: str, start: int) -> None:
    if name in WORDS or name in LOGIC:
        return
    if iskeyword(name):
        raise ExpressionError(f"{name!r} does not exist here", start, start + len(name))
    close = nearest(name, (*WORDS, *LOGIC))
    shown = name if len(name) <= 40 else f"{name[:40]}…"
    remedy = f"; did you mean {close}?" if close else "; names are value, dC_dw[l][j,k], loss, …"
    raise ExpressionError(f"there is no name {shown!r}{remedy}", start, start + len(name))


def _require_number(token: str, start: int) -> None:
    shown = token if len(token) <= 40 else f"{token[:40]}…"
    if _NUMBER.fullmatch(token) is None:
        raise ExpressionError(
            f"{shown!r} is not a number; write it like 12, 0.5 or 1e-3", start, start + len(token)
        )
    if float(token) > MAX_NUMBER:
        raise ExpressionError(
            f"{shown} is too large; numbers go up to {MAX_NUMBER:g}", start, start + len(token)
        )


def _follow_brackets(token: str, start: int, open_brackets: list[tuple[str, int]]) -> None:
    if token in "([":
        open_brackets.append((token, start))
        if len(open_brackets) > MAX_BRACKETS:
            raise ExpressionError(f"more than {MAX_BRACKETS} brackets within each other", start)
    elif token in _CLOSING and (not open_brackets or open_brackets.pop()[0] != _CLOSING[token]):
        raise ExpressionError(f"{token!r} closes nothing; {_CLOSING[token]!r} is missing", start)
