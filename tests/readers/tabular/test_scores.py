"""Scores, tones, regions and languages in columns of a table: kept as recorded, and measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.pipeline import Settings, run
from miner.readers import eventlog
from miner.workspace import Workspace
from tests.readers.reading import read, write

HEAD = "case,activity,time,agent,channel,land,csat,mood"
ROWS = [
    "1,call,2026-03-02 10:00,ana,voice,DE,4,0.5",
    "2,call,2026-03-02 11:00,ana,voice,FR,,-0.25",
    "3,chat,2026-03-02 12:00,bo,chat,DE,2,",
]
MAPPED = {
    "case": "case",
    "activity": "activity",
    "time": "time",
    "agent": "agent",
    "channel": "channel",
    "region": "land",
    "score": "csat",
    "sentiment": "mood",
}


def measured(folder: Path, *rows: str, **more: Any) -> dict[tuple[str, str, str], float]:
    """The contact-centre measures of a log by measure, split and group."""
    write(folder, [HEAD, *rows], "log.csv")
    options = {"columns": MAPPED, "tz": "UTC", "until": "cost", "graph": "none", **more}
    found: Workspace = run([str(folder / "log.csv")], folder / "w", Settings(**options))
    rows_of = found.table("contact_measures").to_dict("records")
    return {(row["measure"], row["by"], row["key"]): row["value"] for row in rows_of}


def test_columns_are_kept_as_recorded(tmp_path: Path) -> None:
    """Each value stands among the attributes under its key; numbers with a comma become numbers, words stay."""
    rows = [
        HEAD,
        "1,call,2026-03-02 10:00,ana,voice,DE,4,very good",
        "1,call,2026-03-02 11:00,ana,voice,,,",
        "2,call,2026-03-02 12:00,ana,voice,,3,good",
    ]
    found = read(eventlog, write(tmp_path, rows, "log.csv"), columns=MAPPED, tz="UTC")
    said = [json.loads(text) if text else None for text in found.column("attributes")]
    assert said == [
        {"region": "DE", "score": "4", "sentiment": "very good"},
        None,
        {"region": None, "score": "3", "sentiment": "good"},
    ]
    commas = [HEAD.replace(",", ";"), "1;call;2026-03-02 10:00;ana;voice;DE;4,5;-0,5"]
    found = read(eventlog, write(tmp_path, commas, "commas.csv"), columns=MAPPED, tz="UTC")
    assert json.loads(found.column("attributes")[0]) == {"region": "DE", "score": "4.5", "sentiment": "-0.5"}


def test_columns_that_are_called_so_are_found(tmp_path: Path) -> None:
    """Columns named region, language, csat, sentiment are these; others are not guessed."""
    head = "case_id,activity,timestamp,region,language,csat,sentiment,rating_of_agent"
    path = write(tmp_path, [head, "1,a,2026-03-02T10:00:00Z,DE,de,4,positive,9"], "log.csv")
    found = read(eventlog, path)
    assert json.loads(found.column("attributes")[0]) == {
        "region": "DE",
        "language": "de",
        "score": "4",
        "sentiment": "positive",
    }
    assert found.reports[0].unmapped == ["rating_of_agent"]


def test_they_are_measured_by_channel_and_region(tmp_path: Path) -> None:
    """Means of numbers stand for all, by channel and by region; a group without any has none."""
    found = measured(tmp_path, *ROWS)
    assert found["score", "all", ""] == 3 and found["sentiment", "all", ""] == 0.125
    assert (found["score", "region", "DE"], found["score", "channel", "voice"]) == (3, 4)
    assert ("score", "region", "FR") not in found and ("sentiment", "channel", "chat") not in found
    assert ("positive_tone", "all", "") not in found and ("satisfied", "all", "") not in found


@pytest.mark.parametrize(("words", "share"), [(("Positive", "negative", "neutral"), 1 / 3), (("good", "bad"), 1 / 2)])
def test_words_have_a_share(words: tuple[str, ...], share: float, tmp_path: Path) -> None:
    """Tones and ratings in words are counted, and have no mean."""
    rows = [f"{n},call,2026-03-02 1{n}:00,ana,voice,DE,{word},{word}" for n, word in enumerate(words)]
    found = measured(tmp_path, *rows)
    assert abs(found["positive_tone", "all", ""] - share) < 1e-6 and abs(found["satisfied", "all", ""] - share) < 1e-6
    assert ("sentiment", "all", "") not in found and ("score", "all", "") not in found
