public import LinuxKernel

extension Cgroup {
  /// Moves the process `pid` into the group, in every hierarchy.
  /// - Parameter skippingUnified: the process was born there, see ``cloneDescriptor()``.
  public func join(_ pid: Int32, skippingUnified: Bool = false) throws(CgroupError) {
    for folder in folders where !(skippingUnified && folder.version == .v2) {
      try blaming { () throws(SyscallError) in try CgroupFile.write(String(pid), to: "\(folder.path)/cgroup.procs") }
    }
  }

  /// As ``join(_:skippingUnified:)``, for a process that comes later. Where the container has made groups of its own below,
  /// v2 lets processes be in the leaves only: it goes where `neighbour` is. Where only systemd may move it, systemd does.
  public func join(_ pid: Int32, beside neighbour: Int32) throws(CgroupError) {
    do throws(CgroupError) { try join(pid) } catch {
      if let unit, error.isRefusal {
        var systemd = try SystemdConnection.open(isUser: Self.isUsers)
        return try systemd.attach(pid, to: unit)
      }
      guard case .kernel(let cause) = error.reason, cause.errno == .busy || cause.errno == .notSupported,
        let path = try unifiedFolder(of: neighbour)
      else { throw error }
      try blaming { () throws(SyscallError) in try CgroupFile.write(String(pid), to: "\(path)/cgroup.procs") }
    }
  }

  /// Where the process is in the v2 tree, if that is in this group.
  private func unifiedFolder(of pid: Int32) throws(CgroupError) -> String? {
    guard let unified, let hierarchy = try CgroupHierarchies.current().unified else { return nil }
    let text = try blaming { () throws(SyscallError) in try CgroupFile.text(of: "/proc/\(pid)/cgroup") }
    let own = text.fields("\n").lazy.compactMap(CgroupMembership.init(line:)).first { $0.version == .v2 }
    guard let path = own.flatMap({ hierarchy.folder(ofGroup: $0.path) }), path.hasPrefix("\(unified.path)/") else {
      return nil
    }
    return path
  }

  /// The folder of the v2 tree for `CLONE_INTO_CGROUP`; `nil` where no v2 tree is mounted.
  public func cloneDescriptor() throws(CgroupError) -> FileDescriptor? {
    guard let path = unified?.path else { return nil }
    do { return try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]) } catch {
      throw CgroupError(.kernel(error))
    }
  }

  /// Every process in the group and in the groups below it, in the pid namespace of the caller. Empty if the group is gone.
  public func processes() throws(CgroupError) -> [Int32] {
    // One tree is enough: a container's processes are in all of them. The one for devices cannot be left by the processes
    // themselves without being noticed, the v2 one is there on every new machine.
    guard let folder = folder(controlling: "devices") ?? unified ?? folders.first else { return [] }
    return try processes(in: folder).sorted()
  }

  func processes(in folder: Folder) throws(CgroupError) -> Set<Int32> {
    var pids: Set<Int32> = []
    for path in try subtree(of: folder.path) {
      do throws(SyscallError) {
        // 0 stands for a process that the caller's pid namespace does not show.
        pids.formUnion(try CgroupFile.words(of: "\(path)/cgroup.procs").compactMap { Int32($0) }.filter { $0 > 0 })
      } catch {
        if error.errno != .noEntry, error.errno != Self.gone { throw CgroupError(.kernel(error)) }
      }
    }
    return pids
  }

  /// How many processes of the group the kernel killed because its memory was used up; 0 where memory is not controlled.
  public func outOfMemoryKills() throws(CgroupError) -> UInt64 {
    guard let folder = folder(controlling: "memory") else { return 0 }
    let file = folder.version == .v2 ? "memory.events" : "memory.oom_control"
    return try blaming { () throws(SyscallError) in
      try CgroupFile.value(of: "oom_kill", in: "\(folder.path)/\(file)") ?? 0
    }
  }

  /// `path` and every group below it, parents first; empty if it is gone.
  func subtree(of path: String) throws(CgroupError) -> [String] {
    var found = [path]
    var next = 0
    while next < found.count {
      do throws(SyscallError) {
        found += try Directory.folders(in: found[next]).map { "\(found[next])/\($0)" }
        next += 1
      } catch {
        guard error.errno == .noEntry else { throw CgroupError(.kernel(error)) }
        found.remove(at: next)
      }
    }
    return found
  }

  /// What reading a file of a removed group gives.
  static let gone = SyscallError.Errno(rawValue: 19)
}
