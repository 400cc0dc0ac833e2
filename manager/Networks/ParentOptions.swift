internal import LinuxKernel

/// What the makers of networks can ask of the drivers `macvlan` and `ipvlan`.
struct ParentOptions: Equatable, Sendable {
  /// The host's interface that the containers' stand on; empty: one that leads nowhere.
  var parent = ""
  let link: StackedLink
  /// The largest packet, in bytes; nil for the parent's.
  var mtu: UInt32?

  private enum Name {
    static let parent = "parent"
    static let macvlanMode = "macvlan_mode"
    static let ipvlanMode = "ipvlan_mode"
    static let ipvlanFlag = "ipvlan_flag"
    static let mtu = "com.docker.network.driver.mtu"
  }

  /// - Throws: ``NetworkError/invalid(_:)`` in Docker's words, ``NetworkError/unsupported(_:)``.
  init(_ driver: Network.Driver, _ options: [String: String]) throws(NetworkError) {
    let known: Set<String>
    if driver == .macvlan {
      link = .macvlan(try Self.macvlanMode(options[Name.macvlanMode] ?? ""))
      known = [Name.parent, Name.macvlanMode, Name.mtu]
    } else {
      link = .ipvlan(
        try Self.ipvlanMode(options[Name.ipvlanMode] ?? ""), try Self.ipvlanFlag(options[Name.ipvlanFlag] ?? ""))
      known = [Name.parent, Name.ipvlanMode, Name.ipvlanFlag, Name.mtu]
    }
    parent = options[Name.parent] ?? ""
    guard parent != "lo" else { throw .invalid("loopback interface is not a valid \(link.kind) parent link") }
    guard parent.isEmpty || ParentInterface.isValid(parent) else {
      throw .invalid("invalid parent interface \"\(parent)\": expected 1 to 15 bytes without spaces, / and :")
    }
    mtu = try options[Name.mtu].flatMap { value throws(NetworkError) in try BridgeOptions.mtu(Name.mtu, value) }
    for name in options.keys.sorted() where !known.contains(name) && Self.isDocker(name) {
      throw .unsupported("the option \(name) of the driver \(driver.rawValue)")
    }
  }

  /// Whether Docker's drivers know an option of that name, or of one like it: another one means nothing to them.
  private static func isDocker(_ name: String) -> Bool {
    name.hasPrefix("com.docker.network.") || name.hasPrefix("macvlan_") || name.hasPrefix("ipvlan_")
  }

  private static func macvlanMode(_ text: String) throws(NetworkError) -> StackedLink.MacvlanMode {
    switch text {
    case "", "bridge": return .bridge
    case "private": return .isolated
    case "vepa": return .vepa
    case "passthru": return .passthru
    default:
      throw .invalid("requested macvlan mode '\(text)' is not valid, 'bridge' mode is the macvlan driver default")
    }
  }

  private static func ipvlanMode(_ text: String) throws(NetworkError) -> StackedLink.IPvlanMode {
    switch text {
    case "", "l2": return .l2
    case "l3": return .l3
    case "l3s": return .l3s
    default: throw .invalid("requested ipvlan mode '\(text)' is not valid, 'l2' mode is the ipvlan driver default")
    }
  }

  private static func ipvlanFlag(_ text: String) throws(NetworkError) -> StackedLink.IPvlanFlag {
    switch text {
    case "", "bridge": return .bridge
    case "private": return .isolated
    case "vepa": return .vepa
    default: throw .invalid("requested ipvlan flag '\(text)' is not valid, 'bridge' is the ipvlan driver default")
    }
  }
}

extension StackedLink {
  /// Whether nobody else may stand on the same interface.
  var isAlone: Bool { self == .macvlan(.passthru) }

  /// Whether networks of both may stand on the same interface: it is for one kind, and as with Docker for one network of ipvlan.
  func goes(with other: StackedLink) -> Bool {
    if case (.macvlan, .macvlan) = (self, other) { true } else { false }
  }

  /// Whether its containers send to the kernel below and not to a router on the wire.
  var isRouted: Bool {
    switch self {
    case .ipvlan(.l3, _), .ipvlan(.l3s, _): true
    case .macvlan, .ipvlan, .vlan: false
    }
  }

  /// Whether each has an address of its own on the wire.
  var hasOwnAddress: Bool { if case .ipvlan = self { false } else { true } }
}
