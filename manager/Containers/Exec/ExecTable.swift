/// The exec sessions of one container.
struct ExecTable {
  /// Sessions that have ended are forgotten, oldest first, when there are more.
  static let limit = 1000

  private var sessions: [String: ExecSnapshot] = [:]
  private var order: [String] = []
  private typealias Waiters = [String: [AsyncStream<Void>.Continuation]]
  /// Who waits for a session's start, and for its end.
  private var (awaitingStart, awaitingEnd): (Waiters, Waiters) = ([:], [:])

  subscript(id: String) -> ExecSnapshot? { sessions[id] }

  var identifiers: [String] { order }

  /// - Returns: the identifiers of the sessions that were forgotten.
  mutating func add(_ session: ExecSnapshot) -> [String] {
    sessions[session.id] = session
    order.append(session.id)
    guard order.count > Self.limit else { return [] }
    let ended = order.filter { id in
      if case .exited = sessions[id]?.state { true } else { false }
    }
    let forgotten = Array(ended.prefix(order.count - Self.limit))
    for id in forgotten { sessions[id] = nil }
    order.removeAll { sessions[$0] == nil }
    return forgotten
  }

  mutating func set(_ id: String, _ state: ExecState) {
    sessions[id]?.state = state
    if case .starting = state { return }
    for waiter in awaitingStart.removeValue(forKey: id) ?? [] { waiter.finish() }
    if case .exited = state { stopWaiting(id) }
  }

  /// Ends when the session has been started, or could not be; at once if it is not being started.
  mutating func start(of id: String) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    if case .starting = sessions[id]?.state {
      awaitingStart[id, default: []].append(continuation)
    } else {
      continuation.finish()
    }
    return stream
  }

  /// Ends when the session has; at once if it has not been started.
  mutating func end(of id: String) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    switch sessions[id]?.state {
    case .starting, .running: awaitingEnd[id, default: []].append(continuation)
    case .created, .exited, nil: continuation.finish()
    }
    return stream
  }

  /// Those who wait for the session's end need not any longer.
  mutating func stopWaiting(_ id: String) {
    for waiter in awaitingEnd.removeValue(forKey: id) ?? [] { waiter.finish() }
  }

  /// Those that have been started and whose end is not known.
  var unfinished: [ExecSnapshot] {
    order.compactMap { sessions[$0] }.filter { session in
      switch session.state {
      case .created, .exited: false
      case .starting, .running: true
      }
    }
  }
}
