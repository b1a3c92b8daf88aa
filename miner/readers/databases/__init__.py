"""Tables and queries of databases, and files on the web, as sources: copied to this machine, then read as any table."""

from __future__ import annotations

from pathlib import Path

from miner.readers.databases.address import Address, address_of

__all__ = ["Address", "address_of", "fetch"]


def fetch(address: Address, folder: Path) -> Path:
    """Copy what an address names into a new file of the folder, and give its path.

    Rows of databases come as Parquet, files of the web as they are. InputError where the address or its query
    is wrong, ServerError where a server cannot be reached or refuses.
    """
    target = folder / f"source-{len(list(folder.iterdir()))}{address.suffix}"
    if address.scheme in ("https", "http"):
        from miner.readers.databases.web import download

        download(address, target)
    elif address.scheme == "s3":
        from miner.readers.databases.extensions import copy_s3

        copy_s3(address, target)
    else:
        from miner.readers.databases.tables import copy_rows

        copy_rows(address, target)
    return target
