/// Connections that the kernel's connection tracking knows of (`linux/netfilter/nfnetlink_conntrack.h`).
extension NetlinkSocket {
  /// Which connections: by where the first packet was sent to (before any translation), or by who answers (after it).
  package enum ConnectionFilter: Sendable {
    /// Packets to this port of the host, whatever the address.
    case to(port: UInt16, Transport, isIPv6: Bool)
    /// Packets that this container answers.
    case answeredBy(IPAddress, Transport)

    /// Those whose connections outlive what they led to (the protocols' numbers, RFC 5237).
    package enum Transport: UInt8, Sendable {
      case udp = 17
      case sctp = 132
    }
  }

  /// Forgets connections, so that their next packet meets the rules of now. Needs a socket of the family netfilter and Linux 5.8.
  ///
  /// TCP needs no such thing: a new connection is a new entry. A UDP "connection" lasts as long as packets come, one of SCTP for days,
  /// and keeps leading to a container that is gone, or past one that has come.
  package mutating func forgetConnections(_ filter: ConnectionFilter) throws(NetlinkError) {
    do { try request(filter.message, "forget connections") } catch  where error.errno == .noEntry {}
  }
}

extension NetlinkSocket.ConnectionFilter {
  private enum Attribute {
    static let original: UInt16 = 1
    static let reply: UInt16 = 2
    static let filter: UInt16 = 25
    static let originalFlags: UInt16 = 1
    static let replyFlags: UInt16 = 2
    static let addresses: UInt16 = 1
    static let ports: UInt16 = 2
    static let source: UInt16 = 1
    static let source6: UInt16 = 3
    static let transport: UInt16 = 1
    static let destinationPort: UInt16 = 3
  }

  /// Which parts of a tuple count (`CTA_FILTER_F_...` of the kernel's own header).
  private enum Part {
    static let source: UInt32 = 1 << 0
    static let transport: UInt32 = 1 << 3
    static let destinationPort: UInt32 = 1 << 5
  }

  private var isIPv6: Bool {
    switch self {
    case .to(_, _, let isIPv6): isIPv6
    case .answeredBy(let address, _): address.isIPv6
    }
  }

  var message: NetlinkWriter {
    let connectionTracking: UInt16 = 1 << 8
    let delete: UInt16 = 2
    var writer = NetlinkWriter(type: connectionTracking | delete, flags: [])
    writer.append(isIPv6 ? IPv6Address.family : IPv4Address.family)
    // Version 1: this family alone.
    writer.append(UInt8(1))
    writer.append(UInt16(0))
    switch self {
    case .to(let port, let transport, _):
      writer.nest(Attribute.original) { tuple in
        tuple.nest(Attribute.ports) {
          $0.attribute(Attribute.transport, transport.rawValue)
          $0.attribute(Attribute.destinationPort, port.bigEndian)
        }
      }
      writer.nest(Attribute.filter) {
        $0.attribute(Attribute.originalFlags, Part.transport | Part.destinationPort)
        $0.attribute(Attribute.replyFlags, UInt32(0))
      }
    case .answeredBy(let address, let transport):
      writer.nest(Attribute.reply) { tuple in
        tuple.nest(Attribute.addresses) {
          switch address {
          case .v4(let address): $0.attribute(Attribute.source, address.bytes)
          case .v6(let address): $0.attribute(Attribute.source6, address.bytes)
          }
        }
        tuple.nest(Attribute.ports) { $0.attribute(Attribute.transport, transport.rawValue) }
      }
      writer.nest(Attribute.filter) {
        $0.attribute(Attribute.originalFlags, UInt32(0))
        $0.attribute(Attribute.replyFlags, Part.source | Part.transport)
      }
    }
    return writer
  }
}
