"""Cells: ids as text, missing markers, numbers, words of the vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.tabular.looking import look, text_of

TIME = "2026-01-02T10:00:00Z"


@pytest.mark.parametrize(
    ("cells", "ids"),
    [
        (["1004298.0", "17.0", "?", "1004298.0"], ["1004298", "17", "1004298"]),
        (["007", "7", "0x7"], ["007", "7", "0x7"]),
        (["1.5", "2.0"], ["1.5", "2.0"]),
        ([" K-1 ", "K-1"], ["K-1", "K-1"]),
        (["12345678901234567890"], ["12345678901234567890"]),
        (["-1", "1e5"], ["-1", "1e5"]),
    ],
)
def test_ids_stay_texts(tmp_path: Path, cells: list[str], ids: list[str]) -> None:
    """Leading zeros and long numbers stay; the `.0` of a spreadsheet goes only where the whole column has it."""
    found = look(tmp_path, "case,activity,time\n" + "".join(f"{cell},x,{TIME}\n" for cell in cells))
    assert found.column("interaction_id") == ids


@pytest.mark.parametrize(
    "marker", ["", " ", "?", "-", "NULL", "null", "NA", "N/A", "n.v.t.", "None", "nan", "undefined", "(null)", " ? "]
)
def test_missing_markers_are_no_values(tmp_path: Path, marker: str) -> None:
    """The usual markers for nothing are null in every text, and a row without a case is rejected."""
    found = look(
        tmp_path,
        f"case,activity,time,team,agent,customer,outcome\nA,{marker},{TIME},{marker},{marker},{marker},{marker}\n{marker},x,{TIME},L1,a,b,c\n",
    )
    (event,) = found.events
    assert [event[c] for c in ("team", "agent", "customer", "outcome")] == [None] * 4
    assert event["activity"] == "(no activity)"
    note = found.note("no_activity")
    assert note and note.count == 1
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(3, "no case id")]


def test_further_markers_can_be_declared(tmp_path: Path) -> None:
    """--missing adds texts that mean no value, in texts, ids and times."""
    text = f"case,activity,time,team\nA,x,{TIME},keine's\nB,x,offen,L1\nkeine's,x,{TIME},L1\n"
    found = look(tmp_path, text, missing=("keine's", "offen"))
    assert found.column("team") == [None]
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(3, "no time"), (4, "no case id")]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1234.5", "7"], [1234.5, 7]),
        (["1234,5", "7"], [1234.5, 7]),
        (["1.234,50", "12.5", "1.000"], [1234.5, 12.5, 1000]),
        (["1,234.50", "1,000"], [1234.5, 1000]),
        (["€ 12,50", "3,10 EUR"], [12.5, 3.1]),
        (["$1,200", "$3"], [1200, 3]),
        (["1e3"], [1000]),
        (["-12.25", "+3"], [-12.25, 3]),
    ],
)
def test_numbers_have_points_or_commas_by_column(tmp_path: Path, cells: list[str], numbers: list[float]) -> None:
    """A column's values tell whether commas are decimal; currencies beside the number do no harm."""
    found = look(tmp_path, "case;activity;time;value\n" + "".join(f"A;x;{TIME};{cell}\n" for cell in cells))
    assert found.column("value") == numbers
    assert found.note("no_number") is None


def test_values_that_are_no_number_are_unknown_and_counted(tmp_path: Path) -> None:
    """A text or an infinity in the column of values is null, never 0; missing ones are not counted."""
    found = look(
        tmp_path,
        "case;activity;time;value\n"
        + "".join(f"A;x;{TIME};{cell}\n" for cell in ("12", "much", "?", "", "inf", "1e999")),
    )
    assert found.column("value") == [12, None, None, None, None, None]
    note = found.note("no_number")
    assert note and note.count == 3


@pytest.mark.parametrize(
    ("said", "actor"),
    [
        ("Customer", "customer"),
        ("End-User", "customer"),
        ("third party", "third_party"),
        ("Chatbot", "bot"),
        ("AGENT", "agent"),
        ("wizard", "unknown"),
        ("?", "unknown"),
    ],
)
def test_actor_types_become_words_of_the_vocabulary(tmp_path: Path, said: str, actor: str) -> None:
    """Who acted is said in the canonical words; others are unknown and never fail."""
    assert look(tmp_path, f"case,activity,time,actor_type\nA,x,{TIME},{said}\n").column("actor_type") == [actor]


@pytest.mark.parametrize(
    ("said", "channel"),
    [("Phone", "voice"), ("E-Mail", "E-Mail"), ("EMAIL", "email"), ("Web Form", "web_form"), ("fax", "fax")],
)
def test_channels_keep_words_that_are_not_known(tmp_path: Path, said: str, channel: str) -> None:
    """Known channels are said in the canonical words, unknown ones are kept as they are."""
    assert look(tmp_path, f"case,activity,time,channel\nA,x,{TIME},{said}\n").column("channel") == [channel]


def test_hostile_texts_are_only_texts(tmp_path: Path) -> None:
    """Cells that look like code of any language come out as they went in."""
    nasty = ["'; DROP TABLE raw_events; --", "<script>alert(1)</script>", "{{7*7}}", "=1+1", "\\x00", "$1", "🤷\u202e"]
    found = look(tmp_path, "case,activity,time,team\n" + "".join(f'A,"{text}",{TIME},"{text}"\n' for text in nasty))
    assert found.column("activity") == found.column("team") == nasty


def test_a_case_called_na_is_a_case_where_ids_are_letters(tmp_path: Path) -> None:
    """Ids that go A, B, …, NA, NB have one that looks like a missing value; other columns and other ids do not."""
    letters = [chr(65 + n) for n in range(26)]
    found = look(tmp_path, text_of(*(f"{case},x,2026-01-02,NA" for case in [*letters, "NA", "NA", "NB"])))
    assert found.column("interaction_id")[26:] == ["NA", "NA", "NB"] and set(found.column("team")) == {None}
    assert [(n.count, "NA is a case id" in n.message) for n in found.notes if n.kind == "case_ids"] == [(2, True)]
    for cases in (["T1", "NA"], [*letters, "NA", "c7"], ["A", "NA"]):
        found = look(tmp_path, text_of(*(f"{case},x,2026-01-02,L1" for case in cases)))
        assert [row["reason"] for row in found.rejects] == ["no case id"]
    found = look(tmp_path, text_of(*(f"{case},x,2026-01-02,NA" for case in [*letters, "NA"])), missing=("NA",))
    assert len(found.rejects) == 1
