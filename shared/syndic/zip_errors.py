"""What reading a zip file raises when it is damaged or hostile. `zipfile` documents one of them and lets all pass."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, OverflowError,
    ValueError,  # names that are no text, places before the file
    RuntimeError,  # encrypted, and NotImplementedError: packed in a way that is not read
)  # fmt: skip
