#!/usr/bin/env python3
"""Unnamed: no application and no collection of catalogs/ is named under src/, outside *_test.cc.

A name that is no English word, or has an underscore, may stand nowhere, comments included. A name
that is a plain English word may not be a text of its own or the end of a path in one ("x/users").

    unnamed.py ROOT
"""

import re
import sys
from pathlib import Path

import sources

# Names that are words of the product or of a format too, and where such a text means that.
ALSO_MEANS = {
    "analytics": "a word in Daybook's own paths, which no application may take",
    "keys": "a key of a field's declaration",
    "system": "the application of Daybook itself",
}


def declared(root: Path) -> tuple[set[str], set[str]]:
    """The names of applications and of collections."""
    folders = [p for p in (root / "catalogs").iterdir() if p.is_dir()]
    collections = {p.stem for folder in folders for p in folder.glob("*.toml")} - {"application"}
    return {folder.name for folder in folders}, collections


def is_plain_word(name: str, applications: set[str]) -> bool:
    return "_" not in name and (name not in applications or name == "system")


def pattern(name: str, applications: set[str]) -> re.Pattern:
    if is_plain_word(name, applications):
        return re.compile(rf'"(?:[\w*]+/)*{name}(?:/[\w*]+)*"')
    if name in applications:
        return re.compile(name, re.I)
    return re.compile(rf"\b{name}\b", re.I)


def check(root: Path) -> list[str]:
    applications, collections = declared(root)
    patterns = [(name, pattern(name, applications)) for name in sorted(applications | collections)]
    problems = []
    for path in sources.files(root, "src"):
        if sources.is_test(path):
            continue
        for line, text in enumerate(path.read_text().splitlines(), 1):
            for name, found in patterns:
                match = found.search(text)
                if match and not (name in ALSO_MEANS and match[0] == f'"{name}"'):
                    problems.append(f"{path.relative_to(root)}:{line}: names '{name}': {text.strip()}")
    return problems


if __name__ == "__main__":
    sources.report(check(Path(sys.argv[1])), "no application or collection is named under src/")
