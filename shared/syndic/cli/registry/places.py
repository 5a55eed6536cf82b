"""Where the registry is: the options that say it, and the registry they lead to."""

from __future__ import annotations

import functools
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from syndic.cli.shell.settings import API, STORE, TOKEN, CliSettings, read_cli_settings
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.adapters.internet.api_client import ApiClient
    from syndic.cli.registry.verbs import Registry

F = TypeVar("F", bound=Callable[..., Any])

EPILOG = (
    f"The registry is the deployed one (--api or {API}, with the ID token in {TOKEN} or --token-file), or a local "
    f"folder (--store or {STORE}). The API knows from the token who you are. A local store trusts who you say you are "
    "(--as): anybody who can write the folder can be anybody. That nobody decides on their own request holds in both."
)


def place_options(*, writes: bool) -> Callable[[F], F]:
    """``--api``, ``--store``, ``--token-file`` and ``--as``: the command is given the `registry` they lead to.

    A command that `writes` makes the local store if there is none.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def called(
            *args: Any,
            api: str | None,
            store: Path | None,
            token_file: Path | None,
            actor: str | None,
            **options: Any,
        ) -> Any:
            registry = open_registry(api, store, token_file, actor, create=writes, settings=read_cli_settings())
            return function(*args, registry=registry, **options)

        for option in (
            click.option("--as", "actor", metavar="NAME", help="Who you are, in a local store; else the OS user."),
            click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token."),
            click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="A local registry's folder."),
            click.option("--api", metavar="URL", help="Address of the deployed API."),
        ):
            called = option(called)
        return called  # type: ignore[return-value]

    return decorate


def open_registry(
    api: str | None,
    store: Path | None,
    token_file: Path | None,
    actor: str | None,
    *,
    create: bool,
    settings: CliSettings,
) -> Registry:
    """The registry that options and environment lead to; options go first.

    Raises:
        InvalidInputError: None or two are named, or options that do not go together.
    """
    if api is None and store is None:
        api, store = settings.api, Path(settings.store) if settings.store else None
    if api is not None and store is not None:
        raise InvalidInputError(f"give --api or --store (or one of {API} and {STORE}), not both")
    if api is not None:
        if actor is not None:
            raise InvalidInputError("the API knows from the token who you are", where="--as")
        from syndic.adapters.internet.api_client import ApiClient
        from syndic.cli.registry.deployed import ApiRegistry

        return ApiRegistry(ApiClient(api, token=token_of(token_file, settings)))
    if store is None:
        raise InvalidInputError(f"where is the registry? give --api URL or --store DIR, or set {API} or {STORE}")
    if token_file is not None:
        raise InvalidInputError("goes with --api; a local store knows no tokens", where="--token-file")
    from syndic.adapters.folder import FolderStore
    from syndic.cli.registry.local import LocalRegistry

    return LocalRegistry(FolderStore(store, create=create), actor=actor or os_user())


def open_client(api: str | None, token_file: Path | None) -> ApiClient:
    """The deployed API that options and environment lead to, for what only a deployment has.

    Raises `InvalidInputError` when none is named.
    """
    settings = read_cli_settings()
    address = api or settings.api
    if address is None:
        raise InvalidInputError(f"where is the deployment? give --api URL or set {API}")
    from syndic.adapters.internet.api_client import ApiClient

    return ApiClient(address, token=token_of(token_file, settings))


def token_of(file: Path | None, settings: CliSettings) -> str | None:
    """The ID token of a file or of the environment."""
    if file is None:
        return (settings.token or "").strip() or None
    try:
        return file.read_text(encoding="ascii").strip() or None
    except UnicodeDecodeError:
        raise InvalidInputError("must be one line of visible ASCII", where=str(file)) from None


def os_user() -> str:
    """The name that the machine knows the person by. Raises `InvalidInputError`."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise InvalidInputError("this machine does not say who you are; say it", where="--as") from None
