import Glibc
import LinuxKernel
import Testing

/// Engines that have systemd keep their containers, as Kubernetes' do. Needs root, systemd as the machine's init, and
/// Debian's podman, containerd and docker.io.
@Suite(.serialized, .enabled(if: access("/run/systemd/system", F_OK) == 0)) struct SystemdEnginesTests {
  /// Engines leave mounts in their folders.
  private static let cleaning = """
    clean() {
      awk -v folder=$FOLDER 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort --reverse |
        xargs --no-run-if-empty umount --lazy
      rm -rf --one-file-system $FOLDER
    }
    mkdir $FOLDER; trap clean EXIT; cd $FOLDER

    """

  /// Runs a script with a root of busybox, `$ROOT`, in a folder of its own, `$FOLDER`, and `$RUNTIME`.
  private func script(_ text: String) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with { _ in
    } _: { bundle in
      let head = "set -eu; FOLDER=/run/\(bundle.id) ROOT=\(bundle.folder)/rootfs RUNTIME=\(RuntimeProgram.path)\n"
      let whole = head + Self.cleaning + text
      outcome = try RuntimeProgram.run(["-c", whole], program: "/bin/bash")
    }
    return try #require(outcome)
  }

  /// Takes more memory than there is, for a line without an end.
  private static let glutton = "/bin/busybox tail /dev/zero"

  private func prints(_ expected: [String], _ text: String) throws {
    let outcome = try script(text)
    #expect(outcome.lines.map(String.init) == expected, "\(outcome.errors)")
  }

  /// Debian's tells in `stats` the limit that the container was created with, and does not notice what was killed for want of
  /// memory, with no runtime.
  @Test(.enabled(if: access("/usr/bin/podman", X_OK) == 0)) func podman() throws {
    try prints(
      [
        "Slice=machine.slice", "TasksMax=33", "inside", "paused", "running", "52428800", "67.11MB", "137", "137",
        "LoadState=not-found",
      ],
      """
      engine() {
        podman --root $FOLDER/root --runroot $FOLDER/run --tmpdir $FOLDER/tmp --runtime $RUNTIME --cgroup-manager systemd \
          --events-backend file --storage-driver vfs "$@"
      }
      run() { engine run --log-driver k8s-file --network none "$@"; }
      id=$(run -d --memory 64m --pids-limit 33 --rootfs $ROOT sleep 1000)
      systemctl show libpod-$id.scope --property Slice --property TasksMax | sort
      engine exec $id /bin/busybox echo inside
      engine pause $id >/dev/null; engine inspect --format {{.State.Status}} $id
      engine unpause $id >/dev/null; engine inspect --format {{.State.Status}} $id
      engine update --memory 50m $id >/dev/null; cat /sys/fs/cgroup/machine.slice/libpod-$id.scope/memory.max
      engine stats --no-stream --format {{.MemUsage}} $id | sed 's|.*/ *||'
      run --name glutton --memory 16m --rootfs $ROOT \(Self.glutton) || echo $?
      engine stop --time 0 $id >/dev/null; engine inspect --format {{.State.ExitCode}} $id
      engine rm $id glutton >/dev/null
      systemctl show libpod-$id.scope --property LoadState
      """)
  }

  @Test(.enabled(if: access("/usr/bin/containerd", X_OK) == 0)) func containerd() throws {
    let memory = Bundle.isUnified ? "MemoryMax=67108864" : "MemoryLimit=67108864"
    try prints(
      [memory, "Slice=system.slice", "inside", "PAUSED", "RUNNING", "pids 1", "STOPPED", "LoadState=not-found"],
      """
      containerd --root $FOLDER/root --state $FOLDER/state --address $FOLDER/sock >$FOLDER/log 2>&1 &
      daemon=$!
      engine() { ctr --address $FOLDER/sock "$@"; }
      until_done() { for try in {1..600}; do "$@" >/dev/null 2>&1 && break; read -t 0.1 <> <(:) || true; done; }
      until_done engine version
      status() { engine task ls | awk '$1 == "two" { print $3 }'; }
      is_stopped() { [[ $(status) == STOPPED ]]; }
      engine run -d --rootfs --runc-binary $RUNTIME --runc-systemd-cgroup --cgroup system.slice:ctr:proa-test \
        --memory-limit 67108864 $ROOT two /bin/sleep 1000
      systemctl show ctr-proa-test.scope | grep -E '^(Slice|MemoryMax|MemoryLimit)=(system.slice|67108864)' | sort
      engine task exec --exec-id x two /bin/busybox echo inside
      engine task pause two; status
      engine task resume two; status
      engine task metrics two | awk '$1 == "pids.current" { print "pids", $2 }'
      engine task kill -s KILL two; until_done is_stopped; status
      until_done engine task rm two
      engine container rm two
      systemctl show ctr-proa-test.scope --property LoadState
      kill $daemon; wait $daemon || true
      """)
  }

  private static let hasDocker = access("/usr/sbin/dockerd", X_OK) == 0

  /// Whether it notices what was killed for want of memory is a race that Debian's loses at times, with runc as well.
  @Test(.enabled(if: hasDocker)) func docker() throws {
    try prints(
      [
        "Slice=system.slice", "TasksMax=33", "inside", "paused", "running", "52428800", "50MiB", "137", "137",
        "LoadState=not-found",
      ],
      """
      dockerd --data-root $FOLDER/root --exec-root $FOLDER/exec --pidfile $FOLDER/pid --host unix://$FOLDER/sock \
        --bridge none --iptables=false --add-runtime proa=$RUNTIME --default-runtime proa \
        --exec-opt native.cgroupdriver=systemd >$FOLDER/log 2>&1 &
      daemon=$!
      engine() { docker --host unix://$FOLDER/sock "$@"; }
      for try in {1..600}; do engine version >/dev/null 2>&1 && break; read -t 0.1 <> <(:) || true; done
      tar -C $ROOT -c . | engine import - busybox >/dev/null
      run() { engine run --network none --security-opt apparmor=unconfined "$@"; }
      id=$(run -d --memory 64m --pids-limit 33 busybox sleep 1000)
      systemctl show docker-$id.scope --property Slice --property TasksMax | sort
      engine exec $id /bin/busybox echo inside
      engine pause $id >/dev/null; engine inspect --format {{.State.Status}} $id
      engine unpause $id >/dev/null; engine inspect --format {{.State.Status}} $id
      engine update --memory 50m --memory-swap -1 $id >/dev/null
      cat /sys/fs/cgroup/system.slice/docker-$id.scope/memory.max
      engine stats --no-stream --format {{.MemUsage}} $id | sed 's|.*/ *||'
      run --name glutton --memory 16m busybox \(Self.glutton) || status=$?
      echo $status
      engine stop --time 0 $id >/dev/null; engine inspect --format {{.State.ExitCode}} $id
      engine rm $id glutton >/dev/null
      systemctl show docker-$id.scope --property LoadState
      kill $daemon; wait $daemon || true
      """)
  }
}
