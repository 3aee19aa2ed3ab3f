"""Random suites through compare, held to the slow model of tests/compare; see tests/property/compare."""
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from itertools import zip_longest

import samples
import texts
from differences import Unexplained, explain, require
from tables import Model, Options

SUITES = 45
UNITS = ["ns/op", "B/op", "items/s", "MB/s", "p99-ns/op", "codes"]
PROJECTIONS = [[], [], [], ["-row", ".name"], ["-col", "/size"], ["-ignore", "/size"], ["-table", ""],
               ["-row", ".name", "-col", "/size@num"], ["-col", ".file,/size@alpha", "-row", ".name"],
               ["-filter", "-/size:2k"], ["-filter", ".unit:(ns/op OR codes)"], ["-row", "/size@(10 2k)"]]


# ---- suites ----

def kinds(random_of, unit):
    """Values of one benchmark in one unit: a function that makes one."""
    kind = random_of.choice(["real", "real", "coarse", "two", "one", "zeros", "below"])
    center = 10 ** random_of.uniform(-2, 7)
    spread = random_of.choice([0.001, 0.02, 0.3])
    if kind == "coarse":
        return lambda: float(round(center) + random_of.randrange(4))
    if kind == "two":
        return lambda: random_of.choice([12.0, 12.5])
    if kind == "one":
        return lambda: 7.0
    if kind == "zeros":
        return lambda: random_of.choice([0.0, 0.0, 3.25])
    if kind == "below" and unit == "items/s":
        return lambda: random_of.gauss(0, center)
    return lambda: float("%.*g" % (random_of.choice([3, 6, 17]), center * math.exp(random_of.gauss(0, spread))))


