#!/usr/bin/env python3
"""Sizes: no file over 800 lines, no function over 80; those over 400 and 40 are listed.

    sizes.py ROOT
"""

import re
import sys
from pathlib import Path

import sources

FILE_STOP, FILE_LOOK = 800, 400
FUNCTION_STOP, FUNCTION_LOOK = 80, 40

_NO_FUNCTION = re.compile(r"\b(namespace|class|struct|enum|union)\b[^()]*$|=\s*$|^\s*extern\s*$")
# What comes before the brace of a table inside a function; the braces of a row follow one.
_TABLE = re.compile(r"(=|,|\(|\breturn|\])\s*$")
_NAME = re.compile(r"([~\w:]+|operator\s*\S+)\s*\($")


class Scope:
    """A pair of braces: of a function, a table of values inside one, or of anything else."""

    def __init__(self, kind: str, line: int, name: str = ""):
        self.kind, self.line, self.name = kind, line, name
        self.table_lines = 0


def kind_of(head: str, scopes: list[Scope]) -> str:
    inside = next((scope.kind for scope in reversed(scopes) if scope.kind != "other"), "")
    if not inside:
        return "function" if "(" in head and not _NO_FUNCTION.search(head) else "other"
    is_table = inside == "table" or _TABLE.search(head)
    return "table" if is_table else "other"


def functions(text: str) -> list[tuple[int, str, int]]:
    """(line, name, lines) of each function that is no part of another one. The rows of a table in it
    do not count: a table is read row by row."""
    found, scopes, head, start = [], [], "", None
    line = 1
    for char in sources.code(re.sub(r"(?m)^#.*$", "", text)):
        if char == "{":
            kind = kind_of(head, scopes)
            name = name_of(head) if kind == "function" else ""
            scopes.append(Scope(kind, start or line if kind == "function" else line, name))
            head, start = "", None
        elif char == "}" and scopes:
            scope = scopes.pop()
            lines = line - scope.line + 1 - scope.table_lines
            if scope.kind == "function":
                found.append((scope.line, scope.name, lines))
            elif scopes:
                inner = lines - 1 if scope.kind == "table" else 0
                scopes[-1].table_lines += scope.table_lines + inner
            head, start = "", None
        elif char == ";":
            head, start = "", None
        else:
            if start is None and not char.isspace():
                start = line
            head += char
        line += char == "\n"
    return found


def name_of(head: str) -> str:
    match = _NAME.search(head[: head.index("(") + 1])
    return match[1] if match else "a function"


def check(root: Path) -> tuple[list[str], list[str]]:
    stop, look = [], []
    for path in sources.files(root, "src", "tests"):
        shown, text = path.relative_to(root), path.read_text()
        lines = text.count("\n")
        words = f"{shown}: {lines} lines"
        (stop if lines > FILE_STOP else look if lines > FILE_LOOK else []).append(words)
        for line, name, size in functions(text):
            words = f"{shown}:{line}: {name}() has {size} lines"
            (stop if size > FUNCTION_STOP else look if size > FUNCTION_LOOK else []).append(words)
    return stop, look


if __name__ == "__main__":
    too_large, large = check(Path(sys.argv[1]))
    for words in large:
        print("look twice:", words)
    sources.report(too_large, f"no file over {FILE_STOP} lines, no function over {FUNCTION_STOP}")
