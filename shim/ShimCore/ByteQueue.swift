internal import LinuxKernel

/// Bytes that wait to be written, in the pieces in which they came.
struct ByteQueue {
  private var pieces: [[UInt8]] = []
  /// The first piece that is not written.
  private var first = 0
  /// Bytes of the first piece that are written.
  private var offset = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    pieces.append(bytes)
    count += bytes.count
  }

  /// - Precondition: not empty.
  func withFirst<Result>(
    _ body: (UnsafeRawBufferPointer) throws(SyscallError) -> Result
  ) throws(SyscallError) -> Result {
    let result: Swift.Result<Result, SyscallError> = pieces[first].withUnsafeBytes { buffer in
      do throws(SyscallError) {
        return .success(try body(UnsafeRawBufferPointer(rebasing: buffer[offset...])))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The first `written` bytes of the first piece are done.
  mutating func drop(_ written: Int) {
    count -= written
    offset += written
    guard offset == pieces[first].count else { return }
    pieces[first] = []
    offset = 0
    first += 1
    guard first == pieces.count || first == 64 else { return }
    pieces.removeFirst(first)
    first = 0
  }
}