def write_suite(random_of, folder):
    """Two or three files; a benchmark, or a unit of it, may not be in one of them."""
    count, exact = random_of.choice([2, 2, 3]), random_of.random() < 0.5
    makers = {(name, unit): kinds(random_of, unit)
              for name in random_of.sample(["A", "B/size=10-8", "B/size=2k-8", "C/size=10/x", "D-4"],
                                           random_of.randint(1, 4))
              for unit in random_of.sample(UNITS, random_of.randint(1, 3))}
    small = random_of.random() < 0.85
    for i in range(count):
        lines = ["pkg: example.org/p"] if random_of.random() < 0.9 else []
        for (name, unit), make in makers.items():
            number = random_of.randint(1, 13 if small else 60)
            shift = random_of.choice([1, 1, 1.5])
            if random_of.random() < 0.9:
                lines += ["Benchmark%s 1 %r %s" % (name, shift * make(), unit) for _ in range(number)]
        lines += ["Unit codes assume=exact"] if exact else []
        with open(os.path.join(folder, "f%d" % i), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\nBenchmarkLast 1 5 ns/op\n")
    return ["f%d" % i for i in range(count)]


def options(random_of):
    alpha = random_of.choice([0.05, 0.05, 0.05, 0.1, 0.01, 0, 1, random_of.random()])
    confidence = random_of.choice([0.95, 0.95, 0.95, 0.5, 0.9, 0.99, 0, 1, random_of.random()])
    return random_of.choice(PROJECTIONS) + ["-alpha", repr(alpha), "-confidence", repr(confidence)]


# ---- numbers in full, and text ----

def output(program, folder, arguments):
    done = subprocess.run([program, "compare"] + arguments, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode()


def near(found, expected, what, size=None):
    """To a part in 10^12 (of `size`); null where there is no finite number."""
    expected = float(expected) if expected is not None and math.isfinite(expected) else None
    if found is None or expected is None:
        require(found == expected, what, found, "not", expected)
    else:
        require(abs(found - expected) <= 1e-12 * max(abs(expected), size or 0), what, found, "not", expected)


def hold_cell(model, table, cell, found):
    require(found["n"] == len(cell.values), "n", found["n"])
    for key in ("center", "low", "high"):
        expected = getattr(cell.summary, key)
        require(found[key] == (expected if math.isfinite(expected) else None), key, found[key], expected)
    require(("p_value" in found) == (cell.base is not None), "p_value is there or not")
    if cell.base:
        head, base = cell.summary.center, cell.base.summary.center
        near(found["p_value"], cell.comparison.p, "p")
        near(found["delta_ratio"], 0 if head == base else head / base - 1 if base else None, "delta")
        require(found["differs"] == (float(cell.comparison.p) <= model.options.alpha), "differs")


def hold_numbers(model, document):
    require(len(document["tables"]) == len(model.tables), "tables:", len(document["tables"]))
    for table, found in zip(model.order(), document["tables"]):
        require(len(found["rows"]) == len(table.rows), "rows:", len(found["rows"]))
        for row, line in zip(table.rows, found["rows"]):
            cells = [(i, table.cells[row, column]) for i, column in enumerate(table.columns)
                     if (row, column) in table.cells]
            require([i for i, _ in cells] == [cell["column"] for cell in line["cells"]], "columns")
            for (_, cell), shown in zip(cells, line["cells"]):
                hold_cell(model, table, cell, shown)
        for mean, shown in zip(table.means, found["geomean"]):
            near(shown["center"], mean.center, "geomean")
            ratio = mean.ratio if mean.ratio is None else mean.ratio - 1
            near(shown.get("delta_ratio"), ratio, "geomean of ratios", mean.ratio)


def hold_text(model, text):
    """The words below each head of a table."""
    printed = [line.split() for line in text.split("\n")[:-1]]
    bodies, inside = [], False
    for words in printed:
        head = words[-1:] == ["│"]
        inside = bool(words) and (head or inside)
        if head and (not bodies or bodies[-1] is not None):
            bodies.append(None)
        elif inside and not head:
            bodies.append(words)
    for words, expected in zip_longest(bodies, texts.lines(model)):
        same = words is expected is None or (words is not None and expected is not None and
                                             len(words) == len(expected) and
                                             all(word == wanted if isinstance(wanted, str) else word in wanted
                                                 for word, wanted in zip(words, expected)))
        require(same, "text", words, "not", expected)


# ---- the tests ----

def test_suites(program, seed):
    for i in range(SUITES):
        random_of = random.Random("%d %d" % (seed, i))
        with tempfile.TemporaryDirectory() as folder:
            arguments = options(random_of) + write_suite(random_of, folder)
            try:
                explain(program, folder, arguments)
                model = Model(Options(arguments), folder, True)
                hold_numbers(model, json.loads(output(program, folder, arguments + ["-format", "json"])))
                hold_text(model, output(program, folder, arguments))
                hold_text(Model(Options(arguments), folder, False),
                          output(program, folder, ["--compat"] + arguments))
            except Unexplained as why:
                raise Unexplained("suite %d, %s: %s" % (i, " ".join(arguments), why)) from why


def test_model(_program, seed):
    """The model's distribution of U is that of choosing every subset, and R's wilcox.test and qbinom
    agree with its numbers."""
    random_of = random.Random(seed)
    for _ in range(60):
        n, m, values = random_of.randint(1, 5), random_of.randint(1, 5), random_of.randint(2, 9)
        x, y = ([random_of.randrange(values) for _ in range(count)] for count in (n, m))
        ties = samples.tie_groups(x, y)
        require(samples.ways(ties, n) == samples.enumerated(x, y), "U of", x, y)
    # wilcox.test(x, y)$p.value
    for x, y, expected in (([1, 2, 3, 4.5, 8], [5, 6, 7, 9, 10], 0.055555555555555552),
                           ([1, 2, 3, 4, 8, 11, 12], [5, 6, 7, 9, 10, 13, 14, 15, 16], 0.0548951048951049)):
        require(abs(float(samples.Right.test(x, y)) - expected) < 1e-15, "p", x, y)
    # qbinom(0.025, n, 0.5), which is 0 where there are too few
    ranks = [samples.Right.ranks(n, 0.95)[0] for n in (5, 6, 8, 37, 60)]
    require(ranks == [0, 1, 1, 13, 22], "ranks", ranks)


def main(program):
    seed = int(os.environ.get("BENCHGATE_TEST_SEED") or "7", 0)
    print("1..2\n# seed %d (BENCHGATE_TEST_SEED sets it)" % seed)
    failed = False
    for i, (test, what) in enumerate([(test_model, "the model's distributions are those of counting"),
                                      (test_suites, "%d random suites are what the model says" % SUITES)]):
        try:
            test(program, seed)
            print("ok %d - %s" % (i + 1, what))
        except Unexplained as why:
            failed = True
            print("not ok %d - %s\n#   %s" % (i + 1, what, ascii(str(why))[:2000]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
