"""docker run -it and exec -it: typed into, resized, detached from."""

import pytest
from polling import eventually

# busybox asks the terminal for the cursor's position after its prompt, or clears the rest of the line.
PROMPT = r"ready> (?:\x1b\[\d*[A-Za-z])?$"


@pytest.fixture
def shell(dock, image):
    terminal = dock.terminal("run", "--rm", "-it", "--env", "PS1=ready> ", "--name", "typed", image, "sh")
    terminal.expect(PROMPT)
    yield terminal
    terminal.close(force=True)


def answer(terminal, command):
    terminal.sendline(command)
    terminal.expect(r"\r\n(.*)\r\n.*" + PROMPT)
    return terminal.match.group(1).rpartition("\n")[2].strip()


def resized(terminal, rows, columns):
    """Changes the size, each time anew: the docker command misses a signal that comes while it still starts."""
    terminal.setwinsize(rows, columns - 1)
    terminal.setwinsize(rows, columns)
    return answer(terminal, "stty size")


def test_a_shell_is_typed_into(shell):
    assert answer(shell, "echo $((6 * 7))") == "42"
    assert answer(shell, "tty") == "/dev/pts/0"


def test_the_size_of_the_terminal_is_the_clients(shell):
    # The command sends the size just after the container has started.
    eventually(lambda: answer(shell, "stty size") == "24 80")


def test_the_terminal_is_resized(shell):
    eventually(lambda: resized(shell, 40, 132) == "40 132")


def test_the_exit_code_of_a_shell(shell):
    shell.sendline("exit 3")
    shell.expect_exact("exit 3")
    shell.wait()
    assert shell.exitstatus == 3


def test_control_c_interrupts_the_foreground_process(dock, shell):
    shell.sendline("sleep 1000")
    commands = "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"
    eventually(lambda: "sleep 1000" in dock("exec", "typed", "sh", "-c", commands))
    shell.sendcontrol("c")
    shell.expect(PROMPT)
    assert answer(shell, "echo alive") == "alive"


def test_detach_keys_leave_it_running_and_attach_comes_back(dock, shell):
    shell.sendcontrol("p")
    shell.sendcontrol("q")
    shell.wait()
    assert dock.state("typed")["Running"]
    again = dock.terminal("attach", "typed")
    again.sendline("echo back again")
    again.expect_exact("back again")
    again.sendline("exit")
    again.wait()


def test_exec_has_a_terminal_of_its_own(dock, image):
    dock("run", "-d", "--name", "idle", image, "sleep", "1000")
    terminal = dock.terminal("exec", "-it", "--env", "PS1=ready> ", "idle", "sh", rows=30, columns=100)
    terminal.expect(PROMPT)
    eventually(lambda: answer(terminal, "stty size") == "30 100")
    eventually(lambda: resized(terminal, 20, 50) == "20 50")
    terminal.sendline("exit 5")
    terminal.expect_exact("exit 5")
    terminal.wait()
    assert terminal.exitstatus == 5
    assert dock.state("idle")["Running"]


def test_the_log_of_a_terminal_holds_what_was_on_it(dock):
    terminal = dock.terminal("run", "-it", "--name", "shown", "busybox", "echo", "on the screen")
    terminal.expect_exact("on the screen")
    terminal.wait()
    assert dock("logs", "shown").strip() == "on the screen"
