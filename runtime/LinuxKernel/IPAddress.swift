/// An address of either family.
public enum IPAddress: Hashable, Sendable {
  case v4(IPv4Address)
  case v6(IPv6Address)

  public var isLoopback: Bool {
    switch self {
    case .v4(let address): address.isLoopback
    case .v6(let address): address.isLoopback
    }
  }

  /// 0.0.0.0 or ::.
  public var isAny: Bool {
    switch self {
    case .v4(let address): address == .any
    case .v6(let address): address == .any
    }
  }

  public var isIPv6: Bool { if case .v6 = self { true } else { false } }
}

extension IPAddress: LosslessStringConvertible, Comparable {
  public init?(_ text: String) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }

  /// With a port behind it, as in RFC 3986: IPv6 in brackets.
  public func with(port: UInt16) -> String { isIPv6 ? "[\(description)]:\(port)" : "\(description):\(port)" }

  /// IPv4 first.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    switch (left, right) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v6(let left), .v6(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    }
  }
}
