"""config-linux.md §Seccomp."""

import contextlib
import errno
import json
import os
import platform

import pytest
from bundles import skip_if_refused

section = pytest.mark.section
NATIVE = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}[platform.machine()]


def seccomp(bundle, *rules, default="SCMP_ACT_ALLOW", **more):
    bundle.linux["seccomp"] = {"defaultAction": default, "syscalls": list(rules), **more}
    return bundle


def rule(*names, action="SCMP_ACT_ERRNO", **more):
    return {"names": list(names), "action": action, **more}


def error_of(bundle, command="mkdir /tmp/x"):
    """The error that a command meets, as the kernel's number; 0 without one."""
    done = bundle.shell(f"{command} 2>&1").run()
    text = done.output.strip().rpartition(": ")[2]
    return next((code for code in errno.errorcode if os.strerror(code) == text), 0)


@section("config-linux.md §Seccomp")
def test_seccomp_is_in_force(bundle):
    text = seccomp(bundle, rule("mkdir", "mkdirat")).probe("grep Seccomp: /proc/self/status")
    assert text.split() == ["Seccomp:", "2"]


@section("config-linux.md §Seccomp")
def test_seccomp_is_not_in_force_unasked(bundle):
    assert bundle.probe("grep Seccomp: /proc/self/status").split() == ["Seccomp:", "0"]


@section("config-linux.md §Seccomp")
def test_seccomp_errno_is_eperm_by_default(bundle):
    assert error_of(seccomp(bundle, rule("mkdir", "mkdirat"))) == errno.EPERM


@section("config-linux.md §Seccomp")
def test_seccomp_errno_of_the_rule(bundle):
    assert error_of(seccomp(bundle, rule("mkdir", "mkdirat", errnoRet=errno.EBUSY))) == errno.EBUSY


@section("config-linux.md §Seccomp")
def test_seccomp_errno_of_the_default(bundle):
    with open("/usr/share/containers/seccomp.json") if os.path.exists("/usr/share/containers/seccomp.json") else (
        contextlib.nullcontext()
    ) as profile:
        if profile is None:
            pytest.skip("there is no profile of calls that programs need")
        allowing = [each for each in json.load(profile)["syscalls"] if each["action"] == "SCMP_ACT_ALLOW"]
    names = {name for each in allowing for name in each["names"]}
    allowed = rule(*sorted(names - {"mkdir", "mkdirat"}), action="SCMP_ACT_ALLOW")
    seccomp(bundle, allowed, default="SCMP_ACT_ERRNO", defaultErrnoRet=errno.ENOTTY)
    assert error_of(bundle) == errno.ENOTTY


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize(
    "action", ["SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP", "SCMP_ACT_ALLOW"]
)
def test_seccomp_errno_of_an_action_that_has_none(bundle, action):
    seccomp(bundle, rule("mkdir", action=action, errnoRet=errno.EBUSY)).refused()


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("action", ["SCMP_ACT_KILL", "SCMP_ACT_ALLOW"])
def test_seccomp_default_errno_of_an_action_that_has_none(bundle, action):
    seccomp(bundle, rule("mkdir"), default=action, defaultErrnoRet=errno.EBUSY).refused()


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("action, word", [
    ("SCMP_ACT_KILL", "Bad system call"), ("SCMP_ACT_KILL_THREAD", "Bad system call"),
    ("SCMP_ACT_KILL_PROCESS", "Bad system call"), ("SCMP_ACT_TRAP", "Bad system call"), ("SCMP_ACT_LOG", ""),
    ("SCMP_ACT_ALLOW", ""), ("SCMP_ACT_TRACE", "not implemented"),
])
def test_seccomp_action(bundle, action, word):
    done = seccomp(bundle, rule("mkdir", "mkdirat", action=action)).shell("mkdir /tmp/x; echo $?").run()
    text = done.output + done.errors
    assert word.lower() in text.lower() if word else done.output == "0\n"
    assert bool(word) != (bundle.rootfs / "tmp/x").exists()


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("operator, value, second, denied", [
    ("SCMP_CMP_EQ", 0o700, 0, {0o700}), ("SCMP_CMP_NE", 0o700, 0, {0o600, 0o710}),
    ("SCMP_CMP_LT", 0o700, 0, {0o600}), ("SCMP_CMP_LE", 0o700, 0, {0o600, 0o700}),
    ("SCMP_CMP_GT", 0o700, 0, {0o710}), ("SCMP_CMP_GE", 0o700, 0, {0o700, 0o710}),
    ("SCMP_CMP_MASKED_EQ", 0o010, 0o010, {0o710}),
])
def test_seccomp_operator(bundle, operator, value, second, denied):
    argument = {"index": 1, "value": value, "valueTwo": second, "op": operator}
    seccomp(bundle, rule("chmod", args=[argument]), rule("fchmodat", args=[argument | {"index": 2}]))
    script = "cd /tmp; touch x; for each in 600 700 710; do chmod $each x 2>/dev/null || echo $each; done"
    assert {int(each, 8) for each in bundle.probe(script).split()} == denied


@section("config-linux.md §Seccomp")
def test_seccomp_arguments_must_all_match(bundle):
    arguments = [{"index": 1, "value": 0o700, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]
    seccomp(bundle, rule("chmod", args=arguments))
    assert error_of(bundle, "chmod 700 /tmp") == 0


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("wrong", [
    rule(), rule("mkdir", action="SCMP_ACT_SING"), rule("mkdir", args=[{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]),
    rule("mkdir", args=[{"index": 0, "value": 1, "op": "SCMP_CMP_SO_SO"}]), {"names": ["mkdir"]},
], ids=["no names", "action", "index", "operator", "no action"])
def test_seccomp_rule_that_is_none(bundle, wrong):
    seccomp(bundle, wrong).refused()


@section("config-linux.md §Seccomp")
def test_seccomp_needs_a_default_action(bundle):
    bundle.linux["seccomp"] = {"syscalls": [rule("mkdir")]}
    bundle.refused()


@section("config-linux.md §Seccomp")
def test_seccomp_calls_of_other_kernels_are_passed_over(bundle):
    assert error_of(seccomp(bundle, rule("call_of_tomorrow", "mkdir", "mkdirat"))) == errno.EPERM


@section("config-linux.md §Seccomp")
def test_seccomp_architectures(bundle):
    assert error_of(seccomp(bundle, rule("mkdir", "mkdirat"), architectures=[NATIVE])) == errno.EPERM


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize(
    "flag", ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"]
)
def test_seccomp_flags(bundle, flag):
    skip_if_refused(seccomp(bundle, rule("mkdir", "mkdirat"), flags=[flag]).shell("exit 0").run())
    assert error_of(bundle) == errno.EPERM


@section("config-linux.md §Seccomp")
def test_seccomp_flags_that_are_none(bundle):
    seccomp(bundle, rule("mkdir"), flags=["SECCOMP_FILTER_FLAG_NONSENSE"]).refused()


@section("config-linux.md §Seccomp")
@pytest.mark.parametrize("user", [0, 1000])
def test_seccomp_with_and_without_new_privileges(bundle, user):
    bundle.process |= {"noNewPrivileges": False, "user": {"uid": user, "gid": user}}
    assert error_of(seccomp(bundle, rule("mkdir", "mkdirat", errnoRet=errno.EBUSY))) == errno.EBUSY
