"""What a message mentions: identifiers by their shape, keyphrases by YAKE; all as keys that can be compared.

Nothing here keeps a text: a key is a form of one word or number, and `miner.journeys.facts` keeps its salted hash only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

LONGEST, LONGEST_PHRASES = 20_000, 4_000  # characters that are looked at; phrases are slow to find
PHRASES = 5  # keyphrases of a message, at most, of one or two words
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da")

# Every repetition is bounded, so that hostile text costs no more than its length.
_TAG = re.compile(r"<[^<>]{0,500}>")
_EMAIL = re.compile(r"[^\s@<>\"',;:|=()\[\]{}]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DATE = re.compile(r"(?<!\w)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2}))(?!\w)")
_SUM = r"\d{1,3}(?:[.,' ]\d{3}){0,4}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?"
_MONEY = r"[€$£¥]|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|euros?|dollars?|pounds?"
_AMOUNT = re.compile(rf"(?<!\w)(?:{_MONEY})\s?(?P<a>{_SUM})(?!\w)|(?<![\w.,])(?P<b>{_SUM})\s?(?:{_MONEY})(?!\w)", re.I)
_LONG = re.compile(r"(?<!\w)(?:\+|00)?\(?\d[\d ()./-]{5,24}\d(?!\w)")
_CODE = re.compile(r"(?<!\w)#?(?=[A-Za-z/_-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9/_-]{1,30}(?!\w)")
_WORD = re.compile(r"\w{2,40}")
_YEAR = re.compile(r"(?:19|20)\d\d")


def identifiers(text: str) -> tuple[set[str], str]:
    """Keys of the addresses, dates, amounts, telephone and other numbers of a text, and the text without them."""
    found: set[str] = set()
    text = _TAG.sub(" ", text[:LONGEST])
    for pattern, key in ((_EMAIL, _email), (_DATE, _date), (_AMOUNT, _amount), (_LONG, _number), (_CODE, _number)):

        def take(match: re.Match[str], key: Any = key) -> str:
            made = key(match)
            if made is None:
                return match[0]
            found.add(made)
            return " "

        text = pattern.sub(take, text)
    return found, text


def _email(match: re.Match[str]) -> str:
    return "@" + match[0].casefold().strip(".")


def _date(match: re.Match[str]) -> str:
    """A date as it is written: 3.4. and 4/3 are not told apart."""
    return "d:" + "-".join(str(int(part)) for part in re.split(r"[-./]", match[0]))


def _amount(match: re.Match[str]) -> str:
    """49,90 € and EUR 49.9 are one amount; the currency is left out."""
    plain = re.sub(r"[' ]", "", match["a"] or match["b"])
    whole, _, cents = re.sub(r"[.,](?=\d{1,2}$)", "|", plain).partition("|")
    return f"s:{int(re.sub(r'[.,]', '', whole))}.{cents.ljust(2, '0')}"


def _number(match: re.Match[str]) -> str | None:
    """The last eight digits of a number of four or more, so that a prefix or a country code is no difference."""
    digits = re.sub(r"\D", "", match[0])
    letters = re.sub(r"[\W\d_]", "", match[0])
    if len(digits) >= 4 and not (_YEAR.fullmatch(match[0])):
        return "n:" + digits[-8:]
    if letters and len(digits) >= 2 and len(letters) + len(digits) >= 5:
        return "c:" + re.sub(r"[\W_]", "", match[0]).upper()
    return None


def words(text: str) -> set[str]:
    """The words of a text in small letters."""
    return {word.casefold() for word in _WORD.findall(text[:LONGEST])}


def keyphrases(text: str) -> set[tuple[str, ...]]:
    """Up to five phrases of one or two words that a text is about, each as its words in the order of the alphabet."""
    plain = " ".join(text[:LONGEST_PHRASES].split())
    if len(_WORD.findall(plain)) < 3:
        return set()
    found = {tuple(sorted(words(phrase))) for phrase, _ in _extractor(_language(plain)).extract_keywords(plain)}
    # A single word that is part of a phrase says nothing more.
    return {phrase for phrase in found if phrase and not any(set(phrase) < set(other) for other in found)}


def _language(text: str) -> str:
    """The language whose little words are most frequent in a text; English where none is."""
    spoken = [word.casefold() for word in _WORD.findall(text)]
    return max(_LANGUAGES, key=lambda name: sum(word in _little_words(name) for word in spoken))


@cache
def _extractor(language: str) -> Any:
    from yake import KeywordExtractor

    return KeywordExtractor(lan=language, n=2, top=PHRASES, stopwords=set(_little_words(language)))


@cache
def _little_words(language: str) -> frozenset[str]:
    from importlib.resources import files

    path = files("yake.core").joinpath("StopwordsList", f"stopwords_{language}.txt")
    return frozenset(path.read_bytes().decode("utf-8", "replace").split())
