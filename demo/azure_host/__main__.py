"""`python -m demo.azure_host --settings FILE`: run the Azure functions on this machine; `--list` only indexes them."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path

from demo.azure_host.apps import AppError, index
from demo.azure_host.folders import CHECKOUT, put_in_environment, put_on_path, read_host, read_values


def main() -> int:
    """Run until asked to end; 2 when the app cannot be run."""
    parser = argparse.ArgumentParser(prog="python -m demo.azure_host", description=__doc__)
    parser.add_argument("--app", type=Path, default=CHECKOUT / "azure_functions", help="folder of function_app.py")
    parser.add_argument("--settings", type=Path, help="app settings, as local.settings.json has them")
    parser.add_argument("--port", type=int, default=0, help="loopback port of /status; 0: any free one")
    parser.add_argument("--list", action="store_true", help="print the functions and their bindings, and end")
    options = parser.parse_args()
    values = read_values(options.settings) if options.settings else {}
    folder = options.app.resolve()
    put_in_environment(values)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    put_on_path(folder)
    try:
        return asyncio.run(list_functions(folder) if options.list else run(folder, values, options.port))
    except (AppError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


async def list_functions(folder: Path) -> int:
    """Index the app and print what it has."""
    app = await index(folder)
    functions = [{"name": one.name, "bindings": list(one.bindings)} for one in app.functions]
    sys.stdout.write(json.dumps({"runtime": app.runtime, "functions": functions}) + "\n")
    return 0


async def run(folder: Path, values: dict[str, str], port: int) -> int:
    """Index the app and run it."""
    # Not before the path is set: these read schedules with the app's own copy of `azure_functions`.
    from demo.azure_host.control import Control  # noqa: PLC0415
    from demo.azure_host.host import Host, stop_on_signals  # noqa: PLC0415
    from demo.azure_host.work import say  # noqa: PLC0415

    stop = stop_on_signals()
    app = await index(folder)
    host = Host(app, host=read_host(folder, values), settings=values)
    control = Control(host, asyncio.get_running_loop(), port)
    control.start()
    names = [one.name for one in app.functions]
    say("started", runtime=app.runtime, port=control.server_port, functions=names)
    await host.run(stop)
    control.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
