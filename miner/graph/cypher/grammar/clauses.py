"""Clauses that read: MATCH, WITH, UNWIND, CALL, RETURN and what belongs to them."""

from __future__ import annotations

from miner.graph.cypher.grammar.functions import PROCEDURES
from miner.graph.cypher.grammar.patterns import Patterns
from miner.graph.cypher.tokens import Token

# A union calls itself in the embedded engine, which then needs a stack as deep as there are parts.
UNIONS = 50


def parse(statement: list[Token]) -> None:
    """UsageError, with the first place that is wrong, unless the tokens are one statement that reads."""
    Clauses(statement).statement()


class Clauses(Patterns):
    """The rules of clauses."""

    def __init__(self, statement: list[Token]):
        super().__init__(statement)
        self._unions = 0

    def statement(self) -> None:
        """One query, perhaps with a semicolon behind it."""
        self.query()
        if self.take_mark(";") and self.peek() is not None:
            self.refuse("one statement at a time: nothing may follow the semicolon", "run them one after the other")
        if self.peek() is not None:
            self.fail("no reading clause begins like this")

    def query(self) -> None:
        """Clauses, and others of the same columns joined by UNION."""
        self._clauses()
        while self.take_word("UNION"):
            self._unions += 1
            if self._unions > UNIONS:
                self.refuse("too many UNIONs", f"at most {UNIONS}; UNWIND a list, or give it as a parameter")
            self.take_word("ALL", "DISTINCT")
            self._clauses()

    def subquery(self, patterns: bool) -> None:
        """A query in braces; with `patterns` also patterns alone."""
        self.enter()
        self.need_mark("{")
        if patterns and not self._begins():
            self.patterns()
            if self.take_word("WHERE"):
                self.expression()
        else:
            self.query()
        self.need_mark("}")
        self.leave()

    def _begins(self) -> bool:
        """True where a clause begins, and no name of a path."""
        return self.word("MATCH", "OPTIONAL", "WITH", "UNWIND", "CALL", "RETURN") and not self.mark("=", ahead=1)

    def _clauses(self) -> None:
        if not self._clause():
            self.fail("no reading clause begins like this")
        while self._clause():
            pass

    def _clause(self) -> bool:
        if self.take_word("MATCH") or self.take_words("OPTIONAL MATCH"):
            self._match()
        elif self.take_word("UNWIND"):
            self.expression()
            self.need_word("AS")
            self.need_name()
        elif self.take_word("WITH", "RETURN"):
            self._columns()
        elif self.take_word("CALL") or self.take_words("OPTIONAL CALL"):
            self._call_clause()
        else:
            return self.take_word("FINISH")
        return True

    def _match(self) -> None:
        self.patterns()
        while self.take_word("USING"):
            self._hint()
        if self.take_word("WHERE"):
            self.expression()

    def _hint(self) -> None:
        if self.take_words("JOIN ON"):
            self.need_name()
            return
        self.take_word("TEXT", "RANGE", "POINT")
        self.need_word("INDEX", "SCAN")
        self.take_word("SEEK")
        self.need_name()
        self.need_mark(":")
        self.need_name()
        if self.take_mark("("):
            self.expressions()
            self.need_mark(")")

    def _columns(self) -> None:
        self.take_word("DISTINCT")
        self._column()
        while self.take_mark(","):
            self._column()
        while self._rows():
            pass

    def _column(self) -> None:
        if self.take_mark("*"):
            return
        self.expression()
        if self.take_word("AS"):
            self.need_name()

    def _rows(self) -> bool:
        """Which of the rows, and in which order."""
        if self.take_words("ORDER BY"):
            self._key()
            while self.take_mark(","):
                self._key()
        elif self.take_word("SKIP", "OFFSET", "LIMIT", "WHERE"):
            self.expression()
        else:
            return False
        return True

    def _key(self) -> None:
        self.expression()
        self.take_word("ASC", "ASCENDING", "DESC", "DESCENDING")
        if self.take_word("NULLS"):
            self.need_word("FIRST", "LAST")

    def _call_clause(self) -> None:
        if self.take_mark("("):
            while not self.take_mark(")"):
                if not self.take_mark("*"):
                    self.need_name()
                if not self.mark(")"):
                    self.need_mark(",")
            self.subquery(patterns=False)
        elif self.mark("{"):
            self.subquery(patterns=False)
        else:
            self._procedure()

    def _procedure(self) -> None:
        parts = [self.need_name()]
        while self.take_mark("."):
            parts.append(self.need_name())
        name = ".".join(part.text for part in parts)
        if any(part.kind == "quoted" for part in parts) or name.lower() not in PROCEDURES:
            self.refuse(
                f"the procedure {name} is not allowed; allowed are {', '.join(sorted(PROCEDURES))}", "ask with MATCH"
            )
        self.need_mark("(")
        self.need_mark(")")
        if self.take_word("YIELD"):
            self._column()
            while self.take_mark(","):
                self._column()
            if self.take_word("WHERE"):
                self.expression()
