/// What nftables has a table each of.
enum RuleFamily: String, CaseIterable {
  case ipv4 = "ip"
  case ipv6 = "ip6"

  /// Of an address in a set.
  var addressType: String { self == .ipv4 ? "ipv4_addr" : "ipv6_addr" }

  /// The protocol of errors and echoes, by a name that nft knows without `/etc/protocols`.
  var messages: String { self == .ipv4 ? "icmp" : "icmpv6" }

  /// What is on no wire.
  var loopback: String { self == .ipv4 ? "127.0.0.0/8" : "::1" }
}
