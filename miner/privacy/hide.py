"""Identifiers taken out of what is said about a run: examples, rejected values, activities.

Numbers and addresses are known by their shape; names and ids by being somewhere in the columns for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from miner.events.engine import Engine, quote
from miner.events.notes import Note

_EMAIL = re.compile(r"[^\s@<>\"',;:|=()\[\]{}]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+|00)?\(?\d[\d ()./-]{5,}\d(?![\w:-])")
_CLEARLY_PHONE = re.compile(r"(?<!\w)\+\d[\d ()./-]{5,}\d")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|(?:\d{4}|\d{8})")
_WORD = re.compile(r"[\w@+.:-]+")
_PART = re.compile(r"[^;,'\"“”‘’]+")  # of a list or in quotes: a name can be several words
# Exports of one chat are called by the other person: "WhatsApp Chat with Eva Linde.txt".
_CHAT = re.compile(
    r"(?i)((?:^|[/\\])whatsapp[ _-]*chat[ _-]+(?:with|mit|con|com|met|avec|-)[ _-]+)[^/\\]+?(?=(?:\.\w+)?(?:$|[/\\]))"
)
_RECORD = 60  # characters from which a rejected value without a column is a record, not a cell
EMAIL, NUMBER, PERSON = "‹e-mail address›", "‹number›", "‹identifier›"


def hidden(text: str, known: Collection[str] = ()) -> str:
    """A text without addresses, phone numbers and the identifiers in `known`."""
    if text.strip() in known:
        return PERSON
    if known:
        text = _PART.sub(lambda m: m[0].replace(m[0].strip(), PERSON) if m[0].strip() in known else m[0], text)
    text = _EMAIL.sub(EMAIL, text)
    text = _PHONE.sub(lambda m: m[0] if _is_no_phone(m[0]) else NUMBER, text)
    return _WORD.sub(lambda m: PERSON if m[0] in known else m[0], text) if known else text


def clearly_hidden(text: str) -> str:
    """A text without addresses and international numbers: what is hidden even in words that may be codes."""
    return _CLEARLY_PHONE.sub(NUMBER, _EMAIL.sub(EMAIL, text))


def file_name(name: str) -> str:
    """What a file is called, without the person that an export of one chat is named after.

    The address of a database stays: what stands before its @ is an account.
    """
    return name if "://" in name else clearly_hidden(_CHAT.sub(rf"\1{PERSON}", name))


def _is_no_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) < 7 or len(digits) > 15 or (_DATE.match(text) is not None and not text.startswith(("+", "00")))


def hide_identifiers(engine: Engine, notes: Iterable[Note]) -> None:
    """Take identifiers out of the notes and the table `rejects`; call while raw_events are there."""
    notes = list(notes)
    texts = [text for note in notes for text in (*note.examples, note.message)]
    rows = engine.rows('SELECT DISTINCT "column", "value" FROM rejects WHERE "value" IS NOT NULL')
    known = _known(engine, {word for text in (*texts, *(value for _, value in rows)) for word in _words(text)})
    for note in notes:
        note.examples = [hidden(example, known) for example in note.examples]
        note.message = hidden(note.message, known & _long(known))
    changed = [(column, value, new) for column, value in rows if (new := _rejected(column, value, known)) != value]
    if changed:
        import pyarrow as pa

        columns = list(zip(*changed, strict=True))
        table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(("at", "was", "now"), columns, strict=True)})
        engine.create("hidden_values", {"at": "VARCHAR", "was": "VARCHAR", "now": "VARCHAR"})
        engine.insert_arrow("hidden_values", table)
        engine.run(
            'UPDATE rejects SET "value" = h.now FROM hidden_values h '
            'WHERE h.was = rejects."value" AND h.at IS NOT DISTINCT FROM rejects."column"'
        )
        engine.run("DROP TABLE hidden_values")


def _rejected(column: str | None, value: str, known: Collection[str]) -> str:
    if column is None and (len(value) > _RECORD or value.lstrip()[:1] in ("{", "[")):
        return f"‹a record of {len(value)} characters or more›"
    return hidden(value, known)


def _words(text: str) -> list[str]:
    return [text.strip(), *map(str.strip, _PART.findall(text)), *_WORD.findall(text)]


def _long(known: Collection[str]) -> set[str]:
    """Identifiers that are no plain word or small number, so that a sentence of ours stays whole."""
    return {word for word in known if len(word) > 5 and re.search(r"\d|@", word)}


def _known(engine: Engine, words: set[str]) -> set[str]:
    """Those of the words that stand in a column for people."""
    import pyarrow as pa

    if not words:
        return set()
    engine.create("words_of_notes", {"word": "VARCHAR"})
    engine.insert_arrow("words_of_notes", pa.table({"word": pa.array(sorted(words), pa.string())}))
    places = [("raw_events", "customer"), ("raw_events", "agent"), ("raw_interactions", "customer")]
    found = {
        row[0]
        for table, column in places
        for row in engine.rows(
            f"SELECT word FROM words_of_notes SEMI JOIN (SELECT DISTINCT {quote(column)} AS known FROM {table}) k "
            "ON k.known = words_of_notes.word"
        )
    }
    people = (
        "SELECT DISTINCT actor AS known FROM raw_events "
        "WHERE coalesce(actor_type, 'unknown') NOT IN ('bot', 'rule', 'system', 'ivr')"
    )
    acted = engine.rows(f"SELECT word FROM words_of_notes SEMI JOIN ({people}) k ON k.known = words_of_notes.word")
    found |= {row[0] for row in acted}
    engine.run("DROP TABLE words_of_notes")
    return found
