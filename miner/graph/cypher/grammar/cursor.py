"""A place in the tokens of a statement, and the steps that all rules of the grammar are made of."""

from __future__ import annotations

from typing import NoReturn

from miner.errors import Problem, UsageError
from miner.graph.cypher.tokens import Token

# How deep brackets, CASE and subqueries may lie in each other.
NESTING = 40
READING = "use only clauses and functions that read (docs/cypher.md, section 4)"


class Cursor:
    """Reads tokens from left to right; UsageError at the first that is not allowed where it stands."""

    def __init__(self, statement: list[Token]):
        self._tokens = statement
        self._at = 0
        self._depth = 0

    def peek(self, ahead: int = 0) -> Token | None:
        """The token here, or so many further on; None behind the end."""
        place = self._at + ahead
        return self._tokens[place] if 0 <= place < len(self._tokens) else None

    def mark(self, *texts: str, ahead: int = 0) -> bool:
        """True where one of these marks stands."""
        token = self.peek(ahead)
        return token is not None and token.kind == "mark" and token.text in texts

    def word(self, *words: str, ahead: int = 0) -> bool:
        """True where one of these keywords stands, in letters of any case and without backticks."""
        token = self.peek(ahead)
        return token is not None and token.upper in words

    def name(self, ahead: int = 0) -> bool:
        """True where a name stands, with backticks or without."""
        token = self.peek(ahead)
        return token is not None and token.kind in ("word", "quoted")

    def take_mark(self, *texts: str) -> bool:
        """Step over one of these marks, if it is there."""
        is_there = self.mark(*texts)
        self._at += is_there
        return is_there

    def take_word(self, *words: str) -> bool:
        """Step over one of these keywords, if it is there."""
        is_there = self.word(*words)
        self._at += is_there
        return is_there

    def take_words(self, text: str) -> bool:
        """Step over several keywords that stand behind each other, if all are there."""
        words = text.split()
        is_there = all(self.word(word, ahead=at) for at, word in enumerate(words))
        self._at += len(words) * is_there
        return is_there

    def need_mark(self, *texts: str) -> None:
        """Step over one of these marks; UsageError where it is not there."""
        if not self.take_mark(*texts):
            self.fail(f"{' or '.join(texts)} is missing")

    def need_word(self, *words: str) -> None:
        """Step over one of these keywords; UsageError where it is not there."""
        if not self.take_word(*words):
            self.fail(f"{' or '.join(words)} is missing")

    def need_name(self) -> Token:
        """Step over a name; UsageError where none is."""
        token = self.peek()
        if token is None or not self.name():
            self.fail("a name is missing")
        self._at += 1
        return token

    def step(self, count: int = 1) -> None:
        """Go on."""
        self._at += count

    def enter(self) -> None:
        """One level deeper; UsageError where that is too deep."""
        self._depth += 1
        if self._depth > NESTING:
            self.refuse("the statement is nested too deeply", f"at most {NESTING} levels; name parts of it with WITH")

    def leave(self) -> None:
        """One level up."""
        self._depth -= 1

    def fail(self, wanted: str) -> NoReturn:
        """UsageError for what stands here."""
        token = self.peek()
        here = f"unexpected {token.text[:40]!r}" if token else "the statement ends too early"
        self.refuse(f"{here}: {wanted}", READING)

    def refuse(self, what: str, fix: str) -> NoReturn:
        """UsageError with the line of this place."""
        token = self.peek() or (self._tokens[-1] if self._tokens else None)
        raise UsageError(Problem(what, line=token.line if token else None, fix=fix))
