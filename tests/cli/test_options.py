"""The options of `run` are declared once, with the settings; `inspect` knows all of them that concern reading."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import typer

from miner.cli.options import Given
from miner.errors import UsageError
from miner.pipeline.settings import Settings, declared

OUTPUT = {"agents", "engine", "graph", "master", "until"}  # say what is made of the journeys, and where


def flags(command: str) -> dict[str, Any]:
    """The options of a command by their flags."""
    from miner.cli.app import app

    group: Any = typer.main.get_command(app)
    return {flag: option for option in group.commands[command].params for flag in option.opts if flag.startswith("--")}


def test_run_has_an_option_for_every_setting() -> None:
    """Every setting but the list of ignored files, which a mapping says, is an option of `run`, with its default."""
    assert {field.name for field in fields(Settings)} - declared().keys() == {"ignore"}
    options = flags("run")
    for option, default in declared().values():
        assert options[option.flag].help == option.help and options[option.flag].metavar == option.metavar
        if isinstance(default, (str, float)) and not isinstance(default, bool):
            assert options[option.flag].default == default


def test_inspect_knows_all_that_run_knows_of_reading() -> None:
    """The two lists differ only in what is made of the journeys, and in what each command prints and writes."""
    run, inspect = flags("run").keys(), flags("inspect").keys()
    assert run - inspect == {declared()[name][0].flag for name in OUTPUT} | {"--output", "--quiet"}
    assert inspect - run == {"--write-mapping", "--reconcile"}


def test_what_was_given_is_given_again() -> None:
    """Words of a command line stand for the options that were typed, and leave out defaults."""
    given = Given({"tz": "Europe/Berlin", "missing": ["-", "n/a"], "window": 3.0, "not_dayfirst": True, "text": "drop"})
    assert given.words() == [
        *("--tz", "Europe/Berlin"),
        "--monthfirst",
        *("--missing", "-", "--missing", "n/a"),
        *("--window", "3"),
    ]
    assert given.settings() == Settings(tz="Europe/Berlin", missing=("-", "n/a"), window=3.0, dayfirst=False)


def test_all_that_is_wrong_with_the_options_is_told_at_once() -> None:
    """Two files that are missing, flags that exclude each other and an unknown zone are four problems of one error."""
    given = {"silos": "none.csv", "tiers": "none.csv", "dayfirst": True, "not_dayfirst": True, "tz": "Mars"}
    with pytest.raises(UsageError) as error:
        Given(given).settings()
    assert len(error.value.problems) == 4
