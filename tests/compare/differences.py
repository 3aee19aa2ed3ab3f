"""Why compare prints something else with --compat: for every cell that differs exactly one reason,
worked out from the two models, which both printed what the program did.
"""
import csv
import io
import os
import re
import subprocess
import sys
from functools import lru_cache

import samples
from tables import Model, Options, Unreadable, delta_text, range_text, shown, write

# What benchstat does, for each reason.
REASONS = {
    "kind": "what is no text of go test is read as what it is, or refused",
    "zero": "a value of 0 stays in its unit as written",
    "iterations": "a line with an iteration count below 1 counts",
    "not finite": "NaN and infinities count",
    "negative": "a time or size below 0 counts",
    "glued": "of two results in one line the first counts, with a unit that holds the other's name",
    "mark": "a byte order mark hides what stands on the first line",
    "UTF-16": "UTF-16 is not read",
    "behind": "a result behind a configuration line becomes part of its value",
    "cut": "a unit that the end of the file cut off counts",
    "NUL": "NUL bytes count as text",
    "long": "a line of 64 KiB ends everything",
    "keys": "a configuration key that is taken away gives its place to the last one",
    "median": "the median of an even number of values is interpolated in floating point",
    "interval": "the interval of a median is off its centre",
    "interval above 30": "above 30 values the interval comes from the normal curve",
    "p above 50": "above 50 values the p-value comes from the normal curve",
    "p above 25": "above 25 values with ties the p-value comes from the normal curve",
    "p tail": "with ties and unequal numbers a tail is doubled that has no mirror image",
    "p bound": "with two different values a bound is cut off toward zero",
    "p rounded": "a p-value of alpha itself is above alpha, by an error of rounding",
    "level": "a level that no number of samples reaches is said to need more of them",
    "geomean": "logarithms are Go's: the last bits of a geometric mean",
    "escaped": "control characters are printed as they are",
}
READING = {
    "iterations below 1": "iterations", "no finite number": "not finite", "a cost below 0": "negative",
    "two results in one line": "glued", "a byte order mark": "mark", "UTF-16": "UTF-16",
    "a result behind a configuration line": "behind", "a unit cut off by the end": "cut",
}


PLACES = {}


class Unexplained(Exception):
    pass


def require(condition, *what):
    if not condition:
        raise Unexplained(" ".join(map(str, what)))


# ---- what the program printed, held to the model ----

def run(program, folder, arguments, compat):
    command = [program, "compare"] + (["--compat"] if compat else []) + ["--format=csv"] + arguments
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    return [text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr)]


def close(a, b):
    return a == b or abs(a - b) <= 1e-13 * abs(b)


def same_field(printed, expected, kind):
    """Geometric means to a part in 10^13."""
    if isinstance(expected, float) and kind[0] == "geomean":
        return close(min(float(printed), sys.float_info.max), expected)
    if isinstance(expected, float):
        return abs(float(printed.rstrip("%")) - (expected - 1) * 100) <= 0.005 + 1e-9
    return printed == expected if isinstance(expected, str) else printed in expected


def hold(page, printed, model):
    """The printed CSV as lines of fields, which are what the model says."""
    text, errors = printed
    lines = [line for line in csv.reader(io.StringIO(text, newline=""))]
    require(len(lines) == len(page.lines), "lines:", len(lines), "not", len(page.lines))
    for i, (line, expected) in enumerate(zip(lines, page.lines)):
        require(len(line) == len(expected), "line", i + 1, line, "not", expected)
        for field, wanted, kind in zip(line, expected, page.kinds[i]):
            require(same_field(field, wanted, kind), "line", i + 1, "prints", field, "not", wanted)
    hold_errors(page, errors.split("\n")[:-1], model)
    return lines


# What is said of the whole, each at most once, and never with --compat.
REMARKS = [
    r"note: benchstat's p-value is off, and on the other side of \S+, in \d+ comparisons?: .*",
    r"note: \d+ comparisons? of too few samples to show any change at p<=\S+: .*",
    r"note: \d+ of \d+ comparisons differ at p<=\S+; by chance alone up to \d+ would .*",
    r"note: \d+ of \d+ rows? (?:is|are) not in every file: .*",
]


def without_remarks(errors, gate):
    """The lines that are no remarks, which come last of all."""
    end = len(errors)
    while gate and end > 0 and any(re.fullmatch(form, errors[end - 1]) for form in REMARKS):
        end -= 1
    require(len(errors) - end <= len(REMARKS), "remarks:", errors[end:])
    return errors[:end]


