internal import LinuxKernel
internal import Synchronization

/// The host's ports that containers hold.
///
/// A socket per port ends with the process, the rules in the kernel do not: a port is unguarded only while no manager runs, and goes on
/// working then.
final class PortReservations: Sendable {
  private struct State {
    var held: [String: [PortReservation]] = [:]
    var last: UInt16 = 0
  }

  private let state = Mutex(State())
  private let claims = ClaimedPorts()
  private let freeChoice: @Sendable () -> ClosedRange<UInt16>

  /// - Parameter freeChoice: where ports come from that nobody asked for by number.
  init(freeChoice: @escaping @Sendable () -> ClosedRange<UInt16> = Sysctl.localPortRange) {
    self.freeChoice = freeChoice
  }

  /// Takes a host port for each binding, the same at each of its addresses: all or none.
  /// - Parameter addresses: of the host, that a binding is for.
  func reserve(
    _ bindings: [PortBinding], for containerID: String,
    at addresses: (PortBinding) -> [IPAddress] = { [$0.hostAddress ?? .v4(.any)] }
  ) throws(NetworkError) -> [PublishedPort] {
    var published: [PublishedPort] = []
    var held: [PortReservation] = []
    for binding in bindings {
      let addresses = addresses(binding)
      guard !addresses.isEmpty else { continue }
      let (port, sockets) = try take(binding, addresses)
      held += sockets
      published += addresses.map { address in
        PublishedPort(
          containerPort: binding.containerPort, transport: binding.transport, hostAddress: address, hostPort: port)
      }
    }
    let mine = held
    state.withLock { $0.held[containerID, default: []] += mine }
    return published.sorted()
  }

  /// - Parameter families: those whose ports it keeps.
  func release(_ containerID: String, but families: AddressFamilies = []) {
    // Closed outside of the lock.
    _ = state.withLock { state in
      let all = state.held.removeValue(forKey: containerID)
      let kept = all?.filter { families.contains($0.address.isIPv6 ? .ipv6 : .ipv4) } ?? []
      if !kept.isEmpty { state.held[containerID] = kept }
      return all
    }
  }

  private func take(
    _ binding: PortBinding, _ addresses: [IPAddress]
  ) throws(NetworkError) -> (UInt16, [PortReservation]) {
    var taken: IPAddress?
    for port in candidates(for: binding) {
      var held: [PortReservation] = []
      taken = nil
      for address in addresses where taken == nil {
        do {
          held.append(try PortReservation(binding.transport, address, port, claims: claims))
        } catch  where error.errno == .addressInUse { taken = address } catch {
          throw .cannotPublish(hostAddress: address, hostPort: port, reason: error.errno.description)
        }
      }
      guard taken == nil else { continue }
      if binding.hostPorts == nil { state.withLock { $0.last = port } }
      return (port, held)
    }
    let only = binding.hostPorts.flatMap { $0.count == 1 ? $0.lowerBound : nil }
    throw .portAllocated(hostAddress: taken ?? addresses[0], hostPort: only)
  }

  /// The ports of the binding's range; or all of the free choice, beginning after the one that was chosen last.
  private func candidates(for binding: PortBinding) -> [UInt16] {
    if let wanted = binding.hostPorts { return Array(wanted) }
    let (last, freeChoice) = (state.withLock { $0.last }, freeChoice())
    guard freeChoice.contains(last), last < freeChoice.upperBound else { return Array(freeChoice) }
    return Array((last + 1)...freeChoice.upperBound) + Array(freeChoice.lowerBound...last)
  }
}
