internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec

extension NamespacePlan {
  /// Tells the kernel whom the ids of a new user namespace stand for.
  ///
  /// An ordinary user may map nobody but himself, and his group only if no groups can be set inside. For others there are
  /// the set-user-ID programs `newuidmap` and `newgidmap`, which ask `/etc/subuid` and `/etc/subgid`.
  func writeMappings(of pid: Int32) throws(RuntimeError) {
    guard new.contains(.user) else { return }
    if isUnprivileged, gidMappings.isOnly(CurrentProcess.effectiveGID) {
      try explaining("linux.gidMappings") { () throws(SyscallError) in
        try FileDescriptor.open("/proc/\(pid)/setgroups", .writeOnly).writeAll(Array("deny".utf8))
      }
    }
    try write(uidMappings, to: "uid_map", of: pid, orBy: "newuidmap", "linux.uidMappings")
    try write(gidMappings, to: "gid_map", of: pid, orBy: "newgidmap", "linux.gidMappings")
  }

  private func write(
    _ mappings: [LinuxIDMapping], to file: String, of pid: Int32, orBy program: String, _ culprit: String
  ) throws(RuntimeError) {
    do throws(SyscallError) {
      try FileDescriptor.open("/proc/\(pid)/\(file)", .writeOnly).writeAll(Array(mappings.mapText.utf8))
    } catch {
      guard isUnprivileged, error.errno == .notPermitted else { throw RuntimeError("\(culprit): \(error)") }
      try mappings.write(of: pid, by: program, culprit)
    }
  }
}

extension [LinuxIDMapping] {
  /// The text of `uid_map`.
  package var mapText: String { map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined() }

  /// That every range has ids, and all of them exist, as the kernel wants it.
  package func check(_ culprit: String) throws(RuntimeError) {
    for (index, mapping) in enumerated() {
      let ends = [mapping.containerID, mapping.hostID].map { $0.addingReportingOverflow(mapping.size) }
      guard mapping.size > 0, !ends.contains(where: { $0.overflow }) else {
        throw RuntimeError(at: "\(culprit)[\(index)]", "is empty, or goes past the last id")
      }
    }
  }

  /// The host's id for `id`; `nil` if it is not mapped.
  /// - Precondition: ``check(_:)`` found nothing.
  package func hostID(of id: UInt32) -> UInt32? {
    for mapping in self where id >= mapping.containerID && id - mapping.containerID < mapping.size {
      return mapping.hostID + (id - mapping.containerID)
    }
    return nil
  }

  /// Whether there is root alone, who is `id` on the host.
  fileprivate func isOnly(_ id: UInt32) -> Bool {
    self == [LinuxIDMapping(containerID: 0, hostID: id, size: 1)]
  }

  fileprivate func write(of pid: Int32, by program: String, _ culprit: String) throws(RuntimeError) {
    let path: String
    do { path = try ExecutableSearch.find(program, environment: CurrentProcess.environment) } catch {
      throw RuntimeError(at: culprit, "an ordinary user needs \(program) for these: \(error)")
    }
    let numbers = flatMap { ["\($0.containerID)", "\($0.hostID)", "\($0.size)"] }
    let (status, output) = try explaining(culprit) { () throws(SyscallError) in
      let input = try FileDescriptor.open("/dev/null")
      let output = try FileDescriptor.anonymousFile(named: program)
      let child = try ChildProcess.spawn(
        path, [program, "\(pid)"] + numbers, stdin: input, stdout: output, stderr: output)
      let status = try Processes.reap(child)?.status
      return (status, String(decoding: try output.readAllFromStart(limit: 4096), as: UTF8.self))
    }
    guard status != .exited(0) else { return }
    let words = output.split(separator: "\n").joined(separator: "; ")
    throw RuntimeError(at: culprit, words.isEmpty ? "\(program): \(status?.phrase ?? "has no status")" : words)
  }
}

extension NamespacePlan {
  /// Whom the process is to be has to be somebody in the container. In runc's words.
  func check(_ user: User) throws(RuntimeError) {
    guard new.contains(.user) else { return }
    guard uidMappings.hostID(of: user.uid) != nil else {
      throw RuntimeError(at: "process.user.uid", "cannot set uid to unmapped user in user namespace")
    }
    guard gidMappings.hostID(of: user.gid) != nil else {
      throw RuntimeError(at: "process.user.gid", "cannot set gid to unmapped user in user namespace")
    }
  }

  /// The kernel refuses such options as well, with less to say.
  func check(_ mounts: [Mount]) throws(RuntimeError) {
    guard isUnprivileged else { return }
    for (index, mount) in mounts.enumerated() {
      for option in mount.options {
        for (name, mappings) in [("uid", uidMappings), ("gid", gidMappings)] where option.hasPrefix("\(name)=") {
          guard let id = UInt32(option.dropFirst(4)), mappings.hostID(of: id) == nil else { continue }
          throw RuntimeError(
            at: "mounts[\(index)].options",
            "cannot specify \(name)= mount options for unmapped \(name) in rootless containers")
        }
      }
    }
  }
}
