#!/usr/bin/env python3
"""Floors: every #include "..." under src/, and every USES of a library, goes down only.

    floors.py ROOT
"""

import re
import sys
from pathlib import Path

import sources

ROWS = ["base", "catalog", "query"]
BACKENDS = ["store/memory", "store/mongo", "store/sqlite", "store/postgres"]

# Which folders each folder may include besides itself.
MAY_INCLUDE = {
    "base": [],
    "http": ["base"],
    "audio": ["base"],
    "catalog": ["base"],
    "query": ["base", "catalog"],
    "objects": ["base", "http"],
    "store": ROWS,
    "store/memory": ROWS + ["store"],
    "store/mongo": ROWS + ["store"],
    "store/sql": ROWS + ["store"],
    "store/columns": ROWS + ["store"],
    "store/sqlite": ROWS + ["store", "store/sql", "store/columns"],
    "store/postgres": ROWS + ["store", "store/sql"],
    "engine": ROWS + ["objects", "store"],
    "work": ROWS + ["http", "audio", "objects", "engine"],
    "api": ROWS + ["http", "engine"],
}
MAY_INCLUDE["cli"] = sorted(MAY_INCLUDE)

# Floors that speak HTTP as a client only, and the headers that takes.
CLIENTS = ("objects", "work")
CLIENT_HEADERS = ("http/client.h", "http/message.h")

# Above the stores, tests run on the memory store and on the stores of the contract.
ABOVE_STORES = ("engine", "work", "api", "cli")
TEST_ALSO = ["store", "store/memory", "tests/contract"]


def target_folder(header: str) -> str:
    parts = header.split("/")[:-1]
    return "/".join(parts[:2]) if parts and parts[0] in ("store", "tests") else "/".join(parts[:1])


def may_include(folder: str, is_test: bool) -> list[str]:
    allowed = MAY_INCLUDE[folder] + [folder]
    return allowed + TEST_ALSO if is_test and folder in ABOVE_STORES else allowed


def check_includes(root: Path) -> list[str]:
    problems = []
    for path in sources.files(root, "src"):
        folder, shown = sources.folder_of(root, path), path.relative_to(root)
        if folder not in MAY_INCLUDE:
            problems.append(f"{shown}: no floor is called '{folder}'")
            continue
        for line, header, is_ours in sources.includes(path):
            if not is_ours:
                continue
            target = target_folder(header)
            if target not in may_include(folder, sources.is_test(path)):
                problems.append(f'{shown}:{line}: {folder} may not include "{header}" of {target or "?"}')
            elif folder in CLIENTS and target == "http" and header not in CLIENT_HEADERS:
                problems.append(f'{shown}:{line}: {folder} may use the client of http only, not "{header}"')
    return problems


def check_links(root: Path) -> list[str]:
    problems = []
    for path in sorted((root / "src").rglob("CMakeLists.txt")):
        for name, rest in re.findall(r"daybook_module\((\S+)([^)]*)\)", path.read_text()):
            uses = re.search(r"\bUSES\b((?:\s+(?!SOURCES|LINKS|TESTS)\S+)*)", rest)
            for used in uses[1].split() if uses else []:
                if used not in MAY_INCLUDE.get(name, []):
                    problems.append(f"{path.relative_to(root)}: {name} may not use {used}")
    return problems


if __name__ == "__main__":
    tree = Path(sys.argv[1])
    sources.report(check_includes(tree) + check_links(tree), "every include and link goes down")
