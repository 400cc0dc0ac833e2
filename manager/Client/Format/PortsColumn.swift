internal import EngineAPI

/// The PORTS column: `80-81/tcp, 0.0.0.0:8080->82/tcp`. What the host has under another number comes last, each by itself.
enum PortsColumn {
  static func describe(_ ports: [Port]) -> String {
    var runs: [Run] = []
    var open: [Run] = []
    var mappings: [String] = []
    for port in ports.sorted(by: precedes) {
      if let outside = port.publicPort, outside != port.privatePort {
        mappings.append("\(address(port)):\(outside)->\(port.privatePort)/\(port.type)")
      } else if let index = open.firstIndex(where: { $0.isAlike(port) }) {
        if open[index].last &+ 1 == port.privatePort {
          open[index].last = port.privatePort
        } else {
          runs.append(open[index])
          open[index] = Run(port)
        }
      } else {
        open.append(Run(port))
      }
    }
    return ((runs + open).map(\.description) + mappings).joined(separator: ", ")
  }

  /// Neighbouring ports that are published alike, under their own numbers, or not at all.
  private struct Run: CustomStringConvertible {
    let first: Port
    var last: UInt16

    init(_ port: Port) { (first, last) = (port, port.privatePort) }

    func isAlike(_ port: Port) -> Bool {
      port.ip == first.ip && port.type == first.type && (port.publicPort == nil) == (first.publicPort == nil)
    }

    var description: String {
      let numbers = last == first.privatePort ? "\(last)" : "\(first.privatePort)-\(last)"
      return (first.publicPort == nil ? "" : "\(address(first)):\(numbers)->") + "\(numbers)/\(first.type)"
    }
  }

  private static func address(_ port: Port) -> String { port.ip.contains(":") ? "[\(port.ip)]" : port.ip }

  private static func precedes(_ left: Port, _ right: Port) -> Bool {
    func key(_ port: Port) -> (UInt16, String, UInt16, String) {
      (port.privatePort, port.ip, port.publicPort ?? 0, port.type)
    }
    return key(left) < key(right)
  }
}
