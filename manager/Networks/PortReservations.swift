internal import LinuxKernel
internal import Synchronization

/// The host's ports that containers hold.
///
/// A socket per port ends with the process, the rules in the kernel do not: a port is unguarded only while no manager runs, and goes on
/// working then.
final class PortReservations: Sendable {
  private struct State {
    var held: [String: [HeldPort]] = [:]
    var last: UInt16 = 0
  }

  private let state = Mutex(State())
  private let freeChoice: @Sendable () -> ClosedRange<UInt16>

  /// - Parameter freeChoice: where ports come from that nobody asked for by number.
  init(freeChoice: @escaping @Sendable () -> ClosedRange<UInt16> = Sysctl.localPortRange) {
    self.freeChoice = freeChoice
  }

  /// Takes a host port for each binding: all or none.
  func reserve(_ bindings: [PortBinding], for containerID: String) throws(NetworkError) -> [PublishedPort] {
    var published: [PublishedPort] = []
    var held: [HeldPort] = []
    for binding in bindings {
      let address = binding.hostAddress ?? .any
      let (port, socket) = try take(binding, address)
      held.append(socket)
      published.append(
        PublishedPort(
          containerPort: binding.containerPort, transport: binding.transport, hostAddress: address,
          hostPort: port))
    }
    let mine = held
    state.withLock { $0.held[containerID, default: []] += mine }
    return published.sorted()
  }

  func release(_ containerID: String) {
    // Closed outside of the lock.
    _ = state.withLock { $0.held.removeValue(forKey: containerID) }
  }

  private func take(_ binding: PortBinding, _ address: IPv4Address) throws(NetworkError) -> (UInt16, HeldPort) {
    for port in candidates(for: binding) {
      do {
        let socket = try HeldPort(binding.transport == .tcp ? .stream : .datagram, address, port)
        if binding.hostPorts == nil { state.withLock { $0.last = port } }
        return (port, socket)
      } catch  where error.errno == .addressInUse { continue } catch {
        throw .cannotPublish(hostAddress: address, hostPort: port, reason: error.errno.description)
      }
    }
    let only = binding.hostPorts.flatMap { $0.count == 1 ? $0.lowerBound : nil }
    throw .portAllocated(hostAddress: address, hostPort: only)
  }

  /// The ports of the binding's range; or all of the free choice, beginning after the one that was chosen last.
  private func candidates(for binding: PortBinding) -> [UInt16] {
    if let wanted = binding.hostPorts { return Array(wanted) }
    let (last, freeChoice) = (state.withLock { $0.last }, freeChoice())
    guard freeChoice.contains(last), last < freeChoice.upperBound else { return Array(freeChoice) }
    return Array((last + 1)...freeChoice.upperBound) + Array(freeChoice.lowerBound...last)
  }
}
