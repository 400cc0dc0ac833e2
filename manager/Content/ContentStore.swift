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

  /// Removes partial blobs that a process left which did not live to finish them. For the daemon's start, before anybody writes.
  public func removePartial() throws(ContentError) {
    do throws(SyscallError) {
      for name in try Directory.names("\(root)/ingest") { try Directory.removeTree("\(root)/ingest/\(name)") }
    } catch { throw .system(error) }
  }

  func path(_ digest: Digest) -> String { "\(folder(digest))/\(digest.encoded)" }

  func folder(_ digest: Digest) -> String { "\(root)/sha256/\(digest.encoded.prefix(2))" }
}
