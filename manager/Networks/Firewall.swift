internal import LinuxKernel
internal import Synchronization

/// Keeps one network's table in the kernel equal to what is published. Blocks; not for the cooperative pool.
///
/// What is wanted and what the kernel was told change together under one lock, so that no change overtakes another.
final class Firewall: Sendable {
  private struct State {
    var wanted: [String: [Ruleset.Target]] = [:]
    /// The generation after this firewall's last transaction; any other means that somebody changed something since.
    var generation: UInt32?
  }

  private let ruleset: Ruleset
  private let state = Mutex(State())

  init(_ ruleset: Ruleset) { self.ruleset = ruleset }

  /// Makes the table anew for these endpoints alone.
  func restore(_ endpoints: [Endpoint]) throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state.wanted = Dictionary(endpoints.map { ($0.containerID, Self.targets($0)) }, uniquingKeysWith: { $1 })
      try rebuild(&state)
    }
  }

  /// Publishes the endpoint's ports. Nothing has changed when it throws.
  func publish(_ endpoint: Endpoint) throws(NetworkError) {
    let targets = Self.targets(endpoint)
    try state.withLock { state throws(NetworkError) in
      state.wanted[endpoint.containerID] = targets
      do throws(NetworkError) { try apply(ruleset.adding(targets), &state) } catch {
        state.wanted[endpoint.containerID] = nil
        throw error
      }
    }
  }

  /// Takes the container's ports back.
  func withdraw(_ containerID: String) throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      guard let targets = state.wanted.removeValue(forKey: containerID) else { return }
      try apply(ruleset.deleting(targets), &state)
    }
  }

  /// Removes the table.
  func remove() throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state = State()
      try NFTables.run(ruleset.removing, "remove rules")
    }
  }

  /// The change alone if nobody else touched the rules, otherwise everything: somebody may have flushed them.
  private func apply(_ change: String, _ state: inout State) throws(NetworkError) {
    let before = try generation()
    guard before == state.generation else { return try rebuild(&state) }
    if change.isEmpty { return }
    do throws(NetworkError) { try NFTables.run(change, "change rules") } catch { return try rebuild(&state) }
    state.generation = before &+ 1
  }

  private func rebuild(_ state: inout State) throws(NetworkError) {
    let before = try generation()
    let targets = state.wanted.sorted { $0.key < $1.key }.flatMap(\.value)
    state.generation = nil
    try NFTables.run(ruleset.replacing(targets), "write rules")
    state.generation = before &+ 1
  }

  private func generation() throws(NetworkError) -> UInt32 {
    do throws(NetlinkError) { return try NFTables.generation() } catch {
      throw .kernel(operation: "read rules", reason: error.description)
    }
  }

  private static func targets(_ endpoint: Endpoint) -> [Ruleset.Target] {
    endpoint.ports.map { Ruleset.Target(port: $0, container: endpoint.address) }
  }
}
