/// What a container is told of one that it has a link to, when it starts.
struct LinkedContainer: Equatable, Sendable {
  /// The name by which it knows the other one.
  var alias: String
  /// The container that has the link.
  var owner: String
  /// The other one's own name.
  var name: String
  var hostname: String
  /// IPv4; empty if it has none.
  var address: String
  /// All it has.
  var addresses: [String] = []
  var ports: [PortBinding]
  var environment: [String]

  /// What it is called in `/etc/hosts`.
  var hostNames: [String] { [alias, hostname] + (alias == name ? [] : [name]) }

  /// Docker's variables: where its ports are, and its own variables, by the alias in capitals.
  var variables: [String] {
    let prefix = alias.uppercased().replacing("-", with: "_")
    let ports = ports.sorted { ($0.containerPort, $0.transport.rank) < ($1.containerPort, $1.transport.rank) }
    var variables: [String] = []
    if let first = ports.first { variables.append("\(prefix)_PORT=\(place(first))") }
    for range in Self.ranges(ports) { variables += self.range(range, prefix) }
    for port in ports {
      let name = Self.variable(port, prefix)
      variables += [
        "\(name)=\(place(port))", "\(name)_ADDR=\(address)", "\(name)_PORT=\(port.containerPort)",
        "\(name)_PROTO=\(port.transport.rawValue)",
      ]
    }
    variables.append("\(prefix)_NAME=/\(owner)/\(alias)")
    // Those that any image has say nothing of this one.
    let ignored: Set<Substring> = ["HOME", "PATH"]
    for variable in environment where variable.contains("=") && !ignored.contains(variable.prefix { $0 != "=" }) {
      variables.append("\(prefix)_ENV_\(variable)")
    }
    return variables
  }

  /// The ends of a run of ports without gaps.
  private func range(_ ports: ArraySlice<PortBinding>, _ prefix: String) -> [String] {
    guard let first = ports.first, let last = ports.last else { return [] }
    let (start, end) = (Self.variable(first, prefix), Self.variable(last, prefix))
    return [
      "\(start)_START=\(place(first))", "\(start)_PORT_START=\(first.containerPort)", "\(end)_END=\(place(last))",
      "\(end)_PORT_END=\(last.containerPort)",
    ]
  }

  /// Runs of three ports and more, each at most one behind the one before.
  private static func ranges(_ ports: [PortBinding]) -> [ArraySlice<PortBinding>] {
    var ranges: [ArraySlice<PortBinding>] = []
    var start = 0
    for index in ports.indices {
      let isLast = index + 1 == ports.count
      guard isLast || Int(ports[index + 1].containerPort) > Int(ports[index].containerPort) + 1 else { continue }
      if index > start + 1 { ranges.append(ports[start...index]) }
      start = index + 1
    }
    return ranges
  }

  private static func variable(_ port: PortBinding, _ prefix: String) -> String {
    "\(prefix)_PORT_\(port.containerPort)_\(port.transport.rawValue.uppercased())"
  }

  private func place(_ port: PortBinding) -> String {
    "\(port.transport.rawValue)://\(address):\(port.containerPort)"
  }
}

extension PortBinding.TransportProtocol {
  /// Of two ports of one number that of TCP is the first.
  fileprivate var rank: Int { self == .tcp ? 0 : 1 }
}
