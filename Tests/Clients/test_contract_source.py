"""contract/*.txt says what Docker's published description of the API says: PROA_API_CONTRACT is its path (v1.51.yaml)."""

import os

import contract
import pytest

pytestmark = pytest.mark.skipif("PROA_API_CONTRACT" not in os.environ, reason="PROA_API_CONTRACT names no v1.51.yaml")

SCALARS = {"boolean": "bool", "integer": "int", "string": "string", None: "object", "object": "object"}


@pytest.fixture(scope="module")
def published():
    yaml = pytest.importorskip("yaml")
    with open(os.environ["PROA_API_CONTRACT"]) as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.mark.parametrize("name", contract.OPERATIONS)
def test_an_operation(published, name):
    known = contract.OPERATIONS[name]
    told = published["paths"][known.path][known.method.lower()]
    parameters = [parameter for parameter in told.get("parameters", ()) if parameter["in"] != "path"]
    assert known.parameters == [parameter["name"] for parameter in parameters if parameter["in"] == "query"]
    statuses = {int(status): answer for status, answer in told["responses"].items()}
    assert set(statuses) == known.answers.keys() | known.errors
    compared = Comparison(published["definitions"])
    for status, kind in known.answers.items():
        if kind:
            compared(statuses[status]["schema"], kind)
    for body in (parameter["schema"] for parameter in parameters if parameter["in"] == "body" and known.body):
        compared(body, known.body)
    assert compared.differences == []


class Comparison:
    def __init__(self, definitions):
        self.definitions = definitions
        self.differences = []
        self.seen = set()

    def __call__(self, schema, kind, path=""):
        kind, schema = kind.rstrip("?~"), self.resolved(schema)
        if kind in contract.TYPES and isinstance(contract.TYPES[kind], str):
            kind = contract.TYPES[kind]
        if kind[0] == "[":
            self.check(schema.get("type") == "array", path, kind)
            self(schema.get("items", {}), kind[1:-1], f"{path}[]")
        elif kind[0] == "{":
            self(schema.get("additionalProperties", {}), kind[1:-1], f"{path}{{}}")
        elif kind in contract.TYPES:
            self.compare_fields(schema, kind, path)
        elif "|" in kind:
            words = {"" if word == "''" else word for word in kind.split("|")}
            self.check(words == set(schema.get("enum", ())), path, kind)
        elif kind != "object":  # what is not described further here
            self.check_scalar(schema, kind, path)

    def compare_fields(self, schema, kind, path):
        if kind in self.seen:
            return
        self.seen.add(kind)
        properties, required = self.properties(schema)
        known = {name: field for name, field in contract.TYPES[kind].items() if not field.extra}
        self.check(properties.keys() == known.keys(), path, sorted(properties.keys() ^ known.keys()))
        self.check(required == {name for name, field in known.items() if field.required}, path, f"{kind}!")
        for name in properties.keys() & known.keys():
            self(properties[name], known[name].type, f"{path}.{name}")

    def check_scalar(self, schema, kind, path):
        form = schema.get("format")
        told = "time" if form in ("date-time", "dateTime") else SCALARS.get(schema.get("type"))
        if told == "int" and form in ("int64", "uint16", "uint32", "uint64"):
            told = form
        self.check(told == kind or {told, kind} == {"int", "int64"}, path, f"{kind} is {told}")

    def check(self, agrees, path, what):
        if not agrees:
            self.differences.append(f"{path}: {what}")

    def resolved(self, schema):
        while "$ref" in schema or len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0] if "allOf" in schema else self.definitions[schema["$ref"].rpartition("/")[2]]
        return schema

    def properties(self, schema):
        """Those of a schema and of all that it is made of, and which of them are required."""
        found, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
        for part in map(self.resolved, schema.get("allOf", ())):
            more, also = self.properties(part)
            found, required = {**found, **more}, required | also
        return found, required
