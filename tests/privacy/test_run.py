"""A default run writes nobody's name, number or address; a person can be forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.errors import UsageError
from miner.kpis.targets import Target
from miner.pipeline import Settings, run
from miner.pipeline.forget import forget
from miner.privacy import Pseudonyms, load
from miner.workspace import Workspace

LOG = """case,activity,time,team,agent,customer,phone,mail,name,note
1,Call,2026-01-01 10:00:01,Desk,Ann Smith,,+49 30 1234567,,Eva Linde,=secret
1,Note to eva@post.example,2026-01-01 10:05:00,Billing,Bob Miller,,+49 30 1234567,,Eva Linde,x
2,Mail,2026-01-02 10:00:00,Desk,Ann Smith,C-7000,030 1234567,Eva@Post.example,Eva Linde,x
3,Mail,2026-01-03 10:00:00,Desk,Ann Smith,C-8000,,otto@post.example,Otto Reuter,x
3,Close,2026-01-03 11:00:00,Billing,Bob Miller,C-8000,,otto@post.example,Otto Reuter,x
+49 30 7654321,Call,2026-01-03 12:00:00,Desk,Bob Miller,,+49 30 7654321,,,x
5,Call,no time for C-7000,Desk,Ann Smith,C-7000,,,,x
"""
SECRETS = (
    "Ann Smith",
    "Bob Miller",
    "Eva Linde",
    "Otto Reuter",
    "C-7000",
    "C-8000",
    "1234567",
    "7654321",
    "eva@post.example",
    "Eva@Post.example",
    "otto@post.example",
    "secret",
)
COLUMNS = {
    "case": "case",
    "activity": "activity",
    "time": "time",
    "team": "team",
    "agent": "agent",
    "customer": "customer",
    "phone": "phone",
    "email": "mail",
    "name": "name",
}


def written(workspace: Workspace) -> Iterable[tuple[Path, str]]:
    """Every file of a workspace as text: Parquet decoded, others byte by byte."""
    for path in sorted(p for p in workspace.path.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            yield path, json.dumps(_plain(pq.read_table(path)), default=str, ensure_ascii=False)
        yield path, path.read_bytes().decode("latin-1")
        yield path, path.read_bytes().decode("utf-8", "replace")


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    return table.to_pylist()


def found_in(workspace: Workspace, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Which of the secrets stand in which file, as a whole word."""
    patterns = re.compile("|".join(rf"(?<![0-9A-Za-z_.-]){re.escape(s)}(?![0-9A-Za-z_])" for s in set(secrets)))
    return sorted({(path.name, match[0]) for path, text in written(workspace) for match in patterns.finditer(text)})


def mined(folder: Path, **settings: Any) -> Workspace:
    """The log above, mined; up to the measures where nothing else is said."""
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    wanted = {"columns": COLUMNS, "tz": "UTC", "phone_region": "DE", "journeys": "linked", "until": "measure"}
    return run([str(folder / "log.csv")], folder / "workspace", Settings(**wanted | settings))


def test_nothing_of_the_source_is_written(tmp_path: Path) -> None:
    """Names, numbers, addresses, ids and free text of the log stand in no file; what joins is joined all the same."""
    workspace = mined(tmp_path, until="report")
    assert {p.name for p in workspace.path.iterdir()} >= {"graph", "report.html", "tables", "rejects.csv"}
    assert found_in(workspace, SECRETS) == []
    journeys = workspace.table("journeys")
    assert sorted(journeys["interactions"]) == [1, 1, 2]
    assert workspace.quality["privacy"]["identifiers"] == "pseudonyms"
    keys = load()
    assert workspace.manifest["options"]["keys"] == keys.fingerprint
    customers = set(workspace.table("journeys")["customer"].dropna())
    assert Pseudonyms(keys).customer("C-7000") in customers and all(c.startswith("c_") for c in customers)
    agents = set(workspace.table("events")["agent"].dropna())
    assert agents == set(Pseudonyms(keys).agents(["Ann Smith", "Bob Miller"]))


