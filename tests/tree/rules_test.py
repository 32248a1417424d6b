"""That each rule of rules.py can fail, and fails only for what it means."""

import pathlib
import subprocess
import tempfile
import unittest

import rules

LONG = "".join(f"int line_{number};\n" for number in range(40))


class Tree(unittest.TestCase):
    def breaches(self, files, exceptions=""):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "-q", folder], check=True)
            for name in rules.MAPS:
                files.setdefault(name, self.map_of(files, rules.MAPS[name]))
            for name, text in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return rules.breaches(folder, exceptions)

    @staticmethod
    def map_of(files, base):
        depth = 0 if base == "." else 1
        inside = [name.split("/") for name in [*files, *rules.MAPS] if base == "." or name.startswith(base + "/")]
        return "".join(f"| `{parts[depth]}/` | |\n" for parts in inside if len(parts) > depth + 1)

    def test_a_tree_that_keeps_the_rules_has_no_breach(self):
        self.assertEqual(self.breaches({"host/net/listener.cpp": "void Listener::open() {}\n" + LONG}), [])

    def test_a_folder_of_seventeen_units_is_named(self):
        files = {f"host/net/unit_{number}.cpp": LONG for number in range(17)}
        self.assertEqual(self.breaches(files), ["host/net: has 17 units, over 16: make sub-folders"])

    def test_header_and_source_are_one_unit_and_count_together(self):
        self.assertEqual(self.breaches({"host/net/a.hpp": LONG[:300], "host/net/a.cpp": LONG}), [])

    def test_a_small_unit_is_named_without_its_comments(self):
        found = self.breaches({"host/net/small.cpp": "// why\n" * 50 + "int two() { return 2; }\n"})
        self.assertEqual(found, ["host/net/small: has 1 lines of code, under 30: it belongs to its neighbour"])

    def test_small_interfaces_plain_data_and_tests_may_be_small(self):
        self.assertEqual(self.breaches({
            "host/net/gate.hpp": "class Gate {\n public:\n  virtual ~Gate() = default;\n  virtual bool open() = 0;\n};\n",
            "host/net/peer.hpp": "struct Peer {\n  std::string address = {};\n};\n",
            "plugins/a-b/tests/a_test.cpp": "TEST(A, B) {}\n",
        }), [])

    def test_a_small_header_with_a_function_is_no_plain_data(self):
        self.assertEqual(len(self.breaches({"host/net/peer.hpp": "struct Peer {\n  int one() const { return 1; }\n};\n"})), 1)

    def test_a_class_in_two_sources_is_named(self):
        found = self.breaches({"host/net/a.cpp": "Result<int> Server::start(int port) {}\n" + LONG,
                               "host/net/b.cpp": "Server::~Server() {}\n" + LONG})
        self.assertEqual(found, ["host/net/b.cpp: implements Server, and so does host/net/a.cpp: "
                                 "cut the class along a seam, or join them"])

    def test_two_classes_of_one_name_that_their_sources_define_are_two(self):
        text = "class Reader {\n  void read();\n};\nvoid Reader::read() {}\n" + LONG
        self.assertEqual(self.breaches({"host/net/a.cpp": text, "host/net/b.cpp": text}), [])

    def test_a_map_that_names_too_much_or_too_little_is_named(self):
        found = self.breaches({"host/net/a.cpp": LONG, "host/README.md": "| `nett/` | |\n"})
        self.assertEqual(found, ["host/README.md: names the folder host/nett, which is not there",
                                 "host/README.md: does not name the folder host/net"])

    def test_an_exception_excuses_and_must_be_needed(self):
        small = {"host/net/small.cpp": "int two() { return 2; }\n"}
        self.assertEqual(self.breaches(dict(small), "unit host/net/small: it is read on its own\n"), [])
        self.assertEqual(self.breaches({}, "unit host/net/small: gone\n"),
                         ["exceptions.txt: unit host/net/small keeps the rule: take the line out"])


if __name__ == "__main__":
    unittest.main()
