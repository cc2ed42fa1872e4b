#!/usr/bin/env python3
"""One home: each foreign library is included from one folder of src/ only.

    one_home.py ROOT
"""

import sys
from collections import defaultdict
from pathlib import Path

import sources

# The first part of a header's path -> the library it belongs to. Headers of the C++ library, of C and
# of the system have no home and are not listed; what is in neither list is reported.
LIBRARIES = {
    "boost": "Boost", "openssl": "OpenSSL", "sqlite3.h": "SQLite", "libpq-fe.h": "libpq",
    "mongoc": "libmongoc", "bson": "libmongoc", "simdjson.h": "simdjson", "fmt": "fmt",
    "spdlog": "spdlog", "CLI": "CLI11", "toml++": "toml++", "sodium.h": "libsodium",
    "zstd.h": "zstd", "zlib.h": "zlib", "utf8proc.h": "utf8proc", "libstemmer.h": "libstemmer",
    "archive.h": "libarchive", "archive_entry.h": "libarchive", "curl": "libcurl",
    "sndfile.h": "libsndfile", "kissfft": "kissfft", "kiss_fft.h": "kissfft", "date": "date-tz",
    "gtest": "GoogleTest", "gmock": "GoogleTest",
}
SYSTEM = ("sys/", "arpa/", "netinet/", "linux/")
# A library that two floors need for different things, and what for.
TWO_HOMES = {
    "GoogleTest": "tests",
    "utf8proc": "base folds case in values, query finds words in text",
}


def is_standard(header: str) -> bool:
    return "/" not in header and "." not in header


def is_system(header: str) -> bool:
    return header.startswith(SYSTEM) or ("/" not in header and header.endswith(".h"))


def check(root: Path) -> list[str]:
    homes, problems = defaultdict(dict), []
    for path in sources.files(root, "src"):
        for line, header, is_ours in sources.includes(path):
            library = LIBRARIES.get(header.split("/")[0])
            place = f"{path.relative_to(root)}:{line}"
            if library:
                homes[library].setdefault(sources.folder_of(root, path), place)
            elif not is_ours and not is_standard(header) and not is_system(header):
                problems.append(f"{place}: <{header}> is of no library that {Path(__file__).name} knows")
    for library, places in sorted(homes.items()):
        if len(places) > 1 and library not in TWO_HOMES:
            problems.append(f"{library} has {len(places)} homes: " + ", ".join(sorted(places.values())))
    return problems


if __name__ == "__main__":
    sources.report(check(Path(sys.argv[1])), "every library has one home")
