"""A forgetting that has begun and not ended, kept in the workspace until it has: so that it can be gone on with."""

from __future__ import annotations

from miner.privacy.forget import PersonalData
from miner.privacy.pseudonyms import is_pseudonym
from miner.workspace import Workspace

FILE = "forgetting.json"


def begin(workspace: Workspace, gone: PersonalData) -> None:
    """Keep what is to go. Where the workspace has pseudonyms, names and numbers of people are not written down."""
    hidden = workspace.quality.get("privacy", {}).get("identifiers") == "pseudonyms"
    customers = sorted(name for name in gone.customers if is_pseudonym(name) or not hidden)
    workspace.write_json(
        FILE,
        {
            "customers": customers,
            "interactions": sorted(gone.interactions),
            "journeys": sorted(gone.journeys),
            "shared": gone.shared,
        },
    )


def pending(workspace: Workspace) -> PersonalData:
    """What was to go when a forgetting was interrupted; nothing where none was."""
    saved = workspace.read_json(FILE)
    names = ("customers", "interactions", "journeys")
    customers, interactions, journeys = (frozenset(saved.get(name, ())) for name in names)
    return PersonalData(customers, interactions, journeys, saved.get("shared", 0))


def end(workspace: Workspace) -> None:
    """It has ended."""
    (workspace.path / FILE).unlink(missing_ok=True)
