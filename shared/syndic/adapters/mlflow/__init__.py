"""MLflow as a foreign registry: a tracking server (REST), a SQLite store, a legacy ``mlruns/`` folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from syndic.adapters.mlflow.database import MlflowDatabase
from syndic.adapters.mlflow.folder import MlflowFolder
from syndic.adapters.mlflow.server import MlflowServer
from syndic.errors import InvalidInputError

__all__ = ["MlflowDatabase", "MlflowFolder", "MlflowServer", "open_mlflow"]


def open_mlflow(uri: str, *, token: str | None = None) -> MlflowServer | MlflowDatabase | MlflowFolder:
    """Open what a tracking URI names: ``http(s)://``, ``sqlite:///file``, ``file:///folder`` or a folder.

    `token` is sent to a server as a bearer token.

    Raises:
        InvalidInputError: The URI is of another kind, or the file or folder does not exist.
    """
    scheme = urlsplit(uri).scheme
    if scheme in {"http", "https"}:
        return MlflowServer(uri, token=token)
    if scheme == "sqlite":
        return MlflowDatabase(Path(uri.removeprefix("sqlite:///")))
    if scheme in {"", "file"}:
        path = Path(urlsplit(uri).path if scheme else uri)
        return MlflowDatabase(path) if path.is_file() else MlflowFolder(path)
    raise InvalidInputError("expected http(s)://, sqlite:///FILE, file:///FOLDER or a folder", where=uri)
