"""The small safe language of breakpoints, watches and filters: nothing can be run through it."""

from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.evaluation import Environment, evaluate, truth
from bpstudio.debugger.expressions.parser import parse
from bpstudio.debugger.expressions.places import check, check_places
from bpstudio.debugger.expressions.tree import Expression, Reading

__all__ = [
    "Environment",
    "Expression",
    "ExpressionError",
    "Reading",
    "check",
    "check_places",
    "evaluate",
    "parse",
    "truth",
]
