internal import LinuxKernel

/// What the host itself reaches by which interface.
struct HostRoutes<Address: InternetAddress>: Sendable {
  /// A subnet and the interface that leads there.
  typealias Reach = (prefix: InternetPrefix<Address>, interface: String)

  /// Where it has an address.
  let addresses: [Reach]
  /// Where it has a route to, but for the default route.
  let routes: [Reach]

  /// Blocks; not for the cooperative pool.
  static func current() throws -> HostRoutes {
    var socket = try NetlinkSocket.open(.route)
    let names = Dictionary(try socket.links().map { ($0.index, $0.name) }, uniquingKeysWith: { $1 })
    func name(_ index: Int32) -> String { names[index] ?? "interface \(index)" }
    return HostRoutes(
      addresses: try socket.addresses(of: Address.self).map { ($0.prefix.network, name($0.link)) },
      routes: try socket.routes(of: Address.self).filter { $0.destination.length > 0 }.map {
        ($0.destination, name($0.link))
      })
  }

  var all: [Reach] { addresses + routes }

  /// Who would lose something to `subnet`, or take something of it. A wider route leads elsewhere, but for this piece.
  func overlapping(_ subnet: InternetPrefix<Address>) -> Reach? {
    (addresses + routes.filter { $0.prefix.length >= subnet.length }).first { $0.prefix.overlaps(subnet) }
  }
}
