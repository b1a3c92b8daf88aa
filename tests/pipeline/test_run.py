"""What a run writes, stage by stage, when it writes nothing, and when it runs again."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from miner.errors import InputError, UsageError
from miner.measures import saved_tables
from miner.pipeline import Settings, run
from miner.pipeline.settings import STAGES
from miner.sql import model
from miner.workspace import Workspace
from tests.pipeline.made import SILOS, csv_log, names, prints, same, tables


class Heard:
    """A listener that keeps what it is told."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.details: list[str] = []
        self.counts: list[tuple[int, int, str]] = []
        self.read = 0

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def detail(self, text: str) -> None:
        self.details.append(text)

    def count(self, done: int, total: int, unit: str) -> None:
        self.counts.append((done, total, unit))

    def rows(self, read: int) -> None:
        self.read = read


def test_a_workspace_of_an_older_version_is_refused_with_the_command_that_makes_it_anew(tmp_path: Path) -> None:
    """Its tables mean something else; the same run makes it anew, and pseudonyms stay."""
    log = tmp_path / "my log.csv"
    log.write_text("case,activity,time,team\n1,a,2024-01-01T00:00:00Z,L1\n1,b,2024-01-01T01:00:00Z,L2\n")
    made = run([str(log)], tmp_path / "w", Settings(until="measure"))
    older = {key: value for key, value in made.manifest.items() if key != "tables"}
    made.write_json("manifest.json", {**older, "key": "of that version"})
    with pytest.raises(UsageError, match=r"miner run 'my log\.csv' -o .*w"):
        Workspace.open(tmp_path / "w")
    run([str(log)], tmp_path / "w", Settings(until="measure"))
    assert Workspace.open(tmp_path / "w").table("handoffs").own_wait_s.tolist() == [3600.0]


