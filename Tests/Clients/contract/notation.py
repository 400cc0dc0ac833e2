"""The notation of the *.txt files here, and what they say.

A paragraph is a type: its name, then lines of fields that share the type which ends the line. `Name = type` is another
name for a type, `...Other` takes all fields of another type over. Types are

    string bool int int64 uint16 uint32 uint64 time object    [T] a list of them    {T} a map from strings to them
    one|other|''  one of these strings                        T?  the contract says that it may be null

`field!` has to be there. `+field` and `T~` are Docker's answers where the contract is silent: a field that it does not
have, and a null where it promises a value.
"""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Field:
    type: str
    required: bool
    extra: bool


@dataclasses.dataclass
class Operation:
    method: str
    path: str
    parameters: list = dataclasses.field(default_factory=list)
    body: str = None
    answers: dict = dataclasses.field(default_factory=dict)  # good status to the type of the body, or None
    errors: set = dataclasses.field(default_factory=set)

    def __str__(self):
        return f"{self.method} {self.path}"

    def path_of(self, name):
        """The path for whatever has this name or identifier."""
        return re.sub(r"\{\w+\}", lambda _: name, self.path)


def paragraphs(path):
    """Lists of lines without comments."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return [paragraph.splitlines() for paragraph in "\n".join(lines).strip().split("\n\n")]


def read_types(paths):
    """Type names to another type (a string) or to fields by name."""
    types = {}
    for head, *lines in (paragraph for path in paths for paragraph in paragraphs(path)):
        if " = " in head:
            name, types[name] = head.split(" = ")
        else:
            types[head] = fields(lines)
    for name, own in types.items():
        if isinstance(own, dict) and (base := own.pop("...", None)):
            types[name] = {**types[base], **own}
    return types


def fields(lines):
    found = {}
    for line in lines:
        *names, kind = line.split()
        if not names:
            found["..."] = kind.removeprefix("...")
        for name in names:
            found[name.strip("+!")] = Field(kind, name.endswith("!"), name.startswith("+"))
    return found


def read_operations(path):
    operations = []
    for head, *lines in paragraphs(path):
        operations.append(operation := Operation(*head.split()))
        for line in lines:
            word, *rest = line.split()
            if word == "?":
                operation.parameters = rest
            elif word == "body":
                operation.body = rest[0]
            elif int(word) < 400:
                operation.answers[int(word)] = rest[0] if rest else None
            else:
                operation.errors = set(map(int, line.split()))
    return {str(operation): operation for operation in operations}


TYPES = read_types(path for path in sorted(FOLDER.glob("*.txt")) if path.stem != "operations")
OPERATIONS = read_operations(FOLDER / "operations.txt")
