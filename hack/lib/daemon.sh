# shellcheck shell=bash
# The daemon that hack/up starts and hack/down stops, and the record by which each knows it. Sourced, not run.

source hack/lib/process.sh

readonly exec_root=${PROA_EXEC_ROOT:-/run/proa}
readonly socket=$exec_root/proa.sock
# Of the daemon that hack/up started: "pid starttime", then bridge, address, data root and log, each on its line
readonly record=$exec_root/hack-up.daemon

# What it was started with counts, whatever the environment says now.
if [[ -r $record ]]; then
  mapfile -t recorded <"$record"
else
  recorded=("" "${PROA_BRIDGE:-proa0}" "${PROA_BIP:-172.30.0.1/16}" "${PROA_DATA_ROOT:-/var/lib/proa}"
    "${PROA_LOG:-/var/log/proa.log}")
fi
readonly bridge=${recorded[1]} bip=${recorded[2]} data_root=${recorded[3]} log=${recorded[4]}
readonly made_data_root=$data_root/.made-by-hack-up # the exec root for which hack/up created the data root
readonly proa=${PROA_BIN:-$PWD/.build/release}/proa

export PROA_HOST=unix://$socket

# our_daemon: prints the pid of the daemon that hack/up started, if it still runs
our_daemon() {
  local pid started
  read -r pid started 2>/dev/null <"$record" || return 1
  [[ $(start_time "$pid") == "$started" ]] || return 1
  echo "$pid"
}

answers() {
  [[ -S $socket ]] && curl --silent --fail --max-time 5 --unix-socket "$socket" --output /dev/null http://proa/_ping
}

# table: the nftables table, and cgroup, that belong to the bridge
table() {
  if [[ $bridge == proa0 ]]; then echo proa; else echo "proa-$bridge"; fi
}

# left_by_daemon: whether the bridge looks like one that a Proa daemon on this data root made and left
left_by_daemon() {
  [[ -e $data_root/daemon.lock ]] && ip link show "$bridge" type bridge 2>/dev/null | grep --quiet . &&
    nft list table ip "$(table)" >/dev/null 2>&1
}

# data_root_in_use: whether a daemon, on whatever socket, holds the data root
data_root_in_use() {
  [[ -e $data_root/daemon.lock ]] && ! flock --nonblock "$data_root/daemon.lock" true
}

# start_daemon: detached, in a session of its own, its log appended to $log
start_daemon() {
  if data_root_in_use; then fail "a daemon that hack/up did not start uses $data_root: stop it first"; fi
  if [[ ! -e $record ]] && ip link show "$bridge" >/dev/null 2>&1 && ! left_by_daemon; then
    fail "there is an interface $bridge already, perhaps another daemon's: choose others with PROA_BRIDGE and PROA_BIP,
or remove it if nobody uses it: ip link delete $bridge"
  fi
  install --directory --mode=0711 "$exec_root"
  if [[ ! -d $data_root ]]; then
    install --directory --mode=0710 "$data_root"
    echo "$exec_root" >"$made_data_root"
  fi
  local pid
  setsid "$proa" daemon -H "$PROA_HOST" --data-root "$data_root" --exec-root "$exec_root" \
    --bridge "$bridge" --bip "$bip" </dev/null >>"$log" 2>&1 &
  pid=$!
  disown "$pid"
  printf '%s\n' "$pid $(start_time "$pid")" "$bridge" "$bip" "$data_root" "$log" >"$record"
  wait_until 20 answers_or_ended || true
  answers || fail "the daemon does not answer on $socket; its log, $log, ends with:
$(tail -n 5 "$log")"
}

answers_or_ended() {
  answers || ! our_daemon >/dev/null
}

# stop_daemon PID: asks with SIGTERM, insists after ten seconds
stop_daemon() {
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until 10 ended "$1" || kill -KILL "$1"
  wait_until 5 ended "$1" || fail "the daemon (pid $1) does not end"
}
