public import LinuxKernel
public import OCIImageSpec

extension OverlaySnapshotter {
  public func makeContainer(_ id: String, on chainID: Digest?, limit: UInt64) throws(SnapshotError) {
    guard try !containsContainer(id) else { return }
    guard try keepsLimits() else { throw .noSizeLimits }
    try makeContainer(on: chainID, in: try folder(container: id), limit: limit)
  }

  public func keepsLimits() throws(SnapshotError) -> Bool {
    try call { () throws(SyscallError) in
      try ProjectQuota.isEnforced(on: try FileDescriptor.open(root, [.readOnly, .directory]))
    }
  }

  public func mountContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    let folder = try folder(container: id)
    if try containsContainer(id) {
      let existing = try layer(ofContainer: id)
      guard existing == chainID else { throw .otherLayer(id: id, existing: existing) }
    } else {
      try makeContainer(on: chainID, in: folder, limit: nil)
    }
    let place = try containerPlace(id, on: chainID)
    try OverlayMount(lower: place.lower, writable: (place.upper, place.work)).attach(at: target)
  }

  public func viewContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError) {
    let place = try containerPlace(id, on: chainID)
    try view((try containsContainer(id) ? [place.upper] : []) + place.lower, at: target)
  }

  public func viewLayers(of chainID: Digest?, at target: String) throws(SnapshotError) {
    try view(try layers(of: chainID), at: target)
  }

  private func view(_ directories: [String], at target: String) throws(SnapshotError) {
    let empty = "\(root)/empty"
    let lower = directories.filter { $0 != empty } + [empty]
    // Of one directory the kernel makes no overlay.
    guard lower.count == 1 else { return try OverlayMount(lower: lower, writable: nil).attach(at: target) }
    try call { () throws(SyscallError) in try Mounts.mount(empty, on: target, flags: .bind) }
  }

  public func containerPlace(_ id: String, on chainID: Digest?) throws(SnapshotError) -> ContainerPlace {
    let folder = try folder(container: id)
    let layers = try chainID == nil && !base.isEmpty ? [] : layers(of: chainID)
    return ContainerPlace(lower: layers + base, upper: "\(folder)/upper", work: "\(folder)/work")
  }

  /// The directories of a layer and those below it, the topmost first; at least one.
  private func layers(of chainID: Digest?) throws(SnapshotError) -> [String] {
    guard let chainID else { return ["\(root)/empty"] }
    return try ([chainID] + parents(of: chainID)).map { "\(self.folder($0))/diff" }
  }

  public func unmountContainer(_ id: String, at target: String) throws(SnapshotError) {
    do throws(SyscallError) { try Mounts.detach(target) } catch {
      // Nothing is mounted there, or there is no such place.
      guard error.errno == .invalid || error.errno == .noEntry else { throw .system(error) }
    }
  }

  public func removeContainer(_ id: String) throws(SnapshotError) {
    let folder = try folder(container: id)
    if try containsContainer(id) {
      try call { () throws(SyscallError) in
        try ProjectQuota.lift(try FileDescriptor.open(folder, [.readOnly, .directory, .noFollow]))
      }
    }
    try remove(folder)
  }

  public func containers() throws(SnapshotError) -> [String] {
    try call { () throws(SyscallError) in try Directory.names("\(root)/containers") }
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

  /// The layer that the container was made from.
  func layer(ofContainer id: String) throws(SnapshotError) -> Digest? {
    try digests(in: "\(try folder(container: id))/layer").first
  }

  func containsContainer(_ id: String) throws(SnapshotError) -> Bool {
    let folder = try folder(container: id)
    return try call { () throws(SyscallError) in try FileStatus.of(folder) != nil }
  }

  /// Makes a directory that takes `limit` bytes with all that comes to be in it.
  private func make(_ draft: String, limit: UInt64) throws(SyscallError) {
    try Directory.make(draft, mode: 0o711)
    try ProjectQuota.limit(try FileDescriptor.open(draft, [.readOnly, .directory, .noFollow]), to: limit)
  }

  private func makeContainer(on chainID: Digest?, in folder: String, limit: UInt64?) throws(SnapshotError) {
    if let chainID, try !containsLayer(chainID) { throw .layerNotFound(chainID) }
    let draft = newDraft()
    try call { () throws(SyscallError) in
      do throws(SyscallError) {
        if let limit { try make(draft, limit: limit) }
        try Directory.make("\(draft)/upper", mode: 0o711)
        try Directory.make("\(draft)/work", mode: 0o700)
        try copyRoot(from: chainID.map { "\(self.folder($0))/diff" }, to: "\(draft)/upper")
        let line = chainID.map { "\($0)\n" } ?? ""
        try AtomicFile.write(Array(line.utf8), to: "\(draft)/layer", durability: .synced)
        try Directory.moveSynced(draft, to: folder)
      } catch {
        // The first error is the one that counts; the rest is removed at the next start.
        try? Directory.removeTree(draft)
        throw error
      }
    }
  }
}
