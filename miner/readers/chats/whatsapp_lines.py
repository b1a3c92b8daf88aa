"""The lines of an exported WhatsApp chat: messages with their raw dates, whatever the phone's language wrote.

iOS writes `[02/03/2026, 09:15:32] Eva: text`, Android `02/03/2026, 09:15 - Eva: text`. Digits, commas and the words for
the halves of the day are those of the language. A line without a date goes on with the message before it. One file is
read one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from miner.errors import InputError, Problem

_LONGEST = 1 << 16  # characters of a message that are kept
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
_SPACES = dict.fromkeys(map(ord, "\u202f\u00a0\u2009"), " ")
_M = f"[{_MARKS}]*"
# The halves of the day: English and Spanish, Greek, Turkish, Arabic, Persian, Chinese, Japanese, Korean.
_MORNING = ("am", "πμ", "öö", "ص", "قظ", "凌晨", "清晨", "早上", "上午", "午前", "오전")
_EVENING = ("pm", "μμ", "ös", "م", "بظ", "中午", "下午", "晚上", "午後", "오후")
_HALF = rf"[ap]\.?\s?m\b\.?|[πμ]\.?μ\.?|ö[ös]\b|[صم]|[قب]\.?\s?ظ\.?|{'|'.join((*_MORNING[5:], *_EVENING[5:]))}"
_DATE = rf"(?P<a>\d{{1,4}}){_M}(?P<sep>[./-]){_M}\s?(?P<b>\d{{1,2}}){_M}(?P=sep){_M}\s?(?P<c>\d{{2,4}})\.?"
_CLOCK = (
    rf"(?:(?P<before>{_HALF})\s?)?(?P<h>\d{{1,2}})[:.](?P<m>\d\d)(?:[:.](?P<s>\d\d))?"
    rf"(?:\s*(?P<half>{_HALF}))?{_M}"
)
_BEGIN = rf"{_DATE}{_M}(?P<comma>[,،，])?{_M}\s+{_M}(?:\w{{1,4}}\.?\s)??{_CLOCK}"
_IOS = re.compile(rf"\[{_BEGIN}\]\s?(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_ANDROID = re.compile(rf"{_BEGIN}\s[-–]\s(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_LEVELS = frozenset(("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"))
_AUTHOR = re.compile(r"(?P<name>[^:\n]{1,100}?):(?: |$)(?P<text>.*)", re.DOTALL)


@dataclass
class Line:
    """A message or a line of the system (no author): where it begins, its raw date, who wrote what."""

    number: int
    date: tuple[str, str, str]
    time: tuple[int, int, int, str]  # hour, minute, second, "a", "p" or ""
    author: str | None
    text: str
    dots: bool  # whether the date is written with dots


def begins(text: str) -> re.Match[str] | None:
    """Whether a line begins a message."""
    plain = _plain(text)
    return _IOS.match(plain) or _ANDROID.match(plain)


def lines(path: Path) -> Iterator[Line | tuple[int, str]]:
    """The messages of a file; a line before the first is given as it is, with its number."""
    form: re.Pattern[str] | None = None
    open_line: Line | None = None
    with path.open(encoding="utf-8", errors="replace") as stream:
        for number, raw in enumerate(stream, 1):
            text = _plain(raw.rstrip("\n"))
            found = form.match(text) if form else begins(text)
            if found is None:
                if open_line is not None and len(open_line.text) < _LONGEST:
                    open_line.text += "\n" + text[:_LONGEST]
                elif open_line is None and text.strip():
                    yield number, text
                continue
            form = form or found.re
            if open_line is not None:
                yield open_line
            open_line = _line(number, found)
    if open_line is not None:
        yield open_line


def reads_like_a_chat(match: re.Match[str]) -> bool:
    """Whether a beginning is one that programs do not write in their logs.

    They put no comma after the date, and in brackets or with seconds they begin with the year, parted by dashes.
    """
    year, android = len(match["a"]) > 2, match.re is _ANDROID
    half = match["before"] or match["half"]
    plain = match["s"] is None if android else not year or match["sep"] != "-"
    author = _AUTHOR.match(match["rest"])
    level = author is not None and author["name"].rpartition(".")[2].strip().upper() in _LEVELS
    return not level and bool(match["comma"] or half or plain)


def order_of(path: Path, name: str, dayfirst: bool | None) -> str:
    """The order of the dates of a whole file: dmy, mdy or ymd; InputError where no date or some dates tell."""
    day = month = year = False
    dots = True
    first = None
    short = _ShortYears()
    for line in lines(path):
        if isinstance(line, Line):
            first = first or line.number
            a, b, _ = line.date
            year |= len(a) == 4
            short.see(line.date)
            day |= len(a) < 3 and int(a) > 12
            month |= int(b) > 12
            dots &= line.dots
    if year or (dayfirst is None and short.first()):
        return "ymd"
    if (day and month) or (day and dayfirst is False) or (month and dayfirst is True):
        raise InputError(
            Problem(
                "some dates are day first, others month first",
                name,
                first,
                fix="see --dayfirst and --monthfirst; the file may combine several exports",
            )
        )
    if dayfirst is not None:
        return "dmy" if dayfirst else "mdy"
    if day or month:
        return "dmy" if day else "mdy"
    if dots:
        return "dmy"
    raise InputError(
        Problem(
            "day and month cannot be told apart (no value above 12)",
            name,
            first,
            fix="choose with --dayfirst or --monthfirst",
        )
    )


class _ShortYears:
    """Whether years of two digits come first: a chat goes on in time, over many days of few years."""

    def __init__(self) -> None:
        self._possible = True
        self._seen: tuple[set[str], set[str]] = (set(), set())  # what stands first, and last
        self._last = {"ymd": (0, 0, 0), "dmy": (0, 0, 0)}
        self._back = {"ymd": 0, "dmy": 0}  # steps back in time, read so

    def see(self, date: tuple[str, str, str]) -> None:
        """The date of the next message."""
        a, b, c = date
        self._possible &= len(a) == len(c) == 2 and int(b) < 13 and 0 < int(c) < 32
        if self._possible:
            self._seen[0].add(a)
            self._seen[1].add(c)
            for order, now in (("ymd", (int(a), int(b), int(c))), ("dmy", (int(c), int(b), int(a)))):
                self._back[order] += now < self._last[order]
                self._last[order] = now

    def first(self) -> bool:
        """Whether the year does, by all dates."""
        if not self._possible or not self._seen[0]:
            return False
        too_late = any(int(a) > 31 for a in self._seen[0])  # no day
        return too_late or (len(self._seen[0]) < len(self._seen[1]) and self._back["ymd"] <= self._back["dmy"])


def moment(line: Line, order: str) -> str:
    """Date and time of a line as ISO text without a zone; ValueError where there is no such moment."""
    found = dict(zip(order, (int(part) for part in line.date), strict=True))
    year = found["y"] + 2000 if found["y"] < 100 else found["y"]
    hour, minute, second, half = line.time
    # Some phones write the half of the day behind a clock of 24 hours.
    if half and not 1 <= hour <= 12 and (hour > 12) != (half == "p"):
        raise ValueError("not a time of day")
    hour = hour % 12 + (12 if half == "p" else 0) if half and hour <= 12 else hour
    return datetime(year, found["m"], found["d"], hour, minute, second).isoformat()


def _line(number: int, match: re.Match[str]) -> Line:
    author, text = _AUTHOR.match(match["rest"]), match["rest"]
    # iOS writes what the system says as if by the chat itself, after a mark: the first line always is of that sort.
    said_by_system = number == 1 and match.re is _IOS and author is not None and author["text"].startswith("\u200e")
    known = author if author is not None and not said_by_system else None
    time = (int(match["h"]), int(match["m"]), int(match["s"] or 0), _half(match["before"] or match["half"]))
    return Line(
        number,
        (match["a"], match["b"], match["c"]),
        time,
        _name(known["name"]) if known else None,
        (known["text"] if known else text).rstrip(),
        match["sep"] == ".",
    )


def _half(word: str | None) -> str:
    """The half of the day that a word says: a, p, or "" for none."""
    plain = re.sub(r"[.\s]", "", word or "").lower()
    return "a" if plain in _MORNING else "p" if plain in _EVENING else ""


def _name(text: str) -> str:
    """A name without marks, and without the ~ before those who are no contacts of the phone."""
    return text.strip(f"{_MARKS}~ ")


def _plain(text: str) -> str:
    text = text.lstrip(_MARKS)
    text = "[" + text[1:].lstrip(_MARKS) if text.startswith("[") else text
    return text.translate(_SPACES)
