internal import ShimProtocol

/// Where output is read to, by one after the other. It is one for all, and kept while there is something to read: fresh
/// memory for each piece would cost more than reading it.
package final class ReadBuffer {
  /// What one frame can carry.
  private static let size = Frame.Kind.stdout.limit

  private var kept: UnsafeMutableRawBufferPointer?

  deinit { kept?.deallocate() }

  /// What is in it is there until the next one takes it.
  var memory: UnsafeMutableRawBufferPointer {
    if let kept { return kept }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: ReadBuffer.size, alignment: 4096)
    kept = memory
    return memory
  }

  func releaseMemory() {
    kept?.deallocate()
    kept = nil
  }
}
