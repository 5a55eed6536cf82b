"""A SQLite tracking store, opened read-only. Artefacts are listed where they lie on this machine."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syndic.adapters.mlflow.folder import list_files, read_logged_model, read_manifest
from syndic.adapters.mlflow.text import (
    DELETED,
    Point,
    as_logged,
    logged_model,
    model_gone,
    moment,
    no_version,
    run_gone,
    version_metrics,
)
from syndic.errors import InvalidInputError, UnavailableError, in_words
from syndic.registry.sync.importer import ForeignVersion, Unsound

NEEDED = ("model_versions", "registered_models", "runs", "params", "metrics", "tags")


class MlflowDatabase:
    """A SQLite store. `artefacts` is where a server kept ``mlflow-artifacts:`` files; ``mlartifacts`` beside it."""

    def __init__(self, path: Path, *, artefacts: Path | None = None) -> None:
        if not path.is_file():
            raise InvalidInputError("no such file", where=str(path))
        self._path, self._artefacts = path, artefacts or path.parent / "mlartifacts"
        self.name = f"mlflow sqlite:///{path.resolve()}"

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """Every version of every registered model."""
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                lacking = [table for table in NEEDED if not _columns(connection, table)]
                if lacking:
                    raise UnavailableError(f"{self.name}: not an MLflow store, no table {', '.join(lacking)}")
                yield from self._versions(connection)
        except sqlite3.Error as error:
            raise UnavailableError(f"{self.name}: {error}") from error

    def _versions(self, connection: sqlite3.Connection) -> Iterator[ForeignVersion | Unsound]:
        aliases = defaultdict(list)
        for row in _rows(connection, "registered_model_aliases"):
            aliases[(row["name"], str(row["version"]))].append(row["alias"])
        descriptions = {row["name"]: row["description"] for row in _rows(connection, "registered_models")}
        standing = [row for row in _rows(connection, "model_versions") if row.get("current_stage") != DELETED]
        yield from map(no_version, sorted(descriptions.keys() - {row["name"] for row in standing}))
        for row in standing:
            where = f"{row['name']} version {row['version']}"
            try:
                held = tuple(sorted(aliases[(row["name"], str(row["version"]))]))
                yield from self._version(connection, row, descriptions.get(row["name"]), held)
            except (KeyError, ValueError, TypeError) as error:
                yield Unsound(where=where, reason=in_words(error))

    def _version(
        self, connection: sqlite3.Connection, row: dict[str, Any], description: str | None, aliases: tuple[str, ...]
    ) -> Iterator[ForeignVersion | Unsound]:
        where = f"{row['name']} version {row['version']}"
        run_id = row.get("run_id") or None
        run = next(iter(_rows(connection, "runs", run_uuid=run_id)), {}) if run_id else {}
        if run_id and not run:
            yield run_gone(where, run_id)
        identity = logged_model(row.get("source"), row.get("storage_location"))
        if identity and not _rows(connection, "logged_models", model_id=identity):
            yield model_gone(where, identity)
        metrics = version_metrics(_points(connection, run_id), _linked(connection, identity), run_id)
        folder = self._local(run.get("artifact_uri"))
        yield ForeignVersion(
            model=row["name"],
            version=str(row["version"]),
            created_at=moment(row["creation_time"]),
            description=row.get("description") or None,
            model_description=description or None,
            author=row.get("user_id") or run.get("user_id") or None,
            aliases=aliases,
            stage=row.get("current_stage") or None,
            status=row.get("status") or None,
            tags=_pairs(_rows(connection, "model_version_tags", name=row["name"], version=row["version"])),
            run_id=run_id,
            experiment=_experiment(connection, run),
            run_tags=_pairs(_rows(connection, "tags", run_uuid=run_id)),
            params=_pairs(_rows(connection, "params", run_uuid=run_id)),
            metrics=metrics,
            artefacts=tuple(list_files(folder)) if folder else (),
            location=row.get("storage_location") or row.get("source") or None,
            datasets=tuple(_datasets(connection, run_id)),
            manifest=read_manifest(folder) if folder else None,
            **read_logged_model(self._local(row.get("storage_location"))),
        )

    def _local(self, uri: str | None) -> Path | None:
        """The folder on this machine that an artefact URI names, if there is one."""
        if not uri:
            return None
        parts = urlsplit(uri)
        if parts.scheme == "mlflow-artifacts":
            root = self._artefacts.resolve()
            folder = (root / parts.path.lstrip("/")).resolve()
            return folder if folder.is_relative_to(root) and folder.is_dir() else None
        if parts.scheme in {"", "file"}:
            folder = Path(parts.path)
            return folder if folder.is_dir() else None
        return None


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(f"pragma table_info({table})")]


def _rows(connection: sqlite3.Connection, table: str, **equal: object) -> list[dict[str, Any]]:
    """Rows of a table that may be missing in older stores; table and column names are our own constants."""
    if not _columns(connection, table):
        return []
    where = " and ".join(f"{name} = ?" for name in equal) or "1 = 1"
    query = f"select * from {table} where {where}"  # noqa: S608
    return [dict(row) for row in connection.execute(query, tuple(equal.values()))]


def _points(connection: sqlite3.Connection, run_id: str | None) -> Iterator[Point]:
    """The metrics that a run logged."""
    for row in _rows(connection, "metrics", run_uuid=run_id):
        yield row["key"], int(row["timestamp"]), as_logged(row["value"], nan=bool(row.get("is_nan"))), int(row["step"])


def _linked(connection: sqlite3.Connection, identity: str | None) -> Iterator[tuple[Point, str | None]]:
    """The metrics linked to a logged model. That table has no mark for NaN: the run's own point has."""
    for row in _rows(connection, "logged_model_metrics", model_id=identity):
        key, when, step = row["metric_name"], int(row["metric_timestamp_ms"]), int(row["metric_step"])
        point = {"run_uuid": row["run_id"], "key": key, "timestamp": when, "step": step}
        nan = row["metric_value"] == 0 and any(one.get("is_nan") for one in _rows(connection, "metrics", **point))
        yield (key, when, as_logged(row["metric_value"], nan=nan), step), row["run_id"]


def _experiment(connection: sqlite3.Connection, run: dict[str, Any]) -> str | None:
    held = _rows(connection, "experiments", experiment_id=run.get("experiment_id"))
    return str(held[0]["name"]) if held else None


def _pairs(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(row["key"]): str(row["value"]) for row in rows}


def _datasets(connection: sqlite3.Connection, run_id: str | None) -> Iterator[dict[str, Any]]:
    for link in _rows(connection, "inputs", destination_type="RUN", destination_id=run_id):
        for row in _rows(connection, "datasets", dataset_uuid=link["source_id"]):
            yield {
                "name": row["name"],
                "digest": row["digest"],
                "schema": row["dataset_schema"],
                "profile": row["dataset_profile"],
            }
