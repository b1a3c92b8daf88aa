"""Patterns: nodes and relationships, their labels and types, lengths, properties and conditions."""

from __future__ import annotations

from miner.graph.cypher.grammar.expressions import Expressions

_SELECTORS = ("ALL", "ANY", "SHORTEST")
_SHORTEST = ("SHORTESTPATH", "ALLSHORTESTPATHS")


class Patterns(Expressions):
    """The rules of patterns."""

    def patterns(self) -> None:
        """Paths with commas, each perhaps with a name and a way to choose among them."""
        self._pattern()
        while self.take_mark(","):
            self._pattern()

    def is_pattern(self) -> bool:
        """True where the bracket here closes before a relationship."""
        opened = self.peek()
        ahead = 1
        while opened and (token := self.peek(ahead)) and not (token.depth == opened.depth and token.is_mark(")")):
            ahead += 1
        after = ahead + 1
        if self.mark("-", "<-", ahead=after) and self.mark("[", ahead=after + 1):
            return True
        if self.mark("-", ahead=after) and self.mark("->", ahead=after + 1):
            return True
        return self.mark("-", "<-", ahead=after) and self.mark("-", ahead=after + 1) and self.mark("(", ahead=after + 2)

    def path(self) -> None:
        """Nodes and relationships in turn; parts in brackets may be repeated."""
        self._element()
        while self.mark("-", "<-", "(") or (self.mark("<") and self.mark("-", ahead=1)):
            if not self.mark("("):
                self._relationship()
                self._times()
            self._element()

    def labels(self) -> None:
        """Names of labels or types with | & ! and brackets."""
        self._label()
        while self.take_mark("|", "&", ":"):
            self.take_mark(":")
            self._label()

    def _label(self) -> None:
        while self.take_mark("!"):
            pass
        if self.take_mark("("):
            self.enter()
            self.labels()
            self.need_mark(")")
            self.leave()
        elif not self.take_mark("%"):
            self.need_name()

    def _pattern(self) -> None:
        if self.name() and self.mark("=", ahead=1):
            self.step(2)
        while self.word(*_SELECTORS, "PATH", "PATHS", "GROUP", "GROUPS"):
            self.step()
            self._number()
        if self.take_word(*_SHORTEST):
            self.need_mark("(")
            self.path()
            self.need_mark(")")
        else:
            self.path()

    def _element(self) -> None:
        """A node, or a path in brackets."""
        self.enter()
        self.need_mark("(")
        if self.mark("(") or (self.name() and self.mark("=", ahead=1)):
            self._pattern()
            if self.take_word("WHERE"):
                self.expression()
        else:
            self._inside(node=True)
        self.need_mark(")")
        self._times()
        self.leave()

    def _relationship(self) -> None:
        if not self.take_mark("<-"):
            self.take_mark("<")
            self.need_mark("-")
        if self.take_mark("["):
            self._inside(node=False)
            self.need_mark("]")
        self.need_mark("-", "->")

    def _inside(self, node: bool) -> None:
        if self.name() and not (self.word("WHERE", "IS") and not self.mark(":", ")", "]", "{", ahead=1)):
            self.step()
        if self.take_mark(":") or self.take_word("IS"):
            self.labels()
        while node and self.take_mark(":"):
            self.labels()
        if not node and self.take_mark("*"):
            self._length()
        if self.mark("{"):
            self.map()
        elif (token := self.peek()) and token.kind == "param":
            self.step()
        if self.take_word("WHERE"):
            self.expression()

    def _length(self) -> None:
        self._number()
        if self.take_mark(".."):
            self._number()

    def _number(self) -> None:
        self.step(self._is_number())

    def _is_number(self, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token is not None and token.kind in ("number", "param")

    def _times(self) -> None:
        """How often the part before is repeated: +, *, {2}, {1,3}."""
        if self.mark("+", "*"):
            self.step()
        elif self.mark("{") and (self.mark(",", ahead=1) or self._is_number(1)):
            self.step()
            self._number()
            if self.take_mark(","):
                self._number()
            self.need_mark("}")
