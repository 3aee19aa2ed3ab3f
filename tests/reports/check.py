"""Reads the reports of some runs as those who use them do. Usage: check.py PROGRAM. Prints TAP."""

import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "fixtures")
# Budgets that are kept, broken, open and not to be measured, and a waiver.
POLICY = {
    "budgets": [
        {"budget": "Sort* ns/op <= 10us", "consequence": "block"},
        {"budget": "Sort* B/op <= 100 B", "consequence": "block"},
        {"budget": "Search* p95-ns/op <= 1us", "consequence": "note"},
        {"budget": "NoSuch* ns/op <= 1us", "consequence": "note"},
    ],
    "waivers": [{"benchmarks": "Sort*", "units": "sec/op", "up_to": "20%", "reason": "known",
                 "by": "me", "expires": "2999-12-31"}],
}

FORMATS = ("json", "junit", "csv", "openmetrics", "markdown", "annotations", "text")

# Name, operands, and what else the command line says.
RUNS = [
    ("slower", ["gate/base.txt", "gate/slower.txt"], []),
    ("same", ["gate/base.txt", "gate/same.txt"], []),
    ("faster", ["gate/base.txt", "gate/faster.txt"], []),
    ("memory", ["gate/base.txt", "gate/both.txt"], []),
    ("failed", ["gate/base.txt", "gate/failed.txt"], []),
    ("missing", ["gate/base.txt", "gate/without-search.txt"], []),
    ("missing, noted", ["gate/base.txt", "gate/without-search.txt"], ["--missing", "note"]),
    ("new", ["gate/base.txt", "gate/with-lookup.txt"], []),
    ("from zero", ["gate/base.txt", "gate/from-zero.txt"], []),
    ("undecided", ["gate/few-base.txt", "gate/few-head.txt"], []),
    ("undecided blocks", ["gate/base.txt", "gate/wild.txt"], ["--undecided", "block"]),
    ("units", ["gate/units-base.txt", "gate/units-head.txt"], []),
    ("advisory", ["gate/base.txt", "gate/slower.txt"], ["--mode", "advisory"]),
    ("budgets", ["gate/base.txt", "gate/slower.txt"], ["--policy", "POLICY"]),
    ("summary", ["summaries/new.txt"], []),
    ("summary of three", ["summaries/old.txt"], []),
    ("hostile", ["gate/hostile-base.txt", "gate/hostile-head.txt"], []),
    ("no such file", ["gate/base.txt", "gate/no-such.txt"], []),
]


