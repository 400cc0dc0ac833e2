public import LinuxKernel
public import OCIImageSpec

extension OverlaySnapshotter {
  public var keepsDifferences: Bool { true }

  public func makeContainer(_ id: String, on chainID: Digest?, limit: UInt64) throws(SnapshotError) {
    guard try !containsContainer(id) else { return }
    guard try keepsLimits() else { throw .noSizeLimits }
    try create(id, on: chainID, limit: limit)
  }

  public func keepsLimits() throws(SnapshotError) -> Bool {
    try call { () throws(SyscallError) in
      try ProjectQuota.isEnforced(on: try FileDescriptor.open(root, [.readOnly, .directory]))
    }
  }

  public func mountContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    if try !containsContainer(id, on: chainID) { try create(id, on: chainID, limit: nil) }
    let place = try place(id, on: chainID)
    try OverlayMount(lower: place.lower, writable: (place.upper, place.work)).attach(at: target)
  }

  public func viewContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    let place = try place(id, on: chainID)
    try view((try containsContainer(id) ? [place.upper] : []) + place.lower, at: target)
  }

  public func viewNewContainer(on chainID: Digest?, at target: String) throws(SnapshotError) {
    try view(try lower(on: chainID), at: target)
  }

  public func viewLayers(of chainID: Digest?, at target: String) throws(SnapshotError) {
    try view(try layers(of: chainID), at: target)
  }

  private func view(_ directories: [String], at target: String) throws(SnapshotError) {
    let empty = "\(root)/empty"
    let lower = directories.filter { $0 != empty } + [empty]
    // Of one directory the kernel makes no overlay.
    guard lower.count == 1 else { return try OverlayMount(lower: lower, writable: nil).attach(at: target) }
    try call { () throws(SyscallError) in
      try Mounts.mount(empty, on: target, flags: .bind)
      try Mounts.mount(nil, on: target, flags: [.bind, .remount, .readOnly])
    }
  }

  public func containerPlace(_ id: String, on chainID: Digest?) throws(SnapshotError) -> ContainerPlace? {
    try place(id, on: chainID)
  }

  private func place(_ id: String, on chainID: Digest?) throws(SnapshotError) -> ContainerPlace {
    let folder = try folder(container: id)
    return ContainerPlace(lower: try lower(on: chainID), upper: "\(folder)/upper", work: "\(folder)/work")
  }

  /// The directories that a container on `chainID` stands on, the topmost first; at least one.
  private func lower(on chainID: Digest?) throws(SnapshotError) -> [String] {
    try (chainID == nil && !base.isEmpty ? [] : layers(of: chainID)) + base
  }

  /// The directories of a layer and those below it, the topmost first; at least one.
  private func layers(of chainID: Digest?) throws(SnapshotError) -> [String] {
    guard let chainID else { return ["\(root)/empty"] }
    return try ([chainID] + layerParents(chainID)).map { "\(self.folder($0))/diff" }
  }

  public func removeContainer(_ id: String) throws(SnapshotError) {
    let folder = try folder(container: id)
    if try containsContainer(id) {
      try call { () throws(SyscallError) in
        try ProjectQuota.lift(try FileDescriptor.open(folder, [.readOnly, .directory, .noFollow]))
      }
    }
    try call { () throws(SyscallError) in try folders.remove(folder) }
  }

  public func containerDifferences(_ id: String) throws(SnapshotError) -> FileDescriptor? {
    guard try containsContainer(id) else { return nil }
    let upper = "\(try folder(container: id))/upper"
    do throws(SyscallError) { return try FileDescriptor.open(upper, [.readOnly, .directory, .noFollow]) } catch {
      throw .system(error)
    }
  }

  public func containerUsage(_ id: String) throws(SnapshotError) -> SnapshotUsage {
    guard try containsContainer(id) else { throw .containerNotFound(id) }
    let upper = "\(try folder(container: id))/upper"
    return try call { () throws(SyscallError) in try SnapshotUsage(of: upper) }
  }

  private func create(_ id: String, on chainID: Digest?, limit: UInt64?) throws(SnapshotError) {
    try makeContainer(id, on: chainID) { draft throws(SyscallError) in
      try Directory.make(draft, mode: 0o711)
      if let limit { try ProjectQuota.limit(try FileDescriptor.open(draft, [.readOnly, .directory]), to: limit) }
      try Directory.make("\(draft)/upper", mode: 0o711)
      try Directory.make("\(draft)/work", mode: 0o700)
      try copyRoot(from: chainID.map { "\(self.folder($0))/diff" }, to: "\(draft)/upper")
    }
  }
}
