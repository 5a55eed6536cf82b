from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.channels.listening import Server, listening


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with listening(tmp_path_factory.mktemp("tls")) as found:
        yield found
