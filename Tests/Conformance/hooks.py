"""Hooks of bundles, as shell scripts of the host."""


# Shell: the pid in the state that a hook gets.
PID_OF_STATE = "sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' | tr -dc 0-9"


def append(bundle, name, script, **more):
    hook = {"path": "/bin/sh", "args": ["sh", "-c", script], **more}
    bundle.config.setdefault("hooks", {}).setdefault(name, []).append(hook)
