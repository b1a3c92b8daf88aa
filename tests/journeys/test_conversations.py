"""Contacts, records and conversations: what counts as somebody contacting us, and how often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError, UsageError
from miner.pipeline import Settings, run
from miner.workspace import Workspace

CALL = {
    "ContactId": "a",
    "Channel": "VOICE",
    "InitiationMethod": "INBOUND",
    "InitiationTimestamp": "2026-01-06T14:00:00Z",
    "DisconnectTimestamp": "2026-01-06T14:05:00Z",
    "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+496990009024"},
}
ORDERS = "case,step,at,customer\n1,placed,2026-01-05,c1\n1,sent,2026-01-06,c1\n2,placed,2026-01-07,c2\n"


def legs(folder: Path, method: str, **more: Any) -> Workspace:
    """A call and a second leg that names it as the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    later = {
        "ContactId": "b",
        "PreviousContactId": "a",
        "InitialContactId": "a",
        "InitiationMethod": method,
        "InitiationTimestamp": "2026-01-06T14:05:00Z",
        "DisconnectTimestamp": "2026-01-06T14:09:00Z",
    }
    rows = [CALL, {**CALL, **later, **more}]
    (folder / "calls.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return run([str(folder / "calls.jsonl")], folder / "w", Settings(until="measure", graph="none"))


def conversations(workspace: Workspace) -> list[str]:
    """The conversation of each interaction, in order of the interactions."""
    return workspace.table("interactions")["conversation_id"].tolist()


@pytest.mark.parametrize("method", ["TRANSFER", "QUEUE_TRANSFER"])
def test_a_transferred_call_is_one_conversation(tmp_path: Path, method: str) -> None:
    """Two legs of one call are two interactions and one contact that somebody made."""
    workspace = legs(tmp_path, method)
    assert conversations(workspace) == ["connect:a", "connect:a"]
    summary = workspace.summary
    assert (summary["interactions"], summary["contacts"], summary["conversations"]) == (2, 2, 1)


@pytest.mark.parametrize("method", ["CALLBACK", "OUTBOUND"])
def test_a_callback_is_a_conversation_of_its_own(tmp_path: Path, method: str) -> None:
    """Calling back names the call before, and is a new one."""
    assert conversations(legs(tmp_path, method)) == ["connect:a", "connect:b"]


def test_legs_of_a_call_whose_first_one_is_missing_are_one_conversation(tmp_path: Path) -> None:
    """What two legs name as their beginning joins them even where the export lacks it."""
    first = {"ContactId": "c", "PreviousContactId": "z", "InitialContactId": "z", "InitiationMethod": "TRANSFER"}
    rows = [{**CALL, **first}, {**CALL, **first, "ContactId": "d", "PreviousContactId": "y"}]
    (tmp_path / "calls.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    workspace = run([str(tmp_path / "calls.jsonl")], tmp_path / "w", Settings(until="measure", graph="none"))
    assert conversations(workspace) == ["connect:c", "connect:c"]


def orders(folder: Path, **options: Any) -> Workspace:
    """A log of two orders beside a call of a third customer."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "calls.jsonl").write_text(json.dumps(CALL), encoding="utf-8")
    settings = Settings(until="measure", graph="none", tz="UTC", **options)
    return run([str(folder)], folder / "w", settings)


@pytest.mark.parametrize("how", ["option", "mapping"])
def test_orders_are_no_contacts_where_they_are_called_records(tmp_path: Path, how: str) -> None:
    """By --records or `kind: record` the two orders contact nobody, and their customers are counted apart."""
    if how == "mapping":
        (tmp_path / "mapping.yaml").write_text("sources: {orders.csv: {kind: record}}", encoding="utf-8")
    workspace = orders(tmp_path, **({"records": ("orders.csv",)} if how == "option" else {}))
    summary = workspace.summary
    assert (summary["contacts"], summary["records"], summary["journeys_without_contact"]) == (1, 2, 2)
    assert (summary["customers"], summary["customers_with_contact"], summary["contacts_without_customer"]) == (3, 1, 0)
    assert sorted(workspace.table("interactions")["kind"]) == ["contact", "record", "record"]


def test_cases_are_contacts_where_nothing_is_said(tmp_path: Path) -> None:
    """Without a word all of them are contacts."""
    summary = orders(tmp_path).summary
    assert (summary["contacts"], summary["conversations"], summary["records"]) == (3, 3, 0)
    assert (summary["journeys_without_contact"], summary["customers_with_contact"]) == (0, 3)


def asked(workspace: Workspace) -> list[str]:
    """What is asked about the kind of a log's cases."""
    return [note["message"] for note in workspace.quality["notes"] if note["kind"] == "assumed_contacts"]


def test_a_plain_log_beside_calls_is_asked_about(tmp_path: Path) -> None:
    """Cases without a channel beside a system's export may be orders; the note names the option."""
    (message,) = asked(orders(tmp_path))
    assert message.startswith("orders.csv: its cases count as customer contacts")
    assert message.endswith("--records orders.csv")


def test_a_plain_log_that_was_declared_or_stands_alone_is_not_asked_about(tmp_path: Path) -> None:
    """Nothing is asked where the kind is said, nor of a log without any system beside it."""
    assert not asked(orders(tmp_path / "said", records=("orders.csv",)))
    (tmp_path / "log.csv").write_text(ORDERS, encoding="utf-8")
    settings = Settings(until="measure", graph="none", tz="UTC")
    assert not asked(run([str(tmp_path / "log.csv")], tmp_path / "w", settings))


def test_a_kind_that_is_none_is_refused(tmp_path: Path) -> None:
    """Only contact and record are kinds of interactions."""
    (tmp_path / "mapping.yaml").write_text("sources: {orders.csv: {kind: order}}", encoding="utf-8")
    with pytest.raises(InputError, match="expected `contact` or `record`"):
        orders(tmp_path)


def test_records_of_a_source_that_is_not_there_are_told(tmp_path: Path) -> None:
    """A name given with --records that no file has is an error that lists the files there are."""
    with pytest.raises(UsageError, match=r"(?s)--records order.csv: no such source.*orders\.csv"):
        orders(tmp_path, records=("order.csv",))
