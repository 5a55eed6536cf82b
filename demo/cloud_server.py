"""The local cloud's server, which unpacks a layer once: `python -P demo/cloud_server.py` serves as `-m ministack` does.

MiniStack unpacks every layer anew for each process of a function, which is 220 MB each time; Lambda mounts what it
unpacked once, to be read only. It is a script and nothing else of ours is on its path: the functions run in its
environment, where a package missing from a layer has to be missing.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
import zipfile
from typing import Any

from ministack import app
from ministack.core.lambda_runtime import Worker
from ministack.services import lambda_svc

FOLDERS = "_LAMBDA_LAYERS_DIRS"
"""How a process of a function is told where its layers are: MiniStack's own name, which it does not reserve."""

_lock = threading.Lock()
_unpacked: dict[str, str] = {}


def unpacked(layer: Any) -> str | None:
    """The folder of a version of a layer, filled by the first who asks; None of what MiniStack has no bytes of."""
    name = layer if isinstance(layer, str) else layer["Arn"]
    with _lock:
        if name not in _unpacked:
            data = lambda_svc._resolve_layer_zip(layer)  # noqa: SLF001 - there is no other way to its bytes
            if not data:
                return None
            folder = tempfile.mkdtemp(prefix="layer-")
            zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
            _unpacked[name] = folder
        return _unpacked[name]


def install() -> None:
    """Start every process of a function on what is unpacked."""
    spawn = Worker._spawn  # noqa: SLF001 - nor to where it starts

    def spawn_on_shared(self: Any) -> Any:
        config = self.config
        folders = [folder for layer in config.get("Layers") or [] if (folder := unpacked(layer))]
        variables = {**config.get("Environment", {}).get("Variables", {}), FOLDERS: os.pathsep.join(folders)}
        self.config = {**config, "Layers": [], "Environment": {"Variables": variables}}
        try:
            return spawn(self)
        finally:
            self.config = config

    Worker._spawn = spawn_on_shared  # noqa: SLF001


if __name__ == "__main__":
    install()
    app.main()
