"""What compare prints, worked out slowly from the description of its tables: as fields of CSV, for
either way of counting (samples.Right, samples.Benchstat), with the warnings that go beside them.
"""
import math
import os
import re
from decimal import Decimal

import samples
from queries import Filter, Projection
from reader import Reading, Units, Unreadable


class Options:
    """A command line of compare."""

    def __init__(self, arguments):
        self.keys = {"table": ".config", "row": ".fullname", "col": ".file", "ignore": ""}
        self.filter, self.alpha, self.confidence, self.format = "*", 0.05, 0.95, "text"
        self.operands = []
        rest = list(arguments)
        while rest:
            word = rest.pop(0)
            if not word.startswith("-") or word == "-":
                self.operands.append(word)
                continue
            name, equals, value = word.lstrip("-").partition("=")
            value = value if equals else rest.pop(0)
            if name in self.keys:
                self.keys[name] = value
            else:
                setattr(self, name, float(value) if name in ("alpha", "confidence") else value)

    def labels(self):
        """[(path, label)]: a path that stands more than once without a label is numbered."""
        plain = [word for word in self.operands if "=" not in word]
        used, found = {}, []
        for word in self.operands:
            label, equals, path = word.partition("=")
            if not equals:
                path = label
                if plain.count(path) > 1:
                    used[path] = used.get(path, -1) + 1
                    label = "%s#%d" % (path, used[path])
            found.append((path, label))
        return found


class Cell:
    def __init__(self):
        self.values, self.lines = [], []
        self.residue, self.varying = None, []
        self.summary = self.comparison = self.base = None


class Table:
    def __init__(self, key):
        self.key, self.cells = key, {}
        self.rows, self.columns, self.means, self.exact = [], [], [], False


class Mean:
    def __init__(self):
        self.center = self.ratio = None
        self.notes, self.bad_ratio = [], False


class Model:
    """A command, worked out. `gate`: as compare does without --compat."""

    def __init__(self, options, folder, gate):
        self.options, self.gate = options, gate
        self.way = samples.Right if gate else samples.Benchstat
        self.units = Units()
        self.readings = []
        self.projections = {name: Projection(text) for name, text in options.keys.items()}
        self.named = {field.key for projection in self.projections.values()
                      for field in projection.fields if field.key not in (".config", ".fullname")}
        held = [field.key for projection in self.projections.values() for field in projection.fields]
        self.residue = Projection(",".join(key for key in (".config", ".fullname") if key not in held))
        self.filter = Filter(options.filter)
        self.tables = {}
        for path, label in options.labels():
            with open(os.path.join(folder, path), "rb") as file:
                reading = Reading(file.read(), self.units, gate)
            self.readings.append(reading)
            for result in reading.results:
                result.label = label
                self.take(result, len(self.readings) - 1)
        self.compute()

    def take(self, result, file):
        if not all(p.lets_through(result) for p in self.projections.values()):
            return
        for measurement in result.measurements:
            untidy = not self.gate and measurement.untidy
            unit = measurement.written_unit if untidy else measurement.unit
            known = [unit] if untidy else [unit, measurement.written_unit]
            if not self.filter.root(result, known):
                continue
            key, row, column = (
                self.projections[name].key(result, self.named, unit if name == "table" else None)
                for name in ("table", "row", "col"))
            table = self.tables.setdefault(key, Table(key))
            cell = table.cells.setdefault((row, column), Cell())
            cell.values.append(measurement.value)
            cell.lines.append((file, result.line))
            residue = self.residue.key(result, self.named)
            cell.residue = cell.residue or residue
            cell.varying.append(residue)

    def compute(self):
        ordered_rows, ordered_columns = (self.projections[name].sorted() for name in ("row", "col"))
        for table in self.tables.values():
            table.exact = self.units.exact(table.key[1])
            rows, columns = ({key[i] for key in table.cells} for i in (0, 1))
            table.rows = [key for key in ordered_rows if key in rows]
            table.columns = [key for key in ordered_columns if key in columns]
            for (row, column), cell in table.cells.items():
                cell.summary = samples.summarize(self.way, cell.values, table.exact,
                                                 self.options.confidence)
            for (row, column), cell in table.cells.items():
                if column != table.columns[0]:
                    cell.base = table.cells.get((row, table.columns[0]))
                if cell.base:
                    cell.comparison = samples.compare(self.way, cell.base.values, cell.values,
                                                      table.exact, self.options.alpha)
            table.means = [self.mean(table, column) for column in table.columns]

    @staticmethod
    def mean(table, column):
        mean, first = Mean(), column == table.columns[0]
        cells = [table.cells[row, column] for row in table.rows if (row, column) in table.cells]
        mean.center = samples.geomean([cell.summary.center for cell in cells])
        ratios = []
        for cell in cells:
            if cell.base:
                head, base = cell.summary.center, cell.base.summary.center
                mean.bad_ratio = mean.bad_ratio or (base == 0 and head != 0)
                ratios.append(1.0 if head == base else head / base if base else 0.0)
        mean.ratio = None if mean.bad_ratio else samples.geomean(ratios)
        bases = sum(column == table.columns[0] for _, column in table.cells)
        if not first and len(ratios) != bases:
            mean.notes.append("benchmark set differs from baseline; geomeans may not be comparable")
        if mean.center is None:
            mean.notes.append("summaries must be >0 to compute geomean")
        if not first and not mean.bad_ratio and mean.ratio is None:
            mean.notes.append("ratios must be >0 to compute geomean")
        return mean

    def varying(self, cell):
        """Names of the keys in which the results of a cell differ from its first."""
        others = set(cell.varying) - {cell.residue}
        first = [value for _, value in self.residue.flat(cell.residue)]
        found = []
        for place in range(len(first) if others else 0):
            for residue in others:
                name, value = self.residue.flat(residue)[place]
                if value != first[place] and name not in found:
                    found.append(name)
        return found

    def order(self):
        return [self.tables[key] for key in self.projections["table"].sorted()]


