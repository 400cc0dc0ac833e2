internal import LinuxKernel
internal import NIOCore
internal import NIOPosix
internal import Tar

/// An archive that arrives over the network, kept in a file without a name: tar archives are read from several places, and nothing
/// is left of it whenever the process ends.
public struct Spool: Sendable {
  let file: SharedFile
  /// Bytes, compressed or not as they came.
  public let size: Int64

  /// Takes in all of `bytes`, however many, in the folder `folder`.
  static func collect<Bytes: AsyncSequence & Sendable>(
    _ bytes: Bytes, in folder: String, on pool: NIOThreadPool
  ) async throws -> Spool where Bytes.Element == ByteBuffer {
    let file = try await pool.runIfActive { try nameless(in: folder) }
    var size: Int64 = 0
    for try await chunk in bytes {
      try Task.checkCancellation()
      try await pool.runIfActive { try chunk.withUnsafeReadableBytes { try write($0, to: file) } }
      size += Int64(chunk.readableBytes)
    }
    return Spool(file: file, size: size)
  }

  /// Takes in all that `source` has.
  /// - Parameter told: is given how many bytes have come, as often as somebody can read it, and when all have.
  static func collect(
    _ source: any RemoteArchive, in folder: String, on pool: NIOThreadPool, told: (Int64) -> Void
  ) async throws -> Spool {
    let file = try await pool.runIfActive { try nameless(in: folder) }
    var size: Int64 = 0
    var pace = ProgressPace()
    try await source.read { chunk in
      try await pool.runIfActive { try chunk.withUnsafeReadableBytes { try write($0, to: file) } }
      size += Int64(chunk.readableBytes)
      if pace.isDue() { told(size) }
    }
    told(size)
    return Spool(file: file, size: size)
  }

  /// The same archive uncompressed, as `docker load` takes compressed ones. Blocks.
  func uncompressed(in folder: String) throws -> Spool {
    let (plain, compression) = try Compression.uncompressed(FileSource(file, offset: 0, size: size), entry: "")
    guard compression != .none else { return self }
    let target = try Self.nameless(in: folder)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    var total: Int64 = 0
    while true {
      let count = try plain.read(into: buffer)
      if count == 0 { return Spool(file: target, size: total) }
      try Self.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]), to: target)
      total += Int64(count)
    }
  }

  private static func nameless(in folder: String) throws -> SharedFile {
    SharedFile(try FileDescriptor.open(folder, [.readWrite, .temporary], mode: 0o600))
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: SharedFile) throws {
    var rest = bytes
    while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[try file.descriptor.write(rest)...]) }
  }
}
