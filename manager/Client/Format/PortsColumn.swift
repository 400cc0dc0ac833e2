internal import EngineAPI

/// The PORTS column: `0.0.0.0:8080-8081->80-81/tcp, 443/tcp`.
enum PortsColumn {
  static func describe(_ ports: [Port]) -> String {
    var runs: [Run] = []
    for port in ports.sorted(by: precedes) {
      if let last = runs.indices.last, runs[last].continues(with: port) {
        runs[last].length += 1
      } else {
        runs.append(Run(first: port))
      }
    }
    return runs.map(\.description).joined(separator: ", ")
  }

  /// Neighbouring ports that are published alike.
  private struct Run: CustomStringConvertible {
    let first: Port
    var length: UInt16 = 1

    func continues(with port: Port) -> Bool {
      port.ip == first.ip && port.type == first.type && port.privatePort == first.privatePort &+ length
        && port.publicPort == first.publicPort.map { $0 &+ length }
    }

    var description: String {
      let inside = range(first.privatePort) + "/" + first.type
      guard let outside = first.publicPort else { return inside }
      let address = first.ip.contains(":") ? "[\(first.ip)]" : first.ip
      return (address.isEmpty ? "" : address + ":") + range(outside) + "->" + inside
    }

    private func range(_ start: UInt16) -> String { length == 1 ? "\(start)" : "\(start)-\(start + length - 1)" }
  }

  /// Published ports before others, then by address, protocol and number.
  private static func precedes(_ left: Port, _ right: Port) -> Bool {
    func key(_ port: Port) -> (Int, String, String, UInt16, UInt16) {
      (port.publicPort == nil ? 1 : 0, port.ip, port.type, port.privatePort, port.publicPort ?? 0)
    }
    return key(left) < key(right)
  }
}
