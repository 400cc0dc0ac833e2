internal import LinuxKernel

/// The sets of the table that networks are elements of.
enum MemberSet: String, CaseIterable {
  case bridges
  /// Those that nothing passes.
  case internalBridges = "internal_bridges"
  /// From where to where containers of one network reach one another.
  case neighbours
  case subnets
  /// Those whose packets leave in the host's name.
  case masqueraded

  /// A part of an element.
  enum Part: Hashable {
    case interface(String)
    case subnet(IPv4Prefix)

    /// As it is written.
    var text: String {
      switch self {
      case .interface(let name): "\"\(name)\""
      case .subnet(let prefix): "\(prefix)"
      }
    }

    /// As it is found again.
    var found: String {
      switch self {
      case .interface(let name): name
      case .subnet(let prefix): "\(prefix)"
      }
    }
  }

  var type: String {
    switch self {
    case .bridges, .internalBridges: "ifname"
    case .neighbours: "ifname . ifname"
    case .subnets, .masqueraded: "ipv4_addr\n    flags interval"
    }
  }

  /// What the network is in this set, nil if it is not in it.
  func element(_ member: Ruleset.Member) -> [Part]? {
    switch self {
    case .bridges: [.interface(member.bridge)]
    case .internalBridges: member.isInternal ? [.interface(member.bridge)] : nil
    case .neighbours:
      member.connectsContainers ? [.interface(member.bridge), .interface(member.bridge)] : nil
    case .subnets: [.subnet(member.subnet)]
    case .masqueraded: member.masquerades && !member.isInternal ? [.subnet(member.subnet)] : nil
    }
  }
}
