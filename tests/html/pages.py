"""The pages that are looked at: made by the program, from results that are made up here."""

import os
import subprocess

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures")

# Names hold no blanks. Each has to show as it is written here.
HOSTILE = [
    "<script>pwned()</script>",
    '"><img/src=x/onerror=pwned()>',
    "'onmouseover='pwned()",
    "&lt;b&gt;&amp;",
    "</noscript></table><svg/onload=pwned()>",
    "<!--",
    "`${pwned()}`",
    "</style><style>*{display:none}",
]
# What is shown otherwise: marks that reorder, hide or control.
SHOWN_OTHERWISE = [("a\u202eb\u200bc", "a\\u202eb\\u200bc"), ("d\x1b[2Je", "d\\x1b[2Je")]
HOSTILE_UNIT = "<u>/op"
LARGE, MANY_SAMPLES = 400, 900
HEAD = "goos: linux\ngoarch: amd64\npkg: {}\ncpu: Some CPU\n"


def results(lines, package="example.com/x", processes=8):
    """One process after the other; lines(process) yields what each prints."""
    return "".join(HEAD.format(package) + "".join(lines(number)) + f"PASS\nok  \t{package}\t1.0s\n"
                   for number in range(processes))


def hostile(side):
    names = HOSTILE + [name for name, _ in SHOWN_OTHERWISE]
    slower = 1.3 if side == "head" else 1

    def lines(process):
        for at, name in enumerate(names):
            value = 100 * (at + 1) * slower * (1 + process * 1e-3)
            yield f"Benchmark{name} 10 {value:.2f} ns/op {7 + at} {HOSTILE_UNIT}\n"
    return results(lines, package='a"b/<i>c</i>') + results(lines, package="example.com/y")


def large(side):
    def lines(process):
        for at in range(LARGE):
            yield f"BenchmarkStage{at} 10 {1000 + at + process} ns/op\n"
        if process == 0:
            for at in range(MANY_SAMPLES):
                yield f"BenchmarkOften 10 {5000 + at * 7 % 101 + (400 if side == 'head' else 0)} ns/op\n"
    return results(lines, processes=1 if side == "none" else 8)


def make(program, folder):
    """The pages' paths, by name."""
    paths = {}
    for name, generate in (("hostile", hostile), ("large", large)):
        for side in ("base", "head"):
            with open(os.path.join(folder, f"{name}-{side}"), "w", encoding="utf-8") as file:
                file.write(generate(side))
    operands = {
        "small": ["gate/base.txt", "gate/both.txt"],
        "passed": ["gate/base.txt", "gate/same.txt"],
        "undecided": ["gate/few-base.txt", "gate/few-head.txt"],
        "summary": ["summaries/new.txt"],
        "error": ["gate/base.txt", "gate/no-such.txt"],
        "hostile": [os.path.join(folder, "hostile-base"), os.path.join(folder, "hostile-head")],
        "large": [os.path.join(folder, "large-base"), os.path.join(folder, "large-head")],
    }
    environment = {key: os.environ[key] for key in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if key in os.environ}
    for name, files in operands.items():
        paths[name] = os.path.join(folder, name + ".html")
        subprocess.run([program, "gate", "--policy", "built-in", "--report", "html=" + paths[name], *files],
                       cwd=FIXTURES, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                       check=False)
    return paths
