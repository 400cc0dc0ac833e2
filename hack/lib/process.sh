# shellcheck shell=bash
# Processes by pid and start time, and waiting for them. Sourced, not run.

# start_time PID: when the process started, in clock ticks since boot; with the pid it names one process for good
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) } # the command's name may hold blanks and brackets
  cut --delimiter=' ' --fields=20 <<<"$stat"
}

# ended PID: whether the process is gone, or a zombie that only waits to be reaped
ended() {
  local stat
  # Not $(<file): where the file is gone, bash then ends the script under errexit, in a condition too.
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  [[ ${stat##*) } == Z* ]]
}

# wait_until SECONDS COMMAND...: polls the command until it succeeds; fails after the time
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}
