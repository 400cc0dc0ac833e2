internal import LinuxKernel
internal import Logging
internal import Synchronization

/// Keeps one network's table in the kernel equal to what is published. Blocks; not for the cooperative pool.
///
/// What is wanted and what the kernel was told change together under one lock, so that no change overtakes another.
final class Firewall: Sendable {
  private struct State {
    var wanted: [String: [Ruleset.Target]] = [:]
    /// The generation after this firewall's last transaction; any other means that somebody changed something since.
    var generation: UInt32?
    /// The table without its elements, as it was listed when it was made.
    var outline: String?
  }

  private let ruleset: Ruleset
  private let foreign: ForeignForwarding
  private let logger: Logger
  private let state = Mutex(State())

  init(_ ruleset: Ruleset, logger: Logger) {
    self.ruleset = ruleset
    self.logger = logger
    foreign = ForeignForwarding(bridge: ruleset.bridge, mark: ruleset.table)
  }

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
    forget(targets.filter { $0.port.transport == .udp }.map { .datagramsTo(port: $0.port.hostPort) })
  }

  /// Takes the container's ports back.
  func withdraw(_ containerID: String) throws(NetworkError) {
    let targets = try state.withLock { state throws(NetworkError) in
      guard let targets = state.wanted.removeValue(forKey: containerID) else { return [Ruleset.Target]() }
      try apply(ruleset.deleting(targets), &state)
      return targets
    }
    forget(Set(targets.filter { $0.port.transport == .udp }.map(\.container)).map { .datagramsAnsweredBy($0) })
  }

  /// Puts the table back if somebody else changed it.
  /// - Returns: whether it had to be put back.
  func mend() throws(NetworkError) -> Bool {
    try state.withLock { state throws(NetworkError) in
      // Before restore there is nothing to keep.
      guard state.outline != nil else { return false }
      let now = try NFTables.generation()
      if now == state.generation { return false }
      exceptFromForeignRules()
      if isIntact(state) {
        state.generation = try NFTables.generation()
        return false
      }
      try rebuild(&state)
      return true
    }
  }

  /// Removes the table.
  func remove() throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state = State()
      try foreign.withdraw()
      try NFTables.run(ruleset.removing, "remove rules")
    }
  }

  /// The rules are right without: a failure (a kernel before 5.8) is reported, not passed on.
  private func forget(_ connections: [NetlinkSocket.ConnectionFilter]) {
    do throws(NetlinkError) {
      for filter in connections {
        var socket = try NetlinkSocket.open(.netfilter)
        try socket.forgetConnections(filter)
      }
    } catch { logger.warning("UDP packets of before may go astray for some minutes: \(error)") }
  }

  /// The change alone if nobody else touched the rules, otherwise everything: somebody may have flushed them.
  private func apply(_ change: String, _ state: inout State) throws(NetworkError) {
    let before = try NFTables.generation()
    guard before == state.generation else { return try rebuild(&state) }
    if change.isEmpty { return }
    do throws(NetworkError) { try NFTables.run(change, "change rules") } catch { return try rebuild(&state) }
    state.generation = before &+ 1
  }

  private func rebuild(_ state: inout State) throws(NetworkError) {
    exceptFromForeignRules()
    let before = try NFTables.generation()
    let targets = state.wanted.sorted { $0.key < $1.key }.flatMap(\.value)
    state.generation = nil
    try NFTables.run(ruleset.replacing(targets), "write rules")
    state.generation = before &+ 1
    state.outline = try NFTables.outline(ruleset.listing, "list rules")
  }

  private func isIntact(_ state: State) -> Bool {
    // A table that cannot be listed is not there.
    guard (try? NFTables.outline(ruleset.listing, "list rules")) == state.outline,
      let published = try? ruleset.published()
    else { return false }
    return published == Set(state.wanted.values.joined().map(ruleset.element))
  }

  /// This network's own rules are right without: a failure is reported, not passed on.
  private func exceptFromForeignRules() {
    do throws(NetworkError) {
      let outcome = try foreign.admit()
      if let chain = outcome.exceptedIn {
        logger.notice(
          "iptables drops forwarded packets by policy; chain \(chain) now lets those of \(ruleset.bridge) pass")
      }
      for chain in outcome.dropping {
        logger.warning("chain \(chain) drops forwarded packets by policy: it must let those of \(ruleset.bridge) pass")
      }
    } catch { logger.error("cannot see whether other rules stop the packets of \(ruleset.bridge): \(error)") }
  }

  private static func targets(_ endpoint: Endpoint) -> [Ruleset.Target] {
    endpoint.ports.map { Ruleset.Target(port: $0, container: endpoint.address) }
  }
}
