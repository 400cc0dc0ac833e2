# shellcheck shell=bash
# The python that the client and conformance tests run with. Sourced, not run.

# python_with_tests: one under .build that has what Tests/Clients/requirements.txt names
python_with_tests() {
  [[ ! -e .build/python/ready || Tests/Clients/requirements.txt -nt .build/python/ready ]] || return 0
  python3 -m venv --clear .build/python &&
    .build/python/bin/python3 -m pip install --quiet --requirement Tests/Clients/requirements.txt &&
    touch .build/python/ready
}
