internal import LinuxKernel
public import OCIImageSpec

extension TreeSnapshotter {
  public func prepareLayer(_ chainID: Digest, parent: Digest?) throws(SnapshotError) -> LayerDraft {
    guard try !containsLayer(chainID) else { throw .layerExists(chainID) }
    let parents = try parent.map { parent throws(SnapshotError) in [parent] + (try layerParents(parent)) } ?? []
    let location = folders.newDraft()
    let draft = LayerDraft(chainID: chainID, parent: parent, directory: "\(location)/diff", location: location)
    try prepare(draft) { () throws(SyscallError) in
      let copied = try copyLayer(parent, to: location)
      try Directory.make(draft.directory, mode: 0o711)
      try copyRoot(from: parent.map { tree($0) }, to: draft.directory)
      try write(SnapshotUsage(allocated: copied), to: location)
      let lines = parents.map { "\($0)\n" }.joined()
      try AtomicFile.write(Array(lines.utf8), to: "\(location)/parents", durability: .visible)
    }
    return draft
  }

  /// Makes the folder of a draft, with the tree of the layer below.
  /// - Returns: bytes on the disk that the draft has of its own so far.
  private func copyLayer(_ parent: Digest?, to location: String) throws(SyscallError) -> Int64 {
    if driver == .btrfs {
      try copySubvolume(parent.map { folder($0) }, to: location)
      return 0
    }
    try Directory.make("\(location)/tree", mode: 0o711)
    guard let parent else { return 0 }
    return try TreeCopy.run(from: tree(parent), to: "\(location)/tree", sharingFiles: true)
  }

  /// Makes a subvolume with what another one has, or with an empty tree.
  func copySubvolume(_ source: String?, to path: String) throws(SyscallError) {
    if let source { return try Subvolume.snapshot(source, at: path) }
    try Subvolume.make(path)
    try FileDescriptor.open(path, [.readOnly, .directory]).setMode(0o711)
    try Directory.make("\(path)/tree", mode: 0o711)
    try copyRoot(from: nil, to: "\(path)/tree")
  }

  /// Puts what the layer changes into the tree of the layers below it.
  public func finishLayer(_ draft: LayerDraft) throws(SnapshotError) -> String {
    let tree = "\(draft.location)/tree"
    try call { () throws(SyscallError) in
      guard try FileStatus.of(draft.directory) != nil else { return }
      var usage = try SnapshotUsage(of: draft.directory)
      usage.allocated += try readUsage(draft.location).allocated
      try TreeMerge.run(from: draft.directory, to: tree)
      try write(usage, to: draft.location)
      try Directory.removeTree(draft.directory)
    }
    return tree
  }

  public func commitLayer(_ draft: LayerDraft) throws(SnapshotError) {
    if try containsLayer(draft.chainID) { return try discardLayer(draft) }
    _ = try finishLayer(draft)
    try adopt(draft)
  }

  public func replaceLayer(_ chainID: Digest, with draft: LayerDraft) throws(SnapshotError) {
    _ = try finishLayer(draft)
    let former = folders.newDraft()
    try call { () throws(SyscallError) in
      try folders.syncFileSystem()
      try Directory.move(folder(chainID), to: former)
      try Directory.moveSynced(draft.location, to: folder(chainID))
      try folders.discard(former)
    }
  }

  public func layerDirectory(_ chainID: Digest) -> String { tree(chainID) }

  public func layerUsage(_ chainID: Digest) throws(SnapshotError) -> SnapshotUsage {
    guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
    return try call { () throws(SyscallError) in try readUsage(folder(chainID)) }
  }

  public func layerSizeCounted(_ chainID: Digest) throws(SnapshotError) -> Int64 {
    let below = try layerParents(chainID).first.map { tree($0) }
    return try call { () throws(SyscallError) in try TreeSize.count(tree(chainID), without: below) }
  }

  private func write(_ usage: SnapshotUsage, to folder: String) throws(SyscallError) {
    let line = "\(usage.size) \(usage.inodes) \(usage.allocated)\n"
    try AtomicFile.write(Array(line.utf8), to: "\(folder)/usage", durability: .visible)
  }

  /// - Throws: `EINVAL` if there are not three numbers.
  private func readUsage(_ folder: String) throws(SyscallError) -> SnapshotUsage {
    let line = String(decoding: try AtomicFile.read("\(folder)/usage", limit: 4096), as: UTF8.self)
    let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
    guard numbers.count == 3 else { throw SyscallError("read", "\(folder)/usage", errno: .invalid) }
    return SnapshotUsage(size: numbers[0], inodes: numbers[1], allocated: numbers[2])
  }
}
