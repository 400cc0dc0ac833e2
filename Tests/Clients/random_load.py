"""Clients that do everything to some containers at once, until the engine is gone; and what they remember of it."""

import collections
import concurrent.futures
import contextlib

import docker
import requests
import urllib3

# What a client of an engine that is killed sees; of docker's own errors it is the one that it has found nobody.
GONE = (requests.exceptions.RequestException, docker.errors.DockerException, urllib3.exceptions.HTTPError, OSError)
NAMES = [f"c{number:02}" for number in range(20)]
CLIENTS = 6
EXEC_STATUS = 5
STOP_STATUS = 7
# Waits for its end as a server does. The ledger says what the engine should know of.
STAYS = f"trap 'exit {STOP_STATUS}' TERM; echo began >>/ledger/$HOSTNAME; sleep 1000 & wait"
ENDS = "echo began >>/ledger/$HOSTNAME; usleep {time}; exit {status}"


class RandomLoad:
    def __init__(self, host, ledger, random):
        self.host, self.ledger, self.random = host, ledger, random
        # Containers that somebody wanted to end: how they end is a matter of who was first.
        self.disturbed = set()
        # By the container's identifier, the status that it ends with by itself.
        self.statuses = {}
        # Sessions that were made, with their container: their status is known whenever they have one.
        self.execs = []
        self.counts = collections.Counter()
        # What an engine that lives answers only if something is wrong.
        self.failures = []

    @contextlib.contextmanager
    def running(self):
        """While the body runs, which ends the engine."""
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self.act, self.random.getrandbits(64)) for _ in range(CLIENTS)]
            yield
        for client in clients:
            client.result()

    def act(self, seed):
        random = type(self.random)(seed)
        operations = (self.create, self.create, self.start, self.start, self.start, self.execute, self.execute, self.stop,
                      self.kill, self.remove)
        with contextlib.suppress(*GONE):
            with contextlib.closing(docker.DockerClient(base_url=self.host, timeout=30)) as client:
                while True:
                    self.attempt(random.choice(operations), client.api, random)

    def attempt(self, operation, api, random):
        """Once; a refusal is as good as a success."""
        try:
            operation(api, random.choice(NAMES), random)
            self.counts[operation.__name__] += 1
        except docker.errors.APIError as error:
            if error.response.status_code not in (304, 404, 409):
                self.failures.append(f"{operation.__name__}: {error}")

    def create(self, api, name, random):
        status = random.choice((None, 0, 3, 200))
        command = STAYS if status is None else ENDS.format(time=random.randrange(300_000), status=status)
        ports = {80: None} if random.random() < 0.5 else None
        host = api.create_host_config(binds=[f"{self.ledger}:/ledger"], port_bindings=ports)
        made = api.create_container(
            "busybox", ["sh", "-c", command], name=name, host_config=host, ports=[80] if ports else None)
        self.statuses[made["Id"]] = status

    def start(self, api, name, random):
        api.start(name)

    def execute(self, api, name, random):
        container = api.inspect_container(name)["Id"]
        session = api.exec_create(container, ["sh", "-c", f"usleep 20000; echo said; exit {EXEC_STATUS}"])["Id"]
        self.execs.append((session, container))
        api.exec_start(session)

    def stop(self, api, name, random):
        api.stop(self.disturbed_one(api, name), timeout=1)

    def kill(self, api, name, random):
        api.kill(self.disturbed_one(api, name))

    def remove(self, api, name, random):
        api.remove_container(self.disturbed_one(api, name), force=random.random() < 0.7)

    def disturbed_one(self, api, name):
        """By its identifier: the name may be another's in a moment."""
        container = api.inspect_container(name)["Id"]
        self.disturbed.add(container)
        return container

    def may_end_with(self, container):
        """The exit statuses that a container's runs can have. One that a client was not told of may have any."""
        own = self.statuses.get(container, "unknown")
        if own == "unknown":
            return {0, 3, 200, STOP_STATUS, 137}
        undisturbed = {own} - {None}
        return undisturbed | {STOP_STATUS, 137} if container in self.disturbed else undisturbed

    def runs_begun(self, container):
        """How often its program ran at least; the ledger goes by the short identifier, which is its hostname."""
        path = self.ledger / container[:12]
        return path.read_text().count("began") if path.exists() else 0
