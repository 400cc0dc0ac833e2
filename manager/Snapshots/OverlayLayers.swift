internal import LinuxKernel
public import OCIImageSpec

extension OverlaySnapshotter {
  public func prepareLayer(_ chainID: Digest, parent: Digest?) throws(SnapshotError) -> LayerDraft {
    guard try !containsLayer(chainID) else { throw .layerExists(chainID) }
    let parents = try parent.map { parent throws(SnapshotError) in [parent] + (try layerParents(parent)) } ?? []
    guard parents.count < Self.layerLimit else { throw .tooManyLayers(parents.count + 1, limit: Self.layerLimit) }
    let location = folders.newDraft()
    let draft = LayerDraft(chainID: chainID, parent: parent, directory: "\(location)/diff", location: location)
    try prepare(draft) { () throws(SyscallError) in
      try Directory.make(draft.directory, mode: 0o711)
      try copyRoot(from: parent.map { "\(folder($0))/diff" }, to: draft.directory)
      let lines = parents.map { "\($0)\n" }.joined()
      try AtomicFile.write(Array(lines.utf8), to: "\(location)/parents", durability: .visible)
    }
    return draft
  }

  public func finishLayer(_ draft: LayerDraft) -> String { draft.directory }

  public func commitLayer(_ draft: LayerDraft) throws(SnapshotError) {
    if try containsLayer(draft.chainID) { return try discardLayer(draft) }
    try adopt(draft)
  }

  public func replaceLayer(_ chainID: Digest, with draft: LayerDraft) throws(SnapshotError) {
    let former = folders.newDraft()
    try call { () throws(SyscallError) in
      try folders.syncFileSystem()
      try Directory.move(folder(chainID), to: former)
      try Directory.moveSynced(draft.location, to: folder(chainID))
      try folders.discard(former)
    }
  }

  public func layerDirectory(_ chainID: Digest) -> String { "\(folder(chainID))/diff" }

  public func layerUsage(_ chainID: Digest) throws(SnapshotError) -> SnapshotUsage {
    guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
    return try call { () throws(SyscallError) in try SnapshotUsage(of: "\(folder(chainID))/diff") }
  }

  public func layerSizeCounted(_ chainID: Digest) throws(SnapshotError) -> Int64 { try layerUsage(chainID).size }
}
