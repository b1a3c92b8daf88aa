"""Numbers, durations and labels."""

from __future__ import annotations

import pytest

from miner.report import words


def plain(text: str) -> str:
    """Without the spaces that keep a number and its unit together."""
    return text.replace(words.NBSP, " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.4, "under 1 s"),
        (45, "45 s"),
        (90, "1 min 30 s"),
        (599, "9 min 59 s"),
        (720, "12 min"),
        (3590, "1 h"),
        (12_000, "3 h 20 min"),
        (86_390, "1 d"),
        (273_600, "3 d 4 h"),
        (23 * 86_400, "23 d"),
        (1_500 * 86_400, "1,500 d"),
        (None, "unknown"),
    ],
)
def test_durations_as_people_say_them(seconds: float | None, said: str) -> None:
    """A duration is said in the two units that matter, and never as 60 min or 24 h."""
    assert plain(words.duration(seconds)) == said


def test_exact_durations_keep_every_second() -> None:
    """The exact form has all units."""
    assert words.exact(3 * 86_400 + 4 * 3600 + 12 * 60 + 5) == "3 d 4 h 12 min 5 s"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 9, "0 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (38, 100, "38 %")],
)
def test_shares_never_hide_a_rest(part: int, whole: int, said: str) -> None:
    """Rounding never says nothing or all where it is not so."""
    assert plain(words.percent(part, whole)) == said


def test_there_is_no_share_of_nothing() -> None:
    """Neither none nor all of nothing, and what is not known is not 0 %."""
    assert [words.percent(0, 0), words.percent(1, 0), words.percent(None, 1)] == ["–", "–", "–"]
    assert words.of(0, 0, "journeys") == "0 of 0 journeys"
    assert plain(words.of(0, 3, "journeys")) == "0 of 3 journeys (0 %)"


def test_hours_have_a_decimal_where_they_are_few() -> None:
    """Totals are whole hours, few hours have one decimal."""
    assert [words.hours(s) for s in (0, 60, 3600, 12_240, 36_000, 10_548_000)] == [
        "0 hours",
        "under 0.1 hours",
        "1 hour",
        "3.4 hours",
        "10 hours",
        "2,930 hours",
    ]


def test_labels_show_nothing_that_turns_or_hides_text() -> None:
    """Controls become a sign that can be seen, marks that turn text vanish, white space is one space."""
    assert words.label("a\u202eb\u2066c\x00\n d") == "abc\ufffd d"
    assert words.label(" \n ") == words.label(None) == words.UNNAMED


def test_labels_are_wrapped_and_cut() -> None:
    """A long label gets two lines, the second cut; a word that is too long is cut too."""
    assert words.wrap("Look up the order", 12) == ["Look up the", "order"]
    lines = words.wrap("x" * 500, 20)
    assert len(lines) == 1
    assert lines[0].endswith("…")
    assert all(words.width(line) <= 20 for line in words.wrap("漢字 " * 40, 20))
