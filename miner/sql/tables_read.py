"""Which tables a statement reads: words after FROM and JOIN that none of its own steps makes."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"--[^\n]*")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_STEP = re.compile(r"(?:\bWITH|,)\s*([a-z_]\w*)\s+AS\s*\(")
_READ = re.compile(r"(?<!DISTINCT )\b(?:FROM|JOIN)\s+([a-z_]\w*)\b(?!\s*\()")


def tables_read(statement: str) -> set[str]:
    """The tables that a statement reads."""
    plain = _TEXT.sub("''", _COMMENT.sub("", statement))
    return set(_READ.findall(plain)) - steps(statement)


def steps(statement: str) -> set[str]:
    """The names of a statement's own steps (WITH name AS …)."""
    return set(_STEP.findall(_TEXT.sub("''", _COMMENT.sub("", statement))))
