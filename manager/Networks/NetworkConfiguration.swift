public import LinuxKernel

/// How the default network is laid out.
public struct NetworkConfiguration: Equatable, Sendable {
  /// The bridge's interface name.
  public let bridge: String
  /// The bridge's own address and the subnet that containers get theirs from (`--bip`).
  public let address: IPv4Prefix
  /// The largest packet, in bytes; nil for the kernel's default of 1500.
  public let mtu: UInt32?

  /// - Throws: ``NetworkError/invalid(_:)`` for a name that the kernel or nftables could misread, and for a subnet without room.
  public init(bridge: String = "proa0", address: String = "172.30.0.1/16", mtu: UInt32? = nil) throws(NetworkError) {
    let allowed = bridge.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
    guard allowed, (1...15).contains(bridge.utf8.count), bridge.first != "-" else {
      throw .invalid("invalid bridge name \"\(bridge)\": expected 1 to 15 letters, digits, - or _")
    }
    guard let prefix = IPv4Prefix(address), (8...30).contains(prefix.length), prefix.address != prefix.first,
      prefix.address != prefix.last
    else {
      throw .invalid(
        "invalid bridge address \"\(address)\": expected a host's address and a length from 8 to 30, 172.30.0.1/16")
    }
    self.bridge = bridge
    self.address = prefix
    self.mtu = mtu
  }

  /// The nftables table: one per bridge, so that several daemons live beside each other.
  public var table: String { bridge == "proa0" ? "proa" : "proa-\(bridge)" }
}
