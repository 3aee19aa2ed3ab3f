"""The languages of filters and of projections, read slowly from their description."""
import re

WORD = r'"(?:[^"\\]|\\.)*"|[^\s():@,"]+'


def unquoted(word):
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


# ---- parts of a result ----

def split_name(name):
    """Base, parts with their slashes, and the digits of GOMAXPROCS."""
    procs = re.search(r"-(\d+)\Z", name, re.ASCII)
    rest = name[:procs.start()] if procs else name
    base, slash, parts = rest.partition("/")
    return base, ["/" + part for part in parts.split("/")] if slash else [], \
        procs.group(1) if procs else ""


def value_of(result, key):
    if key == ".fullname":
        return result.name
    if key == ".file":
        return result.label
    base, parts, procs = split_name(result.name)
    if key == ".name":
        return base
    if key == "/gomaxprocs" and procs:
        return procs
    if key.startswith("/"):
        return next((part[len(key) + 1:] for part in parts if part.startswith(key + "=")), "")
    return dict(result.config).get(key, "")


def name_without(result, keys):
    """The full name without what other keys name."""
    base, parts, procs = split_name(result.name)
    if not any(key == ".name" or key.startswith("/") for key in keys):
        return result.name
    kept = [part for part in parts if not any(part.startswith(key + "=") for key in keys)]
    return ("*" if ".name" in keys else base) + "".join(kept) + (
        "-" + procs if procs and "/gomaxprocs" not in keys else "")


# ---- filters ----

class Filter:
    """matches(result, units) of a measurement that is known by each of these units."""

    def __init__(self, text):
        regexp = r"/(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])*/"
        self.tokens = re.findall(r"(?<=[:(\s])%s(?=[\s)]|\Z)|%s|[():*-]" % (regexp, WORD), text)
        self.tokens = [piece for token in self.tokens for piece in self.pieces(token)]
        self.at = 0
        self.root = self.either()

    @staticmethod
    def pieces(token):
        """A leading - and a * alone are operators."""
        if token.startswith("-") and len(token) > 1:
            return ["-", token[1:]]
        return [token]

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self):
        terms = [self.both()]
        while self.peek() == "OR":
            self.take()
            terms.append(self.both())
        return lambda *what: any(term(*what) for term in terms)

    def both(self):
        terms = [self.term()]
        while self.peek() not in ("", ")", "OR"):
            if self.peek() == "AND":
                self.take()
            terms.append(self.term())
        return lambda *what: all(term(*what) for term in terms)

    def term(self):
        token = self.take()
        if token == "-":
            inner = self.term()
            return lambda *what: not inner(*what)
        if token == "*":
            return lambda *what: True
        if token == "(":
            inner = self.either()
            assert self.take() == ")"
            return inner
        key = unquoted(token)
        assert self.take() == ":", self.tokens
        values = [self.value(self.take())] if self.peek() != "(" else self.values()

        def match(result, units):
            texts = units if key == ".unit" else [value_of(result, key)]
            return any(value(text) for value in values for text in texts)
        return match

    def values(self):
        found = []
        while self.take() != ")":
            found.append(self.value(self.take()))
            assert self.peek() in ("OR", ")")
        return found

    @staticmethod
    def value(token):
        if len(token) > 1 and token.startswith("/") and token.endswith("/"):
            pattern = re.compile(token[1:-1].replace(r"\/", "/"))
            return lambda text: pattern.search(text) is not None
        return lambda text: unquoted(token) == text


# ---- projections ----

def fuzzy(text):
    """For @num: (0, number) where there is one in the text, prefixes counted, or (1, 0)."""
    prefixes = {letter: i + 1 for i, letter in enumerate("KMGTPEZY")}
    prefixes["k"] = 1
    try:
        return 0, float(text)
    except ValueError:
        pass
    found = re.search(r"([\d.]+)([kKMGTPEZY]?)(i?)", text, re.ASCII)
    try:
        base = 1024 if found.group(2) and found.group(3) else 1000
        return 0, float(found.group(1)) * float(base) ** prefixes.get(found.group(2), 0)
    except (AttributeError, ValueError):
        return 1, 0.0


class Field:
    def __init__(self, key, order, fixed):
        self.key, self.order, self.fixed = key, order, fixed
        self.names = {}  # of .config: the keys, as they turn up
        self.last = None, ()
        self.seen = {}   # value: rank

    def rank(self, value):
        if self.order == "alpha" or self.key == ".config" and self.order == "first":
            return value.encode("utf-8", "surrogateescape")
        if self.order == "num":
            return fuzzy(value), value.encode("utf-8", "surrogateescape")
        return self.seen[value]


class Projection:
    """Keys are tuples of a tuple a field: ((value,), (config, config, …), …)."""

    def __init__(self, text):
        self.fields = []
        for key, order, fixed in re.findall(
                r"(%s)(?:@(?:(%s)|\(([^)]*)\)))?" % (WORD, WORD), text):
            values = [unquoted(word) for word in re.findall(WORD, fixed)]
            field = Field(unquoted(key), order or "first", values)
            field.seen = {value: i for i, value in enumerate(values)}
            self.fields.append(field)
        self.order = {}  # keys as they turn up

    def lets_through(self, result):
        return all(not field.fixed or value_of(result, field.key) in field.fixed
                   for field in self.fields)

    def key(self, result, named, unit=None):
        """`named`: keys that some projection of the command names."""
        parts = []
        for field in self.fields:
            if field.key == ".config":
                parts.append(self.config(field, result.config, named))
            elif field.key == ".fullname":
                parts.append((name_without(result, named),))
            else:
                parts.append((value_of(result, field.key),))
        key = tuple(parts), unit
        if key not in self.order:
            self.order[key] = len(self.order)
            for field, part in zip(self.fields, parts):
                if field.key != ".config":
                    field.seen.setdefault(part[0], len(field.seen))
        return key

    @staticmethod
    def config(field, config, named):
        if field.last[0] is config:
            return field.last[1]
        for name, _ in config:
            if name not in named:
                field.names.setdefault(name)
        held = dict(config)
        values = [held.get(name, "") for name in field.names]
        while values and not values[-1]:
            values.pop()
        field.last = config, tuple(values)
        return field.last[1]

    def flat(self, key):
        """[(name, value)] of all fields, empty ones too."""
        found = []
        for field, part in zip(self.fields, key[0]):
            names = field.names if field.key == ".config" else [field.key]
            found += [(name, part[i] if i < len(part) else "") for i, name in enumerate(names)]
        return found

    def sorted(self):
        units = {}
        for _, unit in self.order:
            units.setdefault(unit, len(units))

        def place(key):
            ranks = []
            for field, part in zip(self.fields, key[0]):
                length = len(field.names) if field.key == ".config" else 1
                ranks += [field.rank(part[i] if i < len(part) else "") for i in range(length)]
            return ranks + [units[key[1]]]
        return sorted(self.order, key=place)

    def text(self, key):
        return " ".join(value for _, value in self.flat(key) if value)
