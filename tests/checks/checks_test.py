#!/usr/bin/env python3
"""Each check finds what it is for, in a small tree that is wrong on purpose."""

import tempfile
import unittest
from pathlib import Path

import docs
import floors
import names
import one_home
import sizes
import unnamed


class Tree(unittest.TestCase):
    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.root = Path(self._directory.name)
        (self.root / "src").mkdir()
        (self.root / "tests").mkdir()
        self.addCleanup(self._directory.cleanup)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)


class Floors(Tree):
    def test_an_include_that_goes_up(self):
        self.write("src/catalog/x.cc", '#include "base/a.h"\n#include "store/store.h"\n')
        self.assertEqual(floors.check_includes(self.root),
                         ['src/catalog/x.cc:2: catalog may not include "store/store.h" of store'])

    def test_siblings(self):
        self.write("src/store/sqlite/x.cc", '#include "store/sql/a.h"\n#include "store/memory/b.h"\n')
        self.write("src/store/x.h", '#include "store/memory/b.h"\n')
        self.assertEqual(len(floors.check_includes(self.root)), 2)

    def test_the_engine_is_the_only_door(self):
        self.write("src/api/x.cc", '#include "engine/a.h"\n#include "store/store.h"\n')
        self.write("src/api/x_test.cc", '#include "store/memory/memory_store.h"\n')
        self.assertEqual(floors.check_includes(self.root),
                         ['src/api/x.cc:2: api may not include "store/store.h" of store'])

    def test_a_client_only(self):
        self.write("src/objects/x.cc", '#include "http/client.h"\n#include "http/server.h"\n')
        self.assertEqual(len(floors.check_includes(self.root)), 1)

    def test_a_header_without_a_folder_and_a_folder_without_a_floor(self):
        self.write("src/base/x.cc", '#include "bug.h"\n')
        self.write("src/helpers/y.cc", "")
        self.assertEqual(len(floors.check_includes(self.root)), 2)

    def test_a_link_that_goes_up(self):
        self.write("src/query/CMakeLists.txt",
                   "daybook_module(query\n  SOURCES a.cc\n  USES base store\n  LINKS x::y)\n")
        self.assertEqual(floors.check_links(self.root),
                         ["src/query/CMakeLists.txt: query may not use store"])


class Sizes(Tree):
    def test_a_long_file_and_a_long_function(self):
        body = "  int x;\n" * 85
        self.write("src/base/x.cc", f"namespace a {{\n\nint X::f(int a,\n      int b) {{\n{body}}}\n}}\n")
        self.write("src/base/y.cc", "\n" * 801)
        stop, _ = sizes.check(self.root)
        self.assertEqual(stop, ["src/base/x.cc:3: X::f() has 88 lines", "src/base/y.cc: 801 lines"])

    def test_a_long_class_or_table_is_no_function(self):
        rows = "  {1, f(2)},\n" * 100
        self.write("src/base/x.cc", f"class A {{\n{'  int f();' * 3}\n{'  int a;' }\n" + "\n" * 90 +
                   f"}};\nconstexpr Row kRows[] = {{\n{rows}}};\n")
        self.assertEqual(sizes.check(self.root), ([], []))

    def test_rows_of_a_table_do_not_count(self):
        rows = '      {1, f({"a", 2}), [](int x) { return x; }},\n' * 90
        self.write("src/base/x.cc", f"void f() {{\n  const std::vector<Row> rows = {{\n{rows}  }};\n"
                   "  for (int i : rows) {\n    g({i});\n  }\n}\n")
        self.assertEqual([f[1:] for f in sizes.functions((self.root / "src/base/x.cc").read_text())],
                         [("f", 6)])

    def test_braces_in_texts_do_not_count(self):
        self.write("src/base/x.cc", "void f() {\n  g(\"{\", '{', R\"({)\");  // {\n}\nvoid h() {\n}\n")
        self.assertEqual([f[1:] for f in sizes.functions((self.root / "src/base/x.cc").read_text())],
                         [("f", 3), ("h", 2)])

    def test_digit_separators_are_no_texts(self):
        self.write("src/base/x.cc", "int a = 1'000'000;\nvoid f() {\n  int b = 0xff'ffu;\n}\n")
        self.assertEqual([f[1] for f in sizes.functions((self.root / "src/base/x.cc").read_text())], ["f"])


