"""Identifiers in what is said: addresses, numbers, known names."""

from __future__ import annotations

import pytest

from miner.privacy import file_name, hidden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@x.example", "‹e-mail address›"),
        ("mail from ann.b@x.example, again", "mail from ‹e-mail address›, again"),
        ("+49 (30) 123-4567", "‹number›"),
        ("called 030 1234567 twice", "called ‹number› twice"),
        ("2026-02-30 10:00:00", "2026-02-30 10:00:00"),
        ("31.02.2026", "31.02.2026"),
        ("ticket 40017", "ticket 40017"),
        ("zendesk:40017", "zendesk:40017"),
        ("connect:441c6bac-fef9-4e82-a16e-63abd1a7a467", "connect:441c6bac-fef9-4e82-a16e-63abd1a7a467"),
        ("K-10001 of ann", "‹identifier› of ann"),
        ("K-10001", "‹identifier›"),
        ("Eva Linde; Otto of K-10001", "‹identifier›; Otto of ‹identifier›"),
        ("nobody is called 'Eva Linde'", "nobody is called '‹identifier›'"),
    ],
)
def test_identifiers_go_and_the_rest_stays(text: str, expected: str) -> None:
    """Addresses, phone numbers and known identifiers are hidden; dates, ids and short numbers are not."""
    assert hidden(text, {"K-10001", "Eva Linde"}) == expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("WhatsApp Chat with Eva Linde.txt", "WhatsApp Chat with ‹identifier›.txt"),
        ("chats/WhatsApp Chat - Otto/_chat.txt", "chats/WhatsApp Chat - ‹identifier›/_chat.txt"),
        ("calls of +49 30 1234567.csv", "calls of ‹number›.csv"),
        ("chat-with-history.csv", "chat-with-history.csv"),
        ("_chat.txt", "_chat.txt"),
        ("postgresql://miner@db.example:5432/desk?table=steps", "postgresql://miner@db.example:5432/desk?table=steps"),
    ],
)
def test_a_file_that_is_called_by_a_person_is_shown_without(name: str, shown: str) -> None:
    """Exports of one chat are named after the other person; other names stay as they are."""
    assert file_name(name) == shown
