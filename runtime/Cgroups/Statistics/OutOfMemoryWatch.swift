public import LinuxKernel

/// Tells when memory of a group was used up.
public struct OutOfMemoryWatch: ~Copyable {
  /// Readable when something may have happened.
  public let descriptor: FileDescriptor
  private let cgroup: Cgroup
  /// How many processes had been killed when this was last asked.
  private var kills: UInt64

  /// - Throws: if memory is not controlled, or the group is gone.
  public init(_ cgroup: Cgroup) throws(CgroupError) {
    guard let folder = cgroup.folder(controlling: "memory") else {
      throw CgroupError(.unsupported("the memory controller is not available"))
    }
    // Everything that can fail comes first: a value that cannot be copied is made as a whole or not at all.
    let kills = try cgroup.outOfMemoryKills()
    descriptor = try blaming { () throws(SyscallError) in try Self.open(folder) }
    self.cgroup = cgroup
    self.kills = kills
  }

  private static func open(_ folder: Cgroup.Folder) throws(SyscallError) -> FileDescriptor {
    guard folder.version == .v1 else { return try FolderWatch.open(folder.path) }
    let event = try FileDescriptor.event()
    let control = try FileDescriptor.open("\(folder.path)/memory.oom_control")
    try CgroupFile.write("\(event.number) \(control.number)", to: "\(folder.path)/cgroup.event_control")
    return event
  }

  /// How many processes were killed for it since the last time. Takes back what made ``descriptor`` readable.
  public mutating func newKills() throws(CgroupError) -> UInt64 {
    try blaming { () throws(SyscallError) in try descriptor.drain() }
    let all: UInt64
    do throws(CgroupError) { all = try cgroup.outOfMemoryKills() } catch {
      // The group has been removed meanwhile.
      guard case .kernel(let cause) = error.reason, cause.errno == .noEntry || cause.errno == Cgroup.gone else {
        throw error
      }
      return 0
    }
    defer { kills = all }
    return all > kills ? all - kills : 0
  }
}
