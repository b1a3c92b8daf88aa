"""Expressions: values, operators, functions that compute. What binds closer is the engine's to know, not ours."""

from __future__ import annotations

from miner.graph.cypher.grammar.cursor import Cursor
from miner.graph.cypher.grammar.functions import FUNCTIONS

_OPERATORS = ("=", "<>", "!=", "<", ">", "<=", ">=", "=~", "<-", "+", "-", "*", "/", "%", "^", "||")
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=", "=~")
# Words of the grammar itself: a value cannot begin with one.
_NO_VALUES = frozenset(
    "MATCH OPTIONAL RETURN WITH UNWIND UNION WHERE CALL ORDER AS THEN ELSE WHEN AND OR XOR IN YIELD".split()
)
_SUBQUERIES = ("EXISTS", "COUNT", "COLLECT")
_TYPE_WORDS = frozenset(
    "BOOL BOOLEAN STRING VARCHAR INT INTEGER SIGNED FLOAT DATE LOCAL ZONED TIME DATETIME TIMESTAMP WITHOUT WITH "
    "TIMEZONE DURATION POINT NODE VERTEX RELATIONSHIP EDGE MAP LIST ARRAY PATH PATHS PROPERTY VALUE ANY NOTHING "
    "NULL NOT".split()
)


class Expressions(Cursor):
    """The rules of expressions; those of patterns and subqueries come with the classes made of this one."""

    def is_pattern(self) -> bool:
        """True where a pattern begins and no value in brackets."""
        raise NotImplementedError

    def path(self) -> None:
        """A path of a pattern."""
        raise NotImplementedError

    def labels(self) -> None:
        """An expression of labels, behind its colon."""
        raise NotImplementedError

    def subquery(self, patterns: bool) -> None:
        """A query in braces; with `patterns` also patterns alone."""
        raise NotImplementedError

    def expression(self) -> None:
        """Values joined by operators."""
        self.enter()
        self._operand()
        while self._operator():
            self._operand()
        self.leave()

    def expressions(self) -> None:
        """One expression or several, with commas."""
        self.expression()
        while self.take_mark(","):
            self.expression()

    def map(self) -> None:
        """Keys with values in braces."""
        self.need_mark("{")
        while not self.take_mark("}"):
            self.need_name()
            self.need_mark(":")
            self.expression()
            if not self.mark("}"):
                self.need_mark(",")

    def _operator(self) -> bool:
        return (
            self.take_mark(*_OPERATORS)
            or self.take_word("AND", "OR", "XOR", "IN", "CONTAINS")
            or self.take_words("STARTS WITH")
            or self.take_words("ENDS WITH")
        )

    def _operand(self) -> None:
        while self.take_mark("+", "-") or self._not():
            pass
        self._value()
        while self._after():
            pass

    def _not(self) -> bool:
        """NOT before a value; a name elsewhere."""
        return not self.mark(".", ",", ")", ahead=1) and self.take_word("NOT")

    def _after(self) -> bool:
        """What may follow a value: a property, an index or slice, a label, IS NULL and other tests of kind."""
        if self.take_mark("."):
            self.need_name()
            if self.mark("("):
                self.refuse("only a function that is named by itself can be called", "write its name without backticks")
        elif self.take_mark("["):
            self._index()
        elif self.mark(":") and self.name(1):
            self.step()
            self.labels()
        elif self.take_word("IS"):
            self._kind()
        else:
            return False
        return True

    def _index(self) -> None:
        if not self.mark(".."):
            self.expression()
        if self.take_mark("..") and not self.mark("]"):
            self.expression()
        self.need_mark("]")

    def _kind(self) -> None:
        self.take_word("NOT")
        if self.take_word("NULL", "NORMALIZED"):
            return
        if not (self.take_mark("::") or self.take_word("TYPED")):
            self.fail("NULL is missing")
        while self.mark("<", ">", "|") or self.word(*_TYPE_WORDS):
            self.step()

    def _value(self) -> None:
        token = self.peek()
        if token is None:
            self.fail("a value is missing")
        if token.kind in ("string", "number", "param"):
            self.step()
        elif self.mark("("):
            self._brackets()
        elif self.take_mark("["):
            self._list()
        elif self.mark("{"):
            self.map()
        elif self.name():
            self._named(token.upper)
        else:
            self.fail("a value is missing")

    def _brackets(self) -> None:
        if self.is_pattern():
            self.path()
            return
        self.need_mark("(")
        self.expression()
        self.need_mark(")")

    def _list(self) -> None:
        """A list, or what is made of one: [x IN xs WHERE … | …], [(a)-->(b) WHERE … | …]."""
        if not self.mark("]"):
            self.expressions()
        self._made()
        self.need_mark("]")

    def _made(self) -> None:
        if self.take_word("WHERE"):
            self.expression()
        if self.take_mark("|"):
            self.expression()

    def _named(self, word: str) -> None:
        if word == "CASE" and not self.mark(".", ",", ")", "]", "}", ahead=1):
            self._case()
        elif word in _SUBQUERIES and self.mark("{", ahead=1):
            self.step()
            self.subquery(patterns=word != "COLLECT")
        elif (parts := self._called()) > 0:
            self._call(parts)
        elif word in _NO_VALUES:
            self.fail("a value is missing")
        else:
            self.step()
            if self.mark("{"):
                self._projection()

    def _called(self) -> int:
        """Of how many tokens the name of a function consists, if one is called here; else 0."""
        parts = 1
        while self.mark(".", ahead=parts) and self.name(parts + 1):
            parts += 2
        return parts if self.mark("(", ahead=parts) else 0

    def _call(self, parts: int) -> None:
        tokens = [token for at in range(parts) if (token := self.peek(at))]
        name = "".join(token.text for token in tokens)
        if any(token.kind == "quoted" for token in tokens) or name.lower() not in FUNCTIONS:
            self.refuse(
                f"the function {name}() is refused: it is not known to be read-only",
                "docs/cypher.md, section 4, lists them; write the name without backticks",
            )
        self.step(parts)
        self._arguments(name.lower())

    def _arguments(self, name: str) -> None:
        self.need_mark("(")
        if name == "count" and self.take_mark("*"):
            self.need_mark(")")
            return
        self.take_word("DISTINCT")
        if name == "trim" and self.take_word("BOTH", "LEADING", "TRAILING") and not self.mark(")"):
            if not self.word("FROM"):
                self.expression()
            self.need_word("FROM")
        if not self.mark(")"):
            self.expressions()
        self._made()
        self.need_mark(")")

    def _projection(self) -> None:
        """A map of what a node has: n {.id, .*, key: value, other}."""
        self.need_mark("{")
        while not self.take_mark("}"):
            if self.take_mark("."):
                if not self.take_mark("*"):
                    self.need_name()
            else:
                self.need_name()
                if self.take_mark(":"):
                    self.expression()
            if not self.mark("}"):
                self.need_mark(",")

    def _case(self) -> None:
        self.enter()
        self.need_word("CASE")
        if not self.word("WHEN"):
            self.expression()
        if not self.word("WHEN"):
            self.fail("WHEN is missing")
        while self.take_word("WHEN"):
            self.take_mark(*_COMPARISONS)
            self.expressions()
            self.need_word("THEN")
            self.expression()
        if self.take_word("ELSE"):
            self.expression()
        self.need_word("END")
        self.leave()
