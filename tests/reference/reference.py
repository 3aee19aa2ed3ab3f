"""Makes tests/reference/scipy.tsv: Mann-Whitney p-values and pairwise medians from SciPy.

Run: python3 tests/reference/reference.py tests/reference   (SciPy 1.10.1, NumPy 1.24)
SciPy's exact method knows no ties, so the samples here have none.
"""
import random
import sys

import numpy
from scipy.stats import binom, mannwhitneyu, permutation_test

out = sys.argv[1]
random.seed(20240602)


def text(values):
    return ",".join("%.17g" % value for value in values)


with open(out + "/scipy.tsv", "w") as file:
    print("id", "x", "y", "p_greater", "p_less", "p_two_sided", "rank95", sep="\t", file=file)
    for case in range(60):
        n, m = random.randint(1, 25), random.randint(1, 25)
        shift = random.choice([0, 0.3, 1, 3])
        x = [random.gauss(100, 1) for _ in range(n)]
        y = [random.gauss(100 + shift, 2) for _ in range(m)]
        p = [mannwhitneyu(y, x, alternative=a, method="exact").pvalue
             for a in ("greater", "less", "two-sided")]
        rank = max(k for k in range(n + 1) if k == 0 or binom.cdf(k - 1, n, 0.5) <= 0.025)
        print(case, text(x), text(y), text(p).replace(",", "\t"), rank, sep="\t", file=file)

with open(out + "/tail.tsv", "w") as file:
    print("id", "x", "y", "log_ratio", "p_greater", sep="\t", file=file)
    generator = numpy.random.default_rng(7)
    for case in range(6):
        x = generator.lognormal(3, 0.3, 60 + 20 * case)
        y = generator.lognormal(3 + 0.05 * case, 0.3, 80)

        def ratio(a, b):
            return numpy.log(numpy.quantile(b, 0.95) / numpy.quantile(a, 0.95))

        test = permutation_test((x, y), ratio, permutation_type="independent",
                                alternative="greater", n_resamples=40000, vectorized=False,
                                random_state=generator)
        print(case, text(x), text(y), "%.17g" % ratio(x, y), "%.17g" % test.pvalue,
              sep="\t", file=file)
