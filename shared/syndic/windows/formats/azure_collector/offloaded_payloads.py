"""Payloads that the data collector keeps in blobs of their own, because they are long or not text.

The record then names an address, which is captured text and is not trusted: only what lies below the endpoint's own
capture root is read, each address once, so that no record makes anyone read elsewhere or more than was written.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.ports import CaptureReader
from syndic.windows.rejected import Reason, UnusableError

LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a payload."""
_LONGEST_NAME: Final = 1024  # characters: a blob's name cannot be longer
_PLAIN: Final = "/~!$&'()*+,;=:@"


class PayloadFiles:
    """Reads payloads kept apart from their records.

    Args:
        captures: The port; its `table` reads a whole file.
        root: The address below which the endpoint's traffic is captured; it names account and container.
    """

    def __init__(self, captures: CaptureReader, root: str) -> None:
        self._captures = captures
        self._root = root.rstrip("/")
        self._read: set[str] = set()

    def text(self, address: object) -> str:
        """The payload at an address.

        Raises `UnusableError` when it may not, need not or cannot be read, and `UnavailableError` when the service
        does not answer: then it is as unread as the file that names it.
        """
        place = self._allowed(address)
        if place in self._read:
            raise UnusableError(Reason.DUPLICATE, "the payload at this address was already read")
        self._read.add(place)
        try:
            content = self._captures.table(place, limit=LIMIT)
        except NotFoundError:
            raise UnusableError(Reason.BLOB, "there is no payload at the address that the record names") from None
        except TooLargeError:
            raise UnusableError(Reason.BLOB, f"the payload in a blob of its own has over {LIMIT} bytes") from None
        except InvalidInputError:
            raise UnusableError(
                Reason.BLOB, "the payload cannot be read at the address that the record names"
            ) from None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UnusableError(Reason.ENCODING, "the payload is not UTF-8 text") from None

    def _allowed(self, address: object) -> str:
        """The address written in one way. The collector may have percent-encoded the whole path, or nothing."""
        try:
            parts, root = urlsplit(address if isinstance(address, str) else ""), urlsplit(self._root)
        except ValueError:
            parts, root = urlsplit(""), urlsplit(self._root)
        path, folder = unquote(parts.path), unquote(root.path).rstrip("/") + "/"
        name = path.removeprefix(folder)
        if (
            (parts.scheme, parts.netloc, parts.query, parts.fragment) != (root.scheme, root.netloc, "", "")
            or not path.startswith(folder)
            or not name.isprintable()
            or len(path) > _LONGEST_NAME
            or any(step in ("", ".", "..") or "\\" in step for step in name.split("/"))
        ):
            raise UnusableError(Reason.BLOB, "the payload does not lie below the place where the endpoint captures")
        return f"{root.scheme}://{root.netloc}{quote(path, safe=_PLAIN)}"
