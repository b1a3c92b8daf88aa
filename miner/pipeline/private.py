"""What a run does about people: their keys, how they are told apart, what is hidden before anything is written."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem
from miner.pipeline.settings import Settings
from miner.pipeline.state import Run
from miner.privacy import Keys, Pseudonyms, file_name, hide_said, load, location, there


def keys_of(settings: Settings, workspace: Path | None) -> Keys | None:
    """The keys of a run, made at their first use; None where people keep their names."""
    return None if settings.identifiers == "keep" else load(settings.keys, workspace)


def keys_there(settings: Settings) -> Keys | None:
    """The keys that a run would use, where they are made already."""
    return load(settings.keys) if settings.identifiers != "keep" and there(location(settings.keys)) else None


def told(settings: Settings, keys: Keys | None) -> dict[str, Any]:
    """What the manifest says instead of the options that would give people or keys away."""
    denied = hashlib.sha256("\n".join(sorted(settings.deny)).encode()).hexdigest()[:16] if settings.deny else None
    return {"keys": keys.fingerprint if keys else None, "deny": denied}


def stitch(run: Run) -> str | None:
    """Interactions into journeys, and people into pseudonyms; returns the owner level."""
    from miner.journeys import How
    from miner.journeys import stitch as join
    from miner.readers import readers

    settings, sink = run.settings, run.sink

    def note(kind: str, message: str, count: int, example: object) -> None:
        sink.source = "all sources"
        sink.note(kind, message, count, example)

    modules = [readers()[report.reader] for report in run.reports]
    safe = {name for module in modules for name in getattr(module, "SAFE_ATTRIBUTES", ())}
    _kept_apart(run, note)
    hide(run)
    level = join(
        run.engine,
        run.linked,
        settings.window,
        settings.silos,
        how=How(settings.identity, settings.min_probability, settings.phone_region, settings.deny),
        pseudonyms=Pseudonyms(run.keys) if run.keys else None,
        keep=(*settings.keep, *sorted(safe)),
        intents=settings.intents,
        note=note,
        owners=settings.owners,
    )
    return level


def _kept_apart(run: Run, note: Any) -> None:
    if run.keys is None:
        note(
            "identifiers_kept",
            "customers and agents appear under their real names and numbers (--identifiers keep)",
            1,
            None,
        )
    elif run.keys.path is None:
        note(
            "keys",
            "the keys could not be saved: the pseudonyms of this run fit no other run (use --keys FILE)",
            1,
            None,
        )


def hide(run: Run) -> None:
    """Take identifiers out of rejects and notes, once, while the sources' own columns are there."""
    if run.keys is not None and not run.hidden:
        run.sink.flush()
        hide_said(run.engine, run.sink.notes)
        _hide_files(run)
        run.hidden = True


def _hide_files(run: Run) -> None:
    """Take the people out of the names of files, wherever those are said."""
    run.passed_over = [file_name(said) for said in run.passed_over]
    changed = {report.file: name for report in run.reports if (name := file_name(report.file)) != report.file}
    for report in run.reports:
        report.file = changed.get(report.file, report.file)
    for was, now in changed.items():
        for table in ("raw_events", "rejects"):
            run.engine.run(f"UPDATE {table} SET source = ? WHERE source = ?", [now, was])
        for note in run.sink.notes:
            note.message = note.message.replace(was, now)


def privacy(run: Run) -> dict[str, Any]:
    """What quality.json says of it."""
    keys, settings = run.keys, run.settings
    return {
        "identifiers": "kept" if settings.identifiers == "keep" else "pseudonyms",
        "keys": keys.fingerprint if keys else None,
        "identity": settings.identity,
        "text": "used for facts, not kept" if settings.text == "use" else "not kept",
        "kept_attributes": sorted(settings.keep),
    }


def read_deny(path: Path) -> tuple[str, ...]:
    """Numbers, addresses, ids and patterns with *, one a line; what follows # is for people."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise InputError(
            Problem(
                f"the deny list cannot be read: {reason}",
                str(path),
                fix="name a UTF-8 text file with one value per line",
            )
        ) from None
    return tuple(dict.fromkeys(value for line in lines if (value := line.split("#")[0].strip())))
