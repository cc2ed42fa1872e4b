"""What the checks read: the files of a tree, their includes, and their text without what is no code."""

import re
import sys
from pathlib import Path

SUFFIXES = (".h", ".cc")


def files(root: Path, *folders: str) -> list[Path]:
    """The C++ files below these folders, in order."""
    found = []
    for folder in folders:
        found += [p for p in (root / folder).rglob("*") if p.suffix in SUFFIXES]
    return sorted(found)


def is_test(path: Path) -> bool:
    return path.name.endswith("_test.cc")


def folder_of(root: Path, path: Path) -> str:
    """"engine", "store", "store/sqlite": the library a file of src/ belongs to."""
    parts = path.relative_to(root / "src").parts[:-1]
    return "/".join(parts[:2]) if parts and parts[0] == "store" else "/".join(parts[:1])


def includes(path: Path) -> list[tuple[int, str, bool]]:
    """(line, header, is_ours) of each #include; ours are in quotes."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
        if match:
            found.append((number, match[1] or match[2], match[1] is not None))
    return found


_NO_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.S,
)


def code(text: str) -> str:
    """The text with comments and literals blanked, line by line as long as before."""
    return _NO_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def report(problems: list[str], good: str) -> None:
    """Prints each problem and ends with failure when there is one."""
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(f"{len(problems)} found")
    print(good)
