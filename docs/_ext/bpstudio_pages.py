"""What these pages need of Sphinx: the help of a command, and formulas as MathML.

The directive command-help is what `bpstudio COMMAND --help` says, as it says it. Formulas are
drawn by the browser itself, as in derivations, so that no page loads anything.
"""

from __future__ import annotations

from importlib import import_module

import click
from docutils import nodes
from docutils.nodes import SkipNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bpstudio.files.derivation_mathml import mathml

WIDTH = 88


class CommandHelp(SphinxDirective):
    """The help of one command."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A literal block."""
        command = self.arguments[0]
        text = _help(command)
        return [nodes.literal_block(text, text, language="text")]


def _help(command: str) -> str:
    found: click.Command = import_module(f"bpstudio.cli.{command}").command
    context = click.Context(found, info_name=f"bpstudio {command}", terminal_width=WIDTH)
    return found.get_help(context)


def _formula(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext()))
    raise SkipNode


def _display(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f"<p>{mathml(node.astext(), display=True)}</p>")
    raise SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Known to Sphinx."""
    app.add_html_math_renderer("bpstudio", (_formula, None), (_display, None))
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
