"""Transcripts and tones among the analyses of a vCon, in whatever shape a vendor wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

from miner.events.times import SECOND
from miner.events.values import number_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.json_text import Broken, whole
from miner.readers.standards.vcon_parts import Dialog, Party, indices

_WORDS = ("text", "transcript", "content", "message", "body", "punctuated")
_SPEAKERS = ("speaker", "speaker_name", "speaker_label", "speaker_id", "role", "participant", "party", "name")
_STARTS = ("start", "start_time", "offset", "begin")
_LISTS = ("paragraphs", "utterances", "segments", "turns", "monologues", "messages", "sentences", "transcript")
_SPOKEN_IN = ("started", "agent_connected", "consult_start", "message")
_TONES = ("sentiment", "overall", "overall_sentiment", "label", "polarity", "tone", "sentiment_score", "score", "value")
_LONGEST_TONE = 40
_SPOKEN = re.compile(r"\s*([^:\n]{1,60}):\s+(.*)")
_DEEPEST = 8
_MOST = 20_000  # turns of one transcript that are read


class Turn(TypedDict):
    """What one speaker said: by name or by the place of their channel, `at` seconds from the start of the dialog."""

    speaker: str | None
    channel: int | None
    at: float | None
    text: str


class Transcript(TypedDict):
    """The turns of some dialogs, which are named by their place."""

    dialogs: list[int]
    turns: list[Turn]


class Tone(TypedDict):
    """The tone of some dialogs, a word or a number as it was recorded; without dialogs of all."""

    dialogs: list[int]
    tone: str


@dataclass(kw_only=True)
class DialogStep:
    """What happened in a dialog, and who did it; times in µs."""

    activity: str
    event_type: str | None
    at: int
    party: Party | None
    until: int | None = None
    helps: bool = False  # the party is on the call without owning it
    handoff_kind: str | None = None
    outcome: str | None = None
    attributes: str | None = None
    text: str | None = None
    dialog: Dialog | None = None  # None: the one that it was found in


def transcripts_of(analyses: list[Any]) -> list[Transcript]:
    """The transcripts that could be understood: the dialogs they are of, and their turns."""
    transcripts: list[Transcript] = []
    for one in analyses:
        if isinstance(one, dict) and "transcript" in (text_of(one.get("type")) or "").lower():
            turns = list(_turns(_opened(one.get("body"))))[:_MOST]
            if turns:
                transcripts.append({"dialogs": indices(one.get("dialog")), "turns": turns})
    return transcripts


def give_texts(turns: list[Turn], steps: list[DialogStep], there: list[Party], start: int | None) -> None:
    """Give what was said to the steps of who said it, else to the conversation at that moment.

    The parties of the steps are of those who are `there`; `start` is that of the dialog, in µs.
    """
    spoken = [step for step in steps if step.party and step.event_type in _SPOKEN_IN]
    talks = [step for step in spoken if step.event_type != "started"] or spoken
    for turn in turns if talks else ():
        at = start + round(turn["at"] * SECOND) if start is not None and turn["at"] is not None else None
        then = [step for step in talks if at is not None and step.at <= at <= (step.until or at)]
        speaker = _speaker(turn, there)
        own = [step for step in [*then, *spoken] if step.party is speaker]
        step = (own or then or talks)[0]
        step.text = f"{step.text}\n{turn['text']}" if step.text else turn["text"]


def _speaker(turn: Turn, there: list[Party]) -> Party | None:
    """The party that a turn is of: by its channel, its name, or a role that only one of them has."""
    if turn["channel"] is not None:
        return there[turn["channel"]] if turn["channel"] < len(there) else None
    speaker = (turn["speaker"] or "").strip().lower()
    called = [[(party["name"], party["role"], party["actor"])[place] or "" for party in there] for place in range(3)]
    for names in called if speaker else ():
        if (lowered := [name.lower() for name in names]).count(speaker) == 1:
            return there[lowered.index(speaker)]
    return None


def tones_of(analyses: list[Any]) -> list[Tone]:
    """The tones among the analyses: the dialogs they are of, and a word or a number as it was recorded."""
    tones: list[Tone] = []
    for one in analyses:
        if isinstance(one, dict) and "sentiment" in (text_of(one.get("type")) or "").lower():
            tone = _tone(_opened(one.get("body")), 0)
            if tone is not None:
                tones.append({"dialogs": indices(one.get("dialog")), "tone": tone})
    return tones


def _tone(value: Any, depth: int) -> str | None:
    """A short text or a number under a usual name."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return next((tone for name in _TONES if (tone := _tone(value.get(name), depth + 1)) is not None), None)
    text = None if isinstance(value, bool) else text_of(value)
    return text if text is not None and len(text) <= _LONGEST_TONE and not isinstance(value, (dict, list)) else None


