"""A `Store` in a folder: one file a record, one small file a listing. Safe for several processes at once.

Layout: ``records/<partition>/<sort>.json`` and ``listings/<partition>/<sort>=<mark>.json``. Readers share a lock, a
writer holds it alone, and a change of several files is made whole or not at all (`commits`). The lock is the operating
system's (flock): on a network disk it is as good as that disk's locks.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from syndic.adapters.documents import (
    check_key,
    check_keys,
    check_range,
    check_together,
    encode_body,
    is_over,
    page_token,
    read_token,
    to_second,
)
from syndic.adapters.folder.commits import COMMIT, LOCK, STAGED, change, finish, is_unfinished, locked
from syndic.adapters.folder.names import mark_of, to_name, to_text
from syndic.adapters.singly import Singly
from syndic.errors import InvalidInputError, StaleWriteError, UnavailableError
from syndic.ports import ABSENT, Key, Listing, Page, Place, Record, Write

MARKER: Final = "syndic-store.json"
FORMAT: Final = {"format": 1}


class FolderStore(Singly):
    """Records as files.

    Args:
        folder: Where they are kept.
        create: Make the store when the folder is missing or empty; else that is an error.

    Raises:
        InvalidInputError: The folder is no store, or one of another format.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self._folder = folder
        with self._told():
            if not (folder / MARKER).exists():
                self._create(allowed=create)
            elif self._read(Path(MARKER)) != FORMAT:
                raise InvalidInputError("is a store of another version of Syndic", where=str(folder))

    def get(self, key: Key) -> Record | None:
        """The record at a key, or None."""
        check_key(key)
        with self._reading():
            return self._record(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        return {key: record for key in keys if (record := self.get(key)) is not None}

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record under its condition."""
        return self._write([Write(record, expect)])[0]

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        check_together(writes)
        return self._write(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record."""
        check_key(key)
        if expect == ABSENT:
            raise InvalidInputError("deleting a record that must not exist has no meaning", where="expect")
        with self._writing():
            present = self._record(key)
            _require(key, present, expect)
            if present is not None:
                listed = _pointers(key, present.listings)
                change(self._folder, {**dict.fromkeys(listed), _file(key): None})

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none."""
        check_keys(keys)
        with self._writing():
            files: dict[str, bytes | None] = {}
            for key in dict.fromkeys(keys):
                present = self._record(key)
                if present is not None:
                    files |= {**dict.fromkeys(_pointers(key, present.listings)), _file(key): None}
            if files:
                change(self._folder, files)

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records whose time is over."""
        check_range(partition, "", start, end, 1)
        keys = [at.key for at in self.list_places(partition, start=start, end=end) if at.own_partition == partition]
        removed = 0
        for key in keys:
            if removed == most:
                break
            with self._writing():
                present = self._record(key)
                if present is not None and is_over(present.expires, now):
                    listed = _pointers(key, present.listings)
                    change(self._folder, {**dict.fromkeys(listed), _file(key): None})
                    removed += 1
        return removed

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        start: str | None = None,
        end: str | None = None,
        descending: bool = False,
        limit: int = 100,
        token: str | None = None,
    ) -> Page:
        """One page of a partition's records and listings in sort order."""
        check_range(partition, prefix, start, end, limit)
        arguments = (partition, prefix, start, end, descending)
        after = None if token is None else read_token(token, arguments=arguments)
        with self._reading():
            places = {
                f"{sort} {mark}".rstrip(): path  # a space sorts before every sign that a key may have
                for sort, mark, path in self._places(partition)
                if sort.startswith(prefix) and (start is None or sort >= start) and (end is None or sort < end)
            }
            found = sorted(
                (one for one in places if after is None or (one < after if descending else one > after)),
                reverse=descending,
            )[: limit + 1]
            records = tuple(self._placed(places[place]) for place in found[:limit])
        return Page(records, page_token(found[limit - 1], arguments=arguments) if len(found) > limit else None)

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition, from the small files of listings alone."""
        check_range(partition, "", start, end, 1)
        with self._reading():
            found = sorted(
                (sort, mark, path)
                for sort, mark, path in self._places(partition)
                if (start is None or sort >= start) and (end is None or sort < end)
            )
            places = [
                Place(sort, *(self._read(path)["key"] if mark else (partition, sort))) for sort, mark, path in found
            ]
        yield from places

    def _places(self, partition: str) -> Iterator[tuple[str, str, Path]]:
        """Sort text, mark of the listed record ("" for the partition's own) and file of everything in a partition."""
        for kind in ("records", "listings"):
            here = Path(kind) / to_name(partition)
            try:
                names = [path.name for path in (self._folder / here).iterdir() if path.suffix == ".json"]
            except FileNotFoundError:
                continue
            for name in names:
                stem, _, mark = name.removesuffix(".json").partition("=")
                sort = to_text(stem)
                yield self._read(here / name)["at"][1] if sort is None else sort, mark, here / name

    def _placed(self, path: Path) -> Record:
        kept = self._read(path)
        record = self._record(Key(*kept["key"])) if path.parts[0] == "listings" else _as_record(kept)
        if record is None:
            raise InvalidInputError("lists a record that is not there", where=str(self._folder / path))
        return record

    def _record(self, key: Key) -> Record | None:
        try:
            return _as_record(self._read(Path(_file(key))))
        except FileNotFoundError:
            return None

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            kept = json.loads((self._folder / path).read_bytes())
        except ValueError as error:
            raise InvalidInputError("is damaged: not JSON", where=str(self._folder / path)) from error
        if not isinstance(kept, dict):
            raise InvalidInputError("is damaged: not a record", where=str(self._folder / path))
        return kept

    def _write(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        bodies = []
        for write in writes:
            check_key(write.record.key)
            for listing in write.record.listings:
                check_key(listing)
            bodies.append(encode_body(write.record.body, write.record.key))
        with self._writing():
            files: dict[str, bytes | None] = {}
            written = []
            for write, body in zip(writes, bodies, strict=True):
                key, listings = write.record.key, tuple(dict.fromkeys(write.record.listings))
                present = self._record(key)
                _require(key, present, write.expect)
                before, now = _pointers(key, present.listings if present else ()), _pointers(key, listings)
                files.update({name: None for name in before if name not in now})
                files.update({name: content for name, content in now.items() if name not in before})
                etag = uuid.uuid4().hex
                expires = to_second(write.record.expires)
                files[_file(key)] = _encoded(key, etag, listings, body, expires)
                written.append(Record(key, json.loads(body), etag, listings, expires))
            change(self._folder, files)
        return tuple(written)

    def _create(self, *, allowed: bool) -> None:
        ours = {MARKER, LOCK, STAGED, COMMIT}  # another process may be making the store now
        if self._folder.is_dir() and any(path.name not in ours for path in self._folder.iterdir()):
            if not (self._folder / MARKER).exists():
                raise InvalidInputError("is not empty and no store of Syndic", where=str(self._folder))
            return
        if not allowed:
            raise InvalidInputError("there is no store in this folder yet", where=str(self._folder))
        self._folder.mkdir(parents=True, exist_ok=True)
        with locked(self._folder, exclusive=True):
            if not (self._folder / MARKER).exists():
                change(self._folder, {MARKER: json.dumps(FORMAT).encode()})

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._told():
            while True:
                with locked(self._folder, exclusive=False):
                    if not is_unfinished(self._folder):
                        yield
                        return
                with locked(self._folder, exclusive=True):
                    finish(self._folder)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._told(), locked(self._folder, exclusive=True):
            finish(self._folder)
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = error.filename or self._folder
            raise UnavailableError(f"{where}: {error.strerror or error}") from error


def _require(key: Key, present: Record | None, expect: str | None) -> None:
    if expect is not None and expect != (ABSENT if present is None else present.etag):
        raise StaleWriteError(f"record {key.partition} {key.sort} is not as expected; read it again")


def _file(key: Key) -> str:
    return f"records/{to_name(key.partition)}/{to_name(key.sort)}.json"


def _pointers(key: Key, listings: Iterable[Listing]) -> dict[str, bytes]:
    """The files of a record's listings, by name."""
    return {
        f"listings/{to_name(at.partition)}/{to_name(at.sort)}={mark_of(key)}.json": json.dumps(
            {"at": [at.partition, at.sort], "key": [key.partition, key.sort]}
        ).encode()
        for at in listings
    }


def _encoded(key: Key, etag: str, listings: Iterable[Listing], body: bytes, expires: datetime | None) -> bytes:
    at = [key.partition, key.sort]
    fields: dict[str, Any] = {"at": at, "etag": etag, "listings": [[one.partition, one.sort] for one in listings]}
    head = json.dumps(fields if expires is None else fields | {"expires": expires.isoformat()})
    return head[:-1].encode() + b', "body": ' + body + b"}\n"


def _as_record(kept: dict[str, Any]) -> Record:
    listings = tuple(Listing(*at) for at in kept["listings"])
    expires = datetime.fromisoformat(kept["expires"]) if "expires" in kept else None
    return Record(Key(*kept["at"]), kept["body"], kept["etag"], listings, expires)
