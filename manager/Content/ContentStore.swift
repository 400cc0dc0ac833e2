public import LinuxKernel
public import OCIImageSpec

/// Blobs by the digest of what they hold (DESIGN.md §3): `sha256/ab/<digits>`, with partial ones in `ingest/`.
///
/// A blob appears under its name only when it is complete, verified and on the disk, and never changes then. Several
/// threads may use one store. Every call blocks on the disk: none belongs on the cooperative pool.
public struct ContentStore: Sendable {
  let root: String

  /// Opens the store in the folder `root`, making it if it is missing.
  public init(root: String) throws(ContentError) {
    self.root = root
    do throws(SyscallError) {
      try Directory.make("\(root)/sha256", mode: 0o700)
      try Directory.make("\(root)/ingest", mode: 0o700)
    } catch { throw .system(error) }
  }

  /// Begins a blob. Nothing of it is left if the writer goes away before ``BlobWriter/commit(expecting:size:)``.
  public func ingest() throws(ContentError) -> BlobWriter { try BlobWriter(store: self) }

  /// Begins the blob that is to have this digest, or goes on with what an earlier writer left of it, which is hashed again.
  /// What is written stays until it is ``adopt(_:)``ed. For one writer at a time.
  public func resume(_ digest: Digest) throws(ContentError) -> BlobWriter {
    try BlobWriter(store: self, resuming: digest)
  }

  /// Gives a blob its name that ``BlobWriter/seal(expecting:size:)`` left without. On the disk when it returns.
  /// - Throws: ``ContentError/notFound(_:)`` if there is none.
  public func adopt(_ digest: Digest) throws(ContentError) {
    let isThere = try contains(digest)
    do throws(SyscallError) {
      guard try FileStatus.of(partial(digest)) != nil else {
        if isThere { return }
        throw SyscallError("rename", partial(digest), errno: .noEntry)
      }
      if isThere { return try Directory.removeTree(partial(digest)) }
      try Directory.make(folder(digest))
      try Directory.sync(parentOf: folder(digest))
      try Directory.moveSynced(partial(digest), to: path(digest))
    } catch { throw error.errno == .noEntry ? .notFound(digest) : .system(error) }
  }

  /// Opens a blob that is complete, be it sealed only.
  public func openArrived(_ digest: Digest) throws(ContentError) -> FileDescriptor {
    if try contains(digest) { return try open(digest) }
    do throws(SyscallError) { return try FileDescriptor.open(partial(digest), [.readOnly, .noFollow]) } catch {
      throw error.errno == .noEntry ? .notFound(digest) : .system(error)
    }
  }

  /// Whether the blob is there, complete.
  public func contains(_ digest: Digest) throws(ContentError) -> Bool {
    do throws(SyscallError) { return try FileStatus.of(path(digest)) != nil } catch { throw .system(error) }
  }

  /// The blob's length in bytes.
  public func size(_ digest: Digest) throws(ContentError) -> Int64 {
    do throws(SyscallError) {
      if let status = try FileStatus.of(path(digest)) { return status.size }
    } catch { throw .system(error) }
    throw .notFound(digest)
  }

  /// Opens the blob for reading from its beginning.
  public func open(_ digest: Digest) throws(ContentError) -> FileDescriptor {
    do throws(SyscallError) { return try FileDescriptor.open(path(digest), [.readOnly, .noFollow]) } catch {
      throw error.errno == .noEntry ? .notFound(digest) : .system(error)
    }
  }

  /// The whole blob; for manifests and configurations, not for layers.
  /// - Parameter limit: bytes accepted at most.
  public func read(_ digest: Digest, limit: Int = 16 << 20) throws(ContentError) -> [UInt8] {
    let size = try size(digest)
    guard size <= limit else { throw .tooLarge(digest, size: size, limit: limit) }
    let file = try open(digest)
    do throws(SyscallError) { return try file.readAll(limit: limit) } catch { throw .system(error) }
  }

  /// Removes the blob. Readers that have it open keep it.
  /// - Returns: whether there was one.
  @discardableResult
  public func remove(_ digest: Digest) throws(ContentError) -> Bool {
    guard try contains(digest) else { return false }
    do throws(SyscallError) { try Directory.removeTree(path(digest)) } catch { throw .system(error) }
    return true
  }

  /// All complete blobs, in no particular order. Files with other names are not looked at.
  public func list() throws(ContentError) -> [Digest] {
    do throws(SyscallError) {
      var digests: [Digest] = []
      for folder in try Directory.names("\(root)/sha256") {
        for name in try Directory.names("\(root)/sha256/\(folder)") where name.hasPrefix(folder) {
          // What has another name is no blob: somebody else's file, which is not ours to judge.
          if let digest = try? Digest(encoded: name) { digests.append(digest) }
        }
      }
      return digests
    } catch { throw .system(error) }
  }

  /// What there is of blobs that can be resumed.
  public func parts() throws(ContentError) -> [BlobPart] {
    do throws(SyscallError) {
      var parts: [BlobPart] = []
      for name in try Directory.names("\(root)/ingest") {
        // What has another name cannot be resumed; and what was there a moment ago may have got its name or be gone.
        guard let digest = try? Digest(encoded: name), let status = try FileStatus.of(partial(digest)) else { continue }
        parts.append(BlobPart(digest: digest, allocated: status.allocated, modified: status.modified))
      }
      return parts
    } catch { throw .system(error) }
  }

  /// Removes what there is of a blob that can be resumed; nothing is fine. Nobody may be writing it.
  public func removePart(_ digest: Digest) throws(ContentError) {
    do throws(SyscallError) { try Directory.removeTree(partial(digest)) } catch { throw .system(error) }
  }

  /// Bytes that the blob takes on the disk; 0 if there is none.
  public func allocated(_ digest: Digest) throws(ContentError) -> Int64 {
    do throws(SyscallError) { return try FileStatus.of(path(digest))?.allocated ?? 0 } catch { throw .system(error) }
  }

  /// Removes partial blobs that a process left which did not live to finish them. For the daemon's start, before anybody writes.
  /// - Parameter seconds: since 1970: what can be resumed stays if something was written to it after that.
  public func removePartial(olderThan seconds: Int64 = .max) throws(ContentError) {
    do throws(SyscallError) {
      for name in try Directory.names("\(root)/ingest") {
        let path = "\(root)/ingest/\(name)"
        // Any other name is of one that cannot be resumed.
        let isResumable = (try? Digest(encoded: name)) != nil
        if isResumable, let status = try FileStatus.of(path), status.modified > seconds { continue }
        try Directory.removeTree(path)
      }
    } catch { throw .system(error) }
  }

  /// Where what there is of a blob is kept.
  func partial(_ digest: Digest) -> String { "\(root)/ingest/\(digest.encoded)" }

  func path(_ digest: Digest) -> String { "\(folder(digest))/\(digest.encoded)" }

  func folder(_ digest: Digest) -> String { "\(root)/sha256/\(digest.encoded.prefix(2))" }
}
