internal import Dispatch
package import NIOCore
internal import Synchronization

/// Passes what arrives asynchronously on to a thread that waits for it, a piece at a time: whoever sends waits until it is
/// wanted.
package final class ArrivingBytes: ByteSource, Sendable {
  fileprivate struct State {
    var pieces: [ByteBuffer] = []
    var end: Result<Void, any Error>?
    /// Waits for the piece to be taken.
    var sender: CheckedContinuation<Void, Never>?
    /// Nobody reads any more.
    var isClosed = false
  }

  private let state = Mutex(State())
  private let arrival = DispatchSemaphore(value: 0)

  package init() {}

  /// Sends everything; returns when all of it is read, or nobody reads any more.
  /// - Returns: how many bytes there were.
  @discardableResult
  package func send<Bytes: AsyncSequence & Sendable>(_ bytes: Bytes) async -> Int64 where Bytes.Element == ByteBuffer {
    var size: Int64 = 0
    let end: Result<Void, any Error>
    do {
      for try await piece in bytes where piece.readableBytes > 0 {
        guard await send(piece) else { return size }
        size += Int64(piece.readableBytes)
      }
      end = .success(())
    } catch { end = .failure(error) }
    state.withLock { $0.end = end }
    arrival.signal()
    return size
  }

  /// - Returns: whether more is wanted.
  private func send(_ piece: ByteBuffer) async -> Bool {
    await withCheckedContinuation { continuation in
      let isClosed = state.withLock { state in
        if state.isClosed { return true }
        state.pieces.append(piece)
        state.sender = continuation
        return false
      }
      if isClosed { continuation.resume() } else { arrival.signal() }
    }
    return state.withLock { !$0.isClosed }
  }

  /// Blocks until there is something.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    while true {
      let (count, end, sender) = state.withLock { $0.take(buffer) }
      sender?.resume()
      if count > 0 { return count }
      if let end {
        try end.get()
        return 0
      }
      arrival.wait()
    }
  }

  /// Nothing is read any more: whoever still sends is let go.
  package func close() {
    let sender = state.withLock { state in
      state.isClosed = true
      defer { state.sender = nil }
      return state.sender
    }
    sender?.resume()
  }
}

extension ArrivingBytes.State {
  fileprivate mutating func take(
    _ buffer: UnsafeMutableRawBufferPointer
  ) -> (count: Int, end: Result<Void, any Error>?, sender: CheckedContinuation<Void, Never>?) {
    guard var piece = pieces.first else { return (0, end, nil) }
    let count = min(buffer.count, piece.readableBytes)
    piece.readWithUnsafeReadableBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      return count
    }
    pieces = piece.readableBytes > 0 ? [piece] : []
    guard pieces.isEmpty else { return (count, nil, nil) }
    defer { sender = nil }
    return (count, nil, sender)
  }
}
