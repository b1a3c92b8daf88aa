"""What contact-centre measures count: conversations, not legs, and populations that no outcome picks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miner.events.sink import Sink
from miner.graph import EmbeddedGraph, ask_library
from miner.kpis import save_kpis
from miner.outcomes import save_outcomes
from miner.pipeline import Settings, run
from miner.workspace import Workspace
from tests.drawings import draw
from tests.report.made import workspace_of

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLES = Path(__file__).parents[2] / "sample_logs"
GOOD = ("solved", "completed")
DAY = 24 * 60


def measured(workspace: Workspace, by: str = "all") -> dict[Any, dict[str, Any]]:
    """The measures of a workspace by name, or by name and key."""
    rows = [row for row in workspace.arrow("contact_measures").to_pylist() if row["by"] == by]
    return {row["measure"] if by == "all" else (row["measure"], row["key"]): row for row in rows}


def made(
    path: Path,
    *drawings: str,
    say: Callable[[Sink], None] = lambda _: None,
    linked: bool = False,
    declared: tuple[str, ...] = (),
    **columns: Any,
) -> Workspace:
    """The workspace of a drawing with its measures; `declared` are the outcomes its reader declares."""
    events = [{**event, **columns} for event in draw(*drawings)]
    workspace = workspace_of(path, events, say=say, linked=linked)
    workspace.write_json("quality.json", {"sources": [{"file": "drawing", "outcomes": list(declared)}]})
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
    return workspace


def shows(workspace: Workspace) -> dict[str, str]:
    """What each system's export shows."""
    return {row["source_system"]: row["shows"] for row in workspace.arrow("outcomes_shown").to_pylist()}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample logs, measured."""
    return run([str(SAMPLES)], tmp_path_factory.mktemp("samples") / "workspace", Settings(until="cost"))


def test_a_call_log_that_names_abandoned_calls_only_has_no_resolution(tmp_path: Path) -> None:
    """Nine calls were answered and one was given up: 10 % abandonment, and neither resolution nor FCR."""
    workspace = run([str(FIXTURES / "ten_calls.jsonl")], tmp_path / "w", Settings(until="cost"))
    found = measured(workspace)
    assert found["abandonment"]["value"] == pytest.approx(0.1) and found["abandonment"]["n"] == 10
    assert not [name for name in found if name.startswith(("fcr", "resolution", "value_missed"))]
    assert shows(workspace) == {"connect": "failures"}
    teams = workspace.arrow("economy").to_pylist()
    assert teams and all(row["known"] == 0 and row["resolution"] is None for row in teams)


def test_a_team_has_no_share_of_good_ends_where_only_abandoned_calls_have_an_outcome(tmp_path: Path) -> None:
    """Neither by the number of handoffs nor by team; where both ends show, the shares are there."""
    calls = run([str(FIXTURES / "ten_calls.jsonl")], tmp_path / "calls", Settings(until="graph"))
    assert any(journey["outcome"] == "abandoned" for journey in calls.arrow("journeys").to_pylist())
    assert _shares(calls) == {None}
    log = tmp_path / "log.csv"
    rows = [
        f"{n},{act},2024-01-01T0{at}:00:00Z,{team},{end}"
        for n in range(4)
        for at, (act, team, end) in enumerate((("ask", "L1", ""), ("answer", "L2", "solved" if n else "lost")))
    ]
    log.write_text("\n".join(["case,activity,time,team,outcome", *rows]))
    assert _shares(run([str(log)], tmp_path / "log", Settings(until="graph"))) == {0.75}


def _shares(workspace: Workspace) -> set[float | None]:
    with EmbeddedGraph.open(workspace) as graph:
        return {
            row["good_share"]
            for name in ("outcomes/by_handoffs", "outcomes/intents_of_teams")
            for row in ask_library(graph, name, {}).records()
        }


def test_a_transferred_call_is_one_conversation(tmp_path: Path) -> None:
    """Two legs are one transferred call, which took both agents' time and waited once for its answer."""
    workspace = run([str(FIXTURES / "transfer.jsonl")], tmp_path / "w", Settings(until="cost"))
    found = measured(workspace)
    assert (found["volume"]["n"], found["transfer_rate"]["value"], found["transfer_rate"]["n"]) == (1, 1.0, 1)
    assert found["aht_people"]["value"] == 111 + 74 + 123 + 213 + 31 and found["asa"]["value"] == 153
    legs = workspace.arrow("contacts").to_pylist()
    assert len(legs) == 2 and len({leg["conversation_id"] for leg in legs}) == 1


def test_legs_in_journeys_of_their_own_keep_their_events(tmp_path: Path) -> None:
    """Where each leg is a journey, the call is still one conversation, and each of its events has one transition."""
    settings = Settings(until="cost", journeys="case")
    workspace = run([str(FIXTURES / "transfer.jsonl")], tmp_path / "w", settings)
    assert len(workspace.arrow("events")) == len(workspace.arrow("transitions")) == 10
    assert measured(workspace)["transfer_rate"]["n"] == 1


def test_a_transfer_to_a_leg_that_is_not_there_is_a_transfer(tmp_path: Path) -> None:
    """Of the nine calls that were answered one was transferred, although the export lacks who took it over."""
    workspace = run([str(FIXTURES / "ten_calls.jsonl")], tmp_path / "w", Settings(until="cost"))
    assert measured(workspace)["transfer_rate"]["value"] == pytest.approx(1 / 9)


