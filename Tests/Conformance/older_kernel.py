"""Linux before 6.17 in one respect: a procfs cannot be asked for that shows another pid namespace than one's own.

On a newer kernel strace lets that call fail as an older one does.
"""

import re
import subprocess

import pytest
from oci_runtime import Done

ASKED = re.compile(r'mount\(.*"proc".*pidns=')


def run_on_older_kernel(bundle, *options):
    """`run` to the end of the container's process, twice where the kernel is a newer one."""
    done, calls = traced(bundle.write(), options)
    asked = [index for index, (_, call) in enumerate(calls) if ASKED.search(call)]
    if not asked:
        pytest.skip("it does not ask: it has another way to a procfs of the namespace on every kernel")
    process, call = calls[asked[0]]
    if "EINVAL" in call:
        return done
    number = [pid for pid, _ in calls[:asked[0] + 1]].count(process)
    done, calls = traced(bundle, options, "-e", f"inject=mount:error=EINVAL:when={number}")
    injected = [call for _, call in calls if call.endswith("(INJECTED)")]
    assert injected and ASKED.search(injected[0])
    return done


def traced(bundle, options, *more):
    """`run`, and its calls of mount(2) with the processes that made them."""
    trace = bundle.folder / "trace"
    command = bundle.runtime.command("run", "--bundle", bundle.folder, *options, bundle.id)
    strace = ["strace", "-f", "-qq", "-s", "200", "-e", "trace=mount", *more, "-o", trace, *command]
    done = subprocess.run(strace, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    calls = [line.split(maxsplit=1) for line in trace.read_text().splitlines() if " mount(" in line]
    return Done(done.args, done.returncode, done.stdout, done.stderr), calls
