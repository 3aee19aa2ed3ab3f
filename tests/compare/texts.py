"""Tables as text, worked out slowly: the words of each line, in order. How they are laid out is not
said here.
"""
import re
from fractions import Fraction

import samples
from tables import cell_notes, comparison_notes, delta_text, deltas, p_texts, ranges, shown

DECIMAL = [(Fraction(10) ** power, prefix) for power, prefix in (
    (12, "T"), (9, "G"), (6, "M"), (3, "k"), (0, ""), (-3, "m"), (-6, "µ"), (-9, "n"))]
BINARY = [(Fraction(2) ** power, prefix) for power, prefix in (
    (40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki"), (0, ""))]


def is_binary(unit):
    """Whether its numerator counts bytes."""
    numerator = "".join(part.split("/")[0] + "*" if i == 0 else part.partition("*")[2] + "*"
                        for i, part in enumerate(unit.split("/")))
    return bool({"B", "MB", "bytes"} & set(re.split(r"[-*\s]", numerator)))


def scale(values, unit):
    """(factor, prefix, digits) with which the smallest value but 0 has four digits."""
    sizes = [abs(Fraction(value)) for value in values if value]
    if not sizes:
        return 1.0, "", 3
    prefixes, smallest = BINARY if is_binary(unit) else DECIMAL, min(sizes)
    factor, prefix = next(((factor, prefix) for factor, prefix in prefixes
                           if smallest / factor >= Fraction("0.99995")), prefixes[-1])
    digits, part = 1, smallest / factor
    while digits < 10 and part < Fraction("99.995") / 10 ** (digits - 1):
        digits += 1
    return float(factor), prefix, digits


def scaled(value, how):
    factor, prefix, digits = how
    return "%.*f%s" % (digits, value / factor, prefix)


class Notes:
    def __init__(self):
        self.texts = []

    def marks(self, notes):
        for note in notes:
            if note not in self.texts:
                self.texts.append(note)
            yield self.mark(self.texts.index(note))

    @staticmethod
    def mark(index):
        return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(index + 1))


def table_lines(model, table):
    """Words of the lines of a table; a word may be several, of which any will do."""
    notes, unit = Notes(), table.key[1]
    delta = deltas if model.way is samples.Benchstat else delta_text
    for row in table.rows:
        cells = [table.cells.get((row, column)) for column in table.columns]
        how = scale([cell.summary.center for cell in cells if cell], unit)
        words = shown(model, model.projections["row"].text(row)).split()
        for cell in filter(None, cells):
            words += [scaled(cell.summary.center, how), "±", ranges(cell.summary)]
            words += notes.marks(cell_notes(model, cell))
            if cell.base:
                texts = [text.split() for text in p_texts(cell.comparison)]
                words.append(delta(cell, model.options.alpha))
                words += [["(" + text[0] for text in texts]] if len(texts[0]) == 2 else []
                words.append(("" if len(texts[0]) == 2 else "(") + texts[0][-1] + ")")
                words += notes.marks(comparison_notes(model, cell.comparison))
        yield words
    if len(table.rows) > 1:
        yield list(mean_words(model, table, notes))
    for i, text in enumerate(notes.texts):
        yield [notes.mark(i)] + shown(model, text).split()


def mean_words(model, table, notes):
    yield "geomean"
    for i, mean in enumerate(table.means):
        if mean.center is not None:
            # What stands at the edge of two texts may be either: logarithms have a last bit.
            yield [scaled(center, scale([center], table.key[1]))
                   for center in (mean.center, mean.center * (1 - 1e-13), mean.center * (1 + 1e-13))]
        if i:
            yield "?" if mean.ratio is None else [
                "%+.2f%%" % ((ratio - 1) * 100)
                for ratio in (mean.ratio, mean.ratio - 1e-13, mean.ratio + 1e-13)]
        yield from notes.marks(mean.notes)


def lines(model):
    """Of all tables but their heads; None where some head stands."""
    for table in model.order():
        yield None
        yield from table_lines(model, table)
