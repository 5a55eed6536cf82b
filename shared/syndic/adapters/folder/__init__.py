"""The registry's records in a folder of plain files: for one machine or a shared disk, without any cloud."""

from syndic.adapters.folder.store import FolderStore

__all__ = ["FolderStore"]
