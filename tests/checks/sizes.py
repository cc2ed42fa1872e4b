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
_NAME = re.compile(r"([~\w:]+|operator\s*\S+)\s*\($")


def functions(text: str) -> list[tuple[int, str, int]]:
    """(line, name, lines) of each function that is no part of another one."""
    found, scopes, head, start = [], [], "", None
    line = 1
    for char in sources.code(re.sub(r"(?m)^#.*$", "", text)):
        if char == "{":
            is_inside = any(scope for scope in scopes)
            is_function = not is_inside and "(" in head and not _NO_FUNCTION.search(head)
            scopes.append((start or line, name_of(head)) if is_function else None)
            head, start = "", None
        elif char == "}":
            scope = scopes.pop() if scopes else None
            if scope:
                found.append((scope[0], scope[1], line - scope[0] + 1))
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
