#!/usr/bin/env python3
"""Names: no file and no type is called by a word that says nothing.

    names.py ROOT
"""

import re
import sys
from pathlib import Path

import sources

FOG = {"manager", "helper", "helpers", "util", "utils", "common", "service", "processor", "misc",
       "enhanced", "v2", "handler"}
FOG_ALONE = {"data", "info", "impl", "new"}
# What answers a request is a handler everywhere, and only there.
HANDLERS = ("src/http/", "src/api/")

_TYPE = re.compile(r"\b(?:class|struct|enum class|enum|union)\s+(?:\[\[\w+\]\]\s+)?([A-Z]\w*)|"
                   r"\busing\s+([A-Z]\w*Handler)\b")


def words_of(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)]


def fog_in(name: str) -> str:
    words = [word for word in words_of(name) if word not in ("test", "cc", "h")]
    if len(words) == 1 and words[0] in FOG_ALONE:
        return words[0]
    return next((word for word in words if word in FOG), "")


def check(root: Path) -> list[str]:
    problems = []
    for path in sources.files(root, "src", "tests"):
        shown = path.relative_to(root)
        if fog_in(path.stem):
            problems.append(f"{shown}: '{fog_in(path.stem)}' does not say what is in the file")
        for line, text in enumerate(sources.code(path.read_text()).splitlines(), 1):
            for name in ("".join(groups) for groups in _TYPE.findall(text)):
                is_handler = str(shown).startswith(HANDLERS) and fog_in(name) == "handler"
                if fog_in(name) and not is_handler:
                    problems.append(f"{shown}:{line}: '{fog_in(name)}' does not say what a {name} is")
    return problems


if __name__ == "__main__":
    sources.report(check(Path(sys.argv[1])), "every name says what it is")