def _opened(body: Any) -> Any:
    """JSON that was put into a text is opened."""
    if isinstance(body, str) and body.lstrip()[:1] in ("{", "["):
        try:
            return whole(body)
        except Broken:
            return body
    return body


def _turns(body: Any) -> Iterator[Turn]:
    if isinstance(body, str):
        yield from _lines(body)
        return
    channels = _channels(body)
    if len(channels) > 1:  # each party was recorded apart
        for place, channel in enumerate(channels):
            for turn in _spoken(channel):
                yield {**turn, "channel": place, "speaker": None}
    else:
        yield from _spoken(body)


def _channels(body: Any) -> list[Any]:
    results = body.get("results") if isinstance(body, dict) else None
    listed = results.get("channels") if isinstance(results, dict) else None
    return listed if isinstance(listed, list) else []


def _spoken(value: Any) -> list[Turn]:
    """The turns of the first list of spoken pieces, else the longest text that is called so."""
    pieces = _list_in(value, 0)
    if pieces:
        return pieces
    text = _text_in(value, 0)
    return [_turn(text)] if text else []


def _list_in(value: Any, depth: int) -> list[Turn]:
    if depth > _DEEPEST:
        return []
    if isinstance(value, list):
        turns = [turn for one in value[:_MOST] if isinstance(one, dict) and (turn := _piece(one))]
        inside = value[:_MOST] if not turns else []
    else:
        turns = []
        inside = [value[name] for name in sorted(value, key=_place)] if isinstance(value, dict) else []
    return turns or next((found for one in inside if (found := _list_in(one, depth + 1))), [])


def _place(name: str) -> tuple[int, str]:
    """Lists of whole turns are looked into before those of single words."""
    return (_LISTS.index(name) if name in _LISTS else len(_LISTS), name)


def _piece(one: Json) -> Turn | None:
    """A turn: words of a speaker."""
    who = next((text_of(one[name]) for name in _SPEAKERS if one.get(name) is not None), None)
    sentences = one.get("sentences")
    parts = [_text_in(part, _DEEPEST) for part in sentences] if isinstance(sentences, list) else []
    text = " ".join(part for part in parts if part) or _text_in(one, _DEEPEST)
    start = next((number for name in _STARTS if (number := number_of(one.get(name))) is not None), None)
    return _turn(text, who, float(start) if start is not None else None) if text and who is not None else None


def _text_in(value: Any, depth: int) -> str | None:
    """The text under a usual name, here or further in."""
    if not isinstance(value, (dict, list)):
        return None
    holders = value[:1] if isinstance(value, list) else [value]
    for holder in holders:
        if isinstance(holder, dict):
            for name in _WORDS:
                if isinstance(holder.get(name), str) and holder[name].strip():
                    return str(holder[name]).strip()
    inside = value if isinstance(value, list) else list(value.values())
    deeper = (_text_in(one, depth + 1) for one in inside[:100]) if depth < _DEEPEST else iter(())
    return next((found for found in deeper if found), None)


def _lines(text: str) -> Iterator[Turn]:
    """Plain text; lines may begin with who speaks."""
    for line in text.splitlines()[:_MOST]:
        named = _SPOKEN.fullmatch(line)
        if named:
            yield _turn(named[2], named[1].strip())
        elif line.strip():
            yield _turn(line.strip())


def _turn(text: str, speaker: str | None = None, at: float | None = None) -> Turn:
    return {"speaker": speaker, "channel": None, "at": at, "text": text}
