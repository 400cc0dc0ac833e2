/// What nftables has a table each of.
enum RuleFamily: String, CaseIterable {
  case ipv4 = "ip"
  case ipv6 = "ip6"

  /// Of an address in a set.
  var addressType: String { self == .ipv4 ? "ipv4_addr" : "ipv6_addr" }

  /// What is on no wire.
  var loopback: String { self == .ipv4 ? "127.0.0.0/8" : "::1" }
}
