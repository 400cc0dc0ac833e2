internal import EngineAPI

/// The value of `--publish`: `[[ip:]hostPort:]containerPort[/protocol]`, where a port may be a range `8000-8010`.
struct PublishedPorts: Equatable {
  struct Port: Equatable {
    /// `80/tcp`.
    var container: String
    var binding: PortBinding
  }

  var ports: [Port] = []

  /// - Throws: ``ClientError/usage(_:)`` in Docker's words.
  init(_ text: String) throws(ClientError) {
    let (address, host, container) = Self.split(text)
    let parts = container.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let transport = parts.count > 1 ? parts[1].lowercased() : "tcp"
    guard let range = parts.first, !range.isEmpty else { throw .usage("No port specified: \(text)<empty>") }
    guard let inside = Self.range(range) else { throw .usage("Invalid containerPort: \(range)") }
    guard ["tcp", "udp", "sctp"].contains(transport) else { throw .usage("Invalid proto: \(transport)") }
    guard !host.isEmpty else {
      ports = inside.map {
        Port(container: "\($0)/\(transport)", binding: PortBinding(hostIP: address, hostPort: ""))
      }
      return
    }
    guard let outside = Self.range(host) else { throw .usage("Invalid hostPort: \(host)") }
    ports = try Self.pair(inside, outside, address: address, transport: transport, text: text)
  }

  private static func pair(
    _ inside: ClosedRange<UInt16>, _ outside: ClosedRange<UInt16>, address: String, transport: String, text: String
  ) throws(ClientError) -> [Port] {
    if inside.count != outside.count {
      // One container port with a range of host ports: the daemon chooses one of them.
      guard inside.count == 1 else { throw .usage("Invalid ranges specified for container and host Ports: \(text)") }
      let binding = PortBinding(hostIP: address, hostPort: "\(outside.lowerBound)-\(outside.upperBound)")
      return [Port(container: "\(inside.lowerBound)/\(transport)", binding: binding)]
    }
    return zip(inside, outside).map {
      Port(container: "\($0)/\(transport)", binding: PortBinding(hostIP: address, hostPort: "\($1)"))
    }
  }

  /// From the right: the container's port, the host's port, the address, which may be IPv6 in brackets.
  private static func split(_ text: String) -> (address: String, host: String, container: String) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let container = parts.popLast() ?? ""
    let host = parts.popLast() ?? ""
    var address = parts.joined(separator: ":")
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    return (address, host, container)
  }

  static func range(_ text: some StringProtocol) -> ClosedRange<UInt16>? {
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count <= 2, let first = UInt16(bounds[0]), let last = UInt16(bounds[bounds.count - 1]), first <= last
    else { return nil }
    return first...last
  }
}
