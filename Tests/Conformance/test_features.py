"""features.md and features-linux.md: what the runtime says of itself is so."""

import pytest

section = pytest.mark.section
KNOWN = {"ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations",
         "potentiallyUnsafeConfigAnnotations"}
KNOWN_LINUX = {"namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "intelRdt", "memoryPolicy",
               "mountExtensions", "netDevices"}
# libseccomp makes no filter of both byte orders.
OTHER_BYTE_ORDER = {f"SCMP_ARCH_{name}" for name in (
    "MIPS", "MIPS64", "MIPS64N32", "PARISC", "PARISC64", "PPC", "PPC64", "S390", "S390X", "M68K", "SHEB")}
NEED_MORE = {"idmap", "ridmap", "remount", "bind", "rbind"}  # tested on their own


@pytest.fixture(scope="module")
def features(runtime):
    features = runtime.features()
    if features is None:
        pytest.skip("this runtime has no features command")
    return features


@pytest.fixture(scope="module")
def linux(features):
    return features.get("linux") or {}


def version(text):
    return [int(part) for part in text.partition("-")[0].split(".")]


@section("features.md §Specification version")
def test_features_versions(features, bundle):
    assert version(features["ociVersionMin"]) <= version(features["ociVersionMax"])
    for key in ("ociVersionMin", "ociVersionMax"):
        bundle.config["ociVersion"] = features[key]
        assert bundle.probe("echo ran") == "ran\n"


@section("features.md §Specification version")
def test_features_have_no_other_properties(features, linux):
    assert set(features) <= KNOWN
    assert set(linux) <= KNOWN_LINUX


@section("features.md §Hooks")
def test_features_hooks(features, bundle):
    for name in features.get("hooks") or []:
        path = "/bin/true"
        bundle.config.setdefault("hooks", {})[name] = [{"path": path}]
    assert bundle.probe("echo ran") == "ran\n"


@section("features.md §Mount Options")
def test_features_mount_options(features, bundle):
    """Every one of them is taken, none for the file system's own: a tmpfs would refuse what it does not know."""
    refused = {}
    for option in set(features.get("mountOptions") or []) - NEED_MORE:
        del bundle.config["mounts"][7:]
        bundle.mount("/mnt", options=[option])
        done = bundle.shell("exit 0").run()
        if done.failed:
            refused[option] = done.errors
    # What a kernel without POSIX locks or access lists says is its own.
    assert not set(refused) - {"mand", "nomand", "acl", "noacl"}, refused


@section("features.md §Annotations")
def test_features_annotations(features):
    annotations = features.get("annotations") or {}
    assert all(isinstance(value, str) and key for key, value in annotations.items())


@section("features-linux.md §Namespaces")
def test_features_namespaces(linux, bundle):
    for type in linux.get("namespaces") or []:
        bundle.user_namespace() if type == "user" else bundle.namespace(type)
    assert bundle.probe("echo ran") == "ran\n"


@section("features-linux.md §Capabilities")
def test_features_capabilities(linux, bundle):
    """An unknown one would be warned about; one that cannot be granted is as well, but this root has most."""
    names = linux.get("capabilities") or []
    bundle.process["capabilities"] = {"bounding": [*names, "CAP_OF_TOMORROW"]}
    done = bundle.shell("echo ran").run().succeeded()
    warned = {name for name in names if f"{name}" in done.errors.replace("]", " ").split()}
    assert warned <= {"CAP_SYS_RESOURCE", "CAP_SYS_BOOT", "CAP_SYS_MODULE"}


def seccomp(bundle, **profile):
    bundle.linux["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", **profile}
    return bundle.shell("echo ran").run()


@section("features-linux.md §Seccomp")
def test_features_seccomp_actions(linux, bundle):
    for action in (linux.get("seccomp") or {}).get("actions") or []:
        if action != "SCMP_ACT_NOTIFY":  # needs somebody to notify
            done = seccomp(bundle, syscalls=[{"names": ["mbind"], "action": action}])
            assert done.succeeded().output == "ran\n", action


@section("features-linux.md §Seccomp")
def test_features_seccomp_operators(linux, bundle):
    for operator in (linux.get("seccomp") or {}).get("operators") or []:
        rule = {"names": ["mbind"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": operator}]}
        assert seccomp(bundle, syscalls=[rule]).succeeded().output == "ran\n", operator


@section("features-linux.md §Seccomp")
def test_features_seccomp_architectures(linux, bundle):
    refused = {}
    for name in set((linux.get("seccomp") or {}).get("archs") or []) - OTHER_BYTE_ORDER:
        done = seccomp(bundle, architectures=[name], syscalls=[{"names": ["mbind"], "action": "SCMP_ACT_ERRNO"}])
        if done.failed:
            refused[name] = done.errors
    assert not refused


@section("features-linux.md §Seccomp")
def test_features_seccomp_flags(linux, bundle):
    supported = (linux.get("seccomp") or {}).get("supportedFlags") or []
    assert set(supported) <= set((linux.get("seccomp") or {}).get("knownFlags") or [])
    for flag in supported:
        done = seccomp(bundle, flags=[flag], syscalls=[{"names": ["mbind"], "action": "SCMP_ACT_ERRNO"}])
        assert done.succeeded().output == "ran\n", flag


@section("features-linux.md §MemoryPolicy")
@pytest.mark.parametrize("name, field", [
    ("memoryPolicy", {"memoryPolicy": {"mode": "MPOL_DEFAULT"}}),
    ("netDevices", {"netDevices": {}}),
])
def test_features_that_are_enabled_work(linux, bundle, name, field):
    if not (linux.get(name) or {}).get("enabled", bool(linux.get(name))):
        pytest.skip(f"{name} is not enabled")
    bundle.linux |= field
    assert bundle.probe("echo ran") == "ran\n"


@section("features-linux.md §Cgroup")
def test_features_cgroup_flags_are_booleans(linux):
    assert all(isinstance(value, bool) for value in (linux.get("cgroup") or {}).values())
