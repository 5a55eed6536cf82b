"""What surrounds every command: help, version, and the translation of errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType

import click
from click.shell_completion import shell_complete

import syndic
from syndic.cli.shell.commands import LazyGroup
from syndic.cli.shell.outcomes import RULE, ExitCode
from syndic.cli.shell.settings import COMPLETING, read_cli_settings
from syndic.cli.shell.streams import lasting_streams
from syndic.errors import SyndicError, UnavailableError


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        f"{RULE}; a reader that leaves (| head) changes none of them. Files may be CSV, Parquet, or captured traffic "
        "(.jsonl, .jsonl.gz) of SageMaker or Azure ML. Try: syndic drift --baseline train.csv --current today.csv"
    ),
)
@click.version_option(syndic.__version__, "-V", "--version", prog_name="syndic")
def cli() -> None:
    """Check machine-learning models for drift, fairness and compliance, from evidence.

    Checks read local files and need no cloud account. Each verdict carries its reason and its uncertainty;
    "not enough data" and "not comparable" are answers too.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Errors are one sentence on stderr.

    A command returns its exit code, or None for "nothing found".
    """
    completing = read_cli_settings().completing
    if completing:
        return shell_complete(cli, {}, "syndic", COMPLETING, completing)
    guard = _Sentences()
    code: int | None = None
    with lasting_streams():
        with guard:
            # Not `cli.main`, which ends a broken pipe with 1 (here: a finding) and an interrupt with an empty line.
            try:
                with cli.make_context("syndic", list(arguments)) as context:
                    code = cli.invoke(context)
            except click.exceptions.Exit as ended:
                code = ended.exit_code
            sys.stdout.flush()
        if guard.code is not None:
            return guard.code
        return int(code or ExitCode.NOTHING_FOUND)


class _Sentences(AbstractContextManager["_Sentences"]):
    """Turns whatever leaves a command into one sentence and an exit code: people see no traceback."""

    code: int | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            return False
        if isinstance(error, SystemExit | GeneratorExit):
            return False
        if isinstance(error, KeyboardInterrupt | click.Abort):
            self.code = ExitCode.INTERRUPTED
        elif isinstance(error, click.exceptions.NoArgsIsHelpError):
            self.code = ExitCode.BAD_INPUT
            _tell(error.format_message())
        elif isinstance(error, click.ClickException):
            self.code = ExitCode.BAD_INPUT
            _say(_usage_sentence(error))
        elif isinstance(error, UnavailableError):
            self.code = ExitCode.CANNOT_TELL
            _say(str(error))
        elif isinstance(error, SyndicError):
            self.code = ExitCode.BAD_INPUT
            _say(str(error))
        elif isinstance(error, OSError):
            self.code = ExitCode.BAD_INPUT
            _say(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
        elif isinstance(error, MemoryError):
            self.code = ExitCode.BAD_INPUT
            _say("the data does not fit into this machine's memory")
        else:
            self.code = ExitCode.OWN_ERROR
            _say(f"an error of Syndic's own, please report it: {type(error).__name__}: {error}{_place(trace)}")
        return True


def _say(sentence: str) -> None:
    _tell("syndic: " + " ".join(sentence.split()))


def _tell(text: str) -> None:
    with suppress(OSError):  # the exit code says it where nothing can be written
        click.echo(text, err=True)


def _usage_sentence(error: click.ClickException) -> str:
    sentence = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{sentence} (see {context.command_path} --help)" if context is not None else sentence


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})"