def hold_errors(page, errors, model):
    """Standard error: a message for each bad line, then the notes, then remarks on the whole."""
    errors = without_remarks(errors, model.gate)
    count = len(page.warnings)
    notes = errors[len(errors) - count:] if count else []
    require(notes == [text for text, _, _ in page.warnings], "notes:", notes)
    # What failed in a file is said besides, and not with --compat.
    messages = [error for error in errors[:len(errors) - count]
                if not (model.gate and re.match(r".*:\d+: note: ", error))]
    expected = []
    for reading, (path, _) in zip(model.readings, model.options.labels()):
        if model.gate:
            lines = sorted([line for line, _ in reading.messages] + reading.damaged)
            expected += ["%s:%d: warning: " % (path, line) for line in lines[:100]]
            expected += ["warning: "] * (len(lines) > 100) + ["%s:" % path] * (not reading.results)
        else:
            expected += ["%s:%d: %s" % (path, *message) for message in reading.messages]
    if model.gate and not model.tables and any(reading.results for reading in model.readings):
        messages = messages[:-1]  # that nothing passes the filter
    same = len(messages) == len(expected) and all(
        message.startswith(start) if model.gate else message == start
        for message, start in zip(messages, expected))
    require(same, "messages:", messages, "not", expected)


# ---- cells side by side ----

@lru_cache(maxsize=None)
def table_place(model, key):
    """The same object for the same table of either model."""
    place = tuple(pair for pair in model.projections["table"].flat(key) if pair[1]), key[1]
    return PLACES.setdefault(place, place)


def column_place(model, key):
    return tuple(value for _, value in model.projections["col"].flat(key))


def items(model, lines, page):
    """{(kind, table, row, column): text}; the texts of rows and columns as they are in the files."""
    found = {}

    @lru_cache(maxsize=None)
    def place(table, row, column):
        text = row if row == "geomean" else model.projections["row"].text(row)
        return table_place(model, table), text, column_place(model, column)
    for line, kinds in zip(lines, page.kinds):
        for text, kind in zip(line, kinds):
            if kind:
                found[kind[:1] + place(*kind[1:4])] = text
    for _, kind, note in page.warnings:
        found.setdefault(kind[:1] + place(*kind[1:4]), []).append(note)
    return found


def by_place(model):
    """{(table, row, column) as in items: cell}"""
    found = {}
    for key, table in model.tables.items():
        for (row, column), cell in table.cells.items():
            found[table_place(model, key), model.projections["row"].text(row),
                  column_place(model, column)] = cell
    return found


class Pair:
    """The two models of one command."""

    def __init__(self, gate, bench):
        self.gate, self.bench = gate, bench
        self.cells = by_place(gate), by_place(bench)
        self.homes = [{}, {}]  # of each line in a unit: where it went
        for homes, cells in zip(self.homes, self.cells):
            for place, cell in cells.items():
                for line, value in zip(cell.lines, cell.values):
                    homes.setdefault(line, []).append((place, value))
        self.results = [{(file, result.line): result for file, reading in enumerate(model.readings)
                         for result in reading.results} for model in (gate, bench)]

    def line_reason(self, line):
        """Why a line of a file is not the same to both."""
        file, at = line
        reasons = self.gate.readings[file].reasons
        gate, bench = (results.get(line) for results in self.results)
        if gate is None:
            return READING[reasons[at]]
        if reasons.get(1) in ("UTF-16", "a byte order mark") and (
                bench is None or gate.config != bench.config):
            return READING[reasons[1]]
        if bench is not None and any(measurement.untidy for measurement in bench.measurements):
            return "zero"
        if bench is not None and sorted(gate.config) != sorted(bench.config):
            return "behind"
        return "keys"

    def moved(self, places):
        """Reasons why the samples of these cells are not the same to both."""
        reasons = set()
        for place in places:
            for one, other in ((0, 1), (1, 0)):
                cell = self.cells[one].get(place)
                for line in cell.lines if cell else ():
                    if sorted(self.homes[one][line]) != sorted(self.homes[other].get(line, [])) or \
                            self.results[one][line].config != self.results[other][line].config:
                        reasons.add(self.line_reason(line))
        return reasons

    def same_samples(self, place):
        gate, bench = (cells.get(place) for cells in self.cells)
        return gate is not None and bench is not None and sorted(gate.values) == sorted(bench.values)

    # ---- reasons of one cell ----

    def reason(self, item):
        kind, table, row, column = item
        if row == "geomean":
            return self.mean_reason(kind, table, column)
        place = table, row, column
        bases = [self.base(model, place) for model in (0, 1)]
        for where in [place] + bases:
            if where and not self.same_samples(where):
                return one(self.moved([where]), item)
        if bases[0] != bases[1]:  # a first column that only one has
            return one(self.moved(where for where in self.places() if where[0] == table), item)
        gate, bench = (cells[place] for cells in self.cells)
        return getattr(self, kind.replace(" ", "_") + "_reason")(gate, bench, item)

    def places(self):
        return self.cells[0].keys() | self.cells[1].keys()

    def base(self, model, place):
        """Where the cell stands that a cell is compared with; None where it is with none."""
        cell = self.cells[model].get(place)
        if cell is None or cell.base is None:
            return None
        return next(where for where, other in self.cells[model].items() if other is cell.base)

    @staticmethod
    def center_reason(gate, bench, item):
        a, b = gate.summary.center, bench.summary.center
        require(len(gate.values) % 2 == 0 and close(a, b), "median", item, a, b)
        return "median"

    def range_reason(self, gate, bench, item):
        n = len(gate.values)
        confidence = self.gate.options.confidence
        if samples.Right.ranks(n, confidence) != samples.Benchstat.ranks(n, confidence):
            return "interval" if n <= 30 else "interval above 30"
        mixed = samples.Summary(bench.summary.center, gate.summary.low, gate.summary.high)
        require(range_text(mixed) == range_text(bench.summary), "range", item)
        return "median"

    def note_reason(self, gate, bench, item):
        moved = self.moved([item[1:]])
        if not moved and self.gate.options.confidence == 1 and gate.summary.need:
            return "level"
        return one(moved, item) if moved else self.range_reason(gate, bench, item)

    @staticmethod
    def p_reason(gate, bench, item):
        x, y = gate.base.values, gate.values
        right, other = gate.comparison.p, bench.comparison.p
        require(right != other, "p", item, right, other)
        ties = samples.tie_groups(x, y)
        if not samples.Benchstat.is_exact(x, y):
            return "p above 25" if max(ties) > 1 and max(len(x), len(y)) <= 50 else "p above 50"
        require(len(x) != len(y) and max(ties) > 1, "p", item, right, other)
        u = samples.twice_u(x, y)
        if u == len(x) * len(y):
            require(other == 1, "p", item, right, other)
            return "p tail"  # in the middle of what is taken for symmetric
        tail = 2 * samples.share(samples.ways(ties, len(x)), 0, min(u, 2 * len(x) * len(y) - u))
        if tail == other:
            return "p tail"
        require(len(ties) == 2, "p", item, right, other)
        return "p bound"

    def delta_reason(self, gate, bench, item):
        alpha = self.gate.options.alpha
        if (float(gate.comparison.p) > alpha) != (float(bench.comparison.p) > alpha):
            return self.p_reason(gate, bench, item)
        if abs(float(gate.comparison.p) - alpha) <= 1e-12 * alpha:
            return "p rounded"
        require(delta_text(gate, alpha) != delta_text(bench, alpha), item)
        return "median"

    def test_note_reason(self, gate, bench, item):
        if self.gate.options.alpha == 0 and gate.comparison.need:
            return "level"
        return self.p_reason(gate, bench, item)

    def mean_reason(self, kind, table, column):
        places = [place for place in self.places()
                  if place[0] == table and (place[2] == column or kind != "geomean")]
        moved = self.moved({place for place in places if not self.same_samples(place)})
        if moved:
            return one(moved, (kind, table, column))
        require(kind != "geomean note", kind, table, column)
        return "geomean"


