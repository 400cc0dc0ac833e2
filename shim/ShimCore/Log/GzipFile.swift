internal import CDeflate
package import LinuxKernel

/// Compresses whole files.
package enum GzipFile {
  private static let chunk = 64 << 10

  /// The compressed file has the time of the other one, and its inode's number as a comment in the header: a reader can
  /// tell that they are the same.
  package static func compress(_ source: String, to target: String) throws(SyscallError) {
    try compress(FileDescriptor.open(source, [.readOnly, .noFollow]), to: target)
  }

  /// The same with a file that is open, from where it stands.
  static func compress(_ input: borrowing FileDescriptor, to target: String) throws(SyscallError) {
    try Directory.removeTree(target)
    let output = try FileDescriptor.open(target, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o640)
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    // 15 bits of window, plus 16 for gzip's header and trailer.
    guard deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
      throw SyscallError("deflateInit", errno: .noMemory)
    }
    defer { deflateEnd(&stream) }
    let status = try input.status()
    // zlib keeps the addresses of both until the header is written.
    let comment = Array("inode \(status.inode)\0".utf8)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: comment.count)
    let header = UnsafeMutablePointer<gz_header>.allocate(capacity: 1)
    defer {
      memory.deallocate()
      header.deallocate()
    }
    memory.initialize(from: comment, count: comment.count)
    header.initialize(to: gz_header())
    header.pointee.os = 3
    header.pointee.comment = memory
    deflateSetHeader(&stream, header)
    try pump(&stream, input, output)
    try output.setTimes(seconds: status.modified, nanoseconds: status.modifiedNanoseconds)
  }

  private static func pump(
    _ stream: inout z_stream, _ input: borrowing FileDescriptor, _ output: borrowing FileDescriptor
  ) throws(SyscallError) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk * 2, alignment: 16)
    defer { memory.deallocate() }
    let (source, target) = (memory[..<chunk], memory[chunk...])
    var isAtEnd = false
    while !isAtEnd {
      let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: source))
      isAtEnd = count == 0
      stream.next_in = source.base.baseAddress?.assumingMemoryBound(to: Bytef.self)
      stream.avail_in = UInt32(count)
      repeat {
        stream.next_out = UnsafeMutableRawBufferPointer(rebasing: target).baseAddress?.assumingMemoryBound(
          to: Bytef.self)
        stream.avail_out = UInt32(chunk)
        deflate(&stream, isAtEnd ? Z_FINISH : Z_NO_FLUSH)
        try write(target.prefix(chunk - Int(stream.avail_out)), output)
      } while stream.avail_out == 0
    }
  }

  private static func write(
    _ bytes: Slice<UnsafeMutableRawBufferPointer>, _ output: borrowing FileDescriptor
  ) throws(SyscallError) {
    var rest = UnsafeRawBufferPointer(rebasing: bytes)
    while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[try output.write(rest)...]) }
  }
}
