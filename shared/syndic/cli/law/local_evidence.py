"""Evidence in local files: a folder of JSON files, one file, or an evidence package. Put into a store in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from syndic.adapters.memory import MemoryStore
from syndic.assessment import ORGANISATION
from syndic.errors import InvalidInputError, TooLargeError
from syndic.json_text import load_json
from syndic.models import Cloud, Evidence, RegisteredModel, to_json
from syndic.ports import Record
from syndic.records import find_model, model_key, put_evidence
from syndic.spelling import first_problem
from syndic.zip_errors import DAMAGED

T = TypeVar("T")

MAX_FILES: Final = 20_000
MAX_BYTES: Final = 16 * 1024 * 1024


def load_evidence(path: Path) -> tuple[MemoryStore, tuple[str, ...]]:
    """Read evidence and models; returns a store with them and the models' ids.

    A JSON file holds one piece of evidence, a list of them, or a registered model. In an evidence package the
    folders ``evidence`` and the files ``model.json`` are read. A model that has evidence but no record is registered
    by its id.
    """
    store = MemoryStore()
    seen: set[str] = set()
    for name, data in _documents(path):
        for index, item in enumerate(data if isinstance(data, list) else [data]):
            where = f"{name}[{index}]" if isinstance(data, list) else name
            seen.add(_keep(item, where, store))
    models = sorted(seen - {ORGANISATION})
    if not models:
        raise InvalidInputError("holds no evidence on any model", where=str(path))
    for model_id in models:
        if find_model(store, model_id) is None:
            model = RegisteredModel(
                id=model_id, name=model_id, cloud=Cloud.OTHER, registered_at=datetime(1970, 1, 1, tzinfo=UTC)
            )
            store.put(Record(model_key(model_id), to_json(model)))
    return store, tuple(models)


def _documents(path: Path) -> Iterator[tuple[str, Any]]:
    if not path.exists():
        raise InvalidInputError("there is no such file or folder", where=str(path))
    if path.is_dir():
        files = sorted(item for item in path.rglob("*.json") if item.is_file())
        if not files:
            raise InvalidInputError("holds no .json file", where=str(path))
        yield from ((str(item), _parse(item.read_bytes(), str(item))) for item in _few(files, path))
    elif zipfile.is_zipfile(path):
        yield from _packed(path)
    else:
        yield str(path), _parse(path.read_bytes(), str(path))


def _packed(path: Path) -> Iterator[tuple[str, Any]]:
    where = str(path)
    try:
        with zipfile.ZipFile(path) as package:
            for info in _few(sorted(package.infolist(), key=lambda it: it.filename), path):
                if "/evidence/" in info.filename or info.filename.endswith("/model.json"):
                    where = f"{path}, {info.filename}"
                    if info.file_size > MAX_BYTES:
                        raise TooLargeError(f"{where}: larger than {MAX_BYTES} bytes")
                    yield where, _parse(package.read(info), where)
    except DAMAGED as error:
        raise InvalidInputError("is a damaged zip file", where=where) from error


def _few(items: Iterable[T], path: Path) -> Iterator[T]:
    for number, item in enumerate(items):
        if number >= MAX_FILES:
            raise TooLargeError(f"{path}: more than {MAX_FILES} files")
        yield item


def _parse(data: bytes, where: str) -> Any:
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"{where}: larger than {MAX_BYTES} bytes")
    return load_json(data, where=where)


def _keep(item: Any, where: str, store: MemoryStore) -> str:
    if not isinstance(item, dict):
        raise InvalidInputError("must be an object: a piece of evidence or a model", where=where)
    try:
        if "kind" in item:
            evidence = Evidence.model_validate(item)
            put_evidence(store, evidence)
            return evidence.model_id
        model = RegisteredModel.model_validate(item)
    except ValidationError as error:
        field, sentence = first_problem(error, Evidence if "kind" in item else RegisteredModel)
        raise InvalidInputError(f"{field}: {sentence}", where=where) from error
    store.put(Record(model_key(model.id), to_json(model)))
    return model.id
