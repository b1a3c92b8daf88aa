"""Numbers, durations and labels as people say and read them."""

from __future__ import annotations

import re
import unicodedata

from miner import wording
from miner.wording import plural as plural

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# What may not be shown as it is: controls, surrogates, unassigned, and marks that turn the text around them.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = ("Cc", "Cs", "Cn", "Co")
NBSP = "\u00a0"  # a number and its unit stay on one line
UNNAMED = "(no name)"
_UNIT = re.compile(r"(\d) (s|min|h|d|%)(?!\w)")


def number(value: float | None) -> str:
    """A count with thousands separators: 1,482; "unknown" for None."""
    return "unknown" if value is None else f"{value:,.0f}"


def percent(part: float | None, whole: float) -> str:
    """A share as the findings say it, kept on one line: 38 %, under 1 %, over 99 %; "–" of nothing."""
    return bound(wording.percent(part, whole))


def of(part: int, whole: int, noun: str, share: bool = True) -> str:
    """A number with its base, whose noun comes in the plural: "214 of 2,020 journeys (11 %)"; no share of nothing."""
    noun = noun.removesuffix("s") if whole == 1 else noun
    text = f"{number(part)} of {number(whole)} {noun}"
    return f"{text} ({percent(part, whole)})" if share and whole else text


def duration(seconds: float | None) -> str:
    """A duration as the findings say it, kept on one line: 45 s, 12 min, 3 h 20 min, 3 d 4 h, 23 d."""
    return "unknown" if seconds is None else bound(wording.spoken(seconds))


def exact(seconds: float | None) -> str:
    """A duration to the second: 3 d 4 h 12 min 5 s."""
    if seconds is None:
        return "unknown"
    rest, parts = round(seconds), []
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,} {unit}")
    return " ".join(parts) or ("0 s" if not seconds else f"{seconds:.3f} s")


def hours(seconds: float | None) -> str:
    """A total in hours: 2,930 hours, 3.4 hours."""
    if seconds is None:
        return "unknown"
    value = seconds / _HOUR
    if 0 < value < 0.1:
        return "under 0.1 hours"
    text = f"{value:,.1f}" if value < 10 and round(value, 1) != round(value) else f"{value:,.0f}"
    return f"{text} {'hour' if text == '1' else 'hours'}"


def label(text: object) -> str:
    """A text from the log, fit to be shown: one line, nothing invisible, nothing that turns the text around it."""
    shown = [_visible(c) for c in str(text if text is not None else "")]
    return " ".join("".join(shown).split()) or UNNAMED


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    if char in _TURNING:
        return ""
    return "\ufffd" if unicodedata.category(char) in _UNSEEN else char


def width(text: str) -> float:
    """About how wide a text is, in characters: wide and emoji signs count two, combining marks none."""
    return sum(_char_width(c) for c in text)


def _char_width(char: str) -> float:
    if unicodedata.combining(char) or char == "\u200d" or "\ufe00" <= char <= "\ufe0f":
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 1.35 if char in "MWmw@%" or (char.isupper() and char not in "IJ") else 1


def cut(text: str, limit: float) -> str:
    """The text, or its beginning with "…" where it is wider than `limit` characters."""
    if width(text) <= limit:
        return text
    shown, used = "", 1.0
    for char in text:
        used += _char_width(char)
        if used > limit:
            break
        shown += char
    return shown.rstrip() + "…"


def middle(text: str, limit: int) -> str:
    """The text, or its beginning and its end with "…" between: names often differ in their last signs only."""
    if width(text) <= limit:
        return text
    end = text[-(limit // 3) :]
    return cut(text, limit - width(end)) + end.lstrip()


def wrap(text: str, limit: float, lines: int = 2) -> list[str]:
    """The text on at most `lines` lines of `limit` characters, broken between words; the last is cut."""
    words, current = text.split(" "), ""
    made: list[str] = []
    for i, word in enumerate(words):
        joined = f"{current} {word}".strip()
        if width(joined) <= limit or not current:
            current = joined
            continue
        if len(made) == lines - 1:
            current = " ".join([current, *words[i:]])
            break
        made.append(cut(current, limit))
        current = word
    return [*made, cut(current, limit)]


def decimal(value: float | None) -> str:
    """A small number with what matters of it: 0.3, 12, 1,200."""
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.05 or not value else "under 0.1"


def short_hours(seconds: float) -> str:
    """Hours in at most four signs, for small fields: 3, 0.4, 214, 12k."""
    value = seconds / _HOUR
    if value >= 9999.5:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if value >= 0.95 else f"{value:.1f}".lstrip("0") if value >= 0.05 else ""


def quoted(text: object, limit: float = 60) -> str:
    """A name from the log inside a sentence: quoted, cut where it is long, kept from turning the words around it."""
    return f"“\u2068{cut(label(text), limit)}\u2069”"


def bound(text: str) -> str:
    """A sentence whose numbers stay on one line with their units."""
    return _UNIT.sub(rf"\1{NBSP}\2", text)
