"""Whether an answer is what the contract promises."""

import functools
import re

from .notation import OPERATIONS, TYPES

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RANGES = {
    "int": (-(2**63), 2**63), "int64": (-(2**63), 2**63), "uint16": (0, 2**16), "uint32": (0, 2**32),
    "uint64": (0, 2**64),
}  # fmt: skip


def operation(method, path):
    """The operation that a request is, or None if it is another one. `path`: with or without a version."""
    path = re.sub(r"^/v[0-9.]+/", "/", path)
    return next((one for one in OPERATIONS.values() if one.method == method and pattern(one.path).fullmatch(path)), None)


@functools.cache
def pattern(path):
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


def problems(value, kind, path="", strict=True):
    """What is wrong with `value`. `strict`: so are fields that the contract does not know, and nulls."""
    if value is None and not strict:
        return []
    if kind[-1] in "?~":
        return [] if value is None else problems(value, kind[:-1], path, strict)
    if kind[0] == "[":
        return of_members(value, list, kind, path, strict)
    if kind[0] == "{":
        return of_members(value, dict, kind, path, strict)
    if kind in TYPES:
        known = TYPES[kind]
        return problems(value, known, path, strict) if isinstance(known, str) else of_fields(value, kind, path, strict)
    return [] if is_scalar(value, kind) else [f"{path}: {value!r:.80} is no {kind}"]


def of_members(value, container, kind, path, strict):
    if not isinstance(value, container):
        return [f"{path}: {value!r:.80} is no {kind}"]
    members = value.items() if container is dict else enumerate(value)
    return [text for key, member in members for text in problems(member, kind[1:-1], f"{path}[{key}]", strict)]


def of_fields(value, kind, path, strict):
    if not isinstance(value, dict):
        return [f"{path}: {value!r:.80} is no {kind}"]
    known = TYPES[kind]
    found = [f"{path}.{name}: is missing" for name, field in known.items() if field.required and name not in value]
    for name, member in value.items():
        if name in known:
            found += problems(member, known[name].type, f"{path}.{name}", strict)
        elif strict:
            found.append(f"{path}.{name}: is no field of {kind}")
    return found


def is_scalar(value, kind):
    if kind == "string":
        return isinstance(value, str)
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "time":
        return isinstance(value, str) and TIME.fullmatch(value) is not None
    if kind == "object":
        return isinstance(value, dict)
    if kind in RANGES:
        low, high = RANGES[kind]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value < high
    if "|" in kind:
        return value in ["" if one == "''" else one for one in kind.split("|")]
    raise ValueError(f"the notation has no type {kind}")
