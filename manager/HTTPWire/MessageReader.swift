package import NIOCore
package import NIOHTTP1
internal import Synchronization

/// Reads HTTP messages, or raw bytes, from a ``ByteStream``: one after another and by one reader at a time.
package final class MessageReader: Sendable {
  private struct State {
    var buffer = ByteBuffer()
    var head: HeadParser
    var body = BodyDecoder(.none)
    /// What to send before the first read of the body, when the peer waits for it.
    var invitation: ByteBuffer?
    var allowance = BodyAllowance(time: nil)
  }

  private let stream: ByteStream
  private let patience: Patience
  private let state: Mutex<State>

  /// - Parameter headLimit: the most bytes of a head.
  package init(_ stream: ByteStream, headLimit: Int = 1 << 20, patience: Patience = Patience()) {
    self.stream = stream
    self.patience = patience
    state = Mutex(State(head: HeadParser(limit: headLimit)))
  }
}

// MARK: - Heads

extension MessageReader {
  /// - Returns: `nil` if the connection ended before the first byte of a head.
  /// - Throws: ``HTTPSyntaxError``, and what the connection throws.
  package func requestHead() async throws -> HTTPRequestHead? { try await head { try $0.request(&$1) } }

  /// - Throws: ``HTTPSyntaxError``, and what the connection throws.
  package func responseHead() async throws -> HTTPResponseHead? { try await head { try $0.response(&$1) } }

  private func head<Head: Sendable>(
    _ parse: @Sendable (inout HeadParser, inout ByteBuffer) throws -> Head?
  ) async throws -> Head? {
    stream.close(after: patience.idle)
    defer { stream.close(after: nil) }
    var hasBegun = false
    while true {
      let (head, isEmpty) = try state.withLock { state in
        (try parse(&state.head, &state.buffer), state.buffer.readableBytes == 0)
      }
      if let head { return head }
      if !isEmpty, !hasBegun {
        hasBegun = true
        stream.close(after: patience.head)
      }
      guard try await readMore() else {
        guard isEmpty else { throw HTTPSyntaxError.truncated }
        return nil
      }
    }
  }

  private func readMore() async throws -> Bool {
    guard var more = try await stream.next() else { return false }
    state.withLock { state in
      if state.buffer.readableBytes == 0 { state.buffer = more } else { state.buffer.writeBuffer(&more) }
    }
    return true
  }
}

// MARK: - Bodies

extension MessageReader {
  /// To be called after each head.
  /// - Parameter invitation: is written before the first read that has to wait, `100 Continue`.
  package func beginBody(_ framing: BodyFraming, invitation: ByteBuffer? = nil) {
    state.withLock { state in
      state.body = BodyDecoder(framing)
      state.invitation = invitation
      state.allowance = BodyAllowance(time: patience.body)
    }
  }

  /// Whether the body was read to its end.
  package var isBodyDone: Bool { state.withLock { $0.body.isDone } }

  /// Whether the peer still waits to be invited to send the body.
  package var isBodyUninvited: Bool { state.withLock { $0.invitation != nil } }

  /// The next piece of the body; `nil` after the last one.
  /// - Throws: ``HTTPSyntaxError``, and what the connection throws.
  package func bodyPiece() async throws -> ByteBuffer? {
    while true {
      let step = try state.withLock { state in try state.body.next(&state.buffer) }
      switch step {
      case .data(let data): return data
      case .end: return nil
      case .needsMore: break
      }
      if let invitation = state.withLock({ $0.invitation.take() }) { try await stream.write(invitation) }
      guard try await readMoreBody() else {
        guard state.withLock({ $0.body.mayEndHere }) else { throw HTTPSyntaxError.truncated }
        return nil
      }
    }
  }

  /// Only the time counts that we wait for the peer, not what the reader does with the pieces.
  private func readMoreBody() async throws -> Bool {
    stream.close(after: state.withLock { $0.allowance.left })
    defer { stream.close(after: nil) }
    let (start, before) = (NIODeadline.now(), state.withLock { $0.buffer.readableBytes })
    let hasMore = try await readMore()
    state.withLock { state in
      state.allowance.spend(.now() - start, bytes: state.buffer.readableBytes - before)
    }
    return hasMore
  }

  /// What follows the message, without any framing; `nil` when the peer will send no more.
  package func rawPiece() async throws -> ByteBuffer? {
    let left = state.withLock { state in
      let left = state.buffer
      state.buffer = ByteBuffer()
      return left
    }
    return left.readableBytes > 0 ? left : try await stream.next()
  }
}
