#!/usr/bin/env python3
"""Docs: every route, command and setting has its place in docs/, docs/traceability.md has each
requirement once, and it and docs/invariants.md name only tests that are there.

    docs.py ROOT
"""

import re
import sys
from collections import Counter
from pathlib import Path

import sources

# Where each kind of thing is declared, how it looks there, and the page that has to name it, from which heading on.
TABLES = [
    ("route", "src/api/routes.cc", r'\{Method::k(\w+),\s*"(/[^"]*)"', "docs/api.md", "## All routes"),
    ("command", "src/cli/commands.cc", r'^      \{"(\w+)",', "docs/commands.md", "# "),
    ("setting", "src/cli/settings.cc", r'\{SettingId::k\w+, k\w+, "([\w-]+)",\s*"(DAYBOOK_\w+)"', "docs/operations.md", "# "),
]
TEST = re.compile(r"\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\)")
NAMED = re.compile(r"`([A-Z]\w*\.[A-Z]\w+)`")
ID = re.compile(r"\b[A-Z]{1,2}-\d+\b")


def words_for(kind: str, found: tuple) -> list[str]:
    """What the page has to hold of one row of a table."""
    if kind == "route":
        return [f"| `{found[0].upper()} {found[1]}` |"]
    if kind == "command":
        return [f"\n## {found}\n"]
    return [f"`--{found[0]}`", f"`{found[1]}`"]


def check_tables(root: Path) -> list[str]:
    problems = []
    for kind, source, pattern, page, heading in TABLES:
        declared = re.findall(pattern, (root / source).read_text(), re.M)
        if not declared:
            problems.append(f"{source}: no {kind} is found in it")
        text = (root / page).read_text().partition(heading)[2]
        problems += [f"{page}: does not name the {kind} {word}"
                     for found in declared for word in words_for(kind, found) if word not in text]
    return problems


def tests_of(words: str, tests: Path) -> list[Path]:
    """The files of the tests that a line of the page names: "scenario a, b; contract c; `process`"."""
    found = []
    for part in (part.strip() for part in words.split(";")):
        kind, _, names = part.partition(" ")
        listed = [name.strip() for name in names.split(",") if name.strip()]
        if kind == "scenario" and " " not in listed[0]:
            found += [tests / "scenarios" / f"{name}.scenario" for name in listed]
        elif kind == "contract":
            found += [tests / "contract" / f"{name}_test.cc" for name in listed]
        else:
            found += [place_of(name, tests) for name in re.findall(r"`([\w/]+_test)`", part)]
    return found


def place_of(name: str, tests: Path) -> Path:
    """The file of a test: below src/ when it has a folder, else wherever one has its name."""
    below_src = tests.parent / "src" / f"{name}.cc"
    if "/" in name:
        return below_src
    return next((path for top in (tests.parent / "src", tests) for path in top.rglob(f"{name}.cc")), below_src)


def check_traceability(root: Path) -> list[str]:
    page, problems, ids = root / "docs/traceability.md", [], Counter()
    text = page.read_text()
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.split("|")
        if len(cells) != 5 or not ID.search(cells[1]):
            continue
        ids.update(ID.findall(cells[1]))
        problems += [f"docs/traceability.md:{number}: there is no {path.relative_to(root)}"
                     for path in tests_of(cells[3], root / "tests") if not path.exists()]
    problems += [f"docs/traceability.md: {name} has {count} lines" for name, count in ids.items() if count > 1]
    # What the short names at its head stand for.
    problems += [f"docs/traceability.md: there is no {path}" for path in re.findall(r"`(tests/[\w./]+)`", text)
                 if "/x" not in path and not (root / path).exists()]
    return problems


def check_invariants(root: Path) -> list[str]:
    page = "docs/invariants.md"
    text = (root / page).read_text()
    there = {f"{suite}.{name}" for path in sources.files(root, "src", "tests")
             for suite, name in TEST.findall(path.read_text())}
    problems = [f"{page}: there is no test {name}" for name in sorted(set(NAMED.findall(text)) - there)]
    for line in text.splitlines():
        if line.startswith("| I") and not NAMED.search(line):
            problems.append(f"{page}: {line.split('|')[1].strip()} has no test")
    return problems


if __name__ == "__main__":
    tree = Path(sys.argv[1])
    sources.report(check_tables(tree) + check_traceability(tree) + check_invariants(tree),
                   "the docs name what there is")
