import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// What a program sees in a container, and how it ends. Needs root.
@Suite(.serialized) struct ContainerTests {
  /// Runs a shell script in a container.
  private func shell(_ script: String, _ change: (inout Spec) -> Void = { _ in }) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", script]
      change(&$0)
    } _: {
      outcome = try $0.run()
    }
    return try #require(outcome)
  }

  /// `/etc` of the host, bound to the same place.
  private func hostsFolder(_ options: [String] = []) -> Mount {
    var mount = Mount()
    (mount.destination, mount.source, mount.options) = ("/etc", "/etc", ["bind", "ro"] + options)
    return mount
  }

  @Test(arguments: [("exit 0", 0), ("exit 7", 7), ("kill -9 $(busybox sh -c 'echo $PPID')", 0)])
  func exitCodes(_ script: String, _ status: Int32) throws {
    #expect(try shell(script).status == status)
  }

  @Test func deathBySignalIs128More() throws {
    let outcome = try shell("kill -9 $$") { $0.linux?.namespaces.removeAll { $0.type == .pid } }
    #expect(outcome.status == 137)
  }

  @Test func identity() throws {
    let outcome = try shell("busybox id -u; busybox id -g; busybox id -G; umask; pwd; echo $HOME $A; busybox hostname")
    {
      $0.process?.user.uid = 1000
      $0.process?.user.gid = 1001
      $0.process?.user.additionalGids = [5]
      $0.process?.user.umask = 0o027
      $0.process?.cwd = "/home"
      $0.process?.env += ["A=1", "A=2"]
      $0.hostname = "inside"
    }
    #expect(outcome.lines == ["1000", "1001", "1001 5", "0027", "/home", "/home/user 2", "inside"])
  }

  /// As in runc: root enters it before the process is the user's.
  @Test func theWorkingDirectoryMayBeClosedToTheUser() throws {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "readlink", "/proc/self/cwd"]
      $0.process?.user.uid = 1000
      $0.process?.cwd = "/home"
    } _: { bundle in
      try #require(chmod("\(bundle.folder)/rootfs/home", 0o700) == 0)
      outcome = try bundle.run()
    }
    #expect(outcome?.output == "/home\n", "\(outcome?.errors ?? "")")
  }

  @Test(arguments: [(RootfsPropagation.unbindable, "unbindable"), (.private, ""), (.shared, "shared:")])
  func propagationOfTheRoot(_ propagation: RootfsPropagation, _ field: String) throws {
    let outcome = try shell("busybox awk '$5 == \"/\"' /proc/self/mountinfo") {
      $0.linux?.rootfsPropagation = propagation
      $0.mounts.append(hostsFolder())
    }
    let root = try #require(outcome.lines.first, "\(outcome.errors)")
    let optional = root.split(separator: " ").dropFirst(6).prefix { $0 != "-" }
    #expect(field.isEmpty ? optional.isEmpty : optional.contains { $0.hasPrefix(field) }, "\(root)")
  }

  /// mount(2) ignores what only a file system understands.
  @Test func dataOfABindMountIsOfNoEffect() throws {
    let outcome = try shell("busybox test -e /etc/passwd && echo bound") {
      $0.mounts.append(hostsFolder(["mode=755", "size=1k"]))
    }
    #expect(outcome.lines == ["bound"])
    #expect(outcome.errors.contains("level=warning") && outcome.errors.contains("mode=755,size=1k"))
  }

  @Test func namespacesAreNew() throws {
    let kinds = ["mnt", "pid", "net", "ipc", "uts", "cgroup"]
    let outcome = try shell(
      "for kind in \(kinds.joined(separator: " ")); do busybox readlink /proc/self/ns/$kind; done"
    ) {
      $0.linux?.namespaces.append(LinuxNamespace(.cgroup))
    }
    #expect(outcome.lines.count == kinds.count)
    for (kind, inside) in zip(kinds, outcome.lines) {
      let own = try FileDescriptor.open("/proc/self/ns", [.pathOnly]).symbolicLink(at: kind)
      #expect(own != inside, "\(kind)")
    }
  }

  @Test func userNamespace() throws {
    let outcome = try shell("busybox id -u; busybox cat /proc/self/uid_map; : > /dev/null && echo writable") {
      $0.linux?.namespaces += [LinuxNamespace(.user), LinuxNamespace(.cgroup)]
      $0.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
      $0.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
    }
    #expect(outcome.output.split { $0 == "\n" || $0 == " " } == ["0", "0", "100000", "65536", "writable"])
  }

  @Test func pathsAreMaskedAndReadOnly() throws {
    let outcome = try shell(
      "busybox cat /etc/passwd; busybox ls /proc/fs; echo x > /proc/sys/kernel/panic; echo x > /new; echo done"
    ) {
      $0.root?.readonly = true
      $0.linux?.maskedPaths += ["/etc/passwd", "/proc/fs", "/not/there"]
    }
    #expect(outcome.output == "done\n")
    #expect(outcome.errors.contains("panic: Read-only file system"))
    #expect(outcome.errors.contains("/new: Read-only file system"))
  }

  @Test func masksLeadToNoFileOfTheHost() throws {
    let before = try #require(try FileStatus.of("/dev/null")).permissions
    defer { chmod("/dev/null", before) }
    let outcome = try shell("busybox chmod 604 /etc/passwd && busybox stat -c %a /dev/null") {
      $0.linux?.maskedPaths += ["/etc/passwd"]
    }
    #expect(outcome.output == "604\n")
    #expect(try FileStatus.of("/dev/null")?.permissions == before)
  }

  /// Whoever starts the runtime under `nohup` does not have the container ignore its end.
  @Test func noSignalIsIgnored() throws {
    let before = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, before) }
    // Not by a shell, which ignores some itself.
    let outcome = try shell("exec true") { $0.process?.args = ["/bin/busybox", "grep", "SigIgn", "/proc/self/status"] }
    let ignored = try #require(UInt64(outcome.output.filter(\.isHexDigit).suffix(16), radix: 16))
    // The C library keeps 32 and 33 for itself.
    #expect(ignored & ~(3 << 31) == 0, "\(outcome.output)")
  }

  @Test func limitsAndPrivileges() throws {
    let outcome = try shell("ulimit -Sn; ulimit -Hn; busybox grep -E 'NoNewPrivs|CapBnd' /proc/self/status") {
      $0.process?.rlimits[0].soft = 100
      $0.process?.rlimits[0].hard = 200
      $0.process?.noNewPrivileges = true
      $0.process?.capabilities?.bounding = ["CAP_KILL"]
      $0.process?.capabilities?.permitted = ["CAP_KILL"]
      $0.process?.capabilities?.effective = ["CAP_KILL"]
      $0.process?.capabilities?.ambient = []
    }
    #expect(outcome.lines == ["100", "200", "CapBnd:\t0000000000000020", "NoNewPrivs:\t1"])
  }

  @Test func seccompDenies() throws {
    let outcome = try shell("busybox mkdir /tmp/denied || busybox grep Seccomp: /proc/self/status") {
      var syscalls = LinuxSyscall()
      (syscalls.names, syscalls.action) = (["mkdir", "mkdirat"], .errno)
      var seccomp = LinuxSeccomp()
      (seccomp.defaultAction, seccomp.syscalls) = (.allow, [syscalls])
      $0.linux?.seccomp = seccomp
      $0.root?.readonly = false
    }
    #expect(outcome.output == "Seccomp:\t2\n")
  }

  @Test func noDescriptorLeaks() throws {
    let leaked = try FileDescriptor.open("/etc/hostname")
    try leaked.setInherited()
    let outcome = try shell("cd /proc/self/fd; for fd in *; do [ -e $fd ] && echo $fd; done")
    #expect(outcome.lines.filter { !["0", "1", "2"].contains($0) }.isEmpty)
    _ = leaked.number
  }

  @Test func mountsByLinksStayInside() throws {
    var mount = Mount()
    (mount.destination, mount.type, mount.source) = ("/link/sub", "tmpfs", "tmpfs")
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "grep", "-c", " /etc/sub ", "/proc/self/mountinfo"]
      $0.mounts.append(mount)
    } _: { bundle in
      let root = try FileDescriptor.open("\(bundle.folder)/rootfs", [.readOnly, .directory])
      try root.makeSymbolicLink(at: "link", to: "../../../../../../etc")
      let outcome = try bundle.run()
      #expect(outcome.output == "1\n", "\(outcome.errors)")
      #expect(try FileStatus.of("/etc/sub") == nil)
    }
  }
}
