"""What an independent validator makes of reports by their schema.

validate.py SCHEMA FILES...: prints a line for each file that is not as the schema says. The schema
lets programs pass over members that it does not describe; here they are faults, so that no member
goes undescribed. First the validator itself is tried on reports that are no good.
"""

import copy
import json
import sys

import jsonschema


def closed(schema):
    """The schema, refusing what it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        made.setdefault("additionalProperties", False)
    return made


def spoil(report):
    """Reports that are no good, each in one way."""
    for change in (
        lambda r: r.update(schema_version=2),
        lambda r: r.update(undescribed=1),
        lambda r: r["base"].update(undescribed=1),
        lambda r: r.pop("benchmarks"),
        lambda r: r.update(exit_status=5),
        lambda r: r.update(verdict="maybe"),
        lambda r: r["comparisons"].append({}),
        lambda r: r["units"].append({"name": 1}),
    ):
        made = copy.deepcopy(report)
        change(made)
        yield made


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    strict = jsonschema.Draft202012Validator(closed(schema))
    tolerant = jsonschema.Draft202012Validator(schema)
    for path in sys.argv[2:]:
        with open(path, encoding="ascii") as file:
            report = json.load(file)
        for error in list(strict.iter_errors(report))[:3]:
            print(path, error.json_path, error.message[:200])
    for number, bad in enumerate(spoil(report)):
        if strict.is_valid(bad):
            print("a bad report passes:", number)
    report["new_in_a_later_version"] = report["base"]["new"] = 1
    if not tolerant.is_valid(report):
        print("a member of a later version is refused")


main()
