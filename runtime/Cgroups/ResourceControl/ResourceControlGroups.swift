public import JSON
internal import LinuxKernel

/// The groups of resource control that a container is in, as its state file has them.
public struct ResourceControlGroups: JSONMappable, Equatable, Sendable {
  /// Folders whose `tasks` have the container's processes, the one that limits them first.
  public var joined: [String] = []
  /// Folders that are the container's own and go with it, inner ones first.
  public var own: [String] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("joined", &joined)
    try json.nonEmpty("own", &own)
  }

  /// Moves a process there; what it starts later follows it.
  public func join(_ pid: Int32) throws(CgroupError) {
    for folder in joined {
      try blaming("linux.intelRdt") { () throws(SyscallError) in
        try CgroupFile.write(String(pid), to: "\(folder)/tasks")
      }
    }
  }

  /// Gives the container other shares.
  /// - Parameter schemata: lines for the group that limits.
  public func update(_ schemata: [String]) throws(CgroupError) {
    guard let folder = joined.first else { return }
    try ResourceControl.write(schemata, to: folder)
  }

  /// Removes the container's own; what is gone already is no error.
  public func remove() throws(CgroupError) {
    for folder in own {
      try blaming("linux.intelRdt") { () throws(SyscallError) in
        do throws(SyscallError) { try Directory.removeOne(folder) } catch {
          if error.errno != .noEntry { throw error }
        }
      }
    }
  }
}
