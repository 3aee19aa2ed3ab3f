# Makes tests/reference/*.tsv: reference values from R for the unit tests of stats/.
# Run: Rscript tests/reference/reference.R tests/reference   (R 4.2.2; needs no package)
out <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20240601)
num <- function(v) paste(sprintf("%.17g", v), collapse = ",")
row <- function(...) paste(..., sep = "\t")

# Welch's t-test, one-sided (y greater), on normal, heavy-tailed and nearly constant samples.
lines <- row("id", "x", "y", "p_greater")
for (i in 1:40) {
  n <- sample(2:12, 1); m <- sample(2:12, 1)
  draw <- switch(i %% 4 + 1, rnorm, function(k) rexp(k), function(k) rt(k, 2),
                 function(k) 1e9 + round(rnorm(k), 3))
  x <- draw(n); y <- draw(m) + sample(c(0, .5, 2, 6), 1)
  lines <- c(lines, row(i, num(x), num(y), sprintf("%.17g", t.test(y, x, alternative = "greater")$p.value)))
}
writeLines(lines, file.path(out, "welch.tsv"))

# Benjamini-Hochberg: how many of the p-values are rejected at q = .05 and .2 (p.adjust).
lines <- row("id", "p", "rejected_05", "rejected_20")
for (i in 1:40) {
  k <- sample(1:60, 1)
  p <- ifelse(runif(k) < .3, rbeta(k, .3, 30), runif(k))
  a <- p.adjust(p, "BH")
  lines <- c(lines, row(i, num(p), sum(a <= .05), sum(a <= .2)))
}
writeLines(lines, file.path(out, "bh.tsv"))

# Quantiles (type 7), median, mad, and Hodges-Lehmann with ties (median of outer differences).
lines <- row("id", "x", "y", "median_x", "mad_x", "q95_x", "q25_x", "mean_x", "hl", "d2", "d_last")
for (i in 1:40) {
  n <- sample(1:70, 1); m <- sample(1:30, 1)
  x <- round(rlnorm(n, 3, 1), sample(0:6, 1)) + 1e6 * (i %% 3 == 0); y <- round(rlnorm(m, 3, 1), sample(0:6, 1))
  d <- sort(outer(y, x, "-"))
  lines <- c(lines, row(i, num(x), num(y), sprintf("%.17g", median(x)), sprintf("%.17g", mad(x)),
                        sprintf("%.17g", quantile(x, .95, type = 7)), sprintf("%.17g", quantile(x, .25, type = 7)),
                        sprintf("%.17g", mean(x)), sprintf("%.17g", median(d)),
                        sprintf("%.17g", d[min(2, length(d))]), sprintf("%.17g", d[length(d)])))
}
writeLines(lines, file.path(out, "summary.tsv"))

# The permutation test of two means, by every way to label the pooled sample, and the bounds that
# invert it: mean of the y that leave less (ratio: over) mean of the x that come, k-th smallest.
lines <- row("id", "x", "y", "shift_ratio", "shift_difference", "se_ratio", "se_difference",
             "p_greater", "p_less", "low_05", "high_05", "low_025", "high_025",
             "diff_low_05", "diff_high_05")
bound <- function(d, a, all, upper) {
  k <- floor(a * all + 1e-9)
  if (k < 1) return(ifelse(upper, Inf, -Inf))
  sort(d, decreasing = upper)[k]
}
for (i in 1:30) {
  n <- sample(2:7, 1); m <- sample(2:7, 1); if (i == 30) n <- m <- 9
  x <- round(rlnorm(n, 3, .2), 3); y <- round(rlnorm(m, 3 + (i %% 3) / 5, .2), 3)
  if (i %% 5 == 0) { x <- round(x); y <- round(y) }
  v <- c(x, y); all <- choose(n + m, m); ratio <- difference <- sums <- numeric(0)
  for (s in combn(n + m, m, simplify = FALSE)) {
    comes <- v[setdiff(s, (n + 1):(n + m))]; leaves <- v[setdiff((n + 1):(n + m), s)]
    sums <- c(sums, sum(v[s]))
    if (length(leaves) > 0) {
      ratio <- c(ratio, log(sum(leaves) / sum(comes)))
      difference <- c(difference, mean(leaves) - mean(comes))
    }
  }
  lines <- c(lines, row(i, num(x), num(y), num(log(mean(y) / mean(x))), num(mean(y) - mean(x)),
    num(sqrt(var(x) / n / mean(x)^2 + var(y) / m / mean(y)^2)), num(sqrt(var(x) / n + var(y) / m)),
    num(mean(sums >= sum(y) - 1e-9)), num(mean(sums <= sum(y) + 1e-9)),
    tolower(num(bound(ratio, .05, all, FALSE))), tolower(num(bound(ratio, .05, all, TRUE))),
    tolower(num(bound(ratio, .025, all, FALSE))), tolower(num(bound(ratio, .025, all, TRUE))),
    tolower(num(bound(difference, .05, all, FALSE))), tolower(num(bound(difference, .05, all, TRUE)))))
}
writeLines(lines, file.path(out, "means.tsv"))

# Is a quantile above a limit: P(Binomial(n, 1-q) >= above) and <= above (pbinom).
lines <- row("id", "n", "q", "above", "p_above", "p_within")
for (i in 1:80) {
  q <- c(.5, .95, .99, .25)[i %% 4 + 1]; n <- c(1, 5, 10, 60, 300, 2000)[i %% 6 + 1]
  above <- if (i %% 3 == 0) rbinom(1, n, 1 - q) else sample(0:n, 1)
  lines <- c(lines, row(i, n, num(q), above, num(pbinom(above - 1, n, 1 - q, lower.tail = FALSE)),
                        num(pbinom(above, n, 1 - q))))
}
writeLines(lines, file.path(out, "exceedance.tsv"))

# Is a mean above a limit (t.test with mu).
lines <- row("id", "x", "limit", "p_above", "p_within")
for (i in 1:40) {
  x <- switch(i %% 3 + 1, rnorm, rexp, function(k) 1e6 + rnorm(k))(sample(2:20, 1))
  limit <- mean(x) + sd(x) * rnorm(1)
  lines <- c(lines, row(i, num(x), num(limit), num(t.test(x, mu = limit, alternative = "greater")$p.value),
                        num(t.test(x, mu = limit, alternative = "less")$p.value)))
}
writeLines(lines, file.path(out, "mean_limit.tsv"))