def test_calls_of_the_sample_logs_are_transferred_59_times(samples: Workspace) -> None:
    """59 of 884 answered calls were transferred, none of them a call that software made."""
    found = measured(samples, "channel, customer_type")
    people, software = found["transfer_rate", "voice · unknown"], found["transfer_rate", "voice · machine"]
    assert (people["n"] + software["n"], round(people["value"] * people["n"]), software["value"]) == (884, 59, 0)
    assert measured(samples, "channel")["transfer_rate", "voice"]["n"] == people["n"]


def test_customers_that_are_software_stand_beside_the_measures(samples: Workspace) -> None:
    """Software comes back in 96 of 100 cases and people in 7: the measure is that of people."""
    found, beside = measured(samples), measured(samples, "customer_type")
    assert found["recontact_7d"]["value"] == pytest.approx(0.065, abs=0.002)
    assert beside["recontact_7d", "machine"]["value"] > 0.9
    kinds = [beside["volume", kind]["n"] for kind in ("human", "unknown")]
    assert found["volume"]["n"] == sum(kinds) and beside["volume", "machine"]["n"] == 365
    assert found["aht_people"]["value"] > beside["aht_people", "machine"]["value"]


def test_every_rate_of_the_sample_logs_has_an_interval(samples: Workspace) -> None:
    """Each share stands with the number of its conversations and an interval that holds it, in every group."""
    rows = [row for row in samples.arrow("contact_measures").to_pylist() if row["unit"] == "share"]
    assert {row["by"] for row in rows} >= {"all", "channel", "customer_type", "intent", "channel, customer_type"}
    assert all(row["n"] > 0 and row["low"] - 1e-9 <= row["value"] <= row["high"] + 1e-9 for row in rows)


def test_records_are_no_contacts(tmp_path: Path) -> None:
    """An order that a team handles is in no measure, and a contact beside it is."""
    workspace = made(
        tmp_path / "w", "L1?solved", "L2?lost", say=lambda sink: sink.interaction(interaction_id="j2", kind="record")
    )
    assert measured(workspace)["volume"]["n"] == 1
    assert [row["interaction_id"] for row in workspace.arrow("contacts").to_pylist()] == ["j1"]


def test_a_call_has_the_outcome_of_its_journey(tmp_path: Path) -> None:
    """A call joined to a ticket that was solved is resolved; a call that nothing is known of says nothing."""
    drawings = ("L1%phone", "L2@9%desk?solved", "L2@5%desk?lost", "L1@7%phone!abandoned?abandoned")
    linked = made(tmp_path / "w", *drawings, linked=True, say=lambda sink: sink.refer("j2", "j1", "ticket"))
    assert {row["interaction_id"]: row["resolved"] for row in linked.arrow("contacts").to_pylist()} == {
        "j1": True,
        "j2": True,
        "j3": False,
        "j4": None,
    }
    alone = made(tmp_path / "a", *drawings, linked=True)
    assert [row["resolved"] for row in alone.arrow("contacts").to_pylist()] == [None, True, False, None]


@pytest.mark.parametrize(
    ("drawings", "declared", "told"),
    [
        (("L1?solved", "L1?lost"), (), "both"),
        (("L1?solved", "L1?solved"), (), "successes"),
        (("L1?solved", "L1?solved"), ("resolved", "cancelled"), "both"),
        (("L1?lost", "L1?lost"), ("solved",), "failures"),
        (("L1", "L1"), ("solved", "lost"), "nothing"),
        (("L1?solved", "L1?lost", "L1!ended"), (), "too few"),
        (("L1?solved", "L1?lost", "L1"), (), "both"),
    ],
)
def test_a_system_that_shows_one_end_only_gives_no_rate(
    tmp_path: Path, drawings: tuple[str, ...], declared: tuple[str, ...], told: str
) -> None:
    """A rate needs good and other ends, seen or declared, and an outcome of nearly all that is finished."""
    workspace = made(tmp_path / "w", *drawings, declared=declared)
    assert shows(workspace) == {"log": told}
    assert ("resolution" in measured(workspace)) == (told == "both")


def test_who_is_back_before_the_log_ends_is_not_counted_alone(tmp_path: Path) -> None:
    """In the last week of a log neither those who are back nor those who are not say anything."""
    workspace = made(
        tmp_path / "w", "L1@0", f"L1@{2 * DAY}", f"L1@{8 * DAY}", f"L1@{9 * DAY}", customer="c", intent="refund"
    )
    rows = workspace.arrow("contacts").to_pylist()
    assert [row["recontact_7d"] for row in rows] == [True, True, None, None]


def test_one_touch_is_unknown_where_no_messages_are_recorded(tmp_path: Path) -> None:
    """A log of states alone says nothing of replies; where messages are recorded, a reply and the end are one touch."""
    silent = made(tmp_path / "a", "L1!assigned L1!resolved")
    assert "one_touch" not in measured(silent)
    spoken = made(tmp_path / "b", "L1!message L1!resolved", "L1!assigned L1!resolved")
    assert (measured(spoken)["one_touch"]["value"], measured(spoken)["one_touch"]["n"]) == (0.5, 2)