def one(reasons, item):
    require(len(reasons) == 1, item, "for", sorted(reasons))
    return next(iter(reasons))


# How files begin that benchstat takes for text, and ours for what they are: compressed by gzip or
# zstd, events of go test -json, a table that compares already.
OTHER_KINDS = re.compile(rb"\x1f\x8b|\x28\xb5\x2f\xfd|\s*\{\"[^\n]*\"Action\"|benchmark +old ns/op")


def is_other_kind(folder, arguments):
    for path, _ in Options(arguments).labels():
        try:
            with open(os.path.join(folder, path), "rb") as file:
                if OTHER_KINDS.match(file.read(4096)):
                    return True
        except OSError:
            pass
    return False


def explain_other_kind(folder, arguments, both):
    """benchstat's text is what the model says; ours is another."""
    try:
        model = Model(Options(arguments), folder, False)
        hold(write(model), both[1], model)
    except Unreadable:
        pass
    require(both[0] != both[1], "a file of another kind is read as text")
    return {"kind": 1}


def explain(program, folder, arguments):
    """{reason: how many cells}. Raises Unexplained."""
    both = [run(program, folder, arguments, compat) for compat in (False, True)]
    if is_other_kind(folder, arguments):
        return explain_other_kind(folder, arguments, both)
    if all(errors and not text for text, errors in both) and \
            any(line.startswith("benchstat: ") for line in both[1][1].splitlines()):  # both refuse
        return {}
    pages, models, printed = [], [], []
    for gate in (True, False):
        try:
            model = Model(Options(arguments), folder, gate)
        except Unreadable as why:
            text, errors = both[not gate]
            require(not text and errors, "compared although there is", why)
            return {"NUL" if gate else "long": 1}
        page = write(model)
        lines = hold(page, both[not gate], model)
        pages.append(page)
        models.append(model)
        printed.append(items(model, lines, page))
    pair, counts = Pair(*models), {}
    for item in printed[0].keys() | printed[1].keys():
        if printed[0].get(item) != printed[1].get(item):
            reason = pair.reason(item)
            counts[reason] = counts.get(reason, 0) + 1
    if any(text != note for page in pages[:1] for text, note in shown_names(models[0])):
        counts["escaped"] = 1
    return counts


def shown_names(model):
    for key, table in model.tables.items():
        texts = [key[1]] + [value for _, value in model.projections["table"].flat(key)]
        texts += [model.projections["row"].text(row) for row in table.rows]
        texts += [value for column in table.columns
                  for _, value in model.projections["col"].flat(column)]
        for text in texts:
            yield shown(model, text), text