def reports_of(program, work, operands, options):
    """The exit status and the text of each report, made by one run."""
    paths = {name: os.path.join(work, name) for name in FORMATS}
    policy = os.path.join(work, "policy.json")
    with open(policy, "w", encoding="utf-8") as file:
        json.dump(POLICY, file)
    command = [program, "gate", *[policy if word == "POLICY" else word for word in options]]
    for name in FORMATS:
        command += ["--report", f"{name}={paths[name]}"]
    environment = {key: os.environ[key] for key in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")
                   if key in os.environ}
    done = subprocess.run(command + operands, cwd=FIXTURES, env={**environment, "LC_ALL": "C"},
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    texts = {}
    for name, path in paths.items():
        with open(path, encoding="utf-8", newline="") as file:
            texts[name] = file.read()
    return done.returncode, texts


def check_junit(text, status, report, work):
    """The schema, the counts, and that no run is green whose exit status is not 0."""
    path = os.path.join(work, "junit")
    if shutil.which("xmllint"):
        done = subprocess.run(["xmllint", "--noout", "--schema", os.path.join(HERE, "junit.xsd"), path],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"xmllint: {done.stderr}"
    root = tree.fromstring(text)
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for suite in root:
        counted = {"tests": len(suite)}
        for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            counted[attribute] = len(suite.findall(f"testcase/{element}"))
        for attribute, count in counted.items():
            if int(suite.get(attribute)) != count:
                yield f"{suite.get('name')}: {attribute} is {suite.get(attribute)}, and there are {count}"
            if attribute in totals:
                totals[attribute] += count
    for attribute, count in totals.items():
        if int(root.get(attribute)) != count:
            yield f"all: {attribute} is {root.get(attribute)}, and there are {count}"
    red = totals["failures"] + totals["errors"] > 0
    if red != (status != 0):
        yield f"exit status {status}, and {totals}"
    told = report["comparisons"] + report["budgets"]
    blocks = sum("block" in one["consequences"] for one in told if not report.get("policy", {})["advisory"]) \
        if status != 2 else 0
    failures = totals["failures"] - len(root.findall("testsuite[@name='benchgate']/testcase/failure"))
    if failures != blocks:
        yield f"{failures} failures, and {blocks} that block"
    wanted = 1 + len(report["comparisons"]) + len(report["budgets"])
    if totals["tests"] != wanted:
        yield f"{totals['tests']} cases, and {wanted} comparisons and budgets with the run"


def check_csv(text, status, report):
    """One row a comparison, with the numbers of the JSON."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    width = len(text.split("\n", 1)[0].split(","))
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""))):
        if len(row) != width:
            yield f"row {number} has {len(row)} fields, and the head {width}"
    if status == 2:
        if [row["outcome"] for row in rows] != ["error"] or not rows[0]["why"]:
            yield f"an error is told as {rows}"
        return
    if len(rows) != len(report["comparisons"]) + len(report["budgets"]):
        yield f"{len(rows)} rows"
    for row, told in zip(rows, report["comparisons"]):
        for column, key in (("outcome", "outcome"), ("benchmark", "benchmark"), ("unit", "unit")):
            wanted = shown(told[key] or "")
            if "\ufffd" not in wanted and row[column] not in (wanted, "'" + wanted):
                yield f"{column} is {row[column]!r}, and {told[key]!r} in the JSON"
        for column, value in (("base", (told["base"] or {}).get("median")), ("delta", told["delta_ratio"]),
                              ("P", told["p_value"]), ("limit", told["limit_ratio"])):
            if told["statistic"] != "median" or told["summary"]:
                continue
            if (row[column] == "") != (value is None):
                yield f"{column} of {row['benchmark']} is {row[column]!r}, and {value} in the JSON"
            elif value is not None and abs(float(row[column]) - value) > 1e-5 * abs(value):
                yield f"{column} of {row['benchmark']} is {row[column]}, and {value} in the JSON"


SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*)\})? (\S+)')


def check_openmetrics(text, status, report, work):
    """The grammar of OpenMetrics 1.0 for gauges, strictly; then promtool, where there is one."""
    lines = text.split("\n")
    if lines[-2:] != ["# EOF", ""]:
        yield f"ends with {lines[-2:]}"
    family, units, seen, samples = None, {}, set(), {}
    for line in lines[:-2]:
        words = line.split(" ", 3)
        if words[:2] == ["#", "TYPE"]:
            family = words[2]
            if family in units or words[3] != "gauge":
                yield f"{line}: comes again, or is no gauge"
            units[family] = ""
        elif words[:2] == ["#", "UNIT"]:
            if words[2] != family or not family.endswith("_" + words[3]):
                yield f"{line}: a unit must end the name"
        elif words[:2] != ["#", "HELP"]:
            match = SAMPLE.fullmatch(line)
            if not match or match.group(1) != family:
                yield f"{line}: is no sample of {family}"
                continue
            if line.rsplit(" ", 1)[0] in seen:
                yield f"{line}: comes again"
            seen.add(line.rsplit(" ", 1)[0])
            samples[line.rsplit(" ", 1)[0]] = float(match.group(3))
    if samples.get("benchgate_exit_status") != status:
        yield f"exit status {samples.get('benchgate_exit_status')}, and was {status}"
    for outcome, count in report["counts"].items() if status != 2 else ():
        if samples.get(f'benchgate_comparisons{{outcome="{outcome}"}}') != count:
            yield f"{outcome}: not {count}"
    if shutil.which("promtool"):
        with open(os.path.join(work, "openmetrics"), encoding="utf-8") as file:
            done = subprocess.run(["promtool", "check", "metrics"], stdin=file, capture_output=True,
                                  text=True, check=False)
        if done.returncode != 0:
            yield f"promtool: {done.stdout}{done.stderr}"


DECEPTIVE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def shown(name):
    """A name as every report shows it: what is no plain text by its number."""
    name = name.replace("##[", r"#\x23[")
    name = re.sub("[\0-\x1f\x7f]", lambda c: f"\\x{ord(c[0]):02x}", name)
    return DECEPTIVE.sub(lambda c: f"\\u{ord(c[0]):04x}", name)


def logged(name):
    """The same where it may stand at the start of a line in a log."""
    return re.sub(r"^( *)::", r"\1\\x3a:", shown(name))


def names_of(report, how=shown):
    """Those of the comparisons; JSON has no bytes that are no text, the other reports show them."""
    return {how(told["benchmark"]) for told in report["comparisons"]
            if told["benchmark"] and "\ufffd" not in told["benchmark"]}


class Rendered(html.parser.HTMLParser):
    """The elements of a page, and what stands in its code spans."""

    def __init__(self):
        super().__init__()
        self.tags, self.codes, self.code, self.outside, self.inside = set(), set(), "", "", False

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.inside, self.code = tag == "code", ""

    def handle_endtag(self, tag):
        if tag == "code":
            self.codes.add(self.code)
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.code += data
        else:
            self.outside += data


ELEMENTS = set("h3 h4 p ul li strong code table thead tbody tr th td details summary sub".split())


def check_markdown(text, report, work):
    """The limit, every breach by its name, and no element but ours."""
    if len(text.encode()) >= 65536:
        yield "too large"
    if not shutil.which("cmark-gfm"):
        return
    extensions = [word for name in ("table", "strikethrough", "autolink") for word in ("-e", name)]
    page = Rendered()
    page.feed(subprocess.run(["cmark-gfm", "--unsafe", *extensions, os.path.join(work, "markdown")],
                             capture_output=True, encoding="utf-8", check=True).stdout)
    if page.tags - ELEMENTS:
        yield f"elements that are not ours: {page.tags - ELEMENTS}"
    for name in names_of(report, logged):
        if name not in page.codes:
            yield f"{name} stands in no code span"
    if re.search(r"[@#]\w", page.outside):
        yield "a mention"


def check_plain(texts, report):
    """Names are plain text in all of them."""
    cases = {case.get("name") for case in tree.fromstring(texts["junit"]).iter("testcase")}
    rows = {row["benchmark"] for row in csv.DictReader(io.StringIO(texts["csv"], newline=""))}
    metrics = {re.sub(r"\\(.)", r"\1", name)
               for name in re.findall(r'benchmark="((?:[^"\\]|\\.)*)"', texts["openmetrics"])}
    measured = {shown(told["benchmark"]) for told in report["comparisons"] if told["base"]}
    for name in names_of(report):
        if not any(case.startswith(name) for case in cases):
            yield f"junit: {name}"
        if name not in rows and "'" + name not in rows:
            yield f"csv: {name}"
        if name in measured and name not in metrics:
            yield f"openmetrics: {name}"
    for name, text in texts.items():
        if name != "json" and re.search("[\0-\x09\x0b-\x1f\x7f]", text):
            yield f"{name}: a control character"
        if name not in ("json", "markdown") and DECEPTIVE.search(text):
            yield f"{name}: a character that hides or turns text"
        if name not in ("json", "annotations") and re.search(r"(?m)^\s*::|##\[", text):
            yield f"{name}: a command of a CI system"


def differences(program, operands, options):
    with tempfile.TemporaryDirectory() as work:
        status, texts = reports_of(program, work, operands, options)
        report = json.loads(texts["json"])
        if report["exit_status"] != status:
            yield f"exit status {status}, and {report['exit_status']} in the JSON"
        for text in check_junit(texts["junit"], status, report, work):
            yield f"junit: {text}"
        for text in check_csv(texts["csv"], status, report):
            yield f"csv: {text}"
        for text in check_openmetrics(texts["openmetrics"], status, report, work):
            yield f"openmetrics: {text}"
        for text in check_plain(texts, report):
            yield f"not plain: {text}"
        for text in check_markdown(texts["markdown"], report, work):
            yield f"markdown: {text}"


def main():
    failed = False
    print(f"1..{len(RUNS) + 3}")
    for number, (name, operands, options) in enumerate(RUNS, 1):
        found = list(differences(sys.argv[1], operands, options))
        print(f"{'not ' if found else ''}ok {number} - reports: {name}")
        for text in found:
            print("# " + text.replace("\n", "\n# "))
        failed = failed or bool(found)
    for number, tool in enumerate(("xmllint", "promtool", "cmark-gfm"), len(RUNS) + 1):
        there = shutil.which(tool) is not None
        print(f"ok {number} - reports: {tool}" + ("" if there else f" # SKIP skipped: no {tool} here"))
    sys.exit(failed)


if __name__ == "__main__":
    main()
