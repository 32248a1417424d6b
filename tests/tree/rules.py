"""The tree's shape, as rules that a test can hold: folders stay small, a file is worth one, a class stands in one place,
and the maps in the README files name the folders that are there.

    python3 tests/tree/rules.py [ROOT]

prints each breach as `path: what is wrong` and ends with 1 if there is one. What is right although it breaks a rule stands
in exceptions.txt beside this file, a line each with its reason.
"""

import collections
import pathlib
import re
import subprocess
import sys

UNITS_PER_FOLDER_MAX = 16
UNIT_CODE_LINES_MIN = 30
SOURCE = {".c", ".cpp", ".h", ".hpp"}
# Where a unit must be worth its file and a class must stand in one: what ships, not what tests it.
PRODUCT = ("host/", "plugins/", "plugin-api/sdk/", "plugin-api/dialects/", "plugin-api/testing/")
# A README with a map, and the folder whose sub-folders the map must name, each of them.
MAPS = {"README.md": ".", "host/README.md": "host", "plugins/README.md": "plugins", "plugin-api/README.md": "plugin-api",
        "tests/README.md": "tests"}


def tracked_files(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], check=True,
                            capture_output=True, text=True)
    return sorted({name for name in listed.stdout.splitlines() if (root / name).exists()})


def without_comments(text):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def code_lines(text):
    """Lines that say something: no comments, includes, or lines that only open or close a namespace."""
    thin = re.compile(r"|#include.*|#pragma once|(inline )?namespace[\w: ]*\{|\}")
    return sum(1 for line in without_comments(text).splitlines() if not thin.fullmatch(line.strip()))


def is_interface_or_data(names, texts):
    """A header without a function body."""
    if any(name.suffix in {".c", ".cpp"} for name in names):
        return False
    body = re.compile(r"\)\s*(?:(?:const|noexcept|override)\b\s*|->[^;{]*)*\{|\)\s*:\s*\w+\s*[({]")
    return not any(body.search(without_comments(text)) for text in texts)


def units_of(files):
    """{folder: {unit: [path, …]}}"""
    folders = collections.defaultdict(lambda: collections.defaultdict(list))
    for name in files:
        path = pathlib.PurePosixPath(name)
        if path.suffix in SOURCE and path.parts[0] in {"host", "plugins", "plugin-api", "tests"}:
            folders[str(path.parent)][path.stem].append(path)
    return folders


def is_product(path):
    return str(path).startswith(PRODUCT) and "tests" not in path.parts


def folder_breaches(folders):
    for folder, units in folders.items():
        if len(units) > UNITS_PER_FOLDER_MAX:
            yield folder, "folder", f"has {len(units)} units, over {UNITS_PER_FOLDER_MAX}: make sub-folders"


def unit_breaches(root, folders):
    for folder, units in folders.items():
        for unit, paths in units.items():
            if not is_product(paths[0]):
                continue
            texts = [(root / path).read_text(errors="replace") for path in paths]
            lines = sum(map(code_lines, texts))
            if lines < UNIT_CODE_LINES_MIN and not is_interface_or_data(paths, texts):
                yield (f"{folder}/{unit}", "unit",
                       f"has {lines} lines of code, under {UNIT_CODE_LINES_MIN}: it belongs to its neighbour")


def classes_implemented(text):
    """The classes whose functions a .cpp defines, but for those that are its own."""
    text = without_comments(text)
    own = set(re.findall(r"^(?:class|struct) (\w+)[^;{]*\{", text, flags=re.M))
    # The last qualified name before the first parenthesis of a line that is not indented.
    found = re.findall(r"^(?![ #}])[^(=;\n]*?((?:[A-Z]\w*::)+)(?:~?\w+|operator[^\n(]*)\(", text, flags=re.M)
    return {qualified.split("::")[0] for qualified in found} - own


def class_breaches(root, files):
    places = collections.defaultdict(set)
    for name in files:
        path = pathlib.PurePosixPath(name)
        if path.suffix == ".cpp" and is_product(path):
            for one in classes_implemented((root / path).read_text(errors="replace")):
                places["/".join(path.parts[:2]), one].add(name)
    for (_, one), names in places.items():
        for name in sorted(names)[1:]:
            yield name, "class", f"implements {one}, and so does {sorted(names)[0]}: cut the class along a seam, or join them"


def folders_named(text):
    """`name/` or `path/to/name/` in the first column of a table."""
    for row in re.findall(r"^\|([^|]*)\|", text, flags=re.M):
        yield from re.findall(r"`([\w./-]+)/`", row)


def map_breaches(root, files):
    folders = {str(parent) for name in files for parent in pathlib.PurePosixPath(name).parents}
    for readme, base in MAPS.items():
        if readme not in files:
            yield readme, "map", "is missing: a folder's README maps what is below it"
            continue
        named = {str(pathlib.PurePosixPath(base) / one) for one in folders_named((root / readme).read_text())}
        for one in sorted(named - folders):
            yield readme, "map", f"names the folder {one}, which is not there"
        below = {folder for folder in folders
                 if str(pathlib.PurePosixPath(folder).parent) == base and folder != "." and not folder.startswith(".")}
        # A folder is named by itself or by what it holds.
        for one in sorted(below):
            if not any(name == one or name.startswith(one + "/") for name in named):
                yield readme, "map", f"does not name the folder {one}"


def exceptions_of(text):
    """{(rule, path): reason} from lines `rule path: reason`."""
    rows = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = {}
    for row in rows:
        match = re.fullmatch(r"(folder|unit|class|map) (\S+): (\S.*)", row)
        if not match:
            raise SystemExit(f"exceptions.txt: not of the form `rule path: reason`: {row}")
        found[match[1], match[2]] = match[3]
    return found


def breaches(root, exceptions):
    """What is wrong with the tree below `root`, as lines; an exception that nothing needs is wrong as well."""
    root = pathlib.Path(root)
    files = tracked_files(root)
    folders = units_of(files)
    found = [*folder_breaches(folders), *unit_breaches(root, folders), *class_breaches(root, files),
             *map_breaches(root, files)]
    excused = exceptions_of(exceptions)
    lines = [f"{path}: {what}" for path, rule, what in found if (rule, path) not in excused]
    needed = {(rule, path) for path, rule, _ in found}
    lines += [f"exceptions.txt: {rule} {path} keeps the rule: take the line out"
              for rule, path in excused if (rule, path) not in needed]
    return lines


def main():
    here = pathlib.Path(__file__).resolve().parent
    root = sys.argv[1] if len(sys.argv) > 1 else here.parent.parent
    lines = breaches(root, (here / "exceptions.txt").read_text())
    print("\n".join(lines) or "The tree is as its rules say.")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