def test_the_same_keys_give_the_same_names_in_another_workspace(tmp_path: Path) -> None:
    """Two runs can be compared by pseudonym; with other keys nothing is the same."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    one, two = mined(tmp_path / "a"), mined(tmp_path / "b")
    other = mined(tmp_path / "c", keys=str(tmp_path / "other.json"))
    customers = [set(w.table("journeys")["customer"].dropna()) for w in (one, two, other)]
    assert customers[0] == customers[1] and not customers[0] & customers[2]


def test_names_stay_where_somebody_asks_for_them(tmp_path: Path) -> None:
    """`identifiers="keep"` writes real names and says so; a column that is kept is there as it was."""
    workspace = mined(tmp_path, identifiers="keep", keep=("note",))
    events = workspace.table("events")
    assert set(events["agent"]) == {"Ann Smith", "Bob Miller"} and "C-8000" in set(events["customer"])
    assert "=secret" in {json.loads(a)["note"] for a in events["attributes"]}
    assert workspace.quality["privacy"]["identifiers"] == "kept"
    assert any(note["kind"] == "identifiers_kept" for note in workspace.quality["notes"])


@pytest.mark.parametrize("name", ["C-7000", "eva@post.example", "+49 30 1234567", "pseudonym"])
def test_a_person_is_forgotten_by_any_identifier(tmp_path: Path, name: str) -> None:
    """Their interactions and journeys stand in no file, in tables neither in bytes nor decoded; others stay."""
    workspace = mined(tmp_path, until="report" if name == "pseudonym" else "measure")
    pseudonym = Pseudonyms(load()).customer("C-7000")
    (journey,) = workspace.table("journeys").query("customer == @pseudonym")["journey_id"]
    done = forget(workspace, pseudonym if name == "pseudonym" else name)
    assert done.left == [] and done.gone.journeys == {journey} and done.gone.interactions == {"1", "2"}
    assert found_in(workspace, done.gone.customers) == []
    assert set(workspace.table("events")["interaction_id"]) & {"1", "2"} == set()
    assert len(workspace.table("journeys")) == 2 and workspace.summary["journeys"] == 2
    assert workspace.summary["events"] == 3
    with pytest.raises(UsageError, match="no customer"):
        forget(workspace, "C-7000")


def test_who_was_an_id_is_forgotten_by_it(tmp_path: Path) -> None:
    """An interaction that was called by a phone number is found by that number, however it is written."""
    workspace = mined(tmp_path)
    done = forget(workspace, "+49307654321")
    assert done.left == [] and len(done.gone.journeys) == 1 and len(workspace.table("journeys")) == 2


def test_who_shares_a_journey_goes_with_it(tmp_path: Path) -> None:
    """A journey of two customers goes as a whole when one of them is forgotten, and that is said."""
    rows = "case,activity,time,customer\n1,Call,2026-01-01 10:00:01,A-1\n1,Note,2026-01-01 11:00:00,B-2\n"
    (tmp_path / "log.csv").write_text(rows + "2,Call,2026-01-01 12:00:00,C-3\n", encoding="utf-8")
    workspace = run([str(tmp_path / "log.csv")], tmp_path / "workspace", Settings(tz="UTC", until="measure"))
    done = forget(workspace, "B-2")
    assert done.left == [] and set(workspace.table("journeys")["journey_id"]) == {"2"}


def test_what_is_made_again_is_made_with_the_options_of_the_run(tmp_path: Path) -> None:
    """After somebody is forgotten, findings still tell hours in the declared zone, and measures still have targets."""
    target = Target("volume", "all", "", 1.0, None)
    workspace = mined(tmp_path, tz="Asia/Tokyo", targets=(target,), until="query")
    forget(workspace, "+49307654321")
    hours = [finding["where"].get("hours") for finding in workspace.summary["findings"]]
    assert {"weekday": "Saturday", "hour": 10} in hours
    measures = {row["measure"]: row for row in _plain(workspace.arrow("contact_measures")) if row["by"] == "all"}
    assert measures["volume"]["target"] == "at least 1" and measures["volume"]["met"] is True


def test_other_keys_forget_nobody(tmp_path: Path) -> None:
    """Keys that the workspace was not made with are refused."""
    workspace = mined(tmp_path)
    with pytest.raises(UsageError, match="other keys"):
        forget(workspace, "C-7000", keys=str(tmp_path / "other.json"))
    assert workspace.summary["journeys"] == 3
