"""The command line tool `syndic`: checks on files without any cloud, and the registry, deployed or in a local folder.

Exit codes: 0 nothing found, 1 a finding, 2 bad input (one sentence on stderr), 70 an error of Syndic's own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool and end the process with its exit code."""
    from syndic.cli.frame import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
