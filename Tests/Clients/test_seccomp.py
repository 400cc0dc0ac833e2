"""Filters of system calls of one's own, in Docker's format."""

import json
import signal

import pytest

ENOSPC = 28
PROFILE = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "archMap": [{"architecture": f"SCMP_ARCH_{name}", "subArchitectures": other} for name, other in (
        ("X86_64", ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]), ("AARCH64", ["SCMP_ARCH_ARM"]))],
    "syscalls": [
        {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSPC, "args": [], "comment": "no more",
         "includes": {}, "excludes": {"caps": ["CAP_SYS_TIME"]}},
        {"name": "chroot", "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "200.0"}},
        {"names": ["symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO", "includes": {"arches": ["s390x"]}},
        {"names": ["link", "linkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSPC, "includes": {"caps": ["CAP_SYS_TIME"]}},
        {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSPC, "includes": {"minKernel": "3.0"},
         "args": [{"index": 1, "value": int(signal.SIGWINCH), "valueTwo": 0, "op": "SCMP_CMP_EQ"}]},
    ],
}  # fmt: skip
TRY = ("mkdir /d 2>&1; chroot / true && echo changed; ln -s a /s && echo symbolic; ln /etc/passwd /l 2>&1;"
       "kill -CONT $$ && echo goes on; kill -WINCH $$ 2>&1; true")  # fmt: skip


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(PROFILE, indent=2))
    return f"seccomp={path}"


def test_rules_for_some_only(command, profile):
    done = command("run", "--rm", "--security-opt", profile, "busybox", "sh", "-c", TRY)
    first, *others, last = done.splitlines()
    assert "/d" in first and "No space left on device" in first
    assert others == ["changed", "symbolic", "goes on"]
    assert "No space left on device" in last


def test_rules_for_capabilities(command, profile):
    done = command("run", "--rm", "--cap-add", "SYS_TIME", "--security-opt", profile, "busybox", "sh", "-c", TRY)
    *others, link, goes_on, last = done.splitlines()
    assert others == ["changed", "symbolic"] and goes_on == "goes on"
    assert "/l" in link and "No space left on device" in link
    assert "No space left on device" in last


def test_a_profile_of_nothing_filters_nothing(dock, tmp_path):
    (tmp_path / "empty.json").write_text("{}")
    shown = dock("run", "--rm", "--security-opt", f"seccomp={tmp_path}/empty.json", "busybox", "grep", "Seccomp:", "/proc/self/status")
    assert shown.split() == ["Seccomp:", "0"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"architectures": ["SCMP_ARCH_X86"]}, "use either 'architectures' or 'archMap'"),
     ({"syscalls": [{"name": "a", "names": ["b"], "action": "SCMP_ACT_ALLOW"}]}, "use either 'name' or 'names'"),
     ({"syscalls": [{"name": "a", "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "5"}}]}, 'expected "<kernel>.<major>"')],
    ids=["architectures", "names", "kernel"],
)  # fmt: skip
def test_profiles_that_contradict_themselves(dock, tmp_path, change, reason):
    (tmp_path / "bad.json").write_text(json.dumps({**PROFILE, **change}))
    done = dock.run("run", "--rm", "--security-opt", f"seccomp={tmp_path}/bad.json", "busybox", "true")
    assert done.returncode == 125
    assert reason in done.stderr
