"""One sample and two compared, worked out slowly from the definitions: the right numbers, and those
of benchstat. Exact where that can be had (whole numbers and fractions); no code of the product.

A class a way: Right and Benchstat have the same methods.
"""
import math
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from statistics import NormalDist

INFINITE = math.inf
NEED_LIMIT = 50  # "need > 50" beyond, for intervals
TEST_LIMIT = 10  # "need > 10" from there on, for tests


# ---- the distribution of Mann and Whitney's U ----

def twice_u(x, y):
    """2U of x: pairs in which x is the larger count two, ties one."""
    return sum(2 * (a > b) + (a == b) for a in x for b in y)


def tie_groups(x, y):
    """How many values are equal, for each value of both samples in ascending order."""
    pooled = sorted(x + y)
    return tuple(pooled.count(value) for value in sorted(set(pooled)))


@lru_cache(maxsize=4096)
def ways(ties, n):
    """In how many ways n of the pooled values give each 2U, as {2U: ways}; all of one tie are alike.

    A sum of doubled mid-ranks over draws without replacement: a polynomial for each number drawn,
    packed into one whole number with room for every coefficient.
    """
    total = sum(ties)
    bits = total + 8  # every coefficient is at most 2^total
    draws = [1] + [0] * n
    below = 0
    for tie in ties:
        score = 2 * below + tie + 1  # twice the mid-rank
        below += tie
        for _ in range(tie):
            for k in range(n, 0, -1):
                draws[k] += draws[k - 1] << (bits * score)
    packed, mask, found, place = draws[n], (1 << bits) - 1, {}, -n * (n + 1)
    size = packed.bit_length()
    raw = packed.to_bytes(size // 8 + 1, "little")
    for first in range(0, size, bits):
        piece = int.from_bytes(raw[first // 8:(first + bits) // 8 + 1], "little")
        count = (piece >> (first % 8)) & mask
        if count:
            found[place] = count
        place += 1
    return found


def enumerated(x, y):
    """The same by choosing every subset of the pooled values; for small samples."""
    pooled, found = x + y, {}
    for chosen in combinations(range(len(pooled)), len(x)):
        first = [pooled[i] for i in chosen]
        rest = [pooled[i] for i in range(len(pooled)) if i not in chosen]
        found[twice_u(first, rest)] = found.get(twice_u(first, rest), 0) + 1
    return found


def share(counts, least, most):
    """The part of all ways with a 2U from least to most."""
    inside = sum(count for u, count in counts.items() if least <= u <= most)
    return Fraction(inside, sum(counts.values()))


# ---- the median's interval ----

def binomial_below(n, k):
    """P(fewer than k of n values lie below the median)."""
    return Fraction(sum(math.comb(n, i) for i in range(k)), 2 ** n)


class Summary:
    def __init__(self, center, low, high, need=None, spread=None):
        self.center, self.low, self.high = center, low, high
        self.need = need      # (">=" or ">", number of values), or None
        self.spread = spread  # smallest and largest, where all should be the same
        self.other = [low, high]


class Right:
    """Numbers as they should be."""

    @staticmethod
    def median(values):
        values, n = sorted(values), len(values)
        return float((Fraction(values[(n - 1) // 2]) + Fraction(values[n // 2])) / 2)

    @staticmethod
    @lru_cache(maxsize=None)
    def ranks(n, confidence):
        """The order statistics around the median, from 1; 0 and n + 1 are infinite."""
        limit = (1 - Fraction(confidence)) / 2
        k = max(k for k in range(0, (n + 1) // 2 + 1) if k == 0 or binomial_below(n, k) <= limit)
        return k, n + 1 - k

    @staticmethod
    @lru_cache(maxsize=None)
    def need(confidence):
        for n in range(2, NEED_LIMIT + 1):
            if binomial_below(n, 1) <= (1 - Fraction(confidence)) / 2:
                return ">=", n
        return ">", NEED_LIMIT

    @staticmethod
    def test(x, y):
        """The two-sided p-value; None where all values are equal."""
        ties = tie_groups(x, y)
        if len(ties) == 1:
            return None
        counts, u = ways(ties, len(x)), twice_u(x, y)
        top = 2 * len(x) * len(y)
        return min(Fraction(1), 2 * min(share(counts, 0, u), share(counts, u, top)))


def normal(z):
    return math.erfc(-z / math.sqrt(2)) / 2


class Benchstat:
    """Numbers as benchstat has them: golang.org/x/perf and its go-moremath."""

    @staticmethod
    def median(values):
        """Hyndman and Fan's eighth definition, in floating point."""
        values, n = sorted(values), len(values)
        place = 1 / 3.0 + 0.5 * (n + 1 / 3.0)
        k = math.floor(place)
        if k < 1 or k >= n:
            return values[0] if k < 1 else values[-1]
        return values[k - 1] + (place - k) * (values[k] - values[k - 1])

    @staticmethod
    @lru_cache(maxsize=None)
    def ranks(n, confidence):
        if confidence >= 1:
            return 0, n + 1
        if n > 30:
            return Benchstat.normal_ranks(n, confidence)

        def weight(k):
            return math.comb(n, k) if 0 <= k <= n else 0
        # From the likeliest gap between two values outwards, the left one first of two alike.
        left, right = n // 2, n // 2 + 1
        held = weight(left)
        while held < Fraction(confidence) * 2 ** n and (weight(left - 1) or weight(right)):
            if weight(left - 1) >= weight(right):
                left -= 1
                held += weight(left)
            else:
                held += weight(right)
                right += 1
        return max(left, 0), min(right, n + 1)

    @staticmethod
    def other_ranks(n, confidence):
        """What may come out too: from 21 values on the weights are not whole numbers, and which of
        two alike is the larger one is up to their last bits."""
        left, right = Benchstat.ranks(n, confidence)
        return (n + 1 - right, n + 1 - left) if 20 < n <= 30 else (left, right)

    @staticmethod
    def normal_ranks(n, confidence):
        curve = NormalDist(n / 2, math.sqrt(n / 4))
        tail = (1 - confidence) / 2
        start = curve.inv_cdf(tail) if tail < 0.5 else n / 2
        # Bands of width one around whole numbers; rounded outwards.
        left = math.floor(start - 0.5) + 1
        right = math.ceil(n - start - 0.5) + 1

        def inside(low, high):
            return normal((high - 0.5 - n / 2) / curve.stdev) - normal((low - 0.5 - n / 2) / curve.stdev)
        if confidence <= inside(left, right - 1) < inside(left, right):
            right -= 1
        return max(left, 0), min(right, n + 1)

    @staticmethod
    @lru_cache(maxsize=None)
    def need(confidence):
        for n in range(2, NEED_LIMIT + 1):
            left, right = Benchstat.ranks(n, confidence)
            if left >= 1 and right <= n:
                return ">=", n
        return ">", NEED_LIMIT

    @staticmethod
    def is_exact(x, y):
        """Whether p comes from the exact distribution."""
        tied = any(tie > 1 for tie in tie_groups(x, y))
        return max(len(x), len(y)) <= (25 if tied else 50)

    @staticmethod
    def miscounted(ties, n, u):
        """Ways with 2U up to u of n from two values, with the bound cut off toward zero: a negative
        one, which should let none through, lets 0 of the second value through."""
        lower, upper = ties
        bound = math.trunc(Fraction(u - n * (lower - n), lower + upper))
        return sum(math.comb(upper, k) * math.comb(lower, n - k) for k in range(bound + 1) if k <= n)

    @staticmethod
    def test(x, y):
        ties, u = tie_groups(x, y), twice_u(x, y)
        n, m = len(x), len(y)
        if len(ties) == 1:
            return None
        if not Benchstat.is_exact(x, y):
            pairs, size = n * m, n + m
            tied = sum(tie ** 3 - tie for tie in ties)
            z = u / 2 - pairs / 2
            z = (z - math.copysign(0.5, z) if z else z) / math.sqrt(
                pairs * ((size + 1) - tied / (size * (size - 1))) / 12)
            return 2 * min(normal(z), 1 - normal(z))
        small = min(u, 2 * n * m - u)
        if 2 * u == 2 * n * m:
            return Fraction(1)
        if len(ties) == 2:
            return 2 * Fraction(Benchstat.miscounted(ties, n, small), math.comb(n + m, n))
        return 2 * share(ways(ties, n), 0, small)


def at_rank(ordered, rank):
    return -INFINITE if rank < 1 else INFINITE if rank > len(ordered) else ordered[rank - 1]


def in_order(values):
    """As Go sorts them: NaN first."""
    return sorted(values, key=lambda value: (not math.isnan(value), 0 if math.isnan(value) else value))


def mode(ordered):
    """The most frequent one, the first of several; a NaN is like no other, and -0 like 0."""
    best, longest, first = ordered[0], 1, 0
    for i, value in enumerate(ordered):
        if value != ordered[first]:
            first = i
        if i + 1 - first > longest:
            best, longest = ordered[first], i + 1 - first
    return best


def summarize(way, values, exact, confidence):
    ordered, n = in_order(values), len(values)
    if exact:
        low, high = ordered[0], ordered[-1]
        return Summary(mode(ordered), low, high,
                       spread=(low, high) if n > 1 and low != high else None)
    left, right = way.ranks(n, confidence)
    low, high = at_rank(ordered, left), at_rank(ordered, right)
    infinite = math.isinf(low) or math.isinf(high)
    summary = Summary(way.median(ordered), low, high,
                      need=way.need(confidence) if infinite else None)
    if way is Benchstat:
        summary.other = [at_rank(ordered, rank) for rank in way.other_ranks(n, confidence)]
    return summary


class Comparison:
    def __init__(self, p, n, m, need=None, all_equal=False):
        self.p, self.n, self.m, self.need, self.all_equal = p, n, m, need, all_equal


def test_need(alpha):
    """Values a side from which on the smallest p-value, 2 / C(2n, n), is alpha or less."""
    for n in range(1, TEST_LIMIT):
        if float(Fraction(2, math.comb(2 * n, n))) <= alpha:
            return ">=", n
    return ">", TEST_LIMIT


def compare(way, x, y, exact, alpha):
    if exact:
        return Comparison(Fraction(0), len(x), len(y))
    if any(map(math.isnan, x + y)):
        return Comparison(Fraction(1), len(x), len(y))
    p = way.test(x, y)
    if p is None:
        return Comparison(Fraction(1), len(x), len(y), all_equal=True)
    need = test_need(alpha)
    few = float(p) > alpha and len(x) < need[1] and len(y) < need[1]
    return Comparison(p, len(x), len(y), need=need if few else None)


def geomean(values):
    """None where there is none."""
    if not values or any(math.isnan(value) or value <= 0 for value in values):
        return None
    if any(map(math.isinf, values)):
        return INFINITE
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))
