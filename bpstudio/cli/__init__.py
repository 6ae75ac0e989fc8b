"""The command line: which commands there are, and how each ends.

Every command lives in a module of its own, imported when it is called; this one imports click
alone. A command returns its exit code: 0 done, 1 the check says no; what the user gave wrongly is
one line on standard error and 2, never a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from bpstudio import __version__
from bpstudio.core.errors import InputError

WRONG_INPUT, INTERRUPTED, READER_GONE, BUG = 2, 130, 141, 70
TRACEBACK = "BPSTUDIO_TRACEBACK"  # set, a mistake in bpstudio itself shows where it happened

# name: (module of this package, what it does)
COMMANDS: Mapping[str, tuple[str, str]] = {
    "open": ("open", "Open the application on a data file, a session or a trace."),
    "info": ("info", "Say what is understood of data files."),
    "trace": ("trace", "Write every step of one pass, or of an update of a run, to a file."),
    "train": ("train", "Train a network and report each epoch."),
    "check": ("check", "Check every derivative, or numbers of your own."),
    "script": ("script", "Write one pass as a script for numpy or PyTorch."),
}


class Commands(click.Group):
    """The commands of the table, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"bpstudio.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a hint for those who leave out `open`."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            known = ", ".join(COMMANDS)
            hint = f"; bpstudio open {args[0]} opens it" if os.path.exists(args[0]) else ""
            raise InputError(f"there is no command {args[0]!r}{hint}; the commands are {known}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.command(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="bpstudio", message="%(prog)s %(version)s")
@click.option("--new", is_flag=True, help="Start afresh, not with the last session.")
@click.pass_context
def bpstudio(context: click.Context, new: bool) -> int:
    """Step through backpropagation, one term of the chain rule at a time.

    Without a command the desktop application opens, where it was left.
    """
    if context.invoked_subcommand is not None:
        if new:
            raise InputError(f"--new goes without a command, given: {context.invoked_subcommand}")
        return 0
    code: int = import_module("bpstudio.cli.open").open_window(None, new)
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; → its exit code."""
    _prepare_streams()
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, _terminate)
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return code
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one line
        return _complain(*_explained(error))


def _run(arguments: list[str]) -> int:
    try:
        with bpstudio.make_context("bpstudio", arguments) as context:
            result: Any = bpstudio.invoke(context)
            return result if isinstance(result, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code


def _explained(error: Exception) -> tuple[str, int]:
    """What to say about an error, and the exit code."""
    if isinstance(error, InputError):
        return str(error), WRONG_INPUT
    if isinstance(error, click.ClickException):
        return _usage(error), WRONG_INPUT
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; take fewer rows or smaller layers", WRONG_INPUT
    if isinstance(error, OSError):
        place = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        return f"{place}{error.strerror or error}", WRONG_INPUT
    if os.environ.get(TRACEBACK):
        raise error
    kind = type(error).__name__
    return f"a mistake in bpstudio itself ({kind}: {error}); {TRACEBACK}=1 shows where", BUG


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message}; see {context.command_path} --help" if context else message


def _complain(message: str, code: int) -> int:
    if sys.stderr is not None:
        print("bpstudio:", " ".join(message.split()), file=sys.stderr)  # noqa: T201
    return code


def _reader_gone() -> int:
    """Whoever read the output has gone (`… | head`): end in silence, as other tools do."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                os.dup2(null, stream.fileno())
    return READER_GONE


def _prepare_streams() -> None:
    """A character that the terminal cannot show is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _terminate(number: int, frame: object) -> NoReturn:
    """Leave as Ctrl+C does, so that no unfinished file stays."""
    sys.exit(128 + number)