class Names(Tree):
    def test_words_that_say_nothing(self):
        self.write("src/base/string_utils.h", "class RowManager {};\nstruct Row {};\nclass DataHandler;\n")
        self.write("src/base/data.h", "struct Database {};\n")
        self.assertEqual(len(names.check(self.root)), 4)


class Unnamed(Tree):
    def test_names_of_the_catalog(self):
        for path in ("acme/application.toml", "acme/page_views.toml", "acme/users.toml"):
            self.write(f"catalogs/{path}", "")
        self.write("src/engine/x.cc", "// as acme does\nf(\"page_views\");\nint users;\ng(\"acme2/users\");\n"
                   "h(\"users\");\n// users may come\n")
        self.write("src/engine/x_test.cc", 'f("page_views");\n')
        lines = sorted({int(problem.split(":")[1]) for problem in unnamed.check(self.root)})
        self.assertEqual(lines, [1, 2, 4, 5])


class OneHome(Tree):
    def test_two_homes_and_a_stranger(self):
        self.write("src/base/x.cc", "#include <vector>\n#include <unistd.h>\n#include <sys/stat.h>\n#include <zlib.h>\n")
        self.write("src/http/x.cc", "#include <zlib.h>\n#include <boost/asio.hpp>\n#include <strange/x.hpp>\n")
        problems = one_home.check(self.root)
        self.assertEqual(len(problems), 2, problems)


class Docs(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/api/routes.cc", '      {Method::kGet, "/livez", live,\n      {Method::kPost,\n "/{app}/x", x,\n')
        self.write("src/cli/commands.cc", '      {"serve",\n       "answer"\n')
        self.write("src/cli/settings.cc", '{SettingId::kListen, kServing, "listen", "DAYBOOK_LISTEN", "listen",')
        self.write("docs/api.md", "## All routes\n\n| `GET /livez` | x |\n| `POST /{app}/x` | y |\n")
        self.write("docs/commands.md", "# Commands\n\n## serve\n")
        self.write("docs/operations.md", "# Running it\n\n| `--listen` | `DAYBOOK_LISTEN` |")
        self.write("tests/scenarios/windows.scenario", "")
        self.write("tests/contract/scan_test.cc", "")
        self.write("src/query/window_test.cc", "")
        self.write("docs/traceability.md",
                   "| A-01 A-02 | `x` | scenario windows; contract scan; `query/window_test`, `window_test` |\n| B-01 | later | |\n")
        self.write("src/store/x_test.cc", "TEST_F(XTest, Holds) {\n}\n")
        self.write("docs/invariants.md", "| I1 | it holds | `XTest.Holds` | |\n")

    def problems(self):
        return (docs.check_tables(self.root) + docs.check_traceability(self.root)
                + docs.check_invariants(self.root))

    def test_what_is_complete_is_good(self):
        self.assertEqual(self.problems(), [])

    def test_what_is_left_out(self):
        for page in ("api", "commands", "operations"):
            self.write(f"docs/{page}.md", "")
        self.assertEqual(len(self.problems()), 5, self.problems())

    def test_a_table_that_cannot_be_read(self):
        self.write("src/cli/settings.cc", "")
        self.assertEqual(self.problems(), ["src/cli/settings.cc: no setting is found in it"])

    def test_tests_that_are_not_there(self):
        self.write("docs/traceability.md",
                   "in `tests/nowhere/`\n| A-01 | x | scenario windows, gone; contract gone; `query/gone_test`, `gone_test` |\n")
        self.assertEqual(len(self.problems()), 5, self.problems())

    def test_a_requirement_with_two_lines(self):
        self.write("docs/traceability.md", "| A-01 A-02 | x | |\n| A-02 | later | |\n")
        self.assertEqual(self.problems(), ["docs/traceability.md: A-02 has 2 lines"])

    def test_an_invariant_whose_test_is_gone(self):
        self.write("docs/invariants.md", "| I1 | it holds | `XTest.Held` | |\n| I2 | so does this | | |\n")
        self.assertEqual(self.problems(), ["docs/invariants.md: there is no test XTest.Held",
                                           "docs/invariants.md: I2 has no test"])


if __name__ == "__main__":
    unittest.main()
