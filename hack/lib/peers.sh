# shellcheck shell=bash
# The engines that the client tests use: docker, dockerd with its containerd, podman; and a registry. Sourced, not run.
#
# Debian's packages of them start a daemon when they are installed, and at every boot from then on. So what is not on
# this machine is unpacked into .build/peers and not installed; only the libraries that it needs are.

readonly peers=$PWD/.build/peers
declare -A package_of=([docker]=docker.io [dockerd]=docker.io [containerd]=containerd [podman]=podman
  [docker-registry]=docker-registry)
peer_packages=(golang-github-containers-common libdevmapper1.02.1 libgpgme11 libsubid4 libsystemd0)

# require_peers: every engine is found in PATH, which unpacked ones come last in
require_peers() {
  local program
  export PATH=$PATH:$peers/usr/bin:$peers/usr/sbin
  for program in "${!package_of[@]}"; do
    command -v "$program" >/dev/null || unpack "${package_of[$program]}"
  done
  require_packages "${peer_packages[@]}"
}

# unpack PACKAGE: its files below .build/peers
unpack() {
  local archives=$peers/archives
  echo "unpacking $1"
  mkdir -p "$archives"
  { download "$1" || { apt-get -qq update && download "$1"; }; } || fail "apt-get could not download $1"
  dpkg-deb --extract "$archives/$1"_*.deb "$peers"
  rm -r "$archives"
}

# download PACKAGE: as root itself, for apt's own user may not enter this folder
download() {
  (cd "$archives" && apt-get -qq -o APT::Sandbox::User=root download "$1")
}
