"""ServiceNow's incident log: one row an update, all fields repeated."""

from __future__ import annotations

import json
from pathlib import Path

from tests.readers.tabular.looking import look, starts

HEAD = "number,incident_state,sys_updated_at,sys_mod_count,assignment_group,assigned_to,"
HEAD += "caller_id,contact_type,category,reassignment_count,reopen_count,closed_at\n"
ROWS = [
    "INC1,New,29/2/2016 01:16,0,Group 70,?,Caller 1,Phone,Category 55,0,0,5/3/2016 12:00",
    "INC1,Active,29/2/2016 08:40,2,Group 24,Resolver 2,Caller 1,Phone,Category 55,1,0,5/3/2016 12:00",
    "INC1,Active,29/2/2016 08:40,3,Group 24,Resolver 2,Caller 1,Phone,Category 55,1,0,5/3/2016 12:00",
    "INC1,Active,29/2/2016 08:40,1,Group 24,Resolver 2,Caller 1,Phone,Category 55,1,0,5/3/2016 12:00",
    "INC1,Resolved,1/3/2016 09:00,4,Group 24,Resolver 2,Caller 1,Phone,Category 55,1,0,5/3/2016 12:00",
    "INC1,Active,1/3/2016 10:00,5,?,?,Caller 1,Phone,Category 55,2,1,5/3/2016 12:00",
    "INC1,Closed,5/3/2016 12:00,6,Group 24,Resolver 2,?,Phone,Category 55,3,1,5/3/2016 12:00",
]
LOG = HEAD + "\n".join(ROWS) + "\n"


def test_an_update_is_an_event_at_the_time_of_the_update(tmp_path: Path) -> None:
    """Times are sys_updated_at, day first; `closed_at` and other fields of the case are no event times."""
    found = look(tmp_path, LOG)
    assert found.reports[0].reader == "servicenow"
    assert starts(found)[0] == "2016-02-29T01:16:00" and starts(found)[-1] == "2016-03-05T12:00:00"
    assert "closed_at" in found.reports[0].unmapped
    assert found.column("sequence") == [0, 2, 3, 1, 4, 5, 6]
    assert found.column("ended_us") == found.column("started_us")


def test_question_marks_are_missing(tmp_path: Path) -> None:
    """`?` is no group, no agent and no caller."""
    found = look(tmp_path, LOG)
    assert found.column("team")[5] is None and found.column("agent")[0] is None and found.column("customer")[6] is None
    assert set(found.column("channel")) == {"voice"} and set(found.column("intent")) == {"Category 55"}


def test_what_an_update_did_is_told_by_the_one_before(tmp_path: Path) -> None:
    """Started, assigned, changed, resolved, reopened or closed: by comparison, in order of sys_mod_count."""
    found = look(tmp_path, LOG)
    by_sequence = dict(zip(found.column("sequence"), found.column("event_type"), strict=True))
    assert [by_sequence[n] for n in range(7)] == [
        "started",
        "status_changed",
        "field_changed",
        "field_changed",
        "resolved",
        "reopened",
        "closed",
    ]
    moved = LOG.replace("Active,29/2/2016 08:40,3,Group 24", "Active,29/2/2016 08:40,3,Group 25")
    assert "assigned" in look(tmp_path, moved).column("event_type")


def test_the_records_own_totals_are_kept(tmp_path: Path) -> None:
    """The largest reassignment and reopen count of an incident stay with it, to reconcile."""
    found = look(tmp_path, LOG)
    assert json.loads(found.interactions["INC1"]["declared"]) == {"reassignment_count": 3, "reopen_count": 1}


def test_columns_can_be_mapped_otherwise(tmp_path: Path) -> None:
    """--map goes before what is known of the export, and a row without a number is rejected."""
    found = look(tmp_path, LOG + ROWS[0].replace("INC1", "?") + "\n", columns={"team": "assigned_to", "intent": ""})
    assert found.column("team")[1] == "Resolver 2" and set(found.column("intent")) == {None}
    assert [(r["line"], r["column"], r["reason"]) for r in found.rejects] == [(9, "number", "no case id")]
    other = look(tmp_path, LOG, columns={"case": "caller_id"})
    assert set(other.column("interaction_id")) == {"Caller 1"} and other.interactions == {}


def test_without_optional_columns_it_is_still_read(tmp_path: Path) -> None:
    """Number, state and time are enough."""
    found = look(
        tmp_path,
        "number;incident_state;sys_updated_at\nINC1;New;2016-02-29 01:16:00\nINC1;Closed;2016-02-29 02:16:00\n",
    )
    assert found.column("event_type") == ["started", "closed"] and found.column("team") == [None, None]
