internal import JSON

/// Rules of others that stop forwarded packets whatever the networks' own rules say: nftables lets a packet pass only if every
/// table does.
///
/// Docker sets the policy of iptables' FORWARD chain to DROP on a machine that did not forward when it started. Its chain
/// DOCKER-USER is the place for exceptions, and two rules there let each bridge's packets pass; which of them pass is then decided
/// by our own `forward` chain. Written as iptables-nft writes rules, so that `iptables` goes on reading the table.
struct ForeignForwarding: Sendable {
  /// What the comment begins with by which the rules are found again; the bridge's name ends it.
  let mark: String

  struct Outcome: Equatable, Sendable {
    /// The chain that rules were added to.
    var exceptedIn: String?
    /// Other chains that drop what they do not know, `inet firewall forward`, for the log: there is no telling how they are meant.
    var dropping: [String] = []
  }

  /// Has each of `bridges` in the right chain, and no other bridge of ours.
  func admit(_ bridges: Set<String>) throws(NetworkError) -> Outcome {
    var outcome = Outcome()
    let chains = try NFTables.list("list chains", "list chains").compactMap { $0["chain"] }
    for chain in chains where chain["hook"]?.string == "forward" && chain["policy"]?.string == "drop" {
      guard Self.isIPTables(chain), chain["name"]?.string == "FORWARD" else {
        outcome.dropping.append(Self.name(chain))
        continue
      }
      let family = chain["family"]?.string ?? ""
      let hasPlace = chains.contains { Self.isIPTables($0, family) && $0["name"]?.string == "DOCKER-USER" }
      let target = hasPlace ? "DOCKER-USER" : "FORWARD"
      let change = try change(in: "\(family) filter \(target)", to: bridges)
      if !change.commands.isEmpty {
        try NFTables.run(change.commands.joined(separator: "\n"), "except bridges from iptables' policy")
      }
      if change.admits { outcome.exceptedIn = target }
    }
    return outcome
  }

  /// Removes what ``admit(_:)`` added.
  func withdraw() throws(NetworkError) {
    let chains = try NFTables.list("list chains", "list chains").compactMap { $0["chain"] }
    for chain in chains where Self.isIPTables(chain) {
      guard let name = chain["name"]?.string, let family = chain["family"]?.string,
        ["DOCKER-USER", "FORWARD"].contains(name)
      else { continue }
      let commands = try change(in: "\(family) filter \(name)", to: []).commands
      if !commands.isEmpty { try NFTables.run(commands.joined(separator: "\n"), "remove rules of \(mark)") }
    }
  }

  /// - Parameter chain: with its family and table, `ip filter FORWARD`.
  private func change(
    in chain: String, to bridges: Set<String>
  ) throws(NetworkError) -> (commands: [String], admits: Bool) {
    let present = try marked(in: chain)
    let gone = present.filter { !bridges.contains($0.bridge) }
    let new = bridges.subtracting(present.map(\.bridge)).sorted()
    let commands =
      gone.map { "delete rule \(chain) handle \($0.handle)" }
      + new.flatMap { bridge in
        ["iifname", "oifname"].map { side in
          "insert rule \(chain) \(side) \"\(bridge)\" counter accept comment \"\(mark) \(bridge)\""
        }
      }
    return (commands, !new.isEmpty)
  }

  /// Our rules: their handles, and the bridges that they are for.
  private func marked(in chain: String) throws(NetworkError) -> [(handle: UInt64, bridge: String)] {
    try NFTables.list("list chain \(chain)", "list rules").compactMap { $0["rule"] }.compactMap { rule in
      guard let comment = rule["comment"]?.string, comment == mark || comment.hasPrefix("\(mark) "),
        case .number(let number)? = rule["handle"], let handle = UInt64(number.text)
      else { return nil }
      return (handle, String(comment.dropFirst(mark.utf8.count + 1)))
    }
  }

  private static func isIPTables(_ chain: JSONValue, _ family: String? = nil) -> Bool {
    guard let its = chain["family"]?.string, RuleFamily(rawValue: its) != nil, family == nil || family == its else {
      return false
    }
    return chain["table"]?.string == "filter"
  }

  private static func name(_ chain: JSONValue) -> String {
    ["family", "table", "name"].map { chain[$0]?.string ?? "?" }.joined(separator: " ")
  }
}
