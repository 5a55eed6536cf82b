"""What is made of something else is as it would be made now."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.generate import PACKAGE, generated, sync_of


def test_schemas_and_the_blocking_twin_are_as_they_would_be_made_now() -> None:
    made = generated()
    stale = sorted(str(path.relative_to(PACKAGE)) for path, text in made.items() if path.read_text("utf-8") != text)

    assert stale == [], "make client"
    assert {path.name for path in (PACKAGE / "_sync").glob("*.py")} == {
        path.name for path in (PACKAGE / "_async").glob("*.py")
    }


@pytest.mark.parametrize(
    ("waiting", "blocking"),
    [
        ("async def a() -> AsyncIterator[int]:\n    await b()\n", "def a() -> Iterator[int]:\n    b()\n"),
        ("[x async for x in y]", "[x for x in y]"),
        ("await asyncio.sleep(1)", "time.sleep(1)"),
        ("async with httpx.AsyncClient() as a:\n    await a.aclose()", "with httpx.Client() as a:\n    a.close()"),
    ],
)
def test_words_of_waiting_become_words_of_blocking(waiting: str, blocking: str) -> None:
    assert sync_of(waiting).partition("\n")[2] == blocking


@pytest.mark.parametrize("path", sorted((PACKAGE / "_sync").glob("*.py")), ids=lambda path: path.stem)
def test_nothing_of_waiting_is_left_in_the_blocking_twin(path: Path) -> None:
    text = path.read_text("utf-8").partition("\n")[2]

    assert not [word for word in ("async ", "await ", "asyncio", "Async", "_async") if word in text]
