"""The saved result: one folder, written a finished file at a time."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from miner.errors import UsageError
from miner.summary import Summary

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


# What the tables mean: 2 since waits are our own and time between contacts and after settling is named; 3 since value
# lost is that of the outcomes that every share counts (journey_outcomes).
TABLES = 3


class Workspace:
    """A folder with the tables, the graph and the report of one run.

    Nothing in it is ever half-written: files are made beside their place and renamed.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Workspace:
        """Open an existing workspace; raises UsageError where there is none, or one that an older version made."""
        workspace = cls(path)
        if not (workspace.path / "manifest.json").is_file():
            raise UsageError(f"{path} is not a workspace", fix=f"make one with: miner run SOURCE -o {path}")
        made = workspace.manifest
        if "key" in made and made.get("tables") != TABLES:
            names = " ".join(shlex.quote(str(one["name"])) for one in made.get("inputs", ())[:9])
            raise UsageError(
                f"{path} was made by another version of interaction-miner, whose tables mean other things",
                fix=f"recreate it from the same sources: miner run {names} -o {shlex.quote(str(path))}",
            )
        return workspace

    def table_path(self, name: str) -> Path:
        """Where the Parquet file of a table is (it may not exist yet)."""
        return self.path / "tables" / f"{name}.parquet"

    def tables(self) -> list[str]:
        """Names of the tables that are there."""
        return sorted(p.stem for p in (self.path / "tables").glob("*.parquet"))

    def arrow(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A table as Arrow; raises UsageError with the names there are."""
        import pyarrow.parquet as pq

        path = self.table_path(name)
        if not path.is_file():
            raise UsageError(f"no table {name!r} in {self.path}", fix=f"there are: {', '.join(self.tables())}")
        return pq.read_table(path, columns=columns)

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a pandas frame, one row per row of the Parquet file."""
        return self.arrow(name, columns).to_pandas()

    @property
    def graph_path(self) -> Path:
        """The file of the embedded graph."""
        return self.path / "graph" / "graph.kgl"

    @property
    def summary(self) -> Summary:
        """The headline counts, their cost and the findings (`summary.json`)."""
        return cast(Summary, self.read_json("summary.json"))

    def change_summary(self, changes: Summary, without: Collection[str] = ()) -> None:
        """Write `summary.json` with these keys changed and those `without` gone; nothing else writes it."""
        before = self.summary
        after = {key: value for key, value in {**before, **changes}.items() if key not in without}
        if after != before:
            self.write_json("summary.json", after)

    @property
    def quality(self) -> dict[str, Any]:
        """What was rejected, repaired, guessed or truncated (`quality.json`)."""
        return self.read_json("quality.json")

    @property
    def manifest(self) -> dict[str, Any]:
        """Inputs, options, versions and the state of each stage (`manifest.json`)."""
        return self.read_json("manifest.json")

    def read_json(self, name: str) -> dict[str, Any]:
        """A JSON file of the workspace, {} where it is not there."""
        path = self.path / name
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def identity(self) -> str:
        """Which workspace it is, wherever its folder is moved and however often it is made anew: `id` in the manifest.

        One that has none gets one; an older one keeps the one of its `identity.json`.
        """
        known = self.manifest.get("id") or self.read_json("identity.json").get("id")
        if not isinstance(known, str):
            known = uuid.uuid4().hex
        if self.manifest.get("id") != known:
            self.write_json("manifest.json", {**self.manifest, "id": known})
            (self.path / "identity.json").unlink(missing_ok=True)
        return known

    def write_json(self, name: str, value: Any) -> None:
        """Write a JSON file whole or not at all."""
        text = json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
        self.write(name, lambda path: path.write_text(text, encoding="utf-8"))

    def write(self, name: str, make: Callable[[Path], Any]) -> Path:
        """Let `make` write a file (or folder) beside its place, then rename it into place."""
        target = self.path / name
        with replacing(target) as draft:
            make(draft)
        return target


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside a file or folder to write it to, moved into its place once it is whole; else nothing is left."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    _remove(draft)
    try:
        yield draft
        if draft.is_dir():
            _remove(target)
        os.replace(draft, target)
    finally:
        _remove(draft)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
