"""Files of benchmark results, read slowly from the description of the format: what benchstat makes of
each line, and what the gate makes of it, with the reason where that is not the same.
"""
import math
import re

# White space in Go's sense.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
FIELD = re.compile("[^" + SPACE + "]+")
NUMBER = re.compile(r"[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d+)?\Z", re.ASCII)
HEXADECIMAL = re.compile(r"[+-]?0[xX][\da-fA-F_]*\.?[\da-fA-F_]*[pP][+-]?\d+\Z", re.ASCII)
WORDS = re.compile(r"([+-]?inf(inity)?|nan)\Z", re.IGNORECASE)
COST = re.compile(r"([^/]*[-*" + SPACE + r"])?(ns|sec|MB|B|allocs)/op\Z")
MAX_LINE = 65536


class Result:
    """A line of results; `config` is a tuple of (key, value)."""

    def __init__(self, line, name, config, measurements):
        self.line, self.name, self.config, self.measurements = line, name, config, measurements
        self.label = None


class Measurement:
    def __init__(self, written, written_unit):
        self.written, self.written_unit = written, written_unit
        self.unit, factor = tidied(written_unit)
        self.value = written * factor
        # Scaling leaves 0 and infinities as they are, and benchstat then leaves the unit too.
        self.untidy = self.unit != written_unit and self.value == written


def tidied(unit):
    """The unit in base units, and the factor of its values."""
    parts, factor, below = re.split("([-*/" + SPACE + "])", unit), 1.0, False
    for i, part in enumerate(parts):
        if part in ("*", "/"):
            below = part == "/"
        elif not below and part == "ns":
            parts[i], factor = "sec", factor * 1e-9
        elif not below and part == "MB":
            parts[i], factor = "B", factor * 1e6
    return "".join(parts), factor


def number(text):
    """A floating-point number as Go reads it, or what is wrong."""
    if HEXADECIMAL.match(text):
        return float.fromhex(text.replace("_", ""))
    if WORDS.match(text):
        return float(text)
    if not NUMBER.match(text):
        return "invalid syntax"
    value = float(text.replace("_", ""))
    return "value out of range" if math.isinf(value) else value


def result(line):
    """What stands in a line that begins with Benchmark: (name, measurements), None for nothing at
    all, or benchstat's words for what is wrong; and why the gate takes it for damage, if it does."""
    behind = line[len("Benchmark"):]
    first = re.match("[^" + SPACE + "]*", behind).group()
    if first == behind:
        return None, None
    fields = FIELD.findall(behind[len(first):])
    if not fields:
        return "missing iteration count", None
    if not re.match(r"[+-]?\d+\Z", fields[0], re.ASCII):
        return "parsing iteration count: invalid syntax", None
    if not -2 ** 63 <= int(fields[0]) < 2 ** 63:
        return "parsing iteration count: value out of range", None
    if len(fields) == 1:
        return "missing measurements", None
    doubt = "iterations below 1" if int(fields[0]) < 1 else None
    measurements = []
    for i in range(1, len(fields), 2):
        value = number(fields[i])
        if isinstance(value, str):
            return "parsing measurement: " + value, None
        if i + 1 == len(fields):
            return "missing units", None
        unit = fields[i + 1]
        if not math.isfinite(value):
            doubt = doubt or "no finite number"
        elif value < 0 and is_cost(unit):
            doubt = doubt or "a cost below 0"
        if re.search("Benchmark(?![a-z" + SPACE + "])[^" + SPACE + "]", unit):
            doubt = doubt or "two results in one line"
        measurements.append(Measurement(value, unit))
    return (first, measurements), doubt


def is_cost(unit):
    """Times, sizes and counts of allocations: none is below 0."""
    return COST.match(unit) is not None


def key_value(line):
    """(key, value) of a line of configuration, or None."""
    key, colon, value = line.partition(":")
    if not colon or not key or not key[0].islower():
        return None
    if re.search("[" + SPACE + "]", key) or any(c.isupper() for c in key):
        return None
    if value and value[0] not in " \t":
        return None
    return key, value.lstrip(" \t")


def behind_mark(line):
    """Where in a line that is no result another begins, or the mark of a failure; None: nowhere."""
    for match in re.finditer("Benchmark", line):
        at = match.start()
        for mark in ("--- FAIL: ", "--- SKIP: "):
            if line[:at].endswith(mark):
                return at - len(mark)
        if re.match("Benchmark(?![a-z" + SPACE + "]).", line[at:]) and is_result(line[at:]):
            return at
    return None


def is_failure(line):
    """A line that says what became of a benchmark, not what it measured."""
    at = behind_mark(line[1:])
    return at is not None and line[1 + at:].startswith("---")


