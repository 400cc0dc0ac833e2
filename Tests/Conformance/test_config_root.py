"""config.md: specification version, root, host and domain name, annotations, extensibility, valid values."""

import os

import pytest

section = pytest.mark.section


@section("config.md §Specification version")
@pytest.mark.parametrize("version", ["1.0.0", "1.0.2-dev", "1.1.0+build.5", "1.3.0"])
def test_version_of_the_same_major_is_compatible(bundle, version):
    bundle.config["ociVersion"] = version
    assert bundle.probe("echo ran") == "ran\n"


@section("config.md §Specification version")
@pytest.mark.parametrize("version", [None, "", "1", "1.0", "one.two.three", "2.0.0", 1])
def test_version_that_is_not_semantic_or_not_supported(bundle, version):
    bundle.config["ociVersion"] = version
    bundle.refused()


@section("config.md §Root")
@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_root_path(bundle, absolute):
    (bundle.rootfs / "mark").write_text("mine")
    bundle.config["root"]["path"] = str(bundle.rootfs) if absolute else "rootfs"
    assert bundle.probe("cat /mark") == "mine"


@section("config.md §Root")
@pytest.mark.parametrize("path", ["missing", "config.json", "rootfs/bin/busybox", ""])
def test_root_path_must_be_a_directory(bundle, path):
    bundle.config["root"]["path"] = path
    bundle.refused()


@section("config.md §Root")
def test_root_is_required(bundle):
    del bundle.config["root"]
    bundle.refused()


@section("config.md §Root")
@pytest.mark.parametrize("readonly", [None, False, True])
def test_root_readonly(bundle, readonly):
    if readonly is not None:
        bundle.config["root"]["readonly"] = readonly
    assert bundle.probe("touch /new 2>/dev/null && echo writable || echo refused") == (
        "refused\n" if readonly else "writable\n"
    )


@section("config.md §Hostname")
def test_hostname(bundle):
    bundle.config["hostname"] = "mrsdalloway"
    assert bundle.probe("hostname") == "mrsdalloway\n"


@section("config.md §Hostname")
def test_hostname_does_not_reach_the_runtime_namespace(bundle):
    before = os.uname().nodename
    bundle.without_namespace("uts").refused_or(lambda: None)
    assert os.uname().nodename == before


@section("config.md §Domainname")
def test_domainname(bundle):
    bundle.config["domainname"] = "foobarbaz.test"
    assert bundle.probe("cat /proc/sys/kernel/domainname") == "foobarbaz.test\n"


@section("config.md §Annotations")
def test_annotations_may_be_empty_and_unknown(bundle):
    bundle.config["annotations"] = {"org.opencontainers.of.tomorrow": "x", "empty": ""}
    bundle.created()
    assert bundle.state()["annotations"] == bundle.config["annotations"]


@section("config.md §Annotations")
@pytest.mark.parametrize("annotations", [["a"], {"a": 1}, {"a": {}}, "a"], ids=["list", "number", "map", "string"])
def test_annotations_are_a_map_of_strings(bundle, annotations):
    bundle.config["annotations"] = annotations
    bundle.refused()


@section("config.md §Extensibility")
def test_extensibility_unknown_properties_are_ignored(bundle):
    unknown = {"ofTomorrow": {"a": [1, None, {"b": "c"}]}}
    for place in (
        bundle.config, bundle.config["root"], bundle.process, bundle.process["user"], bundle.linux,
        bundle.linux["resources"], bundle.config["mounts"][0],
    ):
        place.update(unknown)
    assert bundle.probe("echo ran") == "ran\n"


WRONG_TYPES = {
    "args": lambda config: config["process"].update(args="sh"),
    "args of numbers": lambda config: config["process"].update(args=["sh", 1]),
    "env": lambda config: config["process"].update(env={"A": "b"}),
    "cwd": lambda config: config["process"].update(cwd=7),
    "uid": lambda config: config["process"]["user"].update(uid="root"),
    "uid below zero": lambda config: config["process"]["user"].update(uid=-1),
    "uid too large": lambda config: config["process"]["user"].update(uid=1 << 32),
    "terminal": lambda config: config["process"].update(terminal="yes"),
    "readonly": lambda config: config["root"].update(readonly="true"),
    "mounts": lambda config: config.update(mounts={"destination": "/mnt"}),
    "options": lambda config: config["mounts"][0].update(options="ro"),
    "namespaces": lambda config: config["linux"].update(namespaces=["pid"]),
    "memory limit": lambda config: config["linux"]["resources"].update(memory={"limit": "64m"}),
    "sysctl": lambda config: config["linux"].update(sysctl={"net.ipv4.ip_forward": 1}),
    "maskedPaths": lambda config: config["linux"].update(maskedPaths="/proc/kcore"),
    "hooks": lambda config: config.update(hooks=[{"path": "/bin/true"}]),
}


@section("config.md §Valid values")
@pytest.mark.parametrize("wrong", WRONG_TYPES)
def test_valid_values_a_wrong_type_is_an_error(bundle, wrong):
    WRONG_TYPES[wrong](bundle.config)
    bundle.refused()


UNKNOWN_VALUES = {
    "namespace": lambda config: config["linux"]["namespaces"].append({"type": "mountain"}),
    "rootfsPropagation": lambda config: config["linux"].update(rootfsPropagation="sideways"),
    "rlimit": lambda config: config["process"].update(rlimits=[{"type": "RLIMIT_NONSENSE", "soft": 1, "hard": 1}]),
    "seccomp action": lambda config: config["linux"].update(seccomp={"defaultAction": "SCMP_ACT_SING"}),
    "seccomp architecture": lambda config: config["linux"].update(
        seccomp={"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_ABACUS"]}
    ),
    "device type": lambda config: config["linux"].update(
        devices=[{"path": "/dev/x", "type": "q", "major": 1, "minor": 3}]
    ),
    "scheduler": lambda config: config["process"].update(scheduler={"policy": "SCHED_NONSENSE"}),
    "io class": lambda config: config["process"].update(ioPriority={"class": "IOPRIO_CLASS_NONSENSE", "priority": 1}),
    "io priority": lambda config: config["process"].update(ioPriority={"class": "IOPRIO_CLASS_BE", "priority": 9}),
    "personality": lambda config: config["linux"].update(personality={"domain": "PLAN9"}),
    "memory policy": lambda config: config["linux"].update(memoryPolicy={"mode": "MPOL_NONSENSE"}),
    "umask": lambda config: config["process"]["user"].update(umask=0o10000),
    "oomScoreAdj": lambda config: config["process"].update(oomScoreAdj=1001),
}


@section("config.md §Valid values")
@pytest.mark.parametrize("unknown", UNKNOWN_VALUES)
def test_valid_values_an_unknown_one_is_an_error(bundle, unknown):
    UNKNOWN_VALUES[unknown](bundle.config)
    bundle.refused()


TEXTS = ["", "{", "[]", "null", '"text"', '{"ociVersion": "1.0.2"', "{} {}", '{"ociVersion": "1.0.2",}', "\xff\xfe"]


@section("config.md §Valid values")
@pytest.mark.parametrize("text", TEXTS)
def test_valid_values_what_is_no_json_object_is_an_error(bundle, text):
    (bundle.folder / "config.json").write_bytes(text.encode("latin-1"))
    done = bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
    assert done.failed
    assert done.errors.strip()
    assert bundle.id not in bundle.runtime.known()
