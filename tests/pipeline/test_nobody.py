"""Names that stand for nobody: no owner, no person, told with their number and with the way to keep them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miner.pipeline import Settings, run
from miner.workspace import Workspace

# Ann and the import job Siebel take turns in one team, and Bob takes over: one person in T1, and one handoff.
SIEBEL = """case,activity,time,end,team,agent
1,a,2026-01-05T09:00:00Z,2026-01-05T09:02:00Z,T1,Ann
1,b,2026-01-05T09:05:00Z,2026-01-05T09:07:00Z,T1,{name}
1,c,2026-01-05T09:10:00Z,2026-01-05T09:12:00Z,T1,Ann
1,d,2026-01-05T09:20:00Z,2026-01-05T09:25:00Z,T2,Bob
"""
CALLS = Path(__file__).parents[1] / "readers" / "fixtures" / "asterisk_queue_log"
NOBODY = ("Siebel", "EMPTY", "MISSING", "UNKNOWN", "nil", "(empty)", "#N/A")


def mined(folder: Path, text: str, **given: Any) -> Workspace:
    """A log mined up to its costs, agents under their names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.csv").write_text(text, encoding="utf-8")
    settings = Settings(until="cost", identifiers="keep", graph="none", **given)
    return run([str(folder / "log.csv")], folder / "w", settings)


def shifts(workspace: Workspace) -> int:
    """Changes of channel, intent or agent inside a team."""
    return int(workspace.table("transitions")["context_shifts"].sum())


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_no_person_in_context_shifts_and_no_resource_in_causes(tmp_path: Path, name: str) -> None:
    """A team whose one person works beside a nobody has no change of agent, and nobody's waits are not explained."""
    workspace = mined(tmp_path, SIEBEL.format(name=name))
    assert shifts(workspace) == 0
    assert list(workspace.table("waiting_causes")["seq"]) == [2, 3]
    assert workspace.table("events")["agent"].dropna().tolist() == ["Ann", "Ann", "Bob"]
    assert workspace.table("events")["actor"].tolist()[1] == name
    (note,) = (note for note in workspace.quality["notes"] if note["kind"] == "nobody")
    assert note["count"] == 1 and "; its events count for the team in their row; --owner " in note["message"]


@pytest.mark.parametrize("kept", ["Siebel", "SIEBEL"])
def test_who_is_kept_as_an_owner_is_a_person(tmp_path: Path, kept: str) -> None:
    """With --owner the name is a person like any other, and nothing is noted."""
    workspace = mined(tmp_path, SIEBEL.format(name="Siebel"), owners=(kept,))
    assert shifts(workspace) == 2
    assert list(workspace.table("waiting_causes")["seq"]) == [1, 2, 3]
    assert not [note for note in workspace.quality["notes"] if note["kind"] == "nobody"]


def test_a_person_with_another_name_stays_one(tmp_path: Path) -> None:
    """Only the names of the list are nobody: Neil is somebody."""
    workspace = mined(tmp_path, SIEBEL.format(name="Neil"))
    assert shifts(workspace) == 2 and not [n for n in workspace.quality["notes"] if n["kind"] == "nobody"]


@pytest.mark.parametrize(("owners", "handoffs"), [((), 1), (("unknown",), 3)])
def test_a_team_that_is_unknown_owns_only_where_it_is_kept(
    tmp_path: Path, owners: tuple[str, ...], handoffs: int
) -> None:
    """What a team UNKNOWN does is nobody's visit; kept as an owner it is one."""
    rows = ("T1", "UNKNOWN", "T1", "T2")
    text = "case,activity,time,team\n" + "".join(f"1,s{n},2026-01-05T0{n}:00:00Z,{t}\n" for n, t in enumerate(rows))
    workspace = mined(tmp_path, text, owners=owners)
    assert len(workspace.table("handoffs")) == handoffs
    told = [note["message"] for note in workspace.quality["notes"] if note["kind"] == "nobody"]
    assert told == (
        []
        if owners
        else ["log.csv: 'UNKNOWN' in 'team' is a placeholder and owns nothing; --owner UNKNOWN keeps it as an owner"]
    )


@pytest.mark.parametrize("owners", [(), ("Unknown",)])
def test_nobody_in_a_systems_own_export_is_told_as_well(tmp_path: Path, owners: tuple[str, ...]) -> None:
    """A queue called Unknown in a log of calls is named with its count, and owns where it is kept."""
    text = (CALLS / "example.txt").read_text(encoding="utf-8").replace("|support|", "|Unknown|")
    (tmp_path / "queue_log").write_text(text, encoding="utf-8")
    settings = Settings(until="measure", identifiers="keep", graph="none", owners=owners)
    workspace = run([str(tmp_path / "queue_log")], tmp_path / "w", settings)
    told = [note for note in workspace.quality["notes"] if note["kind"] == "nobody"]
    assert ("Unknown" in workspace.table("visits")["owner"].tolist()) == bool(owners) == (not told)
    assert all("--owner Unknown keeps it" in note["message"] for note in told)
