# shellcheck shell=bash
# One run of the tests: its folder, its namespaces, the closing lines of its runners. Sourced, not run.

readonly runs=${TMPDIR:-/tmp}/proa-test-runs
failed=()

start_time() {
  local stat
  stat=$(<"/proc/$1/stat") 2>/dev/null || return 1
  stat=${stat##*) } # the command's name may hold blanks and brackets
  cut --delimiter=' ' --fields=20 <<<"$stat"
}

# begin_run: a folder for all temporary files, with "pid starttime" of this script as the record of its owner
begin_run() {
  mkdir -p "$runs"
  run=$(mktemp --directory "$runs/XXXXXX")
  echo "$$ $(start_time $$)" >"$run/owner"
  mkdir "$run/tmp"
  export TMPDIR=$run/tmp
}

# remove_killed_runs: what runs left whose script no longer exists
remove_killed_runs() {
  local folder pid started
  for folder in "$runs"/*/; do
    [[ -d $folder ]] || continue
    read -r pid started 2>/dev/null <"$folder/owner" || { pid=0 && started=never; }
    [[ $(start_time "$pid") != "$started" ]] || continue
    echo "removing what the killed run $folder left"
    remove_run "$folder"
  done
}

# remove_run FOLDER: empty cgroups of the containers whose bundles lie in the folder, then the folder
remove_run() {
  local id
  while read -r id; do
    find /sys/fs/cgroup -depth -type d -path "*$id*" -exec rmdir {} \; 2>/dev/null || true
  done < <(find "$1" -type d -regextype posix-extended -regex '.*/containers/[0-9a-f]{64}' -printf '%f\n' | sort -u)
  rm -rf --one-file-system "$1"
}

# apart COMMAND...: runs it in mount, network and pid namespaces that end with this script
apart() {
  unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
    sh -c 'ip link set lo up && exec "$@"' apart "$@"
}

# record_lines PART COMMAND...: runs the command and keeps its output for the closing lines
record_lines() {
  local part=$1
  shift
  "$@" 2>&1 | tee "$run/$part.log"
}

# end_run: prints how each runner ended and fails if one of them did
end_run() {
  local part
  echo
  for part in "${parts[@]}"; do
    printf '%-7s' "$part"
    closing_line "$run/$part.log"
  done
  remove_run "$run"
  rmdir --ignore-fail-on-non-empty "$runs"
  ((${#failed[@]} == 0)) || fail "failed: ${failed[*]}"
}

# closing_line LOG: Swift Testing's or pytest's last word, or that there was none
closing_line() {
  grep --extended-regexp '(Test run with .* (passed|failed))|(^[^ ]* ?[0-9]+ (passed|failed|error|skipped).* in )' "$1" 2>/dev/null |
    tail -n 1 | grep . || echo "ended before its runner's closing line"
}
