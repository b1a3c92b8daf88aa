"""Contacts and contact-centre measures, against the brute force and by hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from miner.performance import perform
from miner.workspace import Workspace
from tests.drawings import draw
from tests.oracles import ordered
from tests.oracles.contacts import DAYS, contacts
from tests.report.made import workspace_of
from tests.strategies import random_log

COMPARED = ("first_actor", "has_human", "has_bot", "queued", "abandoned", "transfers", "escalated", "finished",
            "reopens", "replies", "resolved", "score", "repeats_caused")  # fmt: skip
GOOD = ("Solved", "completed")
HOUR = 3_600_000_000
TYPES = ("queue_enter", "abandoned", "callback_requested", "escalated", "survey_answered", "message", "resolved",
         "reopened", "closed", None, None, None)  # fmt: skip


def contact_log(seed: int, journeys: int = 120) -> list[dict[str, Any]]:
    """A log of few customers and intents over sixty days, some of it in a system that knows no escalations."""
    rng = random.Random(seed)
    log = random_log(seed, journeys)
    moved = {f"j{n}": rng.randrange(60 * 24) * HOUR for n in range(journeys)}
    customers = {f"j{n}": (rng.choice(("c1", "c2", "c3", None)), rng.choice(("refund", "order", None)))
                 for n in range(journeys)}  # fmt: skip
    for event in log:
        by = moved[event["journey_id"]]
        event["customer"], event["intent"] = customers[event["journey_id"]]
        event["event_type"] = rng.choice(TYPES)
        if event["event_type"] == "escalated" and event["source_system"] == "mail":
            event["event_type"] = None
        if event["event_type"] == "survey_answered":
            event["attributes"] = json.dumps({"score": rng.randint(1, 5)})
        event["started_us"], event["ended_us"] = event["started_us"] + by, event["ended_us"] + by
    return log


def made(path: Path, log: list[dict[str, Any]]) -> Workspace:
    """The workspace of a log with its tables of contacts."""
    workspace = workspace_of(path, log)
    perform(workspace, GOOD)
    return workspace


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_contacts_equal_the_brute_force(tmp_path: Path, seed: int) -> None:
    """Every column of every contact is what the definitions give, interaction by interaction."""
    log = contact_log(seed)
    expected = {row["interaction_id"]: row for row in contacts(ordered(log), {word.lower() for word in GOOD})}
    found = {row["interaction_id"]: row for row in made(tmp_path / "w", log).arrow("contacts").to_pylist()}
    assert found.keys() == expected.keys() and len(found) > 50
    for name, row in found.items():
        told = {key: row[key] for key in COMPARED}
        told |= {f"recontact_{days}d": row[f"recontact_{days}d"] for days in DAYS}
        for key in ("answer_wait", "human_handle", "bot_handle"):
            told[f"{key}_us"] = None if row[f"{key}_s"] is None else round(row[f"{key}_s"] * 1e6)
        assert told == {key: expected[name][key] for key in told}, name


def test_measures_are_shares_and_means_of_contacts(tmp_path: Path) -> None:
    """Each measure is a plain count over the contacts, for all and for each channel."""
    workspace = made(tmp_path / "w", contact_log(4))
    rows = workspace.arrow("contacts").to_pylist()
    measures = {(r["measure"], r["by"], r["key"]): r for r in workspace.arrow("contact_measures").to_pylist()}
    assert measures["volume", "all", ""]["value"] == len(rows)
    for channel in {row["channel"] for row in rows}:
        mine = [row for row in rows if row["channel"] == channel]
        assert measures["volume", "channel", channel or "unknown"]["n"] == len(mine)
    queued = [row for row in rows if row["queued"]]
    abandonment = measures["abandonment", "all", ""]
    assert abandonment["n"] == len(queued) > 0
    assert abandonment["value"] == pytest.approx(sum(row["abandoned"] for row in queued) / len(queued))
    waits = [row["answer_wait_s"] for row in rows if row["answer_wait_s"] is not None]
    assert measures["asa", "all", ""]["value"] == pytest.approx(sum(waits) / len(waits))
    bots = [row for row in rows if row["first_actor"] == "bot" and row["customer_type"] != "machine"]
    assert measures["containment", "all", ""]["value"] == pytest.approx(
        sum(not row["has_human"] for row in bots) / len(bots)
    )
    for row in measures.values():
        assert row["low"] is None or row["low"] <= row["value"] + 1e-12 <= row["high"] + 2e-12


def test_an_answer_comes_after_the_queue(tmp_path: Path) -> None:
    """Who had the contact before it was queued did not answer it, and who gave up was not answered."""
    drawings = ("L1@0 ivr@2!queue_enter L2@7", "ivr@0!queue_enter customer@3!abandoned L1@60", "ivr@0!queue_enter L1@4")
    rows = made(tmp_path / "w", draw(*drawings)).arrow("contacts").to_pylist()
    assert [row["answer_wait_s"] for row in rows] == [300, None, 240]


def test_first_contact_resolution_needs_both_to_be_known(tmp_path: Path) -> None:
    """A contact whose outcome, or whose time after it, is unknown says nothing about first-contact resolution."""
    rows = made(tmp_path / "w", contact_log(5)).arrow("contacts").to_pylist()
    measures = Workspace(tmp_path / "w").arrow("contact_measures").to_pylist()
    (fcr,) = (r for r in measures if (r["measure"], r["by"]) == ("fcr_7d", "all"))
    known = [r for r in rows if r["recontact_7d"] is not None and r["resolved"] is not None]
    assert 0 < fcr["n"] == len(known) < len(rows)
    assert fcr["value"] == pytest.approx(sum(r["resolved"] and not r["recontact_7d"] for r in known) / len(known))
