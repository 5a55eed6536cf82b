"""The model registry of an Azure Machine Learning workspace: models and their versions; approvals written as tags.

https://learn.microsoft.com/rest/api/azureml/model-versions. Nothing but descriptions is read: a model's files are named
by their location, never opened. Model registries that several workspaces share are other resources and are not listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from azure.core.exceptions import AzureError, ResourceNotFoundError
from pydantic import ValidationError

from syndic.adapters.azure.endpoints import split_workspace
from syndic.adapters.azure.errors import translate
from syndic.adapters.azure.machine_learning import API_VERSION, RestReader
from syndic.adapters.azure.resource_manager import PUBLIC
from syndic.errors import NotFoundError, SyndicError, UnavailableError, in_words
from syndic.models import Cloud
from syndic.registry.sync.importer import ForeignVersion, Unsound

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

READ_ONLY: Final = frozenset({"provisioningState"})
"""Properties of a version that the service writes and does not take."""

GENERIC: Final = frozenset({"python_function"})
"""Flavours that say only how a model is loaded."""

COMMIT: Final = ("commit", "azureml.git.commit", "mlflow.source.git.commit")
"""Tags and properties that name the commit, the first that is there."""


class ModelReader(Protocol):
    """Reads and writes a workspace's models; answers are those of the REST API. Raises `AzureError`."""

    def models(self) -> Iterator[Any]:
        """The containers of models, archived ones too, page by page."""

    def model_versions(self, model: str) -> Iterator[Any]:
        """The versions of a model, archived ones too, page by page."""

    def model_version(self, model: str, version: str) -> Any:
        """A version."""

    def put_model_version(self, model: str, version: str, properties: Mapping[str, Any]) -> None:
        """Replace a version's properties."""


class AzureModels:
    """The models of one workspace. Takes what `AzureMachineLearning` takes."""

    def __init__(
        self,
        credential: TokenCredential | None,
        workspace: str,
        *,
        address: str = PUBLIC,
        reader: ModelReader | None = None,
    ) -> None:
        self.name = f"azureml models {'/'.join(split_workspace(workspace))}"
        self._reader = reader or RestReader(credential, workspace, address=address)

    def models(self) -> Mapping[str, str | None]:
        """The description of every model by its name."""
        with self._said("list models"):
            return {str(one["name"]): _text(one["properties"].get("description")) for one in self._reader.models()}

    def versions_of(self, model: str, about: str | None) -> Iterator[ForeignVersion | Unsound]:
        """Every version of a model that people named, and every one that is not sound.

        Anonymous ones are left out. A model that was deleted meanwhile has none.
        """
        with self._said(f"list the versions of {model}"):
            try:
                found = list(self._reader.model_versions(model))
            except ResourceNotFoundError:
                return
        for one in found:
            try:
                if one["properties"].get("isAnonymous"):
                    continue
                state = one["properties"].get("provisioningState") or "Succeeded"
                yield _described(one, model, about) if state == "Succeeded" else _unsound(one, model, f"it is {state}")
            except ValidationError as error:
                first = error.errors()[0]
                yield _unsound(one, model, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                yield _unsound(one, model, _misshapen(error))

    def tag(self, model: str, version: str, tags: Mapping[str, str]) -> bool:
        """Set tags on a version; returns whether they were others.

        The service takes a version only as a whole. So it is read right before, and what is sent back is what was read,
        with these tags.

        Raises:
            NotFoundError: There is no such version any more.
        """
        with self._said(f"tag {model} version {version}", missing=NotFoundError):
            read = self._reader.model_version(model, version)["properties"]
            held = dict(read.get("tags") or {})
            if tags.items() <= held.items():
                return False
            same = {key: value for key, value in read.items() if key not in READ_ONLY}
            self._reader.put_model_version(model, version, {**same, "tags": held | dict(tags)})
        return True

    @contextmanager
    def _said(self, what: str, missing: type[SyndicError] = UnavailableError) -> Iterator[None]:
        try:
            yield
        except ResourceNotFoundError as error:
            raise missing(str(translate(error, f"{self.name}: {what}"))) from error
        except AzureError as error:
            raise UnavailableError(str(translate(error, f"{self.name}: {what}"))) from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise UnavailableError(f"{self.name}: {what}: {_misshapen(error)}") from error


def _described(found: Any, model: str, about: str | None) -> ForeignVersion:
    said, written = found["properties"], found.get("systemData") or {}
    tags, properties = _texts(said.get("tags")), _texts(said.get("properties"))
    told = properties | tags
    return ForeignVersion(
        cloud=Cloud.AZURE,
        model=model,
        version=found["name"],
        foreign_id=found["id"],
        created_at=written.get("createdAt"),
        description=_text(said.get("description")),
        model_description=about,
        author=_text(written.get("createdBy")),
        stage=_text(said.get("stage")),
        status="archived" if said.get("isArchived") else None,
        tags=tags,
        run_id=_text(said.get("jobName")),
        run_tags=told,
        location=_text(said.get("modelUri")),
        flavour=_flavour(said),
        commit=next((told[name] for name in COMMIT if told.get(name)), None),
    )


def _flavour(said: Mapping[str, Any]) -> str | None:
    """The library that made the model and its version, as MLflow names them; else the format of its files."""
    for name, one in sorted((said.get("flavors") or {}).items()):
        if name not in GENERIC:
            data = (one or {}).get("data") or {}
            version = data.get(f"{name}_version") or data.get("version")
            return f"{name} {version}" if version else str(name)
    return _text(said.get("modelType"))


def _unsound(found: Any, model: str, reason: str) -> Unsound:
    version = found.get("name") if isinstance(found, Mapping) else None
    return Unsound(where=f"{model} version {version}"[:300], reason=reason)


def _misshapen(error: Exception) -> str:
    return f"the answer is not as described for {API_VERSION}: {in_words(error)}"[:500]


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(one) for key, one in (value or {}).items() if one is not None}


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