def is_result(text):
    """An iteration count and a measurement in …/op, or two."""
    fields = FIELD.findall(text)[1:]
    if len(fields) < 3 or not re.match(r"[+-]?\d+\Z", fields[0], re.ASCII):
        return False
    if number(fields[1]) == "invalid syntax":
        return False
    return "/op" in fields[2] or (len(fields) >= 5 and number(fields[3]) != "invalid syntax")


class Units:
    """What Unit lines say, of all files."""

    def __init__(self):
        self.held, self.known = {}, set()

    def line(self, text, gate):
        fields = FIELD.findall(text)[1:]
        if not fields:
            return ["missing unit"]
        wrong = []
        for field in fields[1:]:
            key, equals, value = field.partition("=")
            if not key or not equals:
                wrong.append("expected key=value")
                continue
            if gate and field not in ("better=lower", "better=higher", "assume=nothing",
                                      "assume=exact"):
                continue
            self.known.add(fields[0])
            held = self.held.setdefault((tidied(fields[0])[0], key), value)
            if held != value:
                wrong.append("metadata %s of unit %s already set to %s" % (key, fields[0], held))
        return wrong

    def exact(self, unit):
        return self.held.get((tidied(unit)[0], "assume")) == "exact"


class Unreadable(Exception):
    """Reading ends: nothing is compared."""


class Reading:
    """A file. `results` are those that count, `messages` (line, words), `reasons` {line: why} of what
    this reader does that the other one does not do."""

    def __init__(self, raw, units, gate):
        self.units, self.gate = units, gate
        self.results, self.messages, self.reasons, self.damaged = [], [], {}, []
        self.config, self.ever, self.tuple = {}, {}, None
        lines = self.decoded(raw).split("\n")
        self.cut = len(lines) if lines[-1] else None  # the last line, where it has no end
        if not self.cut:
            lines.pop()
        for i, line in enumerate(lines):
            if not gate and len(line.encode("utf-8", "surrogateescape")) >= MAX_LINE:
                raise Unreadable("a line is too long")
            self.line(i + 1, line[:-1] if line.endswith("\r") else line)

    def decoded(self, raw):
        if self.gate:
            for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
                if raw.startswith(mark):
                    self.reasons[1] = "UTF-16"
                    return raw[2:].decode(name, "replace")
            if b"\0" in raw:
                raise Unreadable("a NUL byte")
            if raw.startswith(b"\xef\xbb\xbf"):
                self.reasons[1] = "a byte order mark"
                raw = raw[3:]
        return raw.decode("utf-8", "surrogateescape")

    def line(self, at, line):
        if line.startswith("Benchmark"):
            self.result_line(at, line)
        elif FIELD.findall(line)[:1] == ["Unit"] and line.startswith("U"):
            self.messages += [(at, words) for words in self.units.line(line, self.gate)]
        else:
            self.other_line(at, line)

    def result_line(self, at, line):
        found, doubt = result(line)
        if at == self.cut and self.gate and isinstance(found, tuple):
            doubt = doubt or self.cut_unit(found[1])
        if at == self.cut and self.gate and found is None:
            found = "missing iteration count"
        if isinstance(found, str):
            if not (self.gate and "iteration count" in found and is_failure(line)):
                self.messages.append((at, found))
        elif found is not None and self.gate and doubt:
            self.damaged.append(at)
            self.reasons[at] = doubt
        elif found is not None:
            self.units.known.update(measurement.written_unit for measurement in found[1])
            self.results.append(Result(at, found[0], self.keys(), found[1]))

    def cut_unit(self, measurements):
        """A last unit that nothing has used, and that begins one that something has."""
        last = measurements[-1].written_unit
        others = {m.written_unit for m in measurements[:-1]} | self.units.known
        if last not in others and any(other.startswith(last) for other in others):
            return "a unit cut off by the end"
        return None

    def other_line(self, at, line):
        start = behind_mark(line) if self.gate else None
        if start is not None:
            if not line.startswith("---", start):
                self.damaged.append(at)
            line = line[:start].rstrip(" \t")
            line = "" if line.endswith(":") else line
        pair = key_value(line)
        if pair is None:
            return
        if start is not None:
            self.reasons[at] = "a result behind a configuration line"
        self.set_key(*pair)

    def set_key(self, key, value):
        """Benchstat moves the last key to the place of one that goes; the gate keeps the order in
        which they turned up first."""
        self.ever.setdefault(key, len(self.ever))
        self.tuple = None
        if value:
            self.config[key] = value
        elif key in self.config:
            order = list(self.config)
            last = order[-1]
            if not self.gate and last != key:
                order[order.index(key)] = last
                order.pop()
                self.config = {k: self.config[k] for k in order}
            else:
                del self.config[key]

    def keys(self):
        if self.tuple is None:
            order = self.ever if self.gate else self.config
            self.tuple = tuple((key, self.config[key]) for key in order if key in self.config)
        return self.tuple
