internal import LinuxKernel

/// What can be asked for of a container's interface beyond its addresses.
struct EndpointOptions: Equatable, Sendable {
  /// Its name in the container; nil for the next free one.
  var interface: String?
  /// To be set before it is up.
  var parameters: [InterfaceParameter] = []

  private enum Name {
    static let interface = "com.docker.network.endpoint.ifname"
    static let parameters = "com.docker.network.endpoint.sysctls"
    /// All that Docker's drivers know, and nobody else's.
    static let ours = "com.docker.network."
  }

  /// - Throws: ``NetworkError/invalid(_:)``, ``NetworkError/unsupported(_:)``.
  init(_ options: [String: String]) throws(NetworkError) {
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      switch name {
      case Name.interface:
        guard InterfaceName.isValid(value), value != "lo" else {
          throw .invalid("invalid interface name \"\(value)\": expected 1 to 15 letters, digits, - or _, and not lo")
        }
        interface = value
      case Name.parameters:
        for text in value.split(separator: ",") { parameters.append(try InterfaceParameter(String(text))) }
      default: if name.hasPrefix(Name.ours) { throw .unsupported("the endpoint's option \(name)") }
      }
    }
  }
}

/// A kernel parameter of one interface: `net.ipv4.conf.IFNAME.log_martians=1`, where `IFNAME` stands for whatever it is called.
struct InterfaceParameter: Equatable, Sendable {
  /// `net/ipv4/conf`
  let folder: String
  let name: String
  let value: String

  /// - Throws: ``NetworkError/invalid(_:)`` for anything that is not a parameter of an interface.
  init(_ text: String) throws(NetworkError) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 2 else { throw .invalid("expected sysctl '\(text)' to have format name=value") }
    let parts = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[0] == "net", parts[3] == "IFNAME", parts.allSatisfy(Self.isWord) else {
      throw .invalid("expected sysctl '\(sides[0])' to have format net.X.Y.IFNAME.Z")
    }
    folder = parts[..<3].joined(separator: "/")
    name = parts[4]
    value = sides[1]
  }

  private static func isWord(_ part: String) -> Bool {
    !part.isEmpty
      && part.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      }
  }

  /// Sets it for the interface in the network namespace of the calling thread. Blocks.
  func apply(to interface: String) throws(NetworkError) {
    try Sysctl.write("\(folder)/\(interface)/\(name)", value)
  }
}
