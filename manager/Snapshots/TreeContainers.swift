public import LinuxKernel
public import OCIImageSpec

extension TreeSnapshotter {
  public var keepsDifferences: Bool { false }

  public func keepsLimits() throws(SnapshotError) -> Bool {
    if driver == .btrfs { return true }
    return try call { () throws(SyscallError) in
      try ProjectQuota.isEnforced(on: try FileDescriptor.open(root, [.readOnly, .directory]))
    }
  }

  public func makeContainer(_ id: String, on chainID: Digest?, limit: UInt64) throws(SnapshotError) {
    guard try !containsContainer(id) else { return }
    guard try keepsLimits() else { throw .noSizeLimits }
    try create(id, on: chainID, limit: limit)
  }

  public func mountContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    if try !containsContainer(id, on: chainID) { try create(id, on: chainID, limit: nil) }
    try bind(try tree(container: id), at: target)
  }

  public func viewContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    // A container has what its image has, and the mount points.
    if try !containsContainer(id, on: chainID) { try create(id, on: chainID, limit: nil) }
    try bind(try tree(container: id), at: target)
    try makeReadOnly(target)
  }

  public func viewNewContainer(on chainID: Digest?, at target: String) throws(SnapshotError) {
    try viewLayers(of: chainID, at: target)
  }

  public func viewLayers(of chainID: Digest?, at target: String) throws(SnapshotError) {
    if let chainID {
      guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
      try bind(tree(chainID), at: target)
    } else {
      try bind(try empty(), at: target)
    }
    try makeReadOnly(target)
  }

  /// The tree of no layers at all.
  private func empty() throws(SnapshotError) -> String {
    let path = "\(root)/empty"
    try call { () throws(SyscallError) in try Directory.make(path, mode: 0o700) }
    return path
  }

  private func bind(_ tree: String, at target: String) throws(SnapshotError) {
    try call { () throws(SyscallError) in
      try Mounts.mount(tree, on: target, flags: .bind)
      // What is mounted in it stays there, as in a file system of its own.
      try Mounts.mount(nil, on: target, flags: .private)
    }
  }

  private func makeReadOnly(_ target: String) throws(SnapshotError) {
    try call { () throws(SyscallError) in
      try Mounts.mount(nil, on: target, flags: [.bind, .remount, .readOnly])
    }
  }

  public func containerPlace(_ id: String, on chainID: Digest?) -> ContainerPlace? { nil }

  public func removeContainer(_ id: String) throws(SnapshotError) {
    let folder = try folder(container: id)
    if driver == .vfs, try containsContainer(id) {
      try call { () throws(SyscallError) in
        try ProjectQuota.lift(try FileDescriptor.open(folder, [.readOnly, .directory, .noFollow]))
      }
    }
    try call { () throws(SyscallError) in try folders.remove(folder) }
  }

  public func containerDifferences(_ id: String) -> FileDescriptor? { nil }

  public func containerChanges(
    _ id: String, to layers: borrowing FileDescriptor, ignoring ignored: Set<String>
  ) throws(SnapshotError) -> [TreeChange] {
    guard try containsContainer(id) else { return [] }
    let changes = try changes(id, ignoring: ignored)
    do throws(SyscallError) { return try changes.run(against: layers) } catch { throw .system(error) }
  }

  public func containerUsage(_ id: String) throws(SnapshotError) -> SnapshotUsage {
    guard try containsContainer(id) else { throw .containerNotFound(id) }
    let tree = try tree(container: id)
    let below = if let chainID = try layer(ofContainer: id) { self.tree(chainID) } else { try empty() }
    let changes = try changes(id, ignoring: [])
    do throws(SyscallError) {
      var usage = try changes.usage(against: try FileDescriptor.open(below, [.readOnly, .directory, .noFollow]))
      // A copy takes what it takes, whatever of it has changed.
      if driver == .vfs { usage.allocated = try SnapshotUsage(of: tree).allocated }
      return usage
    } catch { throw .system(error) }
  }

  private func changes(_ id: String, ignoring ignored: Set<String>) throws(SnapshotError) -> TreeChanges {
    let folder = try folder(container: id)
    do throws(SyscallError) {
      return TreeChanges(
        tree: try FileDescriptor.open("\(folder)/tree", [.readOnly, .directory, .noFollow]),
        made: try FileStatus.of("\(folder)/layer"), ignored: Set(ignored.map { Array($0.utf8) }))
    } catch { throw .system(error) }
  }

  private func create(_ id: String, on chainID: Digest?, limit: UInt64?) throws(SnapshotError) {
    try makeContainer(id, on: chainID) { draft throws(SyscallError) in
      let tree = "\(draft)/tree"
      switch driver {
      case .btrfs:
        try copySubvolume(chainID.map { folder($0) }, to: draft)
        for name in ["parents", "usage"] { try Directory.removeTree("\(draft)/\(name)") }
        if let limit { try Subvolume.limit(draft, to: limit) }
      case .vfs:
        try Directory.make(draft, mode: 0o711)
        if let limit { try ProjectQuota.limit(try FileDescriptor.open(draft, [.readOnly, .directory]), to: limit) }
        try Directory.make(tree, mode: 0o711)
        if let chainID {
          _ = try TreeCopy.run(from: self.tree(chainID), to: tree, sharingFiles: false)
        } else {
          try copyRoot(from: nil, to: tree)
        }
      }
      try mountPoints.make(in: try FileDescriptor.open(tree, [.readOnly, .directory]))
      // A snapshot is on the disk when it is made; a copy must be before it counts.
      if driver == .vfs { try folders.syncFileSystem() }
    }
  }
}
