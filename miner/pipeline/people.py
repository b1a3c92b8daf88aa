"""The options of a run about people: the keys of their pseudonyms, and what is kept of them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from miner.pipeline.job import Job
from miner.pipeline.settings import Settings
from miner.privacy import Keys, load, location, there


def keys_of(settings: Settings, workspace: Path | None) -> Keys | None:
    """The keys of a run, made at their first use; None where people keep their names."""
    return None if settings.identifiers == "keep" else load(settings.keys, workspace)


def saved_keys(settings: Settings) -> Keys | None:
    """The keys that a run would use, where they are made already."""
    return load(settings.keys) if settings.identifiers != "keep" and there(location(settings.keys)) else None


def safe_options(settings: Settings, keys: Keys | None) -> dict[str, Any]:
    """What the manifest says instead of the options that would give people or keys away."""
    denied = hashlib.sha256("\n".join(sorted(settings.deny)).encode()).hexdigest()[:16] if settings.deny else None
    return {"keys": keys.fingerprint if keys else None, "deny": denied}


def privacy(job: Job) -> dict[str, Any]:
    """What quality.json says of people."""
    keys, settings = job.keys, job.settings
    return {
        "identifiers": "kept" if settings.identifiers == "keep" else "pseudonyms",
        "keys": keys.fingerprint if keys else None,
        "identity": settings.identity,
        "text": "used for facts, not kept" if settings.text == "use" else "not kept",
        "kept_attributes": sorted(settings.keep),
    }
