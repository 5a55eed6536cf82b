"""A tracking server over REST, prefix ``/api/2.0/mlflow``. Reads everything; writes only tags and aliases."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3

from syndic.adapters.mlflow.text import (
    MANIFEST,
    Point,
    as_logged,
    logged_model,
    model_gone,
    moment,
    no_version,
    one_line,
    read_json,
    read_mlmodel,
    read_requirements,
    run_gone,
    version_metrics,
)
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError, in_words
from syndic.registry.models import Artefact
from syndic.registry.sync.importer import ForeignVersion, Unsound

PAGE = 200
MOST_FILES = 500  # listed of one run; a run with more is listed up to here
RETRIES = urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=(429, 502, 503, 504), allowed_methods=None)


class _RefusedError(UnavailableError):
    """The server answers, but not this: one broken run must not hide the sound ones."""


class MlflowServer:
    """A tracking server. `token` is sent as a bearer token."""

    def __init__(self, uri: str, *, token: str | None = None, timeout: float = 20.0) -> None:
        parts = urlsplit(uri)
        if not parts.hostname:
            raise InvalidInputError("not an address of a server", where=uri)
        self._base = uri.rstrip("/")
        self.name = f"mlflow {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._pool = urllib3.PoolManager(timeout=timeout, retries=RETRIES, headers=headers)

    def versions(self) -> Iterator[ForeignVersion | Unsound]:
        """Every version of every registered model."""
        models = {str(model.get("name")): model for model in self._search("registered-models", "registered_models")}
        runs: dict[str, dict[str, Any] | None] = {}
        experiments: dict[str, str | None] = {}
        named = set()
        for found in self._search("model-versions", "model_versions"):
            where = f"{found.get('name')} version {found.get('version')}"
            named.add(str(found.get("name")))
            try:
                yield from self._version(found, models.get(str(found.get("name")), {}), runs, experiments)
            except (KeyError, ValueError, TypeError, NotFoundError, _RefusedError) as error:
                yield Unsound(where=where, reason=in_words(error))
        yield from map(no_version, sorted(models.keys() - named))

    def tag(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags on a version."""
        for key, value in tags.items():
            body = {"name": model, "version": version, "key": key, "value": value}
            self._json("POST", "model-versions/set-tag", body)

    def alias(self, model: str, name: str, version: str | None) -> None:
        """Point an alias at a version, or remove it; removing one that is not there is fine."""
        if version is not None:
            self._json("POST", "registered-models/alias", {"name": model, "alias": name, "version": version})
            return
        try:
            self._json("DELETE", "registered-models/alias", {"name": model, "alias": name})
        except NotFoundError:
            return

    def _version(
        self,
        found: dict[str, Any],
        model: dict[str, Any],
        runs: dict[str, dict[str, Any] | None],
        experiments: dict[str, str | None],
    ) -> Iterator[ForeignVersion | Unsound]:
        run_id = found.get("run_id") or None
        where = f"{found['name']} version {found['version']}"
        known = self._run(run_id, runs) if run_id else None
        if run_id and known is None:
            yield run_gone(where, run_id)
        run = known or {}
        data = run.get("data", {})
        files: list[Artefact] = []
        try:
            files.extend(self._files(run_id) if run_id and known else ())
        except (KeyError, NotFoundError, _RefusedError) as error:
            yield Unsound(where=f"{where}, artefacts", reason=in_words(error))
        identity = logged_model(found.get("source"), self._stored_at(found))
        described = self._logged_model(identity)
        linked: list[tuple[Point, str | None]] = []
        if identity:
            try:
                linked.extend(self._linked(identity, runs))
            except NotFoundError:
                yield model_gone(where, identity)
        experiment = run.get("info", {}).get("experiment_id")
        yield ForeignVersion(
            model=found["name"],
            version=str(found["version"]),
            created_at=moment(found["creation_timestamp"]),
            description=found.get("description") or None,
            model_description=model.get("description") or None,
            author=found.get("user_id") or run.get("info", {}).get("user_id") or None,
            aliases=tuple(
                sorted(a["alias"] for a in model.get("aliases", []) if str(a["version"]) == str(found["version"]))
            ),
            stage=found.get("current_stage") or None,
            status=found.get("status") or None,
            tags=_pairs(found.get("tags", [])),
            run_id=run_id,
            experiment=self._experiment(str(experiment), experiments) if experiment else None,
            run_tags=_pairs(data.get("tags", [])),
            params=_pairs(data.get("params", [])),
            metrics=version_metrics(map(_point, data.get("metrics", [])), linked, run_id),
            artefacts=tuple(files),
            location=found.get("source") or None,
            datasets=tuple(_dataset(item) for item in run.get("inputs", {}).get("dataset_inputs", [])),
            manifest=self._manifest(run_id, files),
            **described,
        )

    def _run(self, run_id: str, runs: dict[str, dict[str, Any] | None]) -> dict[str, Any] | None:
        """A run, asked for once; None: it is gone."""
        if run_id not in runs:
            try:
                runs[run_id] = self._json("GET", f"runs/get?run_id={quote(run_id)}")["run"]
            except NotFoundError:
                runs[run_id] = None
        return runs[run_id]

    def _stored_at(self, found: dict[str, Any]) -> str | None:
        """Where a version's files lie, asked for only when its source does not say: a copy names the version copied."""
        source = str(found.get("source") or "")
        if not source.startswith("models:/") or logged_model(source):
            return None
        query = f"name={quote(found['name'], safe='')}&version={quote(str(found['version']))}"
        try:
            return str(self._json("GET", f"model-versions/get-download-uri?{query}").get("artifact_uri") or "")
        except (NotFoundError, _RefusedError):
            return None  # the version is sound without it

    def _linked(self, identity: str, runs: dict[str, dict[str, Any] | None]) -> Iterator[tuple[Point, str | None]]:
        """The metrics linked to a logged model. NaN comes as 0 there: the run's own point says so."""
        model = self._json("GET", f"logged-models/{quote(identity)}").get("model", {})
        for item in model.get("data", {}).get("metrics", []):
            key, when, value, step = _point(item)
            run = self._run(item["run_id"], runs) if value == 0 and item.get("run_id") else None
            beside = map(_point, (run or {}).get("data", {}).get("metrics", []))
            nan = any(math.isnan(one[2]) and (one[0], one[1], one[3]) == (key, when, step) for one in beside)
            yield (key, when, math.nan if nan else value, step), item.get("run_id")

    def _experiment(self, identity: str, known: dict[str, str | None]) -> str | None:
        if identity not in known:
            try:
                answer = self._json("GET", f"experiments/get?experiment_id={quote(identity)}")
                known[identity] = answer.get("experiment", {}).get("name")
            except (NotFoundError, _RefusedError):
                known[identity] = None  # the run is sound without it
        return known[identity]

    def _files(self, run_id: str) -> Iterator[Artefact]:
        folders, listed = [""], 0
        while folders and listed < MOST_FILES:
            folder = folders.pop()
            path = f"&path={quote(folder)}" if folder else ""
            listing = self._json("GET", f"artifacts/list?run_id={quote(run_id)}{path}")
            for entry in listing.get("files", []):
                if entry.get("is_dir"):
                    folders.append(entry["path"])
                else:
                    listed += 1
                    yield Artefact(name=entry["path"], location=f"{listing.get('root_uri', '')}/{entry['path']}")

    def _manifest(self, run_id: str | None, files: list[Artefact]) -> dict[str, Any] | None:
        if run_id is None or not any(artefact.name == MANIFEST for artefact in files):
            return None
        text = self._text(f"{self._base}/get-artifact?path={MANIFEST}&run_uuid={quote(run_id)}")
        value = read_json(text or "")
        return value if isinstance(value, dict) else None

    def _logged_model(self, identity: str | None) -> dict[str, Any]:
        if identity is None:
            return {}
        base = f"{self._base}/ajax-api/2.0/mlflow/logged-models/{quote(identity)}/artifacts/files?artifact_file_path="
        flavour, signature = read_mlmodel(self._text(base + "MLmodel") or "")
        requirements = read_requirements(self._text(base + "requirements.txt") or "")
        return {"flavour": flavour, "signature": signature, "requirements": requirements}

    def _search(self, what: str, field: str) -> Iterator[dict[str, Any]]:
        token = ""
        while True:
            page = self._json(
                "GET", f"{what}/search?max_results={PAGE}" + (f"&page_token={quote(token)}" if token else "")
            )
            yield from page.get(field, [])
            token = page.get("next_page_token") or ""
            if not token:
                return

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self._base}/api/2.0/mlflow/{path}"
        status, data = self._call(method, url, body)
        answer = read_json(data.decode("utf-8", "replace"))
        if status == 404 or (isinstance(answer, dict) and answer.get("error_code") == "RESOURCE_DOES_NOT_EXIST"):
            raise NotFoundError(f"{self.name}: {path.split('?', maxsplit=1)[0]}: not there")
        if status >= 400 or not isinstance(answer, dict):
            said = answer.get("message") if isinstance(answer, dict) else None
            said = one_line(said if said is not None else data.decode("utf-8", "replace"))
            raise _RefusedError(f"{self.name}: {path.split('?', maxsplit=1)[0]} answered {status}: {said}")
        return answer

    def _text(self, url: str) -> str | None:
        status, data = self._call("GET", url, None)
        return data.decode("utf-8", "replace") if status == 200 else None

    def _call(self, method: str, url: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
        encoded = None if body is None else json.dumps(body).encode()
        headers = {**self._pool.headers, "Content-Type": "application/json"}
        try:
            answer = self._pool.request(method, url, body=encoded, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"{self.name}: no answer ({error.__class__.__name__})") from error
        if 300 <= answer.status < 400:  # another address was not vouched for by who configured this one
            where = urlsplit(answer.headers.get("Location", ""))
            there = f"{where.scheme}://{where.netloc.rpartition('@')[2]}" if where.netloc else "another address"
            raise UnavailableError(
                f"{self.name}: sends us on to {one_line(there)}, which is not followed: configure it"
            )
        return answer.status, answer.data


def _point(item: dict[str, Any]) -> Point:
    return item["key"], int(item["timestamp"]), as_logged(float(item["value"])), int(item.get("step") or 0)


def _pairs(items: list[dict[str, Any]]) -> dict[str, str]:
    return {str(item["key"]): str(item.get("value", "")) for item in items}


def _dataset(item: dict[str, Any]) -> dict[str, Any]:
    dataset = item.get("dataset", {})
    return {name: dataset.get(name) for name in ("name", "digest", "schema", "profile")}
