"""Which column means what: the user's mapping, or a guess with its reason."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.schema import MISSING
from miner.readers.base import Options
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.times import looks_like_time

KEYS = ("case", "activity", "time", "start", "end", "team", "agent", "silo", "channel", "system", "customer", "intent",
        "outcome", "value", "actor_type")  # fmt: skip
REQUIRED = ("case", "activity", "time")
TIMES = ("time", "start", "end")

# Names seen in real exports, the surest first; compared in lower case with everything but letters and digits dropped.
NAMES = {
    "case": "caseconceptname caseid case ticketid ticketnumber ticket incidentid incidentnumber number issuekey issueid "
    "conversationid interactionid srnumber requestid orderid callid sessionid traceid journeyid dossier zaak documentkey",
    "activity": "conceptname activity activityname event eventname activityid action task step statusname status state "
    "incidentstate eventtype operation phase transition",
    "time": "timetimestamp timestamp completetimestamp endtimestamp time datetime eventtime sysupdatedat updatedat changedate "
    "sysupdatedon createdat datestamp activitytime performedat date created starttime start starttimestamp",
    "start": "starttimestamp starttime startedat start begin begintime startdate",
    "end": "endtimestamp endtime endedat end completetimestamp completiontime finish finishtime enddate",
    "team": "orggroup team teamname group groupname assignmentgroup assignedgroup supportteam supportgroup queue queuename skill "
    "serviceteam",
    "agent": "orgresource resource agent agentname agentid user username userid assignedto assignee employee operator performer "
    "owner originator",
    "silo": "silo department dept division businessunit orgline organizationinvolved organisation organization orgrole",
    "channel": "channel contacttype medium contactchannel mediatype",
    "system": "system sourcesystem application app",
    "customer": "customer customerid customerkey client clientid callerid caller requester requesterid contactid accountid user_id",
    "intent": "intent contactreason reasonforcontact",
    "outcome": "outcome caseoutcome resolution disposition closecode closedcode result",
    "value": "value ordervalue amount casevalue revenue amountreq caseamountreq price",
    "actor_type": "actortype",
}


@dataclass
class Mapping:
    """Keys and the columns they are read from, with the reason of each."""

    columns: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, column: str, reason: str) -> None:
        """Let a key be read from a column."""
        self.columns[key], self.reasons[key] = column, reason


def map_columns(engine: Engine, cells: Cells, options: Options, profile: dict[str, str], file: str) -> Mapping:
    """The mapping of a table.

    A mapping that the user gives is the whole mapping: only case, activity and time are still
    looked for. A source's own profile stands where the user says nothing of a key. All problems
    are raised at once, as one InputError.
    """
    mapping = Mapping()
    problems = [_unknown_key(key) for key in options.columns if key not in KEYS]
    for key, column in options.columns.items():
        if key in KEYS and column:
            found = resolve(column, cells.columns)
            if found is None:
                problems.append(_missing_column(column, cells.columns, file))
            else:
                mapping.add(key, found, "given with --map")
    for key, column in profile.items():
        if key not in options.columns and column in cells.columns:
            mapping.add(key, column, "known from this export")
    wanted = REQUIRED if options.columns or profile else KEYS
    if not problems:
        _guess(engine, cells, mapping, [k for k in wanted if k not in options.columns], options)
        if "time" not in mapping.columns and "start" in mapping.columns:
            mapping.add("time", mapping.columns.pop("start"), "the start is the only time given")
        problems = [_not_found(key, cells, file) for key in REQUIRED if key not in mapping.columns]
    if problems:
        raise InputError(problems)
    return mapping


def resolve(column: str, columns: tuple[str, ...]) -> str | None:
    """A column by its name, or by the same name in other case; "a+b" joins two columns with a space."""
    if column in columns:
        return column
    same = [c for c in columns if c.lower() == column.lower()]
    if len(same) == 1:
        return same[0]
    parts = [resolve(p, columns) for p in column.split("+")] if "+" in column else [None]
    return "+".join(p for p in parts if p) if all(parts) else None


def _guess(engine: Engine, cells: Cells, mapping: Mapping, keys: list[str], options: Options) -> None:
    taken = set(mapping.columns.values())
    samples: dict[str, list[str]] = {}
    for key in keys:
        if key in mapping.columns:
            continue
        column = _best(engine, cells, key, taken, samples)
        if column is not None:
            mapping.add(key, column, f"named like a {key.replace('_', ' ')} column")
            taken.add(column)
        elif key == "time":
            column = next((c for c in cells.columns if c not in taken and _is_time(engine, cells, c, samples, 0.8)), None)
            if column is not None:
                mapping.add("time", column, "the first column that holds times")
                taken.add(column)
    _settle_times(mapping)


def _settle_times(mapping: Mapping) -> None:
    """Start and end columns, where both are there, make the event an interval; `time` is then the start."""
    columns = mapping.columns
    if mapping.reasons.get("time", "").startswith(("named", "the first")) and "start" in columns and "end" in columns:
        mapping.reasons["time"] = mapping.reasons.pop("start")
        columns["time"] = columns.pop("start")


def _best(engine: Engine, cells: Cells, key: str, taken: set[str], samples: dict[str, list[str]]) -> str | None:
    simple = {c: re.sub(r"[^a-z0-9]", "", c.lower()) for c in cells.columns if c not in taken}
    for name in NAMES[key].split():
        for column, short in simple.items():
            if short == name and (key not in TIMES or _is_time(engine, cells, column, samples, 0.4)):
                return column
    return None


def _is_time(engine: Engine, cells: Cells, column: str, samples: dict[str, list[str]], share: float) -> bool:
    """Whether a column holds times; a telling name needs fewer of them."""
    if column in cells.typed:
        return True
    if column not in samples:
        rows = engine.rows(f"SELECT {quote(column)} FROM {quote(cells.view)} LIMIT 1000")
        samples[column] = [r[0] for r in rows if r[0] is not None and r[0].strip() not in MISSING]
    return looks_like_time(samples[column], share)


def _unknown_key(key: str) -> Problem:
    return Problem(f"unknown key {key!r} in --map", fix=f"keys are: {' '.join(KEYS)}")


def _missing_column(column: str, columns: tuple[str, ...], file: str) -> Problem:
    near = difflib.get_close_matches(column, columns, 3, 0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"its columns are: {', '.join(columns[:40])}"
    return Problem(f"there is no column {column!r}", file, column=column, fix=hint)


def _not_found(key: str, cells: Cells, file: str) -> Problem:
    return Problem(f"no column was recognised as the {key}", file,
                   fix=f"name it with --map {key}=COLUMN; the columns are: {', '.join(cells.columns[:40])}")  # fmt: skip
