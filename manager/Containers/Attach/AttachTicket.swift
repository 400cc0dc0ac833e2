internal import Synchronization

/// The place in the queue of a client that attached to a container before it starts. The container's start opens the
/// stream and puts it here; the client's task takes it.
///
/// ```
///           open(stream)
///  waiting ─────────────▶ open ──take()──▶ taken
///     │ abandon(), fail()
///     ▼
///  closed
/// ```
final class AttachTicket: Sendable {
  private enum State {
    case waiting(CheckedContinuation<any ShimStream, any Error>?)
    case open(any ShimStream)
    case taken
    case closed(any Error)
  }

  let streams: StreamSelection
  private let state = Mutex(State.waiting(nil))

  init(_ streams: StreamSelection) { self.streams = streams }

  var isWaiting: Bool { state.withLock { if case .waiting = $0 { true } else { false } } }

  func open(_ stream: any ShimStream) {
    let continuation = state.withLock { state -> CheckedContinuation<any ShimStream, any Error>? in
      guard case .waiting(let continuation) = state else { return nil }
      state = continuation == nil ? .open(stream) : .taken
      return continuation
    }
    continuation?.resume(returning: stream)
  }

  /// The container did not start, or is gone.
  func fail(_ error: any Error) {
    let continuation = state.withLock { state -> CheckedContinuation<any ShimStream, any Error>? in
      guard case .waiting(let continuation) = state else { return nil }
      state = .closed(error)
      return continuation
    }
    continuation?.resume(throwing: error)
  }

  /// The stream, once the container starts. Called once.
  func take() async throws -> any ShimStream {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<any ShimStream, any Error>? in
          switch state {
          case .waiting:
            state = .waiting(continuation)
            return nil
          case .open(let stream):
            state = .taken
            return .success(stream)
          case .taken: return .failure(CancellationError())
          case .closed(let error): return .failure(error)
          }
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      fail(CancellationError())
    }
  }
}
