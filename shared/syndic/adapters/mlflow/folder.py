"""A legacy ``mlruns/`` folder, read by its documented layout: no MLflow needed, no artefact opened but small texts."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syndic.adapters.mlflow.text import (
    DELETED,
    MANIFEST,
    Point,
    logged_model,
    model_gone,
    moment,
    no_version,
    read_json,
    read_mlmodel,
    read_requirements,
    read_yaml,
    run_gone,
    version_metrics,
)
from syndic.errors import InvalidInputError, in_words
from syndic.registry.models import Artefact
from syndic.registry.sync.importer import ForeignVersion, Unsound

MOST_FILES = 500
MOST_BYTES = 1 << 20  # of one small text


class MlflowFolder:
    """A file store. Whatever is broken in it is listed and the rest is read.

    A link that leads out of the folder is not followed: what a stranger packed into it is not read from this machine.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise InvalidInputError("no such folder", where=str(path))
        self._root = path
        self.name = f"mlflow file://{path.resolve()}"

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """Every version under ``models/<name>/version-<n>``."""
        runs = {meta.parent.name: meta.parent for meta in sorted(self._root.glob("*/*/meta.yaml"))}
        for model in sorted(path for path in (self._root / "models").glob("*") if path.is_dir()):
            try:
                described = self._meta(model)
            except (ValueError, OSError) as error:
                yield Unsound(where=str(model.relative_to(self._root)), reason=str(error))
                described = {}
            several = 0
            for folder in sorted(model.glob("version-*")):
                try:
                    for found in self._version(folder, model, described, runs):
                        several += 1
                        yield found
                except (KeyError, ValueError, TypeError, OSError) as error:
                    several += 1
                    where = str(folder.relative_to(self._root))
                    yield Unsound(where=where, reason=in_words(error))
            if not several:
                yield no_version(str(described.get("name") or model.name))

    def _version(
        self, folder: Path, model: Path, described: dict[str, Any], runs: dict[str, Path]
    ) -> Iterator[ForeignVersion | Unsound]:
        meta = self._meta(folder)
        if meta.get("current_stage") == DELETED:
            return
        run_id = meta.get("run_id") or None
        run = runs.get(run_id) if run_id else None
        version = str(meta["version"])
        where = f"{meta.get('name') or model.name} version {version}"
        if run_id and run is None:
            yield run_gone(where, run_id)
        identity = logged_model(meta.get("source"), meta.get("storage_location"))
        logged = next(iter(self._root.glob(f"*/models/{glob.escape(identity)}")), None) if identity else None
        if identity and logged is None:
            yield model_gone(where, identity)
        broken: list[Unsound] = []
        points = [point for point, _ in self._points(run, broken)] if run else []
        metrics = version_metrics(points, self._points(logged, broken) if logged else (), run_id)
        yield from broken
        run_meta = self._meta(run) if run else {}
        artefacts = run / "artifacts" if run else None
        yield ForeignVersion(
            model=str(meta.get("name") or model.name),
            version=version,
            created_at=moment(meta["creation_timestamp"]),
            description=meta.get("description") or None,
            model_description=described.get("description") or None,
            author=meta.get("user_id") or run_meta.get("user_id") or None,
            aliases=tuple(sorted(self._aliases(model, described, version))),
            stage=meta.get("current_stage") or None,
            status=str(meta["status"]) if meta.get("status") is not None else None,
            tags=self._values(folder / "tags"),
            run_id=run_id,
            experiment=self._experiment(run) if run else None,
            run_tags=self._values(run / "tags") if run else {},
            params=self._values(run / "params") if run else {},
            metrics=metrics,
            artefacts=tuple(list_files(artefacts)) if artefacts else (),
            location=meta.get("storage_location") or meta.get("source") or None,
            datasets=tuple(self._datasets(run)) if run else (),
            manifest=read_manifest(artefacts) if artefacts and self._holds(artefacts / MANIFEST) else None,
            **read_logged_model(logged / "artifacts" if logged else _place(meta)),
        )

    def _points(self, run: Path, broken: list[Unsound]) -> Iterator[tuple[Point, str | None]]:
        for path in self._files(run / "metrics"):
            key = str(path.relative_to(run / "metrics"))
            for number, line in enumerate(_read(path).splitlines(), start=1):
                parts = line.split()
                try:
                    point = key, int(parts[0]), float(parts[1]), int(parts[2]) if len(parts) > 2 else 0
                    yield point, parts[3] if len(parts) > 3 else None  # a model's points name the run
                except (IndexError, ValueError):
                    where = f"{path.relative_to(self._root)}, line {number}"
                    broken.append(Unsound(where=where, reason="not '<milliseconds> <value> <step>'"))

    def _datasets(self, run: Path) -> Iterator[dict[str, Any]]:
        for link in sorted(run.glob("inputs/*/meta.yaml")):
            place = run.parent / "datasets" / str(self._meta(link.parent).get("source_id"))
            if (place / "meta.yaml").is_file():
                meta = self._meta(place)
                yield {name: meta.get(name) for name in ("name", "digest", "schema", "profile")}

    def _experiment(self, run: Path) -> str | None:
        try:
            name = self._meta(run.parent).get("name")
        except ValueError:
            return None  # the run is sound without it
        return None if name is None else str(name)

    def _aliases(self, model: Path, described: dict[str, Any], version: str) -> Iterator[str]:
        said = described.get("aliases")
        held = {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
        held |= {name: value.strip() for name, value in self._values(model / "aliases").items()}
        yield from (name for name, value in held.items() if value == version)

    def _values(self, folder: Path) -> dict[str, str]:
        return {path.relative_to(folder).as_posix(): _read(path) for path in self._files(folder)}

    def _files(self, folder: Path) -> list[Path]:
        """The files in a folder of the store. Raises ValueError when one of them is not."""
        found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        for path in found:
            if not self._holds(path):
                raise ValueError(f"{path.relative_to(self._root)} is a link that leads out of the store")
        return found

    def _meta(self, folder: Path) -> dict[str, Any]:
        path = folder / "meta.yaml"
        if not path.is_file():
            raise ValueError("meta.yaml is missing")
        if not self._holds(path):
            raise ValueError("meta.yaml is a link that leads out of the store")
        try:
            value = read_yaml(_read(path))
        except ValueError as error:
            raise ValueError(f"meta.yaml is broken: {error}") from error
        if not isinstance(value, dict):
            raise ValueError("meta.yaml holds no fields")  # noqa: TRY004
        return value

    def _holds(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._root.resolve())


def _place(meta: dict[str, Any]) -> Path | None:
    """Where the model of a version lies that no logged model of this store is behind."""
    place = urlsplit(str(meta.get("storage_location") or meta.get("source") or ""))
    return Path(place.path) if place.scheme in {"", "file"} and place.path else None


def list_files(folder: Path) -> Iterator[Artefact]:
    """The files of a run's artefact folder, by name; of more than `MOST_FILES` those found first."""
    found = (Path(place, name) for place, names in _walk(folder) for name in names)
    for path in sorted(islice((path for path in found if path.is_file()), MOST_FILES)):
        yield Artefact(
            name=path.relative_to(folder).as_posix(), location=path.as_uri() if path.is_absolute() else str(path)
        )


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Folders from the top in the order of their names, links not followed: a record may name the whole disk."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield place, sorted(names)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """A run's ``run_manifest.json``, if it left a sound one."""
    path = folder / MANIFEST
    value = read_json(_read(path)) if path.is_file() else None
    return value if isinstance(value, dict) else None


def read_logged_model(folder: Path | None) -> dict[str, Any]:
    """Flavour, signature and requirements from a logged model's small texts."""
    if folder is None or not (folder / "MLmodel").is_file():
        return {}
    flavour, signature = read_mlmodel(_read(folder / "MLmodel"))
    path = folder / "requirements.txt"
    requirements = read_requirements(_read(path)) if path.is_file() else ()
    return {"flavour": flavour, "signature": signature, "requirements": requirements}


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_BYTES).decode("utf-8", "replace")
