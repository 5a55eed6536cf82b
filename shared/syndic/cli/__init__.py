"""The command line tool `syndic`: checks on files without any cloud, and the registry, deployed or in a local folder.

Exit codes: 0 all that was asked was judged and there is nothing to act on, 1 a finding, 2 bad input (one sentence on
stderr), 3 it cannot be told, 70 an error of Syndic's own. The table is `syndic.cli.shell.outcomes`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool and end the process with its exit code."""
    from syndic.cli.shell.streams import open_standard_streams

    open_standard_streams()
    try:
        from syndic.cli.shell.frame import run

        code = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while modules were still being imported, or the last words were said
        code = 130
    sys.exit(code)
