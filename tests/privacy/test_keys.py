"""Keys: made once, for their owner alone, outside of workspaces."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.privacy import Pseudonyms, is_pseudonym, load, location, rotate


def test_keys_are_made_at_first_use_and_found_again(tmp_path: Path) -> None:
    """The second load gives the same keys and the same pseudonyms; the file and its folder are the owner's alone."""
    file = tmp_path / "keys" / "k.json"
    first, second = load(str(file)), load(str(file))
    assert first == second and first.customers != first.agents
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    assert Pseudonyms(first).customer("K-1") == Pseudonyms(second).customer("K-1")
    assert os.listdir(file.parent) == ["k.json"]


def test_a_name_is_a_project_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path the keys lie in the configuration folder; MINER_KEYS stands where nothing is given."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("MINER_KEYS")
    assert location("retail") == tmp_path / "interaction-miner" / "keys" / "retail.json"
    assert location().name == "default.json"
    monkeypatch.setenv("MINER_KEYS", str(tmp_path / "x.json"))
    assert location() == tmp_path / "x.json" and location("retail").name == "retail.json"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    """A key file with a wider mode is an error that says chmod."""
    file = tmp_path / "k.json"
    load(str(file))
    file.chmod(0o644)
    with pytest.raises(UsageError, match="readable by other users"):
        load(str(file))


@pytest.mark.parametrize("content", ["", "{}", '{"customers": "z", "agents": "z"}', '{"customers":"00","agents":"00"}'])
def test_broken_keys_are_no_keys(tmp_path: Path, content: str) -> None:
    """What is no file of keys is an error, never a run with other pseudonyms."""
    file = tmp_path / "k.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(UsageError):
        load(str(file))


def test_keys_in_the_workspace_are_refused(tmp_path: Path) -> None:
    """A workspace that is passed on must not carry its keys."""
    with pytest.raises(UsageError, match="inside the workspace"):
        load(str(tmp_path / "w" / "k.json"), tmp_path / "w")
    assert not (tmp_path / "w").exists()


def test_rotated_keys_give_other_pseudonyms_and_the_old_ones_stay(tmp_path: Path) -> None:
    """The old file is aside and still gives the old pseudonyms."""
    file = str(tmp_path / "k.json")
    old = load(file)
    new, aside = rotate(file)
    assert new.fingerprint != old.fingerprint and old.fingerprint in aside.name
    assert load(str(aside)).customers == old.customers
    assert Pseudonyms(new).agent("ann") != Pseudonyms(old).agent("ann")


def test_pseudonyms_are_of_the_normalised_value_and_of_the_role(tmp_path: Path) -> None:
    """Spaces and the case of addresses don't matter; a customer and an agent of one name are two."""
    names = Pseudonyms(load(str(tmp_path / "k.json")))
    assert names.customer("Ann@X.example") == names.customer(" ann@x.example ")
    assert names.customer("ann") != names.customer("Ann") and names.agent("ann") == names.agent("Ann")
    assert names.customer("ann")[2:] != names.agent("ann")[2:]
    assert is_pseudonym(names.customer("ann")) and is_pseudonym(names.agent("ann")) and not is_pseudonym("K-10001")
