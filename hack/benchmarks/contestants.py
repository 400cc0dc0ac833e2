"""What takes part in the runtimes' benchmark: OCI runtimes, and the kernel's own share. Each says how it does a case, as
arguments of `meter.c`."""

import json
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent
# libseccomp's numbers of what a profile may name
ACTIONS = {"SCMP_ACT_ALLOW": 0x7FFF0000, "SCMP_ACT_ERRNO": 0x00050000}
OPERATORS = ["SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"]
EPERM = 1


class Runtime:
    def __init__(self, path, state):
        self.path, self.state = path, state

    def command(self, *arguments):
        return [str(self.path), "--root", str(self.state), *map(str, arguments)]

    def run(self, bundle, identifier):
        return self.command("run", "--bundle", bundle, identifier)

    def lifecycle(self, bundle, identifier):
        create = self.command("create", "--bundle", bundle, identifier)
        return [*create, "--then", *self.command("start", identifier), "--settle", *self.command("delete", identifier)]

    def execute(self, identifier, *program):
        return self.command("exec", identifier, *program)


class Floor:
    """`floor.c` and `floor_exec.c`: the necessary system calls and nothing else."""

    def __init__(self, folder):
        self.program, self.exec_program = built(folder, "floor"), built(folder, "floor_exec")
        self.folder = folder

    def run(self, bundle, identifier):
        return [self.program, "run", str(bundle), f"proa-bench/{identifier}", *self.filter(bundle)]

    def lifecycle(self, bundle, identifier):
        def step(verb):
            return [self.program, verb, str(bundle), f"proa-bench/{identifier}"]

        return [*step("create"), "--then", *step("start"), "--settle", *step("delete")]

    def execute_in(self, pid, identifier):
        return [self.exec_program, str(pid), f"proa-bench/{identifier}"]

    def filter(self, bundle):
        """The file with the bundle's system call filter as libseccomp compiles it, if it asks for one."""
        profile = json.loads((bundle / "config.json").read_text())["linux"].get("seccomp")
        if not profile:
            return []
        path = bundle / "filter.bpf"
        architectures = [name.removeprefix("SCMP_ARCH_").lower() for name in profile["architectures"]]
        default = str(action(profile["defaultAction"]))
        compiler = [built(self.folder, "filter", "-lseccomp"), default, *architectures]
        rules = [line for rule in profile["syscalls"] for line in lines(rule) if line.split()[0] != default]
        with path.open("wb") as file:
            subprocess.run(compiler, input="\n".join(rules).encode(), stdout=file, check=True)
        return [str(path)]


def action(name, errno=None):
    return ACTIONS[name] | (errno or EPERM if name == "SCMP_ACT_ERRNO" else 0)


def lines(rule):
    """What `filter.c` reads of a rule, one line for each of its system calls."""
    conditions = [
        f"{each['index']} {OPERATORS.index(each['op']) + 1} {each['value']} {each.get('valueTwo', 0)}"
        for each in rule.get("args", [])]
    return [" ".join([str(action(rule["action"], rule.get("errnoRet"))), name, *conditions]) for name in rule["names"]]


def built(folder, name, *options):
    """The program of `name.c`, static unless it needs a library."""
    program = folder / name
    if not program.exists():
        options = options or ["-static"]
        command = ["cc", "-O2", "-Wall", "-Werror", "-o", str(program), str(SOURCES / f"{name}.c"), *options]
        subprocess.run(command, check=True)
    return str(program)
