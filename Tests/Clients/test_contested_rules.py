"""Somebody keeps removing the daemon's rules: it gives way in time, and the rules are back when it is over."""

import subprocess

import pytest
from polling import eventually

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("dockerd does not put rules back")]


def test_rules_removed_again_and_again_are_put_back_ever_later(other_engine):
    engine = other_engine()
    table = ("table", "ip", f"proa-{engine.bridge}")

    def log():
        return engine.log.read_text()

    def removed_until_it_gives_way():
        subprocess.run(["nft", "delete", *table], capture_output=True)
        return log().count("left alone for") == 3

    eventually(removed_until_it_gives_way, what="the daemon waits longer and longer")
    pauses = [line.rpartition("left alone for ")[2] for line in log().splitlines() if "left alone for" in line]
    assert pauses == ["1.0 seconds", "2.0 seconds", "4.0 seconds"]
    assert log().count("they are back") <= 8  # five at once, and one before each pause
    eventually(lambda: subprocess.run(["nft", "list", *table], capture_output=True).returncode == 0)
