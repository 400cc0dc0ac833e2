internal import JSON

/// Rules of others that stop forwarded packets whatever this network's own rules say: nftables lets a packet pass only if every
/// table does.
///
/// Docker sets the policy of iptables' FORWARD chain to DROP on a machine that did not forward when it started. Its chain
/// DOCKER-USER is the place for exceptions, and two rules there let this network's packets pass; which of them pass is then decided
/// by this network's own `forward` chain. Written as iptables-nft writes rules, so that `iptables` goes on reading the table.
struct ForeignForwarding: Sendable {
  let bridge: String
  /// The comment by which the rules are found again.
  let mark: String

  struct Outcome: Equatable, Sendable {
    /// The chain that two rules were added to.
    var exceptedIn: String?
    /// Other chains that drop what they do not know, `inet firewall forward`, for the log: there is no telling how they are meant.
    var dropping: [String] = []
  }

  func admit() throws(NetworkError) -> Outcome {
    var outcome = Outcome()
    let chains = try NFTables.list("list chains", "list chains").compactMap { $0["chain"] }
    for chain in chains where chain["hook"]?.string == "forward" && chain["policy"]?.string == "drop" {
      guard Self.isIPTables(chain), chain["name"]?.string == "FORWARD" else {
        outcome.dropping.append(Self.name(chain))
        continue
      }
      let target =
        chains.contains { Self.isIPTables($0) && $0["name"]?.string == "DOCKER-USER" } ? "DOCKER-USER" : "FORWARD"
      if try marked(in: target).isEmpty {
        try NFTables.run(
          """
          insert rule ip filter \(target) iifname "\(bridge)" counter accept comment "\(mark)"
          insert rule ip filter \(target) oifname "\(bridge)" counter accept comment "\(mark)"
          """, "except \(bridge) from iptables' policy")
        outcome.exceptedIn = target
      }
    }
    return outcome
  }

  /// Removes what ``admit()`` added.
  func withdraw() throws(NetworkError) {
    let chains = try NFTables.list("list chains", "list chains").compactMap { $0["chain"] }
    for chain in ["DOCKER-USER", "FORWARD"] {
      guard chains.contains(where: { Self.isIPTables($0) && $0["name"]?.string == chain }) else { continue }
      let commands = try marked(in: chain).map { "delete rule ip filter \(chain) handle \($0)" }
      if !commands.isEmpty { try NFTables.run(commands.joined(separator: "\n"), "remove rules of \(bridge)") }
    }
  }

  /// The handles of this network's rules.
  private func marked(in chain: String) throws(NetworkError) -> [UInt64] {
    try NFTables.list("list chain ip filter \(chain)", "list rules").compactMap { $0["rule"] }
      .filter { $0["comment"]?.string == mark }
      .compactMap { rule in if case .number(let handle)? = rule["handle"] { UInt64(handle.text) } else { nil } }
  }

  private static func isIPTables(_ chain: JSONValue) -> Bool {
    chain["family"]?.string == "ip" && chain["table"]?.string == "filter"
  }

  private static func name(_ chain: JSONValue) -> String {
    ["family", "table", "name"].map { chain[$0]?.string ?? "?" }.joined(separator: " ")
  }
}
