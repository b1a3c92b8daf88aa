"""Notes: what was repaired, guessed, left out or suspicious, as quality.json lists it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

# All kinds of notes; those of `assumed…` are listed as assumptions as well.
NoteKind = Literal[
    "absent_teams",
    "assumed",
    "assumed_contacts",
    "assumed_takeover",
    "assumed_zone",
    "bad_duration",
    "bad_reference",
    "case_ids",
    "closing",
    "column_names",
    "dropped_attributes",
    "duplicates",
    "encoding",
    "far_time",
    "finer_silo",
    "free text",
    "history",
    "identifiers_kept",
    "intents",
    "invalid_bytes",
    "keys",
    "left out",
    "lifecycle",
    "list_of_cases",
    "lists_inside",
    "mixed_units",
    "nameless_traces",
    "negative",
    "negative_duration",
    "no_activity",
    "no_effect",
    "no_end",
    "no_number",
    "no_uuid",
    "nobody",
    "not_read",
    "object_changes",
    "open",
    "paired rows",
    "passed_over",
    "placeholder_time",
    "reconcile",
    "records_at",
    "reused",
    "rounded_ids",
    "same_file",
    "several_interactions",
    "several_objects",
    "shared_keys",
    "sheets",
    "signature_not_checked",
    "still_team",
    "substatus",
    "superseded",
    "swapped_dates",
    "system_owner",
    "text_not_used",
    "truncated",
    "unknown",
    "unknown roles",
    "unknown team",
    "unknown values",
    "unused",
    "weak_guess",
    "webhooks",
    "xes_events",
]
CLOSING: NoteKind = "closing"  # the question whether the last step of journeys is automatic
NoteTaker = Callable[[NoteKind, str, int, object], None]  # kind, message, count, example


@dataclass
class Note:
    """Something worth saying: counted, with a few examples."""

    kind: NoteKind
    message: str
    count: int = 0
    examples: list[str] = field(default_factory=list)
