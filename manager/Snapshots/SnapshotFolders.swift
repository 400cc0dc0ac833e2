public import LinuxKernel
public import OCIImageSpec

/// Where a driver that keeps everything in folders has it.
///
/// ```
/// <root>/layers/<chain ID>/parents    chain IDs of the layers below, the nearest first, a line each
/// <root>/containers/<id>/layer        chain ID of the layer it stands on; empty for none
/// <root>/drafts/<random>              what is being made or removed; nothing in it counts
/// <root>/unreadable/<name>.<random>   what was not understood at a start, or could not be removed
/// ```
public struct SnapshotFolders: Sendable {
  /// What a layer's and a container's folder is.
  enum Kind: Sendable {
    case directory
    /// Of btrfs.
    case subvolume
  }

  let root: String
  let kind: Kind

  /// Opens the folder `root`, making it and those in it if they are missing.
  init(root: String, kind: Kind) throws(SyscallError) {
    (self.root, self.kind) = (root, kind)
    // A container's root user may be somebody else on the host, who must be able to pass.
    for folder in ["", "/layers", "/containers"] { try Directory.make("\(root)\(folder)", mode: 0o711) }
    for folder in ["/drafts", "/unreadable"] { try Directory.make("\(root)\(folder)", mode: 0o700) }
  }

  func newDraft() -> String { "\(root)/drafts/\(UInt64.random(in: .min ... .max))" }

  func folder(_ chainID: Digest) -> String { "\(root)/layers/\(chainID.encoded)" }

  func folder(container id: String) throws(SnapshotError) -> String {
    let isName = id.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isName, (1...128).contains(id.utf8.count), !id.hasPrefix(".") else { throw .invalidContainerID(id) }
    return "\(root)/containers/\(id)"
  }

  /// Removes a draft, or whatever else is at `path`.
  func discard(_ path: String) throws(SyscallError) {
    switch kind {
    case .directory: try Subvolume.removeTree(path)
    case .subvolume: try Subvolume.remove(path)
    }
  }

  /// Removes what is at `path` so that it is gone at once, however long the removal takes.
  func remove(_ path: String) throws(SyscallError) {
    let draft = newDraft()
    guard try FileStatus.of(path) != nil else { return }
    try Directory.moveSynced(path, to: draft)
    try discard(draft)
  }

  func syncFileSystem() throws(SyscallError) {
    try FileDescriptor.open(root, [.readOnly, .directory]).syncFileSystem()
  }

  /// The digests that the file at `path` lists, a line each.
  func digests(in path: String) throws(SnapshotError) -> [Digest] {
    let bytes: [UInt8]
    do throws(SyscallError) { bytes = try AtomicFile.read(path, limit: 1 << 20) } catch { throw .system(error) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    do throws(DigestError) { return try lines.map { line throws(DigestError) in try Digest(line) } } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }
}

/// What all drivers that keep everything in ``SnapshotFolders`` have in common.
public protocol FolderSnapshotter: Snapshotter {
  var folders: SnapshotFolders { get }

  /// What must be in the folders of layers and of containers.
  static var parts: (layer: [String], container: [String]) { get }
}

extension FolderSnapshotter {
  /// A system call's failure as this module's.
  func call<Result>(_ body: () throws(SyscallError) -> Result) throws(SnapshotError) -> Result {
    do throws(SyscallError) { return try body() } catch { throw .system(error) }
  }

  func folder(_ chainID: Digest) -> String { folders.folder(chainID) }
  func folder(container id: String) throws(SnapshotError) -> String { try folders.folder(container: id) }

  // MARK: - Layers

  /// Fills a new draft; if that fails, nothing of it is left.
  func prepare(_ draft: LayerDraft, _ fill: () throws(SyscallError) -> Void) throws(SnapshotError) {
    do throws(SyscallError) { try fill() } catch {
      // The first error is the one that counts; the rest is removed at the next start.
      try? folders.discard(draft.location)
      throw .system(error)
    }
  }

  /// Gives a draft that is all there its layer's name, unless another one had it first.
  func adopt(_ draft: LayerDraft) throws(SnapshotError) {
    do throws(SyscallError) {
      try folders.syncFileSystem()
      return try Directory.moveSynced(draft.location, to: folder(draft.chainID))
    } catch { guard error.errno == .notEmpty || error.errno == .exists else { throw .system(error) } }
    try discardLayer(draft)
  }

