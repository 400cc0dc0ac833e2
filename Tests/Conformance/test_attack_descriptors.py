"""Attacks by what the runtime holds open, and on its own program."""

import contextlib
import os
import shutil

import pytest
from attacks import EVERYTHING, UP, HostFolder, reaches
from oci_runtime import OCIRuntime
from older_kernel import run_on_older_kernel
from polling import eventually

section = pytest.mark.section
SETS = ("bounding", "effective", "permitted")


@contextlib.contextmanager
def root_of_the_host():
    fd = os.open("/", os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)


def powerful(bundle):
    bundle.process["capabilities"] = {set: list(EVERYTHING) for set in SETS}
    return bundle


def scanner(host):
    """Looks through the open files of every process it sees, for ever, and says when one leads to the host."""
    folders = "/proc/[0-9]*/root /proc/[0-9]*/cwd /proc/[0-9]*/fd/*"
    return f"while :; do for each in {folders}; do {reaches(host, '$each')}; done 2>/dev/null; done"


PLAIN = ["CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_SYS_CHROOT", "CAP_KILL"]
TRIES = 60


@section("CVE-2016-9962")
@pytest.mark.parametrize("capabilities", [
    pytest.param(PLAIN, id="plain"),
    pytest.param(EVERYTHING, id="tracing"),
])
def test_descriptors_of_an_entering_process_lead_nowhere(bundle, capabilities):
    """A container's root looks through the files of the runtime's processes while they enter with `exec`."""
    host = HostFolder(bundle, "secret")
    bundle.process["capabilities"] = {set: capabilities for set in SETS}
    bundle.running(scanner(host))
    for _ in range(TRIES):
        bundle.exec("/bin/true").succeeded()
        assert "SECRET" not in bundle.output


@section("CVE-2016-9962")
def test_descriptors_that_lead_to_the_host_are_found(bundle):
    """The same attack on a descriptor that the caller has left open."""
    host = HostFolder(bundle, "secret")
    powerful(bundle).running(scanner(host))
    with root_of_the_host() as leak:
        bundle.runtime("exec", "--preserve-fds", "1", bundle.id, "sleep", "1", third=leak)
    eventually(lambda: "SECRET" in bundle.output)


@section("CVE-2016-9962")
@pytest.mark.parametrize("capabilities", [
    pytest.param(PLAIN, id="plain"),
    pytest.param(EVERYTHING, id="tracing"),
])
@pytest.mark.parametrize("user_namespace", [False, True], ids=["", "user namespace"])
def test_descriptors_of_a_neighbour_that_starts_lead_nowhere(make_bundle, capabilities, user_namespace):
    """The same from a container whose pid namespace the next one shares."""
    attacker, victim = make_bundle(), make_bundle()
    host = HostFolder(attacker, "secret")
    attacker.process["capabilities"] = {set: capabilities for set in SETS}
    attacker.running(scanner(host))
    victim.namespace("pid", path=f"/proc/{attacker.state()['pid']}/ns/pid")
    if user_namespace:  # which may not show another's processes
        victim.user_namespace().config["mounts"] = [
            each for each in victim.config["mounts"] if each["destination"] != "/proc"
        ]
        victim.linux |= {"maskedPaths": [], "readonlyPaths": []}
    for _ in range(TRIES):
        victim.shell("exit 0").run().succeeded()
        assert "SECRET" not in attacker.output


