"""The sample logs, mined as they come: nobody of the exports is in any file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miner.pipeline import run
from miner.privacy import Pseudonyms, load
from miner.workspace import Workspace
from tests.privacy.test_run import written
from tests.samples import raw

MACHINES = raw.truth()["software_agents"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample logs, mined with no option at all."""
    return run([str(raw.FOLDER)], tmp_path_factory.mktemp("samples") / "workspace")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def identifiers() -> set[str]:
    """Customer ids, numbers, addresses, contact ids and names of customers and agents, from the exports themselves."""
    found = {row["customer_id"] for rows in raw.orders().values() for row in rows}
    for user in raw.side_loaded("users").values():
        found |= {str(user.get(key)) for key in ("external_id", "email", "phone", "name") if user.get(key)}
    for call in raw.contacts().values():
        found |= {call["CustomerEndpoint"]["Address"], *([call["Agent"]["Username"]] if call["Agent"] else [])}
    for chat in raw.conversations():
        contact = chat["contacts"]["contacts"][0]
        found |= {contact[key] for key in ("id", "external_id", "email", "name")}
    return found


def test_no_identifier_of_the_sources_is_in_any_file(workspace: Workspace) -> None:
    """Thousands of identifiers are looked for in every file, in Parquet decoded as well; none is there."""
    wanted = identifiers()
    assert len(wanted) > 5_000
    token = re.compile(r"[\w@+.-]+(?: [A-Z]\w+)?")
    single = {word for word in wanted if " " not in word}
    double = wanted - single
    for path, text in written(workspace):
        words = set(re.findall(r"[\w@+.-]+", text))
        names = {match for match in token.findall(text) if " " in match} if double else set()
        # Agents are called by first names alone, which are words of code and texts as well.
        # Three letters stand in compressed bytes by chance; decoded, tables are looked at for them as well.
        packed = path.suffix in (".parquet", ".kgl") and "\x00" in text
        there = {word for word in words & single if len(word) > 6 or (word[0].isupper() and not packed)}
        there |= names & double
        assert not there - {"Finn"}, (path.name, sorted(there)[:5])


def test_software_agents_come_out_as_machines_and_no_busy_person_does(workspace: Workspace) -> None:
    """All contacts of the planted software are a machine's; nobody else's is."""
    interactions = workspace.table("interactions")
    names = Pseudonyms(load())
    machines = interactions.query("customer_type == 'machine'")
    assert set(machines["customer"]) == set(names.customers(MACHINES["customers"]))
    assert len(machines) == sum(MACHINES["customers"].values())
    busy = interactions[interactions["customer"].isin(names.customers(MACHINES["busy_people"]))]
    assert set(busy["customer_type"]) <= {"human", "unknown"} and "human" in set(busy["customer_type"])


def test_callers_without_a_key_are_found_by_their_number(workspace: Workspace) -> None:
    """Who calls without a customer key is the customer that the number is known of elsewhere."""
    owner = dict(workspace.table("interactions")[["interaction_id", "customer"]].itertuples(index=False))
    truth, names = raw.truth()["customers"], Pseudonyms(load())
    known = {c["Attributes"].get("customerId") for c in raw.contacts().values()}
    known |= {user.get("external_id") for user in raw.side_loaded("users").values() if user.get("phone")}
    nameless = {i: key for i, key in truth["callers_by_number"].items() if key in known}
    assert len(nameless) >= 8
    assert {i: owner[i] for i in nameless} == {i: names.customer(key) for i, key in nameless.items()}


def test_the_manifest_and_quality_say_what_was_done(workspace: Workspace) -> None:
    """The fingerprint of the keys is there, the keys and their place are not."""
    keys = load()
    text = json.dumps([workspace.manifest, workspace.quality])
    assert keys.fingerprint in text and keys.customers.hex() not in text
    assert str(keys.path) not in text and Path(str(keys.path)).name not in text