  public func discardLayer(_ draft: LayerDraft) throws(SnapshotError) {
    try call { () throws(SyscallError) in try folders.discard(draft.location) }
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

  public func layerParents(_ chainID: Digest) throws(SnapshotError) -> [Digest] {
    guard try containsLayer(chainID) else { throw .layerNotFound(chainID) }
    return try folders.digests(in: "\(folder(chainID))/parents")
  }

  public func containsLayer(_ chainID: Digest) throws(SnapshotError) -> Bool {
    try call { () throws(SyscallError) in try FileStatus.of(folder(chainID)) != nil }
  }

  public func layers() throws(SnapshotError) -> [Digest] {
    // What has another name is no layer; recover() deals with it.
    try call { () throws(SyscallError) in
      try Directory.names("\(folders.root)/layers").compactMap { try? Digest(encoded: $0) }
    }
  }

  public func removeLayer(_ chainID: Digest) throws(SnapshotError) {
    for other in try layers() where try parentIfThere(of: other) == chainID {
      throw .layerInUse(chainID, by: "\(other)")
    }
    for id in try containers() where try layerIfThere(ofContainer: id) == chainID {
      throw .layerInUse(chainID, by: id)
    }
    try call { () throws(SyscallError) in try folders.remove(folder(chainID)) }
  }

  /// The layer below one that somebody else may be removing: what is gone stands on nothing.
  private func parentIfThere(of chainID: Digest) throws(SnapshotError) -> Digest? {
    do throws(SnapshotError) { return try layerParents(chainID).first } catch {
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

  /// A layer's or container's root directory starts as the one below it: the topmost one's owner and mode are seen.
  func copyRoot(from source: String?, to target: String) throws(SyscallError) {
    let directory = try FileDescriptor.open(target, [.readOnly, .directory])
    guard let source, let status = try FileStatus.of(source) else { return try directory.setMode(0o755) }
    try directory.setOwner(status.owner, status.group)
    try directory.setMode(status.permissions)
  }

  // MARK: - Containers

  public func containers() throws(SnapshotError) -> [String] {
    try call { () throws(SyscallError) in try Directory.names("\(folders.root)/containers") }
  }

  public func containsContainer(_ id: String) throws(SnapshotError) -> Bool {
    let folder = try folder(container: id)
    return try call { () throws(SyscallError) in try FileStatus.of(folder) != nil }
  }

  /// The layer that the container was made from.
  func layer(ofContainer id: String) throws(SnapshotError) -> Digest? {
    try folders.digests(in: "\(try folder(container: id))/layer").first
  }

  /// Whether the container is there.
  /// - Throws: ``SnapshotError/otherLayer(id:existing:)`` if it was made from another layer.
  func containsContainer(_ id: String, on chainID: Digest?) throws(SnapshotError) -> Bool {
    guard try containsContainer(id) else { return false }
    let existing = try layer(ofContainer: id)
    guard existing == chainID else { throw .otherLayer(id: id, existing: existing) }
    return true
  }

  /// Makes a container's folder: `fill` does in a draft, which exists not yet, what is the driver's own.
  func makeContainer(
    _ id: String, on chainID: Digest?, _ fill: (_ draft: String) throws(SyscallError) -> Void
  ) throws(SnapshotError) {
    if let chainID, try !containsLayer(chainID) { throw .layerNotFound(chainID) }
    let (draft, folder) = (folders.newDraft(), try folder(container: id))
    try call { () throws(SyscallError) in
      do throws(SyscallError) {
        try fill(draft)
        let line = chainID.map { "\($0)\n" } ?? ""
        try AtomicFile.write(Array(line.utf8), to: "\(draft)/layer", durability: .synced)
        try Directory.moveSynced(draft, to: folder)
      } catch {
        // The first error is the one that counts; the rest is removed at the next start.
        try? folders.discard(draft)
        throw error
      }
    }
  }

  public func unmountContainer(_ id: String, at target: String) throws(SnapshotError) {
    do throws(SyscallError) { try Mounts.detach(target) } catch {
      // Nothing is mounted there, or there is no such place.
      guard error.errno == .invalid || error.errno == .noEntry else { throw .system(error) }
    }
  }
}
