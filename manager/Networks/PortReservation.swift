internal import LinuxKernel
internal import Synchronization

/// A port of the host that a container holds, for as long as this lives.
final class PortReservation: Sendable {
  let address: IPAddress
  private let socket: HeldPort?
  private let claim: ClaimedPorts.Claim?

  /// - Parameter claims: those of SCTP.
  /// - Throws: `EADDRINUSE` if somebody has it, `EADDRNOTAVAIL` if the address is not the host's.
  init(
    _ transport: TransportProtocol, _ address: IPAddress, _ port: UInt16, claims: ClaimedPorts
  ) throws(SyscallError) {
    self.address = address
    switch transport {
    case .tcp:
      socket = try HeldPort(.stream, address, port)
      claim = nil
    case .udp:
      socket = try HeldPort(.datagram, address, port)
      claim = nil
    case .sctp:
      claim = try claims.claim(InternetEndpoint(address, port))
      socket = try PortReservation.associations(address, port)
    }
  }

  /// Nil where the kernel has no sockets of SCTP: nobody on the host can have the port then, and it leads to containers all the
  /// same.
  private static func associations(_ address: IPAddress, _ port: UInt16) throws(SyscallError) -> HeldPort? {
    do throws(SyscallError) { return try HeldPort(.association, address, port) } catch {
      guard error.errno == .protocolNotSupported else { throw error }
    }
    let anyPort: UInt16 = 0
    // For the address alone.
    _ = try HeldPort(.datagram, address, anyPort)
    return nil
  }
}

/// Ports that nothing else keeps apart than this.
final class ClaimedPorts: Sendable {
  private let taken = Mutex<Set<InternetEndpoint>>([])

  /// A port of one's own until this goes.
  final class Claim: Sendable {
    private let endpoint: InternetEndpoint
    private let claims: ClaimedPorts

    fileprivate init(_ endpoint: InternetEndpoint, _ claims: ClaimedPorts) {
      (self.endpoint, self.claims) = (endpoint, claims)
    }

    deinit {
      let mine = endpoint
      claims.taken.withLock { _ = $0.remove(mine) }
    }
  }

  /// - Throws: `EADDRINUSE` as `bind` does: whoever has all addresses of a family has each of them.
  func claim(_ endpoint: InternetEndpoint) throws(SyscallError) -> Claim {
    let isFree = taken.withLock { taken in
      let isTaken = taken.contains { other in
        other.port == endpoint.port && other.address.isIPv6 == endpoint.address.isIPv6
          && (other.address == endpoint.address || other.address.isAny || endpoint.address.isAny)
      }
      if !isTaken { taken.insert(endpoint) }
      return !isTaken
    }
    guard isFree else {
      throw SyscallError("bind", "\(endpoint.address.with(port: endpoint.port))", errno: .addressInUse)
    }
    return Claim(endpoint, self)
  }
}
