"""Ids, names and customer keys out of the values that sources write for them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from miner.events.schema import MISSING

_WHOLE_FLOAT = re.compile(r"-?\d+\.0+", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s()./\-]+", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_IN_BRACKETS = re.compile(r"<([^<>]*)>$")
_EXTENSION = re.compile(r"(?<=\d)\s*(?:x|ext\.?|extension|#)\s*\d{1,6}$", re.IGNORECASE)
_SCHEME = re.compile(r"(tel|sip|sips|mailto|callto|sms|whatsapp):", re.IGNORECASE)
_SHORTEST_NUMBER = 6  # fewer digits are an extension or a service number, shared by many

# What stands for a caller who hides; the numbers are such words typed on a keypad.
_NOBODY = frozenset(
    (
        "withheld",
        "anonymous",
        "unknown",
        "private",
        "restricted",
        "unavailable",
        "blocked",
        "undisclosed",
        "hidden",
        "no caller id",
        "private number",
        "unknown caller",
        "not available",
        "anonym",
        "anonymer anrufer",
        "unbekannt",
        "unterdrückt",
        "anonyme",
        "inconnu",
        "masqué",
        "numéro masqué",
        "desconocido",
        "anónimo",
        "oculto",
        "sconosciuto",
        "anonimo",
        "onbekend",
        "anoniem",
        "nieznany",
        "okänd",
        "ukendt",
        "desconhecido",
        "266696687",
        "7378742833",
        "86282452253",
        "2562533",
        "8656696",
    )
)
_ROWS_OF_KEYS = "012345678901234567890", "987654321098765432109"  # what is typed to fill in a field
_LONGEST_CODE = 3  # digits of a country's code
_NO_ADDRESS = re.compile(
    r"(anonymous|unknown|mailer-daemon|bounces?|(no|do[-_.]?not)[-_.]?reply)([-+_.=].*)?@.*"
    r"|(tests?|tester|testing|none|null|nil|na|n\.a|nobody|no[-_.]?one|dummy|fake|invalid|placeholder|x{2,}"
    r"|(no|keine?)[-_.]?(e?[-_]?mail|address|adresse))\d*(\+.*)?@.*"
    r"|.*@(none|null|(no|keine?)-?e?-?mail|dummy)\.\w+|.*\.invalid"
)
_NO_DOTS = ("gmail.com", "googlemail.com")  # one mailbox, whatever dots are in its name


def text_of(value: object) -> str | None:
    """A scalar as trimmed text that any file can hold; None for null, empty, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return id_of(value)
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode().strip() or None


def id_of(value: object, missing: Collection[str] = ()) -> str | None:
    """An id as text: 1004298.0 is "1004298", leading zeros stay, missing markers are None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**100 else None
    if isinstance(value, (float, Decimal)):
        exact = Decimal(value) if isinstance(value, float) else value
        if not exact.is_finite():
            return None
        return str(int(exact)) if exact.adjusted() < 30 and exact == int(exact) else str(value)
    if not isinstance(value, str):
        return None
    text = value.encode("utf-8", "replace").decode().strip()
    if text in MISSING or text in missing:
        return None
    return text.split(".")[0] if _WHOLE_FLOAT.fullmatch(text) else text


def phone_key(value: object) -> str | None:
    """A phone number as + and digits; None where it is withheld, an extension or no number.

    Without a leading + or 00 the digits stay as they are: the country is not guessed.
    """
    text = plain_number(value)
    if text is None:
        return None
    digits = re.sub(r"[^0-9]", "", text.replace("(0)", "") if text.startswith("+") else text)
    if not _PHONE.fullmatch(text) or len(digits) < _SHORTEST_NUMBER or digits in _NOBODY or _is_filler(text, digits):
        return None
    if text.startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits


def _is_filler(text: str, digits: str) -> bool:
    """Whether a number is one key held down, also behind a country's code, or a row of keys."""
    codes = range(_LONGEST_CODE + 1 if text.startswith("+") else 1)
    return any(len(set(digits[n:])) == 1 for n in codes) or any(digits in row for row in _ROWS_OF_KEYS)


def plain_number(value: object) -> str | None:
    """What is written for a number, without scheme, parameters, extension and marks that nobody sees."""
    text = id_of(value)
    if text is None:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join("-" if unicodedata.category(c) == "Pd" else c for c in text if unicodedata.category(c) != "Cf")
    text = _SCHEME.sub("", text.strip(), count=1).split(";")[0].split("@")[0]
    return _EXTENSION.sub("", text).strip()


def email_key(value: object) -> str | None:
    """An e-mail address in lower case; None where it is none or nobody reads it.

    What follows a + in the name is the writer's own mark on one mailbox, and goes; so do dots at Gmail.
    """
    text = id_of(value)
    if text is None:
        return None
    inside = _IN_BRACKETS.search(text)
    text = _SCHEME.sub("", inside[1] if inside else text, count=1).strip().lower().rstrip(".")
    if not _EMAIL.fullmatch(text) or _NO_ADDRESS.fullmatch(text):
        return None
    user, host = text.split("@")
    user = user.split("+")[0] or user
    if host in _NO_DOTS:
        user, host = user.replace(".", "") or user, _NO_DOTS[0]
    return f"{user}@{host}"


def customer_key(value: object) -> str | None:
    """The key of a customer from a declared id, address or number; None for anonymous ones.

    Numbers count as phone numbers only where they say so (`tel:`, a leading +); other ids stay as they are.
    """
    text = id_of(value)
    if text is None or text.lower() in _NOBODY or text in ("-1", "0"):
        return None
    if text.startswith("+") or text.lower().startswith(("tel:", "callto:", "sms:", "whatsapp:")):
        return phone_key(text)
    return (email_key(text) if "@" in text else None) or text


def opening_mark(text: object) -> str | None:
    """A mark of somebody's first words, the same for the same words with other numbers; never the words themselves."""
    if not isinstance(text, str) or not text.strip():
        return None
    plain = re.sub(r"\d+", "#", re.sub(r"<[^<>]*>", " ", text).casefold())
    return hashlib.blake2b(" ".join(plain.split()).encode("utf-8", "replace"), digest_size=8).hexdigest()


def number_of(value: object) -> float | None:
    """A finite number from a number or plain decimal text, else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e300 else None
