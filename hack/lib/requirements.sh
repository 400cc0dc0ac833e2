# shellcheck shell=bash
# What the build and the tests need from the machine: a Swift toolchain and Debian packages. Sourced, not run.

readonly swift_needed=6.3

build_packages=(
  binutils ca-certificates file git libc6-dev libcurl4 libgcc-12-dev libnftables-dev libseccomp-dev libsqlite3-dev
  libstdc++-12-dev libxml2 libzstd-dev musl-dev nettle-dev pkg-config tzdata zlib1g-dev
)

# fail MESSAGE...: says on standard error what is wrong and ends the script
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# at_least WANTED FOUND: whether version FOUND is WANTED or newer
at_least() {
  [[ $(printf '%s\n' "$1" "$2" | sort --version-sort | head -n 1) == "$1" ]]
}

require_swift() {
  local found=none
  if command -v swift >/dev/null; then
    found=$(swift --version 2>&1 | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    if at_least "$swift_needed" "${found:-0}"; then return; fi
  fi
  cat >&2 <<END
${0##*/}: Swift $swift_needed or newer is needed to build Proa; found: ${found:-a swift command that does not say its version}.

  1. Download the toolchain for Debian 12 from https://www.swift.org/install/linux/
     (a file named swift-<version>-RELEASE-debian12.tar.gz, or -debian12-aarch64 on ARM).
  2. mkdir -p /opt/swift && tar -xzf swift-*-RELEASE-debian12*.tar.gz --strip-components=1 -C /opt/swift
  3. export PATH=/opt/swift/usr/bin:\$PATH
END
  exit 1
}

# missing_packages NAME...: those of the Debian packages that are not installed, one a line
missing_packages() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
}

# require_packages NAME...: installs what is missing when run by root, and otherwise says what to install
require_packages() {
  local missing
  command -v dpkg-query >/dev/null || return 0 # not Debian: pkg-config and the linker name what they lack
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    fail "these Debian packages are missing: ${missing[*]}
  as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
  echo "installing ${missing[*]}"
  install_packages "${missing[@]}" ||
    { apt-get -qq update && install_packages "${missing[@]}"; } ||
    fail "apt-get could not install: ${missing[*]}"
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "$@" >/dev/null
}

# without_warnings COMMAND...: a build, which fails if it warns. Package.swift makes the Swift compiler's warnings errors;
# this finds those of the C headers, of the linkers and of SwiftPM itself, but for a package that is not ours and has
# files that it does not mention, and for what the compiler says of an option that SwiftPM gives it.
without_warnings() {
  local log status=0
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || status=$?
  if grep 'warning:' "$log" | grep --invert-match --extended-regexp \
    "^warning: ('swift-distributed-tracing': found .* unhandled|ignoring '-enable-batch-mode' because)"; then
    echo "${0##*/}: $* warns" >&2
    status=1
  fi
  rm --force "$log"
  return "$status"
}

require_root() {
  ((EUID == 0)) || fail "this needs root: namespaces, mounts and networks are the point of it"
}
