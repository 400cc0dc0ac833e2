internal import LinuxKernel
internal import Logging
internal import Synchronization

/// Keeps the tables in the kernel equal to what networks there are and what is published. Blocks; not for the cooperative pool.
///
/// What is wanted and what the kernel was told change together under one lock, so that no change overtakes another.
final class Firewall: Sendable {
  private struct State {
    /// By the networks' keys.
    var members: [String: Ruleset.Member] = [:]
    /// By the containers' identifiers.
    var wanted: [String: [Ruleset.Target]] = [:]
    /// The generation after this firewall's last transaction; any other means that somebody changed something since.
    var generation: UInt32?
    /// The tables without their elements, as they were listed when they were made.
    var outline: String?
    /// Which tables there are.
    var families: [RuleFamily] = [.ipv4]
  }

  private let table: String
  private let foreign: ForeignForwarding
  private let logger: Logger
  private let state = Mutex(State())

  init(table: String, logger: Logger) {
    self.table = table
    self.logger = logger
    foreign = ForeignForwarding(mark: table)
  }

  /// Makes the tables anew for these networks, by their keys, and these endpoints alone.
  func restore(_ members: [String: Ruleset.Member], _ endpoints: [Endpoint]) throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state.members = members
      state.wanted = Dictionary(endpoints.map { ($0.containerID, Self.targets($0)) }, uniquingKeysWith: +)
      try rebuild(&state)
    }
  }

  /// Lets the network's containers out and keeps others out. Nothing has changed when it throws.
  func add(_ member: Ruleset.Member, _ key: String) throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state.members[key] = member
      // Before the first rules there is nothing to add to: they have everything in them.
      guard state.outline != nil else { return }
      do throws(NetworkError) {
        if state.families != Self.families(of: state.members) { return try rebuild(&state) }
        exceptFromForeignRules(state)
        try apply(ruleset(state).adding([member]), &state)
      } catch {
        state.members[key] = nil
        throw error
      }
    }
  }

  /// Takes that back.
  func remove(_ key: String) throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      guard let member = state.members.removeValue(forKey: key), state.outline != nil else { return }
      if state.families != Self.families(of: state.members) { return try rebuild(&state) }
      exceptFromForeignRules(state)
      try apply(ruleset(state).deleting([member]), &state)
    }
  }

  /// Publishes these ports of the container in place of those that were, in one transaction. Nothing has changed when it throws.
  func publish(_ containerID: String, _ endpoints: [Endpoint]) throws(NetworkError) {
    let targets = endpoints.flatMap(Self.targets)
    let old = try state.withLock { state throws(NetworkError) in
      let old = state.wanted[containerID] ?? []
      state.wanted[containerID] = targets.isEmpty ? nil : targets
      do throws(NetworkError) { try apply(change(old, targets, ruleset(state)), &state) } catch {
        state.wanted[containerID] = old.isEmpty ? nil : old
        throw error
      }
      return old
    }
    forget(
      targets.compactMap { target -> NetlinkSocket.ConnectionFilter? in
        guard let outlasting = target.port.transport.outlasting, !target.port.isOpen else { return nil }
        return .to(port: target.port.hostPort, outlasting, isIPv6: target.container.isIPv6)
      })
    forgetAnswers(of: old)
  }

  /// Takes the container's ports back.
  func withdraw(_ containerID: String) throws(NetworkError) {
    let targets = try state.withLock { state throws(NetworkError) in
      guard let targets = state.wanted.removeValue(forKey: containerID) else { return [Ruleset.Target]() }
      try apply(ruleset(state).deleting(targets), &state)
      return targets
    }
    forgetAnswers(of: targets)
  }

  private func forgetAnswers(of targets: [Ruleset.Target]) {
    for transport in TransportProtocol.allCases {
      guard let outlasting = transport.outlasting else { continue }
      let containers = Set(targets.filter { $0.port.transport == transport }.map(\.container))
      forget(containers.map { .answeredBy($0, outlasting) })
    }
  }

  private func ruleset(_ state: State) -> Ruleset { Ruleset(table: table, families: state.families) }

  private func change(_ old: [Ruleset.Target], _ new: [Ruleset.Target], _ ruleset: Ruleset) -> String {
    let (gone, added) = (old.filter { !new.contains($0) }, new.filter { !old.contains($0) })
    return [ruleset.deleting(gone), ruleset.adding(added)].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Puts the tables back if somebody else changed it.
  /// - Returns: whether it had to be put back.
  func mend() throws(NetworkError) -> Bool {
    try state.withLock { state throws(NetworkError) in
      // Before restore there is nothing to keep.
      guard state.outline != nil else { return false }
      let now = try NFTables.generation()
      if now == state.generation { return false }
      exceptFromForeignRules(state)
      if isIntact(state) {
        state.generation = try NFTables.generation()
        return false
      }
      try rebuild(&state)
      return true
    }
  }

  /// Removes the tables.
  func remove() throws(NetworkError) {
    try state.withLock { state throws(NetworkError) in
      state = State()
      try foreign.withdraw()
      try NFTables.run(Ruleset(table: table, families: try present()).removing, "remove rules")
    }
  }

  /// The families that these networks need a table of.
  private static func families(of members: [String: Ruleset.Member]) -> [RuleFamily] {
    members.values.contains { $0.ipv6Subnet != nil } ? [.ipv4, .ipv6] : [.ipv4]
  }

  /// The families that there is a table of ours of. That of IPv4 may be made and removed in any case, the other one not on
  /// every machine.
  private func present() throws(NetworkError) -> [RuleFamily] {
    let tables = try NFTables.list("list tables", "list tables").compactMap { $0["table"] }
    let isThere = tables.contains { $0["family"]?.string == RuleFamily.ipv6.rawValue && $0["name"]?.string == table }
    return isThere ? [.ipv4, .ipv6] : [.ipv4]
  }

  /// The rules are right without: a failure (a kernel before 5.8) is reported, not passed on.
  private func forget(_ connections: [NetlinkSocket.ConnectionFilter]) {
    do throws(NetlinkError) {
      for filter in connections {
        var socket = try NetlinkSocket.open(.netfilter)
        try socket.forgetConnections(filter)
      }
    } catch { logger.warning("packets of before may go astray for some minutes: \(error)") }
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
    exceptFromForeignRules(state)
    let before = try NFTables.generation()
    let targets = state.wanted.sorted { $0.key < $1.key }.flatMap(\.value)
    let members = state.members.sorted { $0.key < $1.key }.map(\.value)
    let removing = Ruleset(table: table, families: try present()).removing
    state.generation = nil
    state.families = Self.families(of: state.members)
    let ruleset = ruleset(state)
    try NFTables.run(removing + "\n" + ruleset.replacing(members, targets), "write rules")
    state.generation = before &+ 1
    state.outline = try NFTables.outline(ruleset.listing, "list rules")
  }

  private func isIntact(_ state: State) -> Bool {
    let ruleset = ruleset(state)
    // A table that cannot be listed is not there.
    guard (try? NFTables.outline(ruleset.listing, "list rules")) == state.outline,
      let published = try? ruleset.published(), let members = try? ruleset.members()
    else { return false }
    return published == Set(state.wanted.values.joined().map(ruleset.element))
      && members == Set(state.members.values.flatMap(ruleset.elements))
  }

  /// The networks' own rules are right without: a failure is reported, not passed on.
  private func exceptFromForeignRules(_ state: State) {
    do throws(NetworkError) {
      let outcome = try foreign.admit(Set(state.members.values.map(\.bridge)))
      if let chain = outcome.exceptedIn {
        logger.notice(
          "iptables drops forwarded packets by policy; chain \(chain) now lets those of the bridges of \(table) pass"
        )
      }
      for chain in outcome.dropping {
        logger.warning(
          "chain \(chain) drops forwarded packets by policy: it must let those of the bridges of \(table) pass")
      }
    } catch { logger.error("cannot see whether other rules stop the packets of \(table): \(error)") }
  }

  private static func targets(_ endpoint: Endpoint) -> [Ruleset.Target] {
    endpoint.published.compactMap { port in
      let container: IPAddress? =
        port.hostAddress.isIPv6 ? endpoint.ipv6Address.map { .v6($0) } : endpoint.address.map { .v4($0) }
      return container.map { Ruleset.Target(port: port, container: $0) }
    }
  }
}

extension TransportProtocol {
  /// Whether connections outlive what they led to, and what connection tracking calls it then.
  fileprivate var outlasting: NetlinkSocket.ConnectionFilter.Transport? {
    switch self {
    case .tcp: nil
    case .udp: .udp
    case .sctp: .sctp
    }
  }
}