# ---- texts ----

def go_float(value):
    """%v"""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    sign, digits, power = Decimal(repr(abs(value))).normalize().as_tuple()
    point = len(digits) + power if value else 1
    if -4 < point <= 6 or not value:
        text = format(Decimal(repr(abs(value))).normalize(), "f")
    else:
        tail = "".join(map(str, digits[1:]))
        text = "%d%s%se%s%02d" % (digits[0], "." if tail else "", tail, "-" if point < 1 else "+",
                                  abs(point - 1))
    return ("-" if math.copysign(1, value) < 0 else "") + text


def sign(value):
    """NaN, which equals no sign, of NaN."""
    return value if math.isnan(value) else (value > 0) - (value < 0)


def percent(value, form):
    if math.isnan(value) or math.isinf(value):
        return go_float(value) + "%"
    return form % value + "%"


def range_text(summary):
    center, low, high = summary.center, summary.low, summary.high
    if math.isinf(low) or math.isinf(high):
        return "∞"
    if sign(center) != sign(low) or sign(center) != sign(high):
        return "?"
    if center == 0:
        return "0%"
    return percent(100 * max(high / center - 1, 1 - low / center), "%.0f")


def ranges(summary):
    """Every text that it may have."""
    other = samples.Summary(summary.center, *summary.other)
    return range_text(summary), range_text(other)


def delta_text(cell, alpha):
    if float(cell.comparison.p) > alpha:
        return "~"
    return change_text(cell)


def deltas(cell, alpha):
    """Benchstat's p-value has an error of rounding, so that one of alpha itself may be above it."""
    edge = abs(float(cell.comparison.p) - alpha) <= 1e-12 * alpha
    return (delta_text(cell, alpha), "~" if edge else delta_text(cell, alpha))


def change_text(cell):
    head, base = cell.summary.center, cell.base.summary.center
    if head == base:
        return "0.00%"
    if math.isnan(head) or math.isnan(base):
        return "?" if base == 0 else "+NaN%"
    return percent((head / base - 1) * 100, "%+.2f") if base else "?"


def p_texts(comparison):
    """Both that a p-value half way between two may have, whose last bit decides."""
    scaled = float(comparison.p) * 1000
    half = abs(scaled - math.floor(scaled) - 0.5) < 1e-8
    return [p_text(comparison, float(comparison.p) + step) for step in ((-1e-9, 1e-9) if half else (0,))]


def p_text(comparison, p):
    n = "n=%d" % comparison.n + ("+%d" % comparison.m if comparison.n != comparison.m else "")
    return ("p=%.3f " % p if comparison.p else "") + n


def need_text(need, what, level):
    return "need %s %d samples %s level %s" % (*need, what, go_float(level))


