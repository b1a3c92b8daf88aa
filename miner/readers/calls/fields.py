"""How fields of call records are read: times, lengths of time, ticket ids, words that are unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, number_of, text_of

_TICKET = re.compile(r"(zendesk|servicenow|salesforce|jira)?(ticket|case|incident)(id|number|no|key)?")


class Repeats:
    """Ids for the lines of one file that have none: a line of another file that is the same is a repeat.

    Genuine identical lines of one file stay: they are numbered. With one file only there is nothing to tell.
    """

    def __init__(self, several: bool):
        self._several, self._seen = several, Counter[str]()

    def id(self, text: str) -> str | None:
        """The id of a line that reads so."""
        if not self._several:
            return None
        self._seen[text] += 1
        return f"{text}#{self._seen[text]}"


def seconds_of(value: object, scale: int = times.SECOND) -> int | None:
    """A length of time in µs from a number of seconds (or of `scale` µs); None for negatives, which are open."""
    number = number_of(value)
    return round(number * scale) if number is not None and 0 <= number < 1e12 / scale * times.SECOND else None


def tickets_of(values: Mapping[str, Any], mapped: str | None) -> Iterator[str]:
    """Ticket ids among attributes; a key such as zendeskTicketId names the system too."""
    for key, value in values.items():
        match = _TICKET.fullmatch(re.sub(r"[^a-z0-9]", "", key.lower()))
        ticket = id_of(text_of(value))
        if ticket and (key == mapped or (mapped is None and match)):
            system = match.group(1) if match else None
            yield f"{system}:{ticket}" if system and ":" not in ticket else ticket


def note_unknown(sink: Sink, word: str | None, known: Iterable[str], what: str) -> None:
    """Note a value that is not among the known ones; it is kept as it is."""
    if word is not None and word not in known:
        sink.note("unknown values", f"{what} that are unknown were kept unchanged", example=word)
