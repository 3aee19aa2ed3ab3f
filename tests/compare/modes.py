"""Compare with and without --compat over the fixtures and the corpus; see tests/compare/modes."""
import collections
import os
import re
import shlex
import subprocess
import sys
import tempfile

from differences import REASONS, explain

# Pairs and files beside those of RULES.tsv.
PAIRS = [
    "gate/base.txt gate/slower.txt", "gate/base.txt gate/wild.txt", "gate/units-base.txt gate/units-head.txt",
    "gate/base.txt gate/from-zero.txt", "gate/base.txt gate/without-search.txt",
    "runs/go1.19/base.txt runs/go1.19/head.txt", "runs/go1.22/base-count10.txt runs/go1.22/head-count10.txt",
    "runs/go1.23/base-count5.txt runs/go1.23/head-count2.txt", "runs/go1.22/cpu.txt",
    "runs/go1.19/panics.txt runs/go1.22/noisy.txt", "compare/base.txt compare/head.txt",
]


def without_format(words):
    """The arguments but for the format; None where they read standard input."""
    found, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-format", "--format"):
            rest.pop(0)
        elif word == "-":
            return None
        elif not word.startswith("-format="):
            found.append(word)
    return found


def split(arguments):
    """The words of a command, as bash reads them."""
    done = subprocess.run(["bash", "-c", 'eval "set -- $1"; printf "%s\\0" "$@"', "-", arguments],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split("\0")[:-1]


def fixture_commands(scratch):
    with open("tests/compare/RULES.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    # Flags are read otherwise with --compat, which is no matter of numbers.
    rules = [arguments for part, _, arguments in rows if part != "flags"]
    long = os.path.join(scratch, "long.txt")
    with open(long, "w", encoding="utf-8") as file:
        file.write("BenchmarkX 1 5 ns/op\n" + "0" * 70000 + "\n")
    for arguments in rules:
        yield "fixtures", split(arguments) if re.search("['\"$]", arguments) else arguments.split()
    for arguments in PAIRS + ["malformed/" + name for name in sorted(os.listdir("fixtures/malformed"))
                              if "." in name]:
        yield "fixtures", arguments.split()
    yield "fixtures", [long]


def corpus_commands(corpus):
    with open(os.path.join(corpus, "benchstat/CASES.tsv"), encoding="utf-8") as file:
        for line in list(file)[1:]:
            case, folder, command = line.split("\t")[:3]
            if not case.startswith("old/") and not re.search("[|<]", command):
                yield os.path.join(corpus, folder), shlex.split(command)[1:]


def hold(program, commands):
    """The reasons that occurred, how many commands there were, and what could not be explained."""
    reasons, wrong, seen = collections.Counter(), [], set()
    for folder, words in commands:
        words = without_format(words)
        if words is None or (folder, tuple(words)) in seen:
            continue
        seen.add((folder, tuple(words)))
        try:
            reasons.update(explain(program, folder, words))
        except Exception as why:  # whatever it is, the other commands are to be held too
            wrong.append("%s: %s: %s" % (" ".join(words), type(why).__name__, why))
    return reasons, len(seen), wrong


def tell(number, what, reasons, count, wrong):
    print("%sok %d - %s: %d commands" % ("not " if wrong else "", number, what, count))
    for line in wrong:
        print("#   " + ascii(line)[:1000])
    for reason, text in REASONS.items():
        if reason in reasons:
            print("#   %5d cells: %s" % (reasons[reason], text))
    return bool(wrong)


def main(program, shared):
    print("1..2")
    with tempfile.TemporaryDirectory() as scratch:
        reasons, count, wrong = hold(program, fixture_commands(scratch))
    wrong += ["no cell of the fixtures shows: " + text for reason, text in REASONS.items()
              if reason not in reasons]
    failed = tell(1, "what --compat changes has a known reason, and each occurs", reasons, count, wrong)
    corpus = os.path.join(shared, "corpus")
    if os.path.exists(os.path.join(corpus, "benchstat/CASES.tsv")):
        failed |= tell(2, "and so it has over the corpus", *hold(program, corpus_commands(corpus)))
    else:
        print("ok 2 # SKIP what --compat changes has a known reason over the corpus")
        print("# skipped: the corpus is not beside the project")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
