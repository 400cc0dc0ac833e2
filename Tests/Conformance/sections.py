"""How many tests of each section passed: the rows of docs/conformance.md."""

import collections

outcomes = collections.defaultdict(collections.Counter)


def pytest_runtest_logreport(report):
    section = dict(report.user_properties).get("section", "(none)")
    if report.when == "call" or report.outcome != "passed":
        outcomes[section]["expected to fail" if hasattr(report, "wasxfail") else report.outcome] += 1


def pytest_terminal_summary(terminalreporter, config):
    if not config.option.by_section:
        return
    for section, counts in outcomes.items():
        terminalreporter.write_line(f"{section} | " + ", ".join(f"{count} {what}" for what, count in counts.items()))
