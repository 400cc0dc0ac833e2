package import LinuxKernel

/// Bytes in order, read once by one thread.
package protocol ByteSource: AnyObject {
  /// Fills the beginning of `buffer` and says how far; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

  /// Passes over `count` bytes.
  /// - Returns: how many there were.
  func skip(_ count: Int64) throws -> Int64
}

extension ByteSource {
  package func skip(_ count: Int64) throws -> Int64 {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { scratch.deallocate() }
    var left = count
    while left > 0 {
      let part = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<Int(min(left, 64 << 10))]))
      if part == 0 { break }
      left -= Int64(part)
    }
    return count - left
  }

  /// Reads until `buffer` is full or the source ends.
  /// - Returns: how many bytes there were.
  package func readFully(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads to the end, so that whoever looks at the bytes on their way has seen all of them.
  package func drain() throws {
    while try skip(1 << 20) == 1 << 20 {}
  }
}

/// A part of a file, read without moving the file's own position.
package final class FileSource: ByteSource {
  private let file: SharedFile
  private var position: Int64
  private let end: Int64

  package init(_ file: SharedFile, offset: Int64, size: Int64) {
    self.file = file
    position = offset
    end = offset + size
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let wanted = Int(min(Int64(buffer.count), end - position))
    guard wanted > 0 else { return 0 }
    let count = try file.descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: position)
    position += Int64(count)
    return count
  }

  package func skip(_ count: Int64) -> Int64 {
    let possible = min(count, end - position)
    position += possible
    return possible
  }
}

/// A file that several readers hold open.
package final class SharedFile: Sendable {
  package let descriptor: FileDescriptor

  package init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}

/// Bytes in memory.
package final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0
  /// The most that one read gives.
  private let step: Int

  package init(_ bytes: [UInt8], step: Int = .max) {
    self.bytes = bytes
    self.step = step
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - position, step)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}

/// Gives some bytes first that were read from the source already.
final class PrefixedSource: ByteSource {
  private var prefix: ArraySlice<UInt8>
  private let source: any ByteSource

  init(_ prefix: [UInt8], _ source: any ByteSource) {
    self.prefix = prefix[...]
    self.source = source
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !prefix.isEmpty else { return try source.read(into: buffer) }
    let count = min(buffer.count, prefix.count)
    buffer.copyBytes(from: prefix.prefix(count))
    prefix = prefix.dropFirst(count)
    return count
  }
}
