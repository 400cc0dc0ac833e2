internal import Hashing
internal import LinuxKernel
public import OCIImageSpec

/// One blob on its way into a ``ContentStore``: hashed while it is written, on the disk before it has a name.
///
/// For one thread at a time.
public final class BlobWriter {
  private let store: ContentStore
  private let partial: String
  private let file: FileDescriptor
  /// Whether it stays when the writer goes away.
  private let isKept: Bool
  private var hasher = SHA256()
  private var isFinished = false
  /// Bytes written so far.
  public private(set) var size: Int64 = 0

  init(store: ContentStore) throws(ContentError) {
    self.store = store
    partial = "\(store.root)/ingest/\(UInt64.random(in: .min ... .max))"
    isKept = false
    do throws(SyscallError) {
      file = try FileDescriptor.open(partial, [.readWrite, .create, .exclusive, .noFollow], mode: 0o600)
    } catch { throw .system(error) }
  }

  /// Goes on with what there is of the blob that is to have this digest.
  init(store: ContentStore, resuming digest: Digest) throws(ContentError) {
    self.store = store
    partial = store.partial(digest)
    isKept = true
    do throws(SyscallError) {
      file = try FileDescriptor.open(partial, [.readWrite, .create, .append, .noFollow], mode: 0o600)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
      defer { buffer.deallocate() }
      while true {
        let count = try file.read(into: buffer)
        if count == 0 { break }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        size += Int64(count)
      }
    } catch { throw .system(error) }
  }

  deinit { if !isKept { abandon() } }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(ContentError) {
    hasher.update(bufferPointer: bytes)
    var rest = bytes
    do throws(SyscallError) {
      while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[try file.write(rest)...]) }
    } catch { throw .system(error) }
    size += Int64(bytes.count)
  }

  public func write(_ bytes: [UInt8]) throws(ContentError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(ContentError) in try write(buffer) }
    }
    try result.get()
  }

  /// The digest of what was written so far.
  public var digest: Digest { Digest(sha256: hasher.finalize()) }

  /// Finishes the blob: verified, synced, named, its name synced. A blob that is there already is kept instead.
  /// - Parameters:
  ///   - digest: what it must hash to, or `nil` if it is wanted whatever it is.
  ///   - size: how many bytes it must have, or `nil`.
  /// - Throws: ``ContentError``; then the writer is finished too, and nothing is left.
  @discardableResult
  public func commit(expecting digest: Digest? = nil, size: Int64? = nil) throws(ContentError) -> Digest {
    precondition(!isFinished, "a blob is committed once")
    defer { abandon() }
    let actual = self.digest
    if let digest, digest != actual { throw .digestMismatch(expected: digest, actual: actual) }
    if let size, size != self.size { throw .sizeMismatch(expected: size, actual: self.size) }
    guard try !store.contains(actual) else { return actual }
    do throws(SyscallError) {
      try file.sync()
      try Directory.make(store.folder(actual))
      try Directory.sync(parentOf: store.folder(actual))
      try Directory.moveSynced(partial, to: store.path(actual))
    } catch { throw .system(error) }
    isFinished = true
    return actual
  }

  /// Ends a blob that was resumed, verified and synced, without a name yet: ``ContentStore/adopt(_:)`` gives it one.
  /// - Throws: ``ContentError``; then nothing of it is left if it is not what it must be.
  public func seal(expecting digest: Digest, size: Int64) throws(ContentError) {
    let actual = self.digest
    guard digest == actual, size == self.size else {
      abandon()
      throw digest == actual
        ? .sizeMismatch(expected: size, actual: self.size) : .digestMismatch(expected: digest, actual: actual)
    }
    do throws(SyscallError) { try file.sync() } catch { throw .system(error) }
    isFinished = true
  }

  /// Throws away what was written so far, to write everything from the beginning.
  public func restart() throws(ContentError) {
    do throws(SyscallError) { try file.truncate(to: 0) } catch { throw .system(error) }
    hasher = SHA256()
    size = 0
  }

  /// Throws away what was written so far; harmless after ``commit(expecting:size:)``.
  public func abandon() {
    guard !isFinished else { return }
    isFinished = true
    // What cannot be removed now is removed at the next start, with all other partial blobs.
    try? Directory.removeTree(partial)
  }
}
