"""Turns the generated trees into a Jsonnet program with functions for what repeats.

usage: to_jsonnet.py FOLDER PROGRAM

All YAML and JSON below FOLDER/generated become one object from path to document. Services of
Compose files, rules of Prometheus and panels of Grafana go through one function each, whose
defaults are what most of them have; the program evaluates to exactly the documents.
"""

import json
import pathlib
import sys
from collections import Counter

import yaml


def defaults(items):
    """The members that all items have, each with its most frequent value."""
    keys = set.intersection(*(set(item) for item in items))
    found = {}
    for key in sorted(keys):
        values = Counter(json.dumps(item[key], sort_keys=True) for item in items)
        found[key] = json.loads(values.most_common(1)[0][0])
    return found


class Functions:
    def __init__(self):
        self.items = {"service": [], "rule": [], "panel": []}

    def collect(self, kind, items):
        self.items[kind].extend(items)

    def finish(self):
        self.defaults = {kind: defaults(items) for kind, items in self.items.items() if items}

    def call(self, kind, item):
        common = self.defaults[kind]
        own = {key: value for key, value in item.items() if common.get(key, item) != value}
        return f"{kind}({json.dumps(own)})"

    def text(self):
        return "".join(
            f"local {kind}(own) = {json.dumps(common)} + own;\n"
            for kind, common in self.defaults.items()
        )


def parts(document):
    """The lists in a document that hold services, rules or panels: kind, holder, key."""
    if not isinstance(document, dict):
        return
    for service in document.get("services") or {}:
        yield "service", document["services"], service
    for group in document.get("groups") or []:
        for index, _ in enumerate(group.get("rules") or []):
            yield "rule", group["rules"], index
    for index, _ in enumerate(document.get("panels") or []):
        yield "panel", document["panels"], index


def main(folder, program):
    root = pathlib.Path(folder)
    documents = {}
    for path in sorted((root / "generated").rglob("*")):
        if path.suffix in (".yml", ".yaml"):
            documents[str(path.relative_to(root))] = yaml.safe_load(path.read_text())
        elif path.suffix == ".json":
            documents[str(path.relative_to(root))] = json.loads(path.read_text())
    functions = Functions()
    for document in documents.values():
        for kind, holder, key in parts(document):
            functions.collect(kind, [holder[key]])
    functions.finish()

    # A marker in the place of each part, then the call in the place of its marker.
    calls = {}
    marked = json.loads(json.dumps(documents))
    for document in marked.values():
        for kind, holder, key in parts(document):
            marker = f"@@{len(calls)}@@"
            calls[json.dumps(marker)] = functions.call(kind, holder[key])
            holder[key] = marker
    lines = []
    for line in json.dumps(marked, indent=1).split("\n"):
        start = line.find('"@@')
        if start >= 0:
            marker = line[start : line.index('@@"', start) + 3]
            line = line.replace(marker, calls[marker])
        lines.append(line)
    pathlib.Path(program).write_text(functions.text() + "\n".join(lines) + "\n")

    import _jsonnet

    if json.loads(_jsonnet.evaluate_file(program)) != json.loads(json.dumps(documents)):
        sys.exit("the program does not evaluate to the generated documents")


if __name__ == "__main__":
    main(*sys.argv[1:])
