/// The exec sessions of one container.
struct ExecTable {
  /// Sessions that have ended are forgotten, oldest first, when there are more.
  static let limit = 1000

  private var sessions: [String: ExecSnapshot] = [:]
  private var order: [String] = []

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

  mutating func set(_ id: String, _ state: ExecState) { sessions[id]?.state = state }

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
