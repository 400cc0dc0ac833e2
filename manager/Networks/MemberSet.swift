internal import LinuxKernel

/// The sets of the tables that networks are elements of.
enum MemberSet: String, CaseIterable {
  case bridges
  /// Those that nothing passes.
  case internalBridges = "internal_bridges"
  /// From where to where containers of one network reach one another.
  case neighbours
  case subnets
  /// Those whose packets leave in the host's name.
  case masqueraded
  /// Those that are reached by the containers' own addresses.
  case routed
  /// Those of whose containers every port is.
  case unprotected

  /// A part of an element.
  enum Part: Hashable {
    case interface(String)
    case subnet(String)

    /// As it is written.
    var text: String {
      switch self {
      case .interface(let name): "\"\(name)\""
      case .subnet(let prefix): prefix
      }
    }

    /// As it is found again.
    var found: String {
      switch self {
      case .interface(let name): name
      case .subnet(let prefix): prefix
      }
    }
  }

  func type(in family: RuleFamily) -> String {
    switch self {
    case .bridges, .internalBridges, .routed, .unprotected: "ifname"
    case .neighbours: "ifname . ifname"
    case .subnets, .masqueraded: "\(family.addressType)\n    flags interval"
    }
  }

  /// What the network is in this set, nil if it is not in it. A bridge is in the tables of both families: of the one that the network
  /// is without nothing passes, either.
  func element(_ member: Ruleset.Member, in family: RuleFamily) -> [Part]? {
    switch self {
    case .bridges: [.interface(member.bridge)]
    case .internalBridges: member.isInternal ? [.interface(member.bridge)] : nil
    case .neighbours:
      member.connectsContainers ? [.interface(member.bridge), .interface(member.bridge)] : nil
    case .subnets: member.subnet(in: family).map { [.subnet($0)] }
    case .masqueraded:
      member.masquerades && !member.isInternal && member.mode(in: family).translates
        ? member.subnet(in: family).map { [.subnet($0)] } : nil
    case .routed: member.mode(in: family) == .routed ? [.interface(member.bridge)] : nil
    case .unprotected: member.mode(in: family) == .unprotected ? [.interface(member.bridge)] : nil
    }
  }
}
