internal import Hashing
internal import OCIImageSpec
internal import Tar

/// Passes bytes on and hashes them.
final class HashingSource: ByteSource {
  private let source: any ByteSource
  private var hasher = SHA256()

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try source.read(into: buffer)
    hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    return count
  }

  /// The digest of everything that was read so far.
  var digest: Digest { Digest(sha256: hasher.finalize()) }
}

/// Passes bytes on and writes them to a blob.
final class CopyingSource: ByteSource {
  private let source: any ByteSource
  private let blob: any BlobIngest

  init(_ source: any ByteSource, to blob: any BlobIngest) {
    self.source = source
    self.blob = blob
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try source.read(into: buffer)
    try blob.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    return count
  }
}

/// Passes bytes on and tells now and then how many there were.
final class ReportingSource: ByteSource {
  private static let step: Int64 = 1 << 20

  private let source: any ByteSource
  private let report: (Int64) -> Void
  private var position: Int64 = 0
  private var next: Int64 = 0

  /// - Parameter report: is given the number of bytes: at the beginning, after every mebibyte, and at the end.
  init(_ source: any ByteSource, _ report: @escaping (Int64) -> Void) {
    self.source = source
    self.report = report
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try source.read(into: buffer)
    position += Int64(count)
    if position >= next || count == 0 {
      report(position)
      next = count == 0 ? .max : position + Self.step
    }
    return count
  }
}
