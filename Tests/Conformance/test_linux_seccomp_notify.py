"""config-linux.md §Seccomp, SCMP_ACT_NOTIFY, and §The Container Process State."""

import errno
import platform
import signal
import socket

import pytest
from bundles import skip_if_refused
from polling import eventually
from seccomp_agent import Agent

section = pytest.mark.section
MKDIR = {"x86_64": {83, 258}, "aarch64": {34}}[platform.machine()]
# Of what a runtime does after it has loaded the filter, with the calls of the program itself.
EVERYWHERE = ["sendmsg", "sendto", "recvmsg", "recvfrom", "read", "close", "clone", "execve", "rt_sigaction", "exit_group"]


def notifying(bundle, *names, new_privileges=False, **more):
    rule = {"names": names or ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"}
    bundle.linux["seccomp"] = {
        "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule], "listenerPath": str(bundle.folder / "agent"), **more
    }
    bundle.process["noNewPrivileges"] = not new_privileges
    return bundle


def deny_mkdir(number):
    return errno.EXDEV if number in MKDIR else None


@section("config-linux.md §The Container Process State")
def test_notify_agent_gets_the_process_state(bundle):
    notifying(bundle, listenerMetadata="opaque")
    bundle.config["annotations"] = {"com.example.key": "value" * 100_000}
    with Agent(bundle.folder / "agent").listening() as agent:
        skip_if_refused(bundle.create()).succeeded()
        bundle.start().succeeded()
        eventually(lambda: agent.states, what="the agent has a state")
        (state,) = agent.states
        assert state["fds"] == ["seccompFd"]
        assert state["metadata"] == "opaque"
        assert state["pid"] == state["state"]["pid"] > 0
        assert state["state"]["status"] == "creating"
        assert (state["state"]["id"], state["state"]["bundle"]) == (bundle.id, str(bundle.folder))
        assert state["state"]["annotations"] == bundle.config["annotations"]
        assert "ociVersion" in state and "ociVersion" in state["state"]
        eventually(lambda: agent.closed == 1, what="the connection is closed")


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("new_privileges", [False, True], ids=["", "new privileges"])
@pytest.mark.parametrize("user", [0, 1000])
def test_notify_agent_answers_for_the_kernel(bundle, new_privileges, user):
    bundle.process["user"] = {"uid": user, "gid": user}
    notifying(bundle, new_privileges=new_privileges)
    with Agent(bundle.folder / "agent", deny_mkdir).listening() as agent:
        done = skip_if_refused(bundle.shell("mkdir /tmp/x 2>&1; ls /tmp; echo end").run())
        assert "cross-device" in done.succeeded().output.lower() and done.output.endswith("\nend\n")
        assert set(agent.calls) & MKDIR


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("new_privileges", [False, True], ids=["", "new privileges"])
def test_notify_agent_answers_for_the_calls_of_the_runtime(bundle, new_privileges):
    """From the loading of the filter on the runtime's own calls are notified of; the listener gets out all the same."""
    notifying(bundle, *EVERYWHERE, "mkdir", "mkdirat", new_privileges=new_privileges)
    with Agent(bundle.folder / "agent", deny_mkdir).listening():
        done = skip_if_refused(bundle.shell("mkdir /tmp/x 2>&1; echo end").run())
        assert "cross-device" in done.succeeded().output.lower()


@section("config-linux.md §Seccomp")
def test_notify_agent_answers_for_every_call(bundle):
    notifying(bundle, defaultAction="SCMP_ACT_NOTIFY", syscalls=[])
    with Agent(bundle.folder / "agent", deny_mkdir).listening():
        if (done := bundle.shell("mkdir /tmp/x 2>&1; echo end").run()).failed:
            pytest.skip(f"refused: {done.errors}")
        assert "cross-device" in done.output.lower()


@section("config-linux.md §The Container Process State")
def test_notify_agent_gets_the_state_of_an_exec(bundle):
    notifying(bundle, listenerMetadata="opaque")
    with Agent(bundle.folder / "agent", deny_mkdir).listening() as agent:
        bundle.running()
        done = bundle.exec("sh", "-c", "mkdir /tmp/x 2>&1; echo $PPID; cat /proc/self/status")
        assert "cross-device" in done.output.lower()
        eventually(lambda: len(agent.states) == 2, what="the agent has both states")
        first, second = agent.states
        assert (second["fds"], second["metadata"]) == (["seccompFd"], "opaque")
        assert second["state"]["status"] == "running"
        assert second["state"]["pid"] == first["pid"] != second["pid"] > 0


@section("config-linux.md §Seccomp")
def test_notify_leaves_no_child_behind(bundle):
    """Whatever hands the listener over is gone when the program runs, which has its children's signals."""
    notifying(bundle)
    script = "read children </proc/1/task/1/children; echo [$children]; grep SigIgn /proc/1/status; (exit 7); echo $?"
    with Agent(bundle.folder / "agent").listening():
        done = skip_if_refused(bundle.shell(script).run())
    children, ignored, status = done.succeeded().output.splitlines()
    assert (children, status) == ("[]", "7")
    assert not int(ignored.split()[1], 16) & 1 << (signal.SIGCHLD - 1)


@section("config-linux.md §Seccomp")
def test_notify_with_hooks_in_the_container(bundle):
    bundle.config["hooks"] = {"startContainer": [{"path": "/bin/sh", "args": ["sh", "-c", "echo hook >/hook"]}]}
    with Agent(bundle.folder / "agent").listening():
        done = skip_if_refused(notifying(bundle).shell("cat /hook").run())
    assert done.succeeded().output == "hook\n"


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("flag", ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_TSYNC"])
def test_notify_with_a_flag(bundle, flag):
    notifying(bundle, flags=[flag])
    with Agent(bundle.folder / "agent", deny_mkdir).listening():
        done = skip_if_refused(bundle.shell("mkdir /tmp/x 2>&1").run())
    assert "cross-device" in done.output.lower()


@section("config-linux.md §Seccomp")
def test_notify_agent_that_is_not_there(bundle):
    notifying(bundle)
    if not bundle.shell("exit 0").create().failed:
        assert bundle.start().failed


@section("config-linux.md §Seccomp")
def test_notify_without_an_agent(bundle):
    notifying(bundle)
    del bundle.linux["seccomp"]["listenerPath"]
    if not bundle.shell("exit 0").create().failed:
        assert bundle.start().failed


@section("config-linux.md §Seccomp")
def test_notify_agent_that_takes_nothing(bundle):
    """Two connections that nobody accepts are all that such a socket holds; the third is not waited for without end."""
    if bundle.runtime.name != "proa-runtime":
        pytest.skip("others wait without end")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(bundle.folder / "agent"))
        listener.listen(0)
        with socket.socket(socket.AF_UNIX) as first:
            first.connect(str(bundle.folder / "agent"))
            assert "listenerPath" in notifying(bundle).refused()


@section("config-linux.md §Seccomp")
def test_notify_agent_is_ignored_without_the_action(bundle):
    rule = {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}
    notifying(bundle, syscalls=[rule], flags=["SECCOMP_FILTER_FLAG_LOG"])
    assert "not permitted" in bundle.probe("mkdir /tmp/x 2>&1; exit 0")


@section("config-linux.md §Seccomp")
def test_notify_metadata_without_an_agent(bundle):
    notifying(bundle, listenerMetadata="opaque", syscalls=[])
    del bundle.linux["seccomp"]["listenerPath"]
    bundle.refused()
