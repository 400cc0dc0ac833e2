"""Hostile requests: every answer has a status of the contract and a message; none is a 500, none is waited for in vain."""

import itertools

import contract
import pytest
from contract import hostile
from raw_http import RawHTTP

pytestmark = pytest.mark.proa_only("it answers some of these with a 500, and waits for others")

# What may go on as long as the container does.
STREAMS = ("/logs", "/stats", "/attach", "/attach/ws", "/wait", "/events")


@pytest.fixture
def http(engine):
    http = RawHTTP(engine.host)
    yield http
    assert http("GET", "/_ping").body == b"OK"


@pytest.fixture
def target(dock):
    # Whatever time a stop is to give it, and however soon after a start it comes.
    dock("run", "-d", "--name", "it", "--stop-timeout", "1", "--stop-signal", "KILL", "busybox", "sleep", "1000")
    return "it"


def check(operation, answer, said=""):
    """A good answer, or an error that is the client's and has a message."""
    known = contract.OPERATIONS[operation]
    refused = answer.status in known.errors - {500} | {400, 404, 413, 501}
    assert answer.status in known.answers or refused, (operation, said, answer.status, answer.body[:300])
    if refused and known.method != "HEAD":
        assert contract.problems(answer.json(), "ErrorResponse") == [], (said, answer.body[:300])
        assert answer.json()["message"], said
    return answer


def request(http, operation, id, **options):
    known = contract.OPERATIONS[operation]
    method, path = known.method, known.path
    options["head_only"] = path.endswith(STREAMS)
    answer = http(method, known.path_of(id), **options)
    if answer.status == 201 and operation in MADE:
        field, place = MADE[operation]
        assert http("DELETE", place + answer.json()[field]).status == 204
    return answer


# What is removed again at once: the field of the answer that names it, and where it is.
MADE = {"POST /networks/create": ("Id", "/networks/"), "POST /volumes/create": ("Name", "/volumes/")}
BODIES_THAT_DO = {
    "ContainerCreateRequest": {"Image": "busybox"},
    "ExecConfig": {"Cmd": ["true"]},
    "NetworkCreateRequest": {"Name": "made"},
    "NetworkConnectRequest": {"Container": "it"},
    "NetworkDisconnectRequest": {"Container": "it"},
}
NEEDED = {field for body in BODIES_THAT_DO.values() for field in body}


def body_for(operation):
    return BODIES_THAT_DO.get(contract.OPERATIONS[operation].body, {})


@pytest.mark.parametrize("operation", [name for name in contract.OPERATIONS if "{" in name])
def test_identifiers(http, operation):
    for id in hostile.PATHS:
        answer = request(http, operation, id, body=body_for(operation), query={"path": "/", "name": "n", "h": 1, "w": 1})
        assert answer.status in (301, 400, 404, 501), (id, answer.status, answer.body[:300])
        if answer.status != 301:
            check(operation, answer, id)


PARAMETERS = [(name, parameter) for name, found in contract.OPERATIONS.items() for parameter in found.parameters]


@pytest.mark.parametrize(("operation", "parameter"), PARAMETERS, ids=lambda text: text.replace("/", "_"))
def test_parameters(http, target, operation, parameter):
    values = hostile.FILTERS if parameter == "filters" else hostile.WORDS
    # With a stream of the logs and a path of the archive, the other parameter is what is wrong.
    others = {"stdout": "1"} if operation.endswith("/logs") else {"path": "/tmp"} if "archive" in operation else {}
    for value in values:
        query = [*((name, text) for name, text in others.items() if name != parameter), (parameter, value)]
        check(operation, request(http, operation, target, query=query, body=body_for(operation)), f"{value!r:.80}")
        if operation == "DELETE /containers/{id}" or operation.endswith("/rename"):
            break_even(http, target)


def break_even(http, name):
    """There is a running container of the name again."""
    if http("GET", f"/containers/{name}/json").status == 404:
        body = {"Image": "busybox", "Cmd": ["sleep", "1000"], "StopSignal": "KILL"}
        assert http("POST", "/containers/create", {"name": name}, body=body).status == 201
        http("POST", f"/containers/{name}/start")


@pytest.mark.parametrize("parameter", ["v", "force", "t", "condition", "all", "filters", "name"])
def test_a_parameter_twice_or_encoded_badly(http, target, parameter):
    for query in (f"{parameter}=1&{parameter}=x", f"{parameter}=%zz", f"{parameter}=%", "=&=&&", f"{parameter}[]=1", "%ff=%ff"):
        for operation in ("GET /containers/json", "POST /containers/{id}/stop", "POST /containers/{id}/wait"):
            method, path = operation.split()
            check(operation, http(method, f"{path.replace('{id}', target)}?{query}", head_only=True), query)