@section("CVE-2016-9962")
@pytest.mark.parametrize("options", [(), ("--no-pivot",)], ids=["", "no pivot"])
def test_descriptors_of_what_opens_the_procfs_lead_nowhere(make_bundle, options):
    """The same where a process has to enter before the root is there, to open a procfs of the namespace."""
    attacker, victim = powerful(make_bundle()), make_bundle()
    host = HostFolder(attacker, "secret")
    attacker.running(scanner(host))
    victim.namespace("pid", path=f"/proc/{attacker.state()['pid']}/ns/pid").shell("exit 0")
    for _ in range(TRIES // 3):
        run_on_older_kernel(victim, *options).succeeded()
        assert "SECRET" not in attacker.output


@section("CVE-2024-21626")
@pytest.mark.parametrize("command", ["run", "exec"])
def test_working_directory_is_not_one_of_the_host(bundle, command):
    """The working directory goes through a descriptor that the runtime might have left open."""
    host = HostFolder(bundle, "secret")
    script = f"cat {UP}{host.secret} 2>/dev/null || cat .{host.secret} 2>/dev/null; exit 0"
    if command == "exec":
        bundle.running()
    for fd in range(3, 24):
        if command == "run":
            bundle.process["cwd"] = f"/proc/self/fd/{fd}"
            done = bundle.shell(script).run()
        else:
            done = bundle.runtime("exec", "--cwd", f"/proc/self/fd/{fd}", bundle.id, "/bin/sh", "-c", script)
        assert "secret" not in done.output, f"descriptor {fd}"


@section("CVE-2024-21626")
@pytest.mark.parametrize("command", ["run", "exec"])
def test_working_directory_is_not_one_of_the_host_that_was_left_open(bundle, command):
    """With a descriptor that really is there: the caller's own mistake."""
    host = HostFolder(bundle, "secret")
    script = f"cat .{host.secret}"
    if command == "exec":
        bundle.running()
    else:
        bundle.process["cwd"] = "/proc/self/fd/3"
    with root_of_the_host() as leak:
        if command == "run":
            done = bundle.shell(script).run("--preserve-fds", "1", third=leak)
        else:
            options = ["--preserve-fds", "1", "--cwd", "/proc/self/fd/3", bundle.id, "sh", "-c", script]
            done = bundle.runtime("exec", *options, third=leak)
    assert done.failed
    assert "secret" not in done.output


@section("CVE-2024-21626")
@pytest.mark.parametrize("command", ["run", "create", "exec"])
@pytest.mark.parametrize("how", ["program", "search", "interpreter"])
def test_program_is_not_one_of_the_host(bundle, command, how):
    """The program's path goes through a descriptor of the host: what runs there could be overwritten from inside."""
    program = bundle.folder / "host/busybox"
    program.parent.mkdir()
    shutil.copy2("/bin/busybox", program)
    arguments = [f"/proc/self/fd/3{program}", "echo", "ESCAPED"]
    if how == "search":
        bundle.process["env"] = [f"PATH=/proc/self/fd/3{program.parent}"]
        arguments = ["busybox", *arguments[1:]]
    if how == "interpreter":
        script = bundle.rootfs / "bin/script"
        script.write_text(f"#!{arguments[0]} echo\n")
        script.chmod(0o755)
        arguments = ["/bin/script"]
    with root_of_the_host() as leak:
        if command == "exec":
            bundle.running()
            output = bundle.exec(*arguments, third=leak).output
        else:
            bundle.process["args"] = arguments
            done = bundle.run(third=leak) if command == "run" else bundle.create(third=leak)
            if command == "create" and not done.failed:
                bundle.start()
                bundle.wait_until("stopped")
            output = done.output if command == "run" else bundle.output
    assert "ESCAPED" not in output and "/bin/script" not in output


@section("CVE-2024-21626")
@pytest.mark.parametrize("command", ["run", "exec"])
def test_no_descriptor_of_the_host_is_open_when_the_program_is_looked_up(bundle, command):
    """The same by any descriptor that the runtime itself might have left open."""
    program = bundle.folder / "host/busybox"
    program.parent.mkdir()
    shutil.copy2("/bin/busybox", program)
    if command == "exec":
        bundle.running()
    for fd in range(3, 24):
        bundle.process["args"] = [f"/proc/self/fd/{fd}/{UP}{program}", "echo", "found"]
        done = bundle.exec(*bundle.process["args"]) if command == "exec" else bundle.run()
        assert done.failed and "found" not in done.output, f"descriptor {fd}"


OVERWRITE = """
    for process in /proc/[0-9]*; do
      case "$(readlink $process/exe)" in /bin/busybox | "") continue ;; esac
      command exec 9<$process/exe || continue
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        (echo overwritten >/proc/self/fd/9) && echo OVERWRITTEN
        sleep 0.02
      done
      exec 9<&-
    done 2>/dev/null
"""


@section("CVE-2019-5736")
def test_program_of_the_runtime_cannot_be_overwritten(bundle):
    """`exec` of a script whose interpreter is /proc/self/exe runs the runtime's program in the container; what opens
    it there may write to it as soon as it has ended."""
    program = bundle.folder / bundle.runtime.name
    shutil.copy2(bundle.runtime.path, program)
    before = program.read_bytes()
    (bundle.rootfs / "bin/evil").write_text("#!/proc/self/exe\n")
    (bundle.rootfs / "bin/evil").chmod(0o755)
    powerful(bundle).running(f"while :; do {OVERWRITE} done")
    bundle.runtime = OCIRuntime(program, bundle.runtime.root)
    for _ in range(8):
        bundle.exec("/bin/evil")
        bundle.exec("/proc/self/exe", "--help")
        bundle.exec("sleep", "0.05")
    assert "OVERWRITTEN" not in bundle.output
    assert program.read_bytes() == before


@section("CVE-2019-5736")
def test_program_of_the_runtime_is_what_that_attack_would_overwrite(bundle):
    """The same attack on a program of the host that nothing protects."""
    program = bundle.folder / "sleep"
    shutil.copy2("/bin/busybox", program)
    powerful(bundle).bind(program, "/opt/sleep", "bind").running(f"while :; do {OVERWRITE} done")

    def is_overwritten():
        bundle.exec("/opt/sleep", "0.5")
        return program.read_bytes() == b"overwritten\n"

    eventually(is_overwritten, within=30)


@section("CVE-2019-5736")
def test_program_of_the_runtime_as_the_first_process(bundle):
    """An image whose command is /proc/self/exe."""
    program = bundle.folder / bundle.runtime.name
    shutil.copy2(bundle.runtime.path, program)
    before = program.read_bytes()
    bundle.runtime = OCIRuntime(program, bundle.runtime.root)
    bundle.process["args"] = ["/proc/self/exe", "--help"]
    bundle.run()
    assert program.read_bytes() == before
