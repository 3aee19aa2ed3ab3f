"""What an independent validator makes of policy files by the schema.

validate.py SCHEMA FILES...: prints "schema" and its fault where the schema is none, else for each
file a line: its name, a tab, and "good", "bad" or "no JSON".
"""

import json
import sys

import jsonschema


def refuse(word):
    raise ValueError(word + " is no JSON")


def look(validator, path):
    try:
        with open(path, "rb") as file:
            value = json.loads(file.read().decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return "no JSON"
    return "good" if validator.is_valid(value) else "bad"


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        schema = json.load(file)
    try:
        jsonschema.Draft7Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        print("schema\t" + error.message)
        return
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    for path in sys.argv[2:]:
        print(path + "\t" + look(validator, path))


main()
