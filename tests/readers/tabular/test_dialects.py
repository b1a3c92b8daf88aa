"""Delimiters, headers, names of columns and rows of odd widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from tests.readers.tabular.looking import HEAD, look, text_of

ROWS = ("A,Opened,2026-01-02T10:00:00Z,L1", "A,Closed,2026-01-02T11:00:00Z,L2")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_gives_the_same_events(tmp_path: Path, delimiter: str, line_end: str) -> None:
    """Delimiters and line ends are found, and make no difference."""
    found = look(tmp_path, text_of(*ROWS).replace(",", delimiter).replace("\n", line_end))
    assert found.column("team") == ["L1", "L2"]
    assert found.column("line") == [2, 3]
    assert not found.rejects


@pytest.mark.parametrize(
    "text", [text_of(*ROWS), text_of(*ROWS).rstrip("\n"), "\n\n" + text_of(*ROWS), text_of(*ROWS) + "\n\n"]
)
def test_blank_lines_and_a_missing_last_line_end_do_no_harm(tmp_path: Path, text: str) -> None:
    """Blank lines before and after are no rows, and the last row needs no line end."""
    assert look(tmp_path, text).column("activity") == ["Opened", "Closed"]


def test_quoted_line_ends_delimiters_and_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    """A quoted cell may hold line ends, delimiters and doubled quotes; the row has the number of its first line."""
    text = (
        HEAD + 'A,"Opened\nby, say, ""Ann""",2026-01-02T10:00:00Z,L1\n'
        'A,Closed,2026-01-02T11:00:00Z,"L\n\n2"\nB,Opened,nonsense,L1\n'
    )
    found = look(tmp_path, text)
    assert found.column("activity") == ['Opened\nby, say, "Ann"', "Closed"]
    assert found.column("line") == [2, 4]
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(7, "not a time")]


def test_rows_of_another_width_are_rejected_with_file_line_and_reason(tmp_path: Path) -> None:
    """Rows with too many or too few cells are left out, each with its line and why."""
    text = text_of(ROWS[0], "A,Moved,2026-01-02T10:30:00Z,L1,extra", "A,Moved", ROWS[1])
    found = look(tmp_path, text)
    assert found.column("line") == [2, 5]
    assert [(r["source"], r["line"], r["reason"]) for r in found.rejects] == [
        ("log.csv", 3, "5 cells instead of 4"),
        ("log.csv", 4, "2 cells instead of 4"),
    ]
    assert (found.reports[0].rows, found.reports[0].events, found.reports[0].rejected) == (4, 2, 2)


@pytest.mark.parametrize("at", [0, 1, 4, 9, 5_000])
def test_a_ragged_row_is_found_wherever_it_is(tmp_path: Path, at: int) -> None:
    """One row with a cell too many is rejected, near the beginning of a file and far from it."""
    rows = [f"K{n},Opened,2026-01-02T10:00:00Z,L1" for n in range(10_000)]
    rows[at] += ",more"
    found = look(tmp_path, text_of(*rows))
    assert [r["line"] for r in found.rejects] == [at + 2]
    assert len(found.events) == 9_999
    assert found.column("line") == [n for n in range(2, 10_002) if n != at + 2]


def test_preamble_and_totals_are_no_events(tmp_path: Path) -> None:
    """Lines before the header are passed over and a row of totals is rejected."""
    found = look(tmp_path, "Report of all cases\nmade: 2026-02-01\n\n" + text_of(*ROWS, "Total,,,2"))
    assert found.column("line") == [5, 6]
    assert [(r["line"], r["column"], r["reason"]) for r in found.rejects] == [(7, "time", "no time")]


@pytest.mark.parametrize("pad", [";;", ";", ""])
def test_lines_padded_to_the_width_of_the_header_are_no_header(tmp_path: Path, pad: str) -> None:
    """Lines that a spreadsheet saved above the header, with or without empty cells, do not hide the header."""
    text = f"Export;as of 2026-02-01{pad}\nFilter:;all{pad}\n;;;\n" + text_of(*ROWS, ROWS[0]).replace(",", ";")
    found = look(tmp_path, text)
    assert found.column("line") == [5, 6, 7]
    assert found.column("team") == ["L1", "L2", "L1"]


def test_a_delimiter_too_many_at_each_end_does_no_harm_but_values_without_a_name_do(tmp_path: Path) -> None:
    """Empty cells beyond the header are passed over; cells with a value beyond it mean that the header does not fit."""
    assert look(tmp_path, text_of(*(f"{row}," for row in ROWS))).column("team") == ["L1", "L2"]
    with pytest.raises(InputError, match=r"log\.csv:1: the header has 4 names, the rows have 5 cells"):
        look(tmp_path, text_of(*(f"{row},50" for row in ROWS)))


def test_a_file_without_a_header_gets_numbered_columns(tmp_path: Path) -> None:
    """Where the first row is data, columns are called by their place and the first row is an event."""
    text = "".join(f"{row}\n" for row in ROWS)
    found = look(
        tmp_path, text, columns={"case": "column1", "activity": "column2", "time": "column3", "team": "column4"}
    )
    assert found.column("line") == [1, 2]
    note = found.note("column_names")
    assert note and "no header row" in note.message


def test_empty_and_repeated_column_names_are_made_unique_and_told(tmp_path: Path) -> None:
    """A second column of a name gets a number, a column without one is called by its place."""
    found = look(tmp_path, text_of("0,A,Opened,2026-01-02T10:00:00Z,L1,x", head=",case,activity,time,team,Team\n"))
    assert found.column("team") == ["L1"]
    note = found.note("column_names")
    assert note and "column1, Team_2" in note.message
    assert found.reports[0].unmapped == ["column1", "Team_2"]


def test_a_column_may_have_any_name(tmp_path: Path) -> None:
    """Names with quotes, SQL, braces or the engine's own words are only names."""
    names = ['Ca"se', "'; DROP TABLE raw_events; --", "{time}", "line of the row"]
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names) + "\n"
    found = look(
        tmp_path,
        text_of(*ROWS, head=head),
        columns={"case": names[0], "activity": names[1], "time": names[2], "team": "line of the row_2"},
    )
    assert found.column("team") == ["L1", "L2"]


@pytest.mark.parametrize("quoted", ['B,"Opened,2026-01-02T10:00:00Z,L1', 'B,Opened,2026-01-02T10:00:00Z,"L1'])
def test_a_quote_that_is_never_closed_is_an_error_with_its_line(tmp_path: Path, quoted: str) -> None:
    """An open quote would swallow the rest of the file unseen, so it ends the reading and says where it is."""
    with pytest.raises(InputError, match=r"log\.csv:3: a quote that opens here is never closed"):
        look(tmp_path, text_of(ROWS[0], quoted, *ROWS))


def test_line_separators_of_unicode_are_no_line_ends(tmp_path: Path) -> None:
    """Only CR and LF end a line; other separators stay in their cell and do not shift the count."""
    found = look(tmp_path, "a\u2028note\n\n" + text_of("A,Ope\x0bned\x85\u2028,2026-01-02T10:00:00Z,L1", ROWS[1]))
    assert found.column("line") == [4, 5]


@pytest.mark.parametrize("name", ["log [1].csv", "log*.csv", "log?.csv", "{a,b}.csv", "it's.csv", "ünïcode log.csv"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    """Signs that are patterns elsewhere are only letters in the name of a file."""
    (tmp_path / "log1.csv").write_text(text_of("Z,Wrong,2026-01-02T10:00:00Z,L9"))
    assert look(tmp_path, text_of(*ROWS), name).column("team") == ["L1", "L2"]
