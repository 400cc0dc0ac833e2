"""Values that no client means: for a body's fields by their types, and for whatever stands in a path or a query."""

from .notation import TYPES

LONG = "x" * 70_000

WORDS = ("", " ", "x", "-1", "0", "true", "1e9", "99999999999999999999999", "-99999999999999999999999", "0x10", "1.5",
         "NaN", "null", "../../etc", "a\0b", "\udcff\udcfe", "ä€😀", "%00", "{}", "[]", "a=b&c", "'\";--", LONG)  # fmt: skip

# As they stand in the request line.
PATHS = ("nobody", "%2e%2e", "..%2f..", "%00", "%ff%fe", "%zz", "%", "%C3%A4", "a%20b", "a%2Fb", "-", "*", "0x", "{id}",
         ";", "it%0d%0aX: y", LONG[:5000])  # fmt: skip

FILTERS = ("{", "[]", "1", '"x"', "null", "true", '{"label":', '{"label":1}', '{"label":[1]}', '{"label":[null]}',
           '{"label":{"a":1}}', '{"label":{"a":[]}}', '{"label":[["a"]]}', '{"":[]}', '{"nothing":["x"]}',
           '{"id":["' + LONG + '"]}', '{"name":["[("]}', '{"name":["(a*)*b"]}', '{"status":["flying"]}', '{"exited":["x"]}',
           '{"exited":["99999999999999999999"]}', '{"publish":["70000"]}', '{"publish":["-1/tcp"]}', '{"before":["nobody"]}',
           '{"since":["nobody"]}', '{"until":["never"]}', '{"until":["99999999999999999999"]}', '{"until":["1s","2s"]}',
           '{"label":["' + "a," * 1000 + '"]}', '{"a":' * 5000, "[" * 100_000, '{"label":["\\ud800"]}', "{}x", '{"id":["\0"]}',
           '{"health":["x"]}', '{"is-task":["x","y"]}', '{"dangling":["x"]}')  # fmt: skip

TEXTS = (b"{", b"[]", b"1", b'"x"', b"true", b"\xff\xfe", b"{}{}", b"{'a':1}", b'{"Image":"busybox",}', b"[" * 100_000,
         b'{"a":' * 50_000, b'{"HostConfig":' * 2000 + b"{}" + b"}" * 2000, b'{"Image":"a\xc3"}',
         b'{"Image":"\x00"}', b"NaN", b'{"a":01}', b"\0" * 1000, b'{"Image":"' + b"x" * 5_000_000 + b'"}',
         b"<xml/>")  # fmt: skip

# Objects that are well formed.
OBJECTS = (b'{"Image":"\\ud800"}', b'{"Cmd":[' + b'"a",' * 100_000 + b'"a"]}', b'{"":{"":[{}]}}', b'{"Tty":false,"Tty":true}')


def wrong_values(kind, depth=3):
    """JSON values that are not of the type; none is `null`, which Docker takes for nothing anywhere."""
    kind = kind.rstrip("?~")
    if kind in TYPES and isinstance(TYPES[kind], str):
        return wrong_values(TYPES[kind], depth)
    if kind == "string" or "|" in kind:
        return [1, True, {}, ["x"]]
    if kind == "bool":
        return ["true", 1, {}, []]
    if kind == "time":
        return [1, {}, "yesterday"]
    if kind in ("int", "int64", "uint16", "uint32", "uint64"):
        return ["1", True, {}, [], 1.5, 2**64, -(2**70), 1e300]
    if kind[0] == "[":
        return [1, {"a": 1}, *([wrong] for wrong in wrong_values(kind[1:-1], depth))]
    if kind[0] == "{":
        return [1, "x", ["x"], *({"key": wrong} for wrong in wrong_values(kind[1:-1], depth))]
    return [1, "x", True, ["x"], *wrong_objects(kind, depth - 1)]


def wrong_objects(name, depth=3):
    """Objects of the type `name` with one field that is wrong, as deep as `depth`."""
    fields = TYPES.get(name, {})
    return [{field: value} for field in fields if depth > 0 for value in wrong_values(fields[field].type, depth)]
