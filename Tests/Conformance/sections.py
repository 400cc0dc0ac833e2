"""How many tests of each section passed: the rows of docs/conformance.md."""

import collections

outcomes = {}  # of each test, one: what surrounds it may fail after it has passed


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        section = dict(report.user_properties).get("section", "(none)")
        outcomes[report.nodeid] = section, "expected to fail" if hasattr(report, "wasxfail") else report.outcome


def pytest_terminal_summary(terminalreporter, config):
    if not config.option.by_section:
        return
    sections = collections.defaultdict(collections.Counter)
    for section, outcome in outcomes.values():
        sections[section][outcome] += 1
    for section, counts in sections.items():
        terminalreporter.write_line(f"{section} | " + ", ".join(f"{count} {what}" for what, count in counts.items()))
