"""Write the templates to files, for `az`: the same bytes that `cdk deploy` sends.

    python -m cdk.azure --choices azure.json --out build/azure/syndic.json

`syndic-results.json` and `syndic-package.json` are written beside it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdk.azure.choices import read_azure
from cdk.azure.template import templates
from syndic.errors import InvalidInputError


def write(out: Path, made: dict[str, str]) -> list[Path]:
    """Write each template; the main one to `out`, the others beside it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    paths = {name: out if name == "syndic" else out.with_name(f"{name}.json") for name in made}
    for name, path in paths.items():
        path.write_text(made[name], "utf-8")
    return sorted(paths.values())


def main() -> None:
    """Read the choices, write the templates, say where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choices", type=Path, default=Path("azure.json"))
    parser.add_argument("--out", type=Path, default=Path("build/azure/syndic.json"))
    arguments = parser.parse_args()
    try:
        written = write(arguments.out, templates(read_azure(arguments.choices)))
    except InvalidInputError as error:
        sys.exit(str(error))
    sys.stdout.write("".join(f"{path}\n" for path in written))


if __name__ == "__main__":
    main()
