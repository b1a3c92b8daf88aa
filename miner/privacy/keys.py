"""The secret keys of a project: one for customers, one for agents, in a file that only its owner can read.

They stay outside every workspace: who has a workspace and not the keys cannot tell who anybody is, nor
try names out. The same keys give the same pseudonyms, in every run and every workspace.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from miner.errors import UsageError

_NAME = re.compile(r"[\w.-]+")
_SIZE = 32  # bytes, the block that HMAC-SHA-256 is made for


@dataclass(frozen=True)
class Keys:
    """The two keys and where they lie; `path` is None for keys that could not be kept."""

    customers: bytes
    agents: bytes
    path: Path | None = None
    created: str = ""

    @property
    def fingerprint(self) -> str:
        """What a manifest knows of them: it tells two sets apart and gives neither away."""
        return hashlib.sha256(b"interaction-miner keys\0" + self.customers + b"\0" + self.agents).hexdigest()[:16]


def location(given: str | None = None) -> Path:
    """The key file: `given` as a path or the name of a project, else MINER_KEYS, else the project `default`."""
    name = given or os.environ.get("MINER_KEYS") or "default"
    if _NAME.fullmatch(name) and not name.endswith(".json"):
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
        return Path(base) / "interaction-miner" / "keys" / f"{name}.json"
    return Path(name).expanduser()


def load(given: str | None = None, workspace: Path | None = None) -> Keys:
    """The keys of a project, made at their first use.

    UsageError where the file is readable by others, broken, or lies in the workspace. Where the default
    place cannot be written, the keys live as long as the process.
    """
    path = location(given)
    if workspace is not None and _inside(path, workspace):
        raise UsageError(f"key file {path} is inside the workspace", fix="keep them apart: --keys FILE")
    if there(path):
        return _read(path)
    try:
        return create(given)
    except OSError as error:
        if given or os.environ.get("MINER_KEYS"):
            raise UsageError(
                f"key file {path} cannot be written: {error.strerror or error}", fix="name another file with --keys"
            ) from None
        return Keys(secrets.token_bytes(_SIZE), secrets.token_bytes(_SIZE))


def there(path: Path) -> bool:
    """Whether there is a key file; UsageError where that cannot be seen."""
    try:
        return path.exists()
    except OSError as error:
        raise UsageError(
            f"key file {path} cannot be read: {error.strerror or error}",
            fix="check the folder's permissions, or name another file with --keys",
        ) from None


def create(given: str | None = None) -> Keys:
    """Make new keys; where another process was faster its keys are taken. OSError where that cannot be."""
    path = location(given)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {
        "version": 1,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "customers": secrets.token_hex(_SIZE),
        "agents": secrets.token_hex(_SIZE),
    }
    handle, draft = tempfile.mkstemp(prefix=".keys-", dir=path.parent)  # mode 0600 from its first moment
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as f:
            json.dump(made, f, indent=1)
            f.write("\n")
            f.flush()
            os.fsync(f.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return _read(path)


def rotate(given: str | None = None) -> tuple[Keys, Path]:
    """New keys in the place of the old ones, and where the old ones are now."""
    path = location(given)
    old = _read(path)
    aside = path.with_name(f"{path.stem}.{old.fingerprint}{path.suffix}")
    os.replace(path, aside)
    return create(given), aside


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _read(path: Path) -> Keys:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(f"key file {path} is readable by other users", fix=f"chmod 600 {path}")
        content = json.loads(path.read_text(encoding="utf-8"))
        loaded = Keys(
            bytes.fromhex(content["customers"]), bytes.fromhex(content["agents"]), path, str(content.get("created", ""))
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a key file"
        raise UsageError(
            f"key file {path} cannot be read: {reason}",
            fix="restore it from your backup, or create new keys in another file: miner keys new --keys FILE",
        ) from None
    if min(len(loaded.customers), len(loaded.agents)) < 16:
        raise UsageError(f"key file {path} is too short", fix="create new keys: miner keys new --keys FILE")
    return loaded
