public import LinuxKernel
public import OCIImageSpec

extension OverlaySnapshotter {
  public func prepareLayer(_ chainID: Digest, parent: Digest?) throws(SnapshotError) -> LayerDraft {
    guard try !containsLayer(chainID) else { throw .layerExists(chainID) }
    let parents = try parent.map { parent throws(SnapshotError) in [parent] + (try self.parents(of: parent)) } ?? []
    guard parents.count < Self.layerLimit else { throw .tooManyLayers(parents.count + 1, limit: Self.layerLimit) }
    let location = newDraft()
    let draft = LayerDraft(chainID: chainID, parent: parent, directory: "\(location)/diff", location: location)
    try call { () throws(SyscallError) in
      try Directory.make(draft.directory, mode: 0o711)
      try copyRoot(from: parent.map { "\(folder($0))/diff" }, to: draft.directory)
      let lines = parents.map { "\($0)\n" }.joined()
      try AtomicFile.write(Array(lines.utf8), to: "\(location)/parents", durability: .visible)
    }
    return draft
  }

  public func commitLayer(_ draft: LayerDraft) throws(SnapshotError) {
    if try containsLayer(draft.chainID) { return try discardLayer(draft) }
    try call { () throws(SyscallError) in
      try FileDescriptor.open(root, [.readOnly, .directory]).syncFileSystem()
      try Directory.moveSynced(draft.location, to: folder(draft.chainID))
    }
  }

  public func replaceLayer(_ chainID: Digest, with draft: LayerDraft) throws(SnapshotError) {
    let former = newDraft()
    try call { () throws(SyscallError) in
      try FileDescriptor.open(root, [.readOnly, .directory]).syncFileSystem()
      try Directory.move(folder(chainID), to: former)
      try Directory.moveSynced(draft.location, to: folder(chainID))
      try Directory.removeTree(former)
    }
  }

  public func layerDirectory(_ chainID: Digest) -> String { "\(folder(chainID))/diff" }
  public func layerParents(_ chainID: Digest) throws(SnapshotError) -> [Digest] { try parents(of: chainID) }

  public func discardLayer(_ draft: LayerDraft) throws(SnapshotError) {
    try call { () throws(SyscallError) in try Directory.removeTree(draft.location) }
  }

  public func removeEntry(_ name: [CChar], in directory: borrowing FileDescriptor) throws(SnapshotError) {
    do throws(SyscallError) {
      try directory.makeNode(.characterDevice(major: 0, minor: 0), at: name, mode: 0)
    } catch { throw .system(error) }
  }

  public func removeLowerEntries(of directory: borrowing FileDescriptor) throws(SnapshotError) {
    do throws(SyscallError) { try directory.setAttribute("trusted.overlay.opaque", to: [UInt8(ascii: "y")]) } catch {
      throw .system(error)
    }
  }

  public func containsLayer(_ chainID: Digest) throws(SnapshotError) -> Bool {
    try call { () throws(SyscallError) in try FileStatus.of(folder(chainID)) != nil }
  }

  public func layers() throws(SnapshotError) -> [Digest] {
    // What has another name is no layer; recover() deals with it.
    try call { () throws(SyscallError) in
      try Directory.names("\(root)/layers").compactMap { try? Digest(encoded: $0) }
    }
  }

  public func removeLayer(_ chainID: Digest) throws(SnapshotError) {
    for other in try layers() where try parentIfThere(of: other) == chainID {
      throw .layerInUse(chainID, by: "\(other)")
    }
    for id in try containers() where try layerIfThere(ofContainer: id) == chainID {
      throw .layerInUse(chainID, by: id)
    }
    try remove(folder(chainID))
  }

  /// The layer below one that somebody else may be removing: what is gone stands on nothing.
  private func parentIfThere(of chainID: Digest) throws(SnapshotError) -> Digest? {
    do throws(SnapshotError) { return try parents(of: chainID).first } catch {
      if try !containsLayer(chainID) { return nil }
      throw error
    }
  }

  private func layerIfThere(ofContainer id: String) throws(SnapshotError) -> Digest? {
    do throws(SnapshotError) { return try layer(ofContainer: id) } catch {
      if try !containsContainer(id) { return nil }
      throw error
    }
  }

  public func layerUsage(_ chainID: Digest) throws(SnapshotError) -> SnapshotUsage {
    guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
    return try call { () throws(SyscallError) in try SnapshotUsage(of: "\(folder(chainID))/diff") }
  }

  /// The layers below, the nearest first.
  func parents(of chainID: Digest) throws(SnapshotError) -> [Digest] {
    guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
    return try digests(in: "\(folder(chainID))/parents")
  }

  /// The digests that the file at `path` lists, a line each.
  func digests(in path: String) throws(SnapshotError) -> [Digest] {
    let bytes = try call { () throws(SyscallError) in try AtomicFile.read(path, limit: 1 << 20) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    do throws(DigestError) { return try lines.map { line throws(DigestError) in try Digest(line) } } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }

  /// A layer's or container's root directory starts as the one below it: overlayfs shows the topmost one's owner and mode.
  func copyRoot(from source: String?, to target: String) throws(SyscallError) {
    let directory = try FileDescriptor.open(target, [.readOnly, .directory])
    guard let source, let status = try FileStatus.of(source) else { return try directory.setMode(0o755) }
    try directory.setOwner(status.owner, status.group)
    try directory.setMode(status.permissions)
  }
}
