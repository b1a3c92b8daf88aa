"""What a message mentions: identifiers in any form, phrases in several languages, nothing else."""

from __future__ import annotations

import pytest

from miner.journeys.mentions import LONGEST, identifiers, keyphrases, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order 471122", "ORD-471122"),
        ("#471122", "471-122"),
        ("+49 170 1234567", "0170/1234567"),
        ("49,90 €", "EUR 49.90"),
        ("1.234,50 EUR", "$1,234.50"),
        ("20 euros", "€20.00"),
        ("Ann@Example.org", "ann@example.org."),
        ("12.04.2026", "12/4/2026"),
        ("INV-17", "inv17"),
    ],
)
def test_one_identifier_in_two_forms(one: str, other: str) -> None:
    """Prefixes, separators, country codes, currencies and capitals make no difference."""
    found, _ = identifiers(f"it is {one}, please")
    assert found and found == identifiers(f"({other})")[0]


@pytest.mark.parametrize(
    "text", ["since 2024", "I waited 20 minutes", "room 12", "24/7", "3 of 5", "a 1st try", "no numbers", "", "?"]
)
def test_small_numbers_and_years_are_none(text: str) -> None:
    """What no one would look up is no identifier."""
    assert identifiers(text)[0] == set()


def test_each_number_is_one_identifier() -> None:
    """An amount, a date and a number beside each other stay apart, and leave the words."""
    found, rest = identifiers("Order A-471122 of 12.04.2026 for 49.90 EUR, mail ann@example.org")
    assert len(found) == 4
    assert words(rest) == {"order", "of", "for", "mail"}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The washing machine has been leaking water since Monday", ("machine", "washing")),
        ("Ich habe seit Montag keine Bestätigung für die Rücksendung bekommen", ("rücksendung",)),
        ("Je n'ai pas reçu le remboursement de la commande", ("remboursement",)),
    ],
)
def test_phrases_are_what_a_text_is_about(text: str, phrase: tuple[str, ...]) -> None:
    """Little words of the language of the text are no phrases; a handful at most is kept."""
    found = keyphrases(text)
    assert any(set(phrase) <= set(each) for each in found)
    assert 0 < len(found) <= 5
    assert not {("the",), ("habe",), ("für",), ("die",), ("le",), ("de",)} & found


@pytest.mark.parametrize("text", ["", "ok", "thank you", "?!", "\x00\x00\x00 \x00", "😀 😀 😀 😀", "…" * 50])
def test_nothing_said_is_no_phrase(text: str) -> None:
    """Short and empty texts tell nothing, and no text makes an error."""
    assert keyphrases(text) == set()


@pytest.mark.parametrize("piece", ["1", "1.", "a@", "(", "1 ", "<", "-", "0-", "€1.", "1,1", "a1-", "@a."])
def test_hostile_texts_are_read_in_bounded_steps(piece: str) -> None:
    """A million characters of anything end like ten thousand, since only so many are looked at."""
    found, rest = identifiers(piece * 1_000_000)
    assert len(rest) <= LONGEST and len(found) <= LONGEST
