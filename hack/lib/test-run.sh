# shellcheck shell=bash
# One run of the tests: its folder, its namespaces, the closing lines of its runners. Sourced, not run.

readonly runs=${TMPDIR:-/tmp}/proa-test-runs
failed=()
source hack/lib/process.sh

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

# remove_run FOLDER: the cgroups that hack/lib/apart made for it, empty by now, then the folder
remove_run() {
  local name hierarchy
  while read -r name; do
    for hierarchy in /sys/fs/cgroup{,/*}/"$name"; do
      [[ ! -d $hierarchy ]] || find "$hierarchy" -depth -type d -exec rmdir {} +
    done
  done < <(cat "$1/cgroups" 2>/dev/null)
  rm -rf --one-file-system "$1"
}

# apart COMMAND...: hack/lib/apart, with the cgroups' name kept on record
apart() {
  local name
  name=proa-test-$(basename "$run")
  echo "$name" >"$run/cgroups"
  PROA_TEST_CGROUP=$name setpriv --pdeathsig KILL hack/lib/apart "$@"
}

# record_lines PART COMMAND...: runs the command, as this script's own child, and keeps its output for the closing lines
record_lines() {
  local part=$1 status=0
  shift
  "$@" > >(tee "$run/$part.log") 2>&1 || status=$?
  wait $! # for tee's last lines
  return "$status"
}

# end_run: prints how each runner ended and fails if one of them did
end_run() {
  local part
  echo
  for part in "${parts[@]}"; do
    printf '%-12s' "$part"
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