def cell_notes(model, cell):
    notes, summary = [], cell.summary
    varying = model.varying(cell)
    if varying:
        notes.append("benchmarks vary in " + ", ".join(varying))
    if summary.spread:
        notes.append("exact distribution expected, but values range from %s to %s"
                     % tuple(map(go_float, summary.spread)))
    if summary.need and model.gate and model.options.confidence == 1:
        notes.append("no number of samples has a confidence interval at level 1")
    elif summary.need:
        notes.append(need_text(summary.need, "for confidence interval at", model.options.confidence))
    return notes


def comparison_notes(model, comparison):
    if comparison.all_equal:
        return ["all samples are equal"]
    if comparison.need and model.gate and model.options.alpha == 0:
        return ["no number of samples shows a difference at alpha level 0"]
    if comparison.need:
        return [need_text(comparison.need, "to detect a difference at alpha", model.options.alpha)]
    return []


def letters(column):
    """Of a column, as benchstat has them: wrong behind Z."""
    text = chr(ord("A") + column % 26)
    while column >= 26:
        column //= 26
        text = chr(ord("A") + column % 26) + text
    return text


def shown(model, text):
    """Without --compat nothing that a terminal obeys or hides gets through."""
    if not model.gate:
        return text

    def escaped(match):
        point = ord(match.group())
        if point == 9:
            return " "
        if 0xdc80 <= point <= 0xdcff:
            return "\\x%02x" % (point - 0xdc00)
        return ("\\x%02x" if point < 0x80 else "\\u%04x") % point
    return re.sub("[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\udc80-\udcff"
                  "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]", escaped, text)


class Page:
    """CSV being written: lines of fields, a kind and a place for each, and the warnings. A field is a
    text, some texts of which any will do, or the number of a geometric mean."""

    def __init__(self, model):
        self.model, self.lines, self.kinds, self.warnings = model, [], [], []

    def row(self):
        self.lines.append([])
        self.kinds.append([])

    def put(self, text, *kind):
        self.lines[-1].append(text)
        self.kinds[-1].append(kind)

    def fill(self, count):
        while len(self.lines[-1]) < count:
            self.put("")

    def warn(self, notes, *kind):
        for note in notes:
            at = "%s%d" % (letters(len(self.lines[-1])), len(self.lines))
            self.warnings.append((at + ": " + shown(self.model, note), kind, note))


def start(column):
    return 1 if column == 0 else 3 + 4 * (column - 1)


def write(model):
    page, previous = Page(model), None
    projection = model.projections["table"]
    for table in model.order():
        if previous:
            page.row()
        for (name, value), (_, before) in zip(
                projection.flat(table.key),
                projection.flat(previous.key) if previous else projection.flat(table.key)):
            if not previous or value != before:
                page.row()
                page.put(shown(model, name + ": " + value))
        write_table(page, table)
        previous = table
    return page


def write_table(page, table):
    model, columns = page.model, table.columns
    heads = [model.projections["col"].flat(column) for column in columns]
    for level in range(len(heads[0])):
        page.row()
        for i, head in enumerate(heads):
            page.fill(start(i))
            page.put(shown(model, head[level][1]))
        page.fill(start(len(columns)))
    page.row()
    for i in range(len(columns)):
        page.fill(start(i))
        for text in (shown(model, table.key[1]), "CI") + (("vs base", "P") if i else ()):
            page.put(text)
    for row in table.rows:
        page.row()
        page.put(shown(model, model.projections["row"].text(row)))
        for i, column in enumerate(columns):
            cell = table.cells.get((row, column))
            if cell:
                page.fill(start(i))
                write_cell(page, table, row, column, cell)
    page.row()
    page.put("geomean")
    for i, mean in enumerate(table.means):
        place = (table.key, "geomean", columns[i])
        page.fill(start(i))
        page.warn(mean.notes, "geomean note", *place)
        if mean.center is not None:
            page.put(mean.center, "geomean", *place)
        if i:
            page.fill(start(i) + 2)
            page.put(mean.ratio if mean.ratio is not None else "?", "geomean delta", *place)
    page.fill(start(len(columns)))


def write_cell(page, table, row, column, cell):
    place = (table.key, row, column)
    page.warn(cell_notes(page.model, cell), "note", *place)
    page.put(go_float(cell.summary.center), "center", *place)
    page.put(ranges(cell.summary), "range", *place)
    if cell.base:
        page.warn(comparison_notes(page.model, cell.comparison), "test note", *place)
        delta = deltas if page.model.way is samples.Benchstat else delta_text
        page.put(delta(cell, page.model.options.alpha), "delta", *place)
        page.put(p_texts(cell.comparison), "p", *place)


__all__ = ["Model", "Options", "Unreadable", "write", "range_text", "delta_text", "shown"]