BODIES = [name for name, found in contract.OPERATIONS.items() if found.body]


@pytest.mark.parametrize("operation", BODIES)
def test_bodies_that_are_no_json_object(http, dock, target, operation):
    id = exec_of(dock, http, target) if "/exec/" in operation else target
    for text in hostile.TEXTS:
        answer = check(operation, request(http, operation, id, body=text), text[:40])
        assert answer.status in (400, 404, 413), (text[:40], answer.status, answer.body[:300])
    for text in hostile.OBJECTS:
        check(operation, request(http, operation, id, body=text), text[:40])
    for content_type in ("text/plain", "application/x-tar", "x", "application/json; charset=\xff"):
        headers = {"Content-Type": content_type}
        check(operation, request(http, operation, id, body=body_for(operation), headers=headers), content_type)


def exec_of(dock, http, name):
    return http("POST", f"/containers/{name}/exec", body={"Cmd": ["true"]}).json()["Id"]


@pytest.mark.parametrize("operation", BODIES)
def test_fields_of_wrong_types(http, dock, target, operation):
    id = exec_of(dock, http, target) if "/exec/" in operation else target
    for wrong in hostile.wrong_objects(contract.OPERATIONS[operation].body):
        if operation.endswith("/update") and "Init" in wrong:
            continue  # the contract has it among what can be updated; Docker has not
        answer = check(operation, request(http, operation, id, body={**body_for(operation), **wrong}), wrong)
        assert answer.status == 400, (wrong, answer.status, answer.body[:300])
        assert next(iter(wrong)) in answer.json()["message"], (wrong, answer.json())


@pytest.mark.parametrize("operation", BODIES)
def test_fields_that_are_null_or_unknown(http, dock, target, operation):
    body = contract.OPERATIONS[operation].body
    if operation.startswith("POST /networks/{id}"):
        dock("network", "create", target)
    for field in itertools.chain(contract.TYPES[body], ["nobody knows this", ""]):
        id = exec_of(dock, http, target) if "/exec/" in operation else target
        value = None if field in contract.TYPES[body] else {"deep": [1, {"x": None}]}
        if operation.endswith("/disconnect"):
            http("POST", f"/networks/{target}/connect", body=body_for(operation))
        answer = check(operation, request(http, operation, id, body={**body_for(operation), field: value}), field)
        again = answer.status == 403 and operation.endswith("/connect")
        assert answer.status < 300 or again or field in NEEDED, (field, answer.status, answer.body)


NUMBERS = (-1, 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1, -(2**63))


def test_numbers_that_nobody_means(http, dock):
    """Taken or refused; and what was taken can be told and removed again."""
    host = contract.TYPES["HostConfig"]
    for field in (name for name in host if host[name].type.rstrip("?") in ("int", "int64")):
        for number in NUMBERS:
            body = {"Image": "busybox", "Cmd": ["true"], "HostConfig": {field: number}}
            answer = check("POST /containers/create", http("POST", "/containers/create", body=body), (field, number))
            if answer.status == 201:
                told = http("GET", f"/containers/{answer.json()['Id']}/json").json()
                assert contract.problems(told, "ContainerInspectResponse") == []
                assert http("DELETE", f"/containers/{answer.json()['Id']}").status == 204


@pytest.mark.parametrize("operation", contract.OPERATIONS)
def test_another_method(http, target, operation):
    _, path = operation.split()
    for method in ("PATCH", "TRACE", "PROPFIND", "get", "X" * 1000):
        answer = http(method, path.replace("{id}", target))
        assert answer.status in (400, 404, 405, 501), (method, answer.status)


@pytest.mark.parametrize(
    "message",
    [b"GET\r\n\r\n", b"GET /info\r\n\r\n", b"GET /info HTTP/9.9\r\n\r\n",
     b"GET /info HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
     b"GET /info HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
     b"POST /containers/create HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"POST /containers/create HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
     b"GET /info HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 300_000 + b"\r\n", b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\n\r\n",
     b"GET info HTTP/1.1\r\nHost: a\r\n\r\n", b"GET http://other/info HTTP/1.1\r\nHost: a\r\n\r\n",
     b"POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n"],
    ids=lambda message: message[:60].decode("latin-1").split("\r")[0][:40],
)  # fmt: skip
def test_what_is_hardly_http(http, message):
    answer = http.exchange(message, head_only=True)
    assert 400 <= answer.status < 500 or answer.status in (501, 505) or answer.status == 200 and b"/info" in message
