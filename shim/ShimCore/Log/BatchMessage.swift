internal import LinuxKernel

/// Records on their way to the process that writes them: three numbers in this machine's order (what was lost before them,
/// how many there are, how many bytes), the length of each, and then their bytes.
enum BatchMessage {
  static func bytes(_ batch: RecordBatch, afterLosing lost: Int) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity((batch.ends.count + 3) * 4 + batch.count)
    for number in [lost, batch.ends.count, batch.count] { append(number, to: &message) }
    var start = 0
    for end in batch.ends {
      append(end - start, to: &message)
      start = end
    }
    message.append(contentsOf: batch.bytes)
    return message
  }

  private static func append(_ number: Int, to message: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(clamping: number)) { message.append(contentsOf: $0) }
  }

  /// Waits for the rest of a message that has begun.
  /// - Returns: how many records were lost before these; `nil` at the end of the pipe.
  static func read(
    _ pipe: borrowing FileDescriptor, into batch: RecordBatch
  ) throws(SyscallError) -> Int? {
    guard let header = try numbers(pipe, 3) else { return nil }
    guard let lengths = try numbers(pipe, header[1]), let bytes = try read(pipe, header[2]) else { return nil }
    batch.removeAll()
    bytes.withUnsafeBytes { batch.add($0, lengths: lengths) }
    return header[0]
  }

  private static func numbers(_ pipe: borrowing FileDescriptor, _ count: Int) throws(SyscallError) -> [Int]? {
    guard let bytes = try read(pipe, count * 4) else { return nil }
    return bytes.withUnsafeBytes { all in
      (0..<count).map { Int(all.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }
  }

  private static func read(_ pipe: borrowing FileDescriptor, _ count: Int) throws(SyscallError) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = try pipe.readChunk(limit: count - bytes.count)
      if piece.isEmpty { return nil }
      bytes += piece
    }
    return bytes
  }
}
