"""Waiting for a condition: polled with a deadline, never slept for."""

import time


def eventually(condition, within=15.0, what=None):
    """Returns the first true value of `condition()`; fails with its last false value or AssertionError after `within` s."""
    deadline = time.monotonic() + within
    while True:
        try:
            if value := condition():
                return value
        except AssertionError as error:
            value = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not so after {within} s: {what or condition.__name__}; last: {value!r}")
        time.sleep(0.02)
