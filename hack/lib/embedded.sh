# shellcheck shell=bash
# The runtime and the shim as they are shipped: in Embedded Swift with musl, which is another language mode for the same
# modules, and so built in a folder of its own. Sourced, not run.

readonly embedded=.build/embedded/release

# build_embedded: proa-runtime and proa-shim into $embedded. They run where no library of the host may be trusted or even
# present.
build_embedded() {
  local triple folder name
  triple=$(uname -m)-unknown-linux-gnu
  folder=$(dirname "$(readlink -f "$(command -v swift)")")/../lib/swift/embedded/$triple
  [[ -d $folder ]] || fail "the Swift toolchain has no $folder, which proa-runtime and proa-shim are built with"
  for name in proa-runtime proa-shim; do
    # The programs are stripped: what a debugger would need is not made at all.
    PROA_EMBEDDED=$(realpath "$folder") swift build --configuration release -debug-info-format none \
      --scratch-path .build/embedded --product "$name" || return
    file --brief --dereference "$embedded/$name" | grep --quiet --extended-regexp 'statically linked|static-pie linked' ||
      fail "$embedded/$name is not fully static: $(ldd "$embedded/$name" | head -n 3)"
  done
}