def test_too_little_memory_is_an_error_that_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose engine may take too little says what to set, and writes no workspace."""
    monkeypatch.setenv("MINER_MEMORY", "15MB")
    with pytest.raises(UsageError, match="15MB of memory, but this run needs more"):
        run([str(csv_log(tmp_path / "log.csv", cases=20_000))], tmp_path / "ws")
    assert not (tmp_path / "ws").exists()


def made(folder: Path, **options: Any) -> Workspace:
    """The workspace of a small log, up to the tables unless told otherwise."""
    return run([str(csv_log(folder / "log.csv"))], folder / "ws", Settings(**{"until": "measure", **options}))


WRITTEN = {
    "read": {"manifest.json", "quality.json", "rejects.csv"},
    "measure": {"summary.json", *(f"tables/{name}.parquet" for name in [*saved_tables(), "links"])},
    "model": {"models/process.bpmn", "models/process.pnml", "models/process.ptml", "models/dfg.json"},
    "graph": {"graph/graph.kgl"},
    "report": {"report.html"},
}


@pytest.mark.parametrize("until", STAGES)
def test_a_run_stops_after_the_stage_asked_for(tmp_path: Path, until: str) -> None:
    """Each stage adds its files of the contract, and `--until` leaves those of later stages out."""
    workspace = made(tmp_path, until=until)
    there = set(names(workspace.path))
    done = STAGES[: STAGES.index(until) + 1]
    for stage, files in WRITTEN.items():
        assert (files <= there) == (stage in done), stage
    assert list(workspace.manifest["stages"]) == list(done)
    assert all(stage["state"] == "done" for stage in workspace.manifest["stages"].values())
    assert not [name for name in there if "part" in Path(name).suffix]


def test_teams_that_no_event_has_are_told(tmp_path: Path) -> None:
    """A team in the silos or the tiers that is in no event may be misspelt: it is named, and counted."""
    notes = made(tmp_path, silos={**SILOS, "Biling": "Finance"}, tiers={"L1": 1, "L8": 2, "L9": 2}).quality["notes"]
    told = {note["message"].partition(": ")[2]: note["count"] for note in notes if note["kind"] == "absent_teams"}
    said = "are given for teams that have no events"
    assert told == {f"silos {said}: Biling": 1, f"tiers {said}: L8, L9": 2}


def test_the_workspace_is_as_the_contract_says(tmp_path: Path) -> None:
    """Tables have their columns and types, the summary its keys, rejects their columns."""
    workspace = made(tmp_path, silos=SILOS)
    for name, table in tables(workspace.path).items():
        if name in saved_tables():
            assert {column.saved_name for column in model(name).columns} <= set(table.column_names)
        for field in table.schema:
            if field.name.endswith("_at"):
                assert field.type == pa.timestamp("us")
            elif field.name.endswith("_s"):
                assert field.type == pa.float64()
            elif field.name in ("seq", "position", "line", "order", "hops"):
                assert field.type == pa.int64()
            elif field.name.endswith("_id") or field.name in ("owner", "team", "silo", "activity"):
                assert pa.types.is_string(field.type) or pa.types.is_large_string(field.type), f"{name}.{field.name}"
    summary = workspace.summary
    assert {
        "events",
        "interactions",
        "contacts",
        "conversations",
        "records",
        "customers_with_contact",
        "contacts_without_customer",
        "journeys_without_contact",
        "journeys",
        "customers",
        "owner_level",
        "handoffs",
        "journeys_with_handoff",
        "cross_silo_handoffs",
        "cross_system_handoffs",
        "channel_changes",
        "returns",
        "journeys_with_return",
        "loops_by_order",
        "pingpongs",
        "bounces",
        "journeys_with_pingpong",
        "elapsed_s",
        "time_s",
        "fragmentation_cost",
        "rejected_rows",
        "findings",
        "versions",
        "seconds",
    } <= summary.keys()
    assert summary["elapsed_s"] == pytest.approx(sum(summary["time_s"].values()))
    assert summary["rejected_rows"] == 2 and summary["owner_level"] == "team"
    with (workspace.path / "rejects.csv").open() as f:
        rows = list(csv.DictReader(f))
    assert [(row["source"], row["column"], row["reason"]) for row in rows] == [
        ("log.csv", "time", "not a time"),
        ("log.csv", "case", "no case id"),
    ]
    manifest = workspace.manifest
    assert manifest["inputs"][0]["name"] == "log.csv" and len(manifest["inputs"][0]["sha256"]) == 64
    assert manifest["options"]["silos"] == SILOS


def test_a_log_without_owners_has_no_handoffs_and_says_so(tmp_path: Path) -> None:
    """With neither team nor agent the level of owners is null, and what cannot be known is null and not 0."""
    workspace = made(tmp_path, columns={"case": "case", "activity": "activity", "time": "time"})
    assert workspace.summary["owner_level"] is None
    assert workspace.summary["handoffs"] is workspace.summary["returns"] is workspace.summary["pingpongs"] is None
    assert workspace.summary["cross_silo_handoffs"] is None and workspace.summary["customers"] is None


def test_cells_that_a_spreadsheet_would_run_are_quoted_in_rejects(tmp_path: Path) -> None:
    """A formula in a rejected cell is harmless in rejects.csv."""
    path = tmp_path / "log.csv"
    path.write_text("case,activity,time\nA,x,2026-01-01T00:00:00Z\nB,x,=cmd|'/c calc'!A0\n")
    run([str(path)], tmp_path / "ws", Settings(until="read"))
    assert "'=cmd" in (tmp_path / "ws" / "rejects.csv").read_text()


def test_a_bad_file_writes_nothing(tmp_path: Path) -> None:
    """Where a source cannot be read there is no workspace, not even an empty folder."""
    csv_log(tmp_path / "good.csv")
    (tmp_path / "bad.csv").write_text("case,activity,time\n")
    with pytest.raises(InputError):
        run([str(tmp_path / "good.csv"), str(tmp_path / "bad.csv")], tmp_path / "ws", Settings())
    assert not (tmp_path / "ws").exists()


def test_a_bad_file_leaves_a_workspace_as_it_was(tmp_path: Path) -> None:
    """Byte for byte, an existing workspace survives a run whose sources cannot be read."""
    workspace = made(tmp_path)
    before = prints(workspace.path)
    (tmp_path / "log.csv").write_text("case,activity,time\nA,x,03/04/2026\n")
    with pytest.raises(InputError):
        run([str(tmp_path / "log.csv")], workspace.path, Settings(until="measure"))
    assert prints(workspace.path) == before


def test_a_finished_run_is_not_done_again(tmp_path: Path) -> None:
    """The same inputs and options do nothing, and write nothing but the same."""
    workspace = made(tmp_path)
    before, heard = prints(workspace.path), Heard()
    run([str(tmp_path / "log.csv")], workspace.path, Settings(until="measure"), heard)
    assert heard.stages == [] and prints(workspace.path) == before


def test_a_run_goes_on_after_its_last_stage(tmp_path: Path) -> None:
    """A later stage asked for afterwards starts from the tables that are there."""
    workspace, heard = made(tmp_path), Heard()
    run([str(tmp_path / "log.csv")], workspace.path, Settings(until="graph"), heard)
    assert heard.stages == ["cost", "model", "graph"]
    same(made_elsewhere(tmp_path, until="graph"), workspace.path)


def made_elsewhere(folder: Path, **options: Any) -> Path:
    """The workspace that the log of this folder gives in one go."""
    return run([str(folder / "log.csv")], folder / "elsewhere", Settings(**options)).path


@pytest.mark.parametrize("change", ["input", "option", "name"])
def test_other_inputs_or_options_are_run_again_and_nothing_old_stays(tmp_path: Path, change: str) -> None:
    """A changed log, option or name makes the workspace anew; what later stages had made of the old one goes."""
    workspace = made(tmp_path, until="model")
    log, options = tmp_path / "log.csv", {"until": "measure"}
    if change == "input":
        csv_log(log, seed=2)
    elif change == "option":
        options["tz"] = "Europe/Berlin"
    else:
        log = log.rename(tmp_path / "other.csv")
    heard = Heard()
    run([str(log)], workspace.path, Settings(**options), heard)  # type: ignore[arg-type]
    assert heard.stages == ["read", "stitch", "measure"]
    assert not any(name.startswith("models") for name in names(workspace.path))
    assert workspace.manifest["stages"].keys() == {"read", "stitch", "measure"}


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """Neither a folder of somebody else's files nor a file is written over."""
    log = str(csv_log(tmp_path / "log.csv"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "manifest.json").write_text('{"name": "a web site"}')
    for place in ("home", "site", "log.csv"):
        with pytest.raises(UsageError, match="-o"):
            run([log], tmp_path / place, Settings(until="read"))
    assert names(tmp_path / "home") == ["letter.txt"] and names(tmp_path / "site") == ["manifest.json"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """A folder that is there and empty becomes the workspace."""
    (tmp_path / "ws").mkdir()
    assert made(tmp_path).tables()


@pytest.mark.parametrize(
    "options",
    [
        {"until": "sell"},
        {"journeys": "both"},
        {"window": -1},
        {"tz": "Mars/Olympus"},
        {"graph": "paper"},
        {"columns": {"tema": "x"}},
        {"per_source": {"a.csv": {"tz": "Nowhere"}}},
    ],
)
def test_options_that_make_no_sense_are_usage_errors_with_a_way_out(options: dict[str, Any]) -> None:
    """Unknown stages, zones, graphs and keys are refused before anything is read, and say what there is."""
    with pytest.raises(UsageError) as error:
        Settings(**options)
    assert error.value.problems[0].fix


def test_a_run_tells_its_stages_tables_and_how_far_it_is(tmp_path: Path) -> None:
    """A listener hears each stage once, each file and table, bytes and events."""
    heard = Heard()
    log = csv_log(tmp_path / "log.csv")
    workspace = run([str(log)], tmp_path / "ws", Settings(until="measure"), heard)
    assert heard.stages == ["read", "stitch", "measure"]
    assert {"log.csv", *saved_tables()} <= set(heard.details)
    assert (0, log.stat().st_size, "bytes") in heard.counts
    told = [name for name in heard.details if name != "log.csv"]
    assert [count for count in heard.counts if count[2] == "tables"] == [
        (number, len(told), "tables") for number in range(len(told))
    ]
    assert heard.read == workspace.summary["events"]


def test_a_folder_brings_its_own_mapping_and_silos(tmp_path: Path) -> None:
    """`mapping.yaml` and the list of silos it names are picked up with a folder and are no logs."""
    folder = tmp_path / "exports"
    folder.mkdir()
    csv_log(folder / "log.csv")
    (folder / "teams.csv").write_text("team,silo\n" + "".join(f"{t},{s}\n" for t, s in SILOS.items()))
    (folder / "mapping.yaml").write_text(
        "silos: teams.csv\nsources:\n  log.csv:\n    map: {case: case, activity: activity, time: time, team: team}\n"
    )
    workspace = run([str(folder)], tmp_path / "ws", Settings(until="measure"))
    assert workspace.summary["cross_silo_handoffs"] > 0
    assert set(workspace.quality["passed_over"]) == {"teams.csv", "mapping.yaml"}
    assert workspace.summary["customers"] is None  # the mapping leaves it out


def test_a_list_of_silos_that_nobody_asked_for_is_no_log(tmp_path: Path) -> None:
    """`team,silo` in a folder is passed over with a word on how to use it."""
    csv_log(tmp_path / "log.csv")
    (tmp_path / "teams.csv").write_text("Team;Silo\nL1;Service\n")
    workspace = run([str(tmp_path)], tmp_path / "ws", Settings(until="read"))
    assert [name for name in workspace.quality["passed_over"] if "--silos" in name]


def test_linked_journeys_of_a_plain_log_can_be_asked_for(tmp_path: Path) -> None:
    """`journeys=linked` joins the cases of one customer, with links of a stated basis."""
    case, linked = (
        made(tmp_path),
        run([str(tmp_path / "log.csv")], tmp_path / "linked", Settings(journeys="linked", until="measure")),
    )
    assert len(linked.table("links")) > 0 and set(linked.table("links")["basis"]) == {"customer"}
    assert (
        linked.summary["journeys"]
        < case.summary["journeys"]
        == case.summary["interactions"]
        == linked.summary["interactions"]
    )
    assert json.loads((linked.path / "quality.json").read_text())["journeys"] == "linked"
