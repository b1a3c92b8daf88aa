"""Why interactions are one journey, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.journeys.explain import explain
from miner.pipeline import Settings, run
from miner.workspace import Workspace
from tests.cli.running import miner

LOG = """case,activity,time,customer,phone,intent,channel
a,Call,2026-01-01 10:00:01,K-1,+49 30 1234567,refund,voice
b,Call,2026-01-03 10:00:01,,+49 30 1234567,refund,voice
c,Mail,2026-01-03 11:00:00,K-1,,order,email
d,Call,2026-01-20 10:00:00,K-1,,refund,voice
e,Call,2026-01-04 10:00:00,K-2,,refund,voice
"""
COLUMNS = {name: name for name in ("case", "activity", "time", "customer", "phone", "intent", "channel")}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Five contacts of two customers; one of them gives no key but the number."""
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return run(
        [str(tmp_path / "log.csv")],
        tmp_path / "w",
        Settings(columns=COLUMNS, tz="UTC", journeys="linked", until="measure", identifiers="keep"),
    )


def test_each_interaction_has_its_reason(workspace: Workspace) -> None:
    """The first begins the journey, the second has the same number and intent; the others say why they are apart."""
    found = explain(workspace, "a")
    assert [(step.interaction, step.basis) for step in found.steps] == [("a", None), ("b", "phone number and intent")]
    assert found.steps[0].why == "the journey begins with it"
    for words in (
        "the same phone number",
        "has the same intent (refund)",
        "2 d after",
        "within the window of 7 d",
    ):
        assert words in found.steps[1].why
    apart = {step.interaction: step.why for step in found.apart}
    assert apart.keys() == {"c", "d"}
    assert "it is about order, not about refund" in apart["c"] and "17 d lie between them" in apart["d"]


def test_an_interaction_is_explained_by_its_journey(workspace: Workspace) -> None:
    """Asking for a later interaction gives its journey; nobody's is an error."""
    assert explain(workspace, "b") == explain(workspace, "a")
    with pytest.raises(UsageError, match="no journey and no interaction"):
        explain(workspace, "nothing")


def test_the_command_says_it(workspace: Workspace) -> None:
    """Sentences for people, JSON for programs."""
    said = miner("journeys", "explain", "a", "-w", workspace.path).stdout
    assert said.startswith("Journey a: 2 contacts of K-1") and "Other journeys of the same customer" in said
    told = miner("journeys", "explain", "a", "-w", workspace.path, "--format", "json").stdout
    assert json.loads(told)["journey"] == "a"


def test_references_are_said_in_words(tmp_path: Path) -> None:
    """A call that names a ticket says so; a leg names the call it came from."""
    from tests.samples.raw import FOLDER

    workspace = run([str(FOLDER)], tmp_path / "w", Settings(until="measure"))
    links = workspace.table("links").query("basis == 'ticket id' or basis == 'initial contact'")
    for basis, words in (("ticket id", "names"), ("initial contact", "later part of the contact that started with")):
        link = links[links["basis"] == basis].sort_values("from_interaction").iloc[0]
        steps = explain(workspace, link["from_interaction"]).steps
        assert any(words in step.why or "belongs to it" in step.why for step in steps)
    ids = workspace.table("interactions")["interaction_id"]
    assert ids.is_unique
