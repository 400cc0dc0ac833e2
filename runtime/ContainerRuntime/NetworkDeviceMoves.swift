internal import LinuxKernel
internal import OCIRuntimeSpec

/// Interfaces on their way into a container, and back if nothing comes of it: with a virtual one's namespace it would go, too.
final class NetworkDeviceMoves {
  private struct Move {
    let device: NetworkDevices.Device
    let wasUp: Bool
    let addresses: [KeptAddress]
  }

  private var here: NetlinkSocket
  private var there: NetlinkSocket
  private let home: FileDescriptor
  /// What was moved, and its name there.
  private var moved: [(move: Move, name: String)] = []

  /// - Parameter namespace: the container's.
  init(to namespace: borrowing FileDescriptor) throws(RuntimeError) {
    home = try explaining { () throws(SyscallError) in try FileDescriptor.open("/proc/self/ns/net") }
    do throws(NetlinkError) {
      here = try NetlinkSocket.open(.route)
      there = try NetlinkSocket.open(.route, visiting: namespace)
    } catch { throw RuntimeError(at: "linux.netDevices", "\(error)") }
  }

  /// Moves all or none, each with its permanent addresses of global scope, and up.
  func perform(_ devices: NetworkDevices, to namespace: borrowing FileDescriptor) throws(RuntimeError) {
    for device in devices.devices {
      do throws(NetlinkError) { try move(device, to: namespace) } catch {
        throw undoing(RuntimeError(at: device.culprit, "\(error)")) { () throws(RuntimeError) in try undo() }
      }
    }
  }

  private func move(
    _ device: NetworkDevices.Device, to namespace: borrowing FileDescriptor
  ) throws(NetlinkError) {
    guard let link = try here.link(named: device.hostName) else {
      throw .refused(operation: "find interface \(device.hostName)", errno: .noDevice, message: nil)
    }
    let taken = Set(try there.links().map { $0.name })
    let name = NetworkDevices.name(from: device.name, notAmong: taken)
    guard !taken.contains(name) else {
      throw .refused(
        operation: "move interface \(device.hostName)", errno: .exists,
        message: "the container's network namespace has a \(name) already")
    }
    let move = Move(device: device, wasUp: link.isUp, addresses: try here.keptAddresses(of: link.index))
    try here.moveLink(link.index, to: namespace, named: name)
    moved.append((move, name))
    try Self.settle(name, move.addresses, isUp: true, &there)
  }

  private static func settle(
    _ name: String, _ addresses: [KeptAddress], isUp: Bool, _ socket: inout NetlinkSocket
  ) throws(NetlinkError) {
    guard let link = try socket.link(named: name) else {
      throw .refused(
        operation: "find interface \(name)", errno: .noDevice, message: "it has gone from where it was put")
    }
    for address in addresses { try socket.addAddress(address, to: link.index) }
    if isUp { try socket.setLink(link.index, up: true) }
  }

  /// Has everything as it was before.
  func undo() throws(RuntimeError) {
    for (move, name) in moved.reversed() {
      do throws(NetlinkError) {
        guard let link = try there.link(named: name) else { continue }
        try there.moveLink(link.index, to: home, named: move.device.hostName)
        try Self.settle(move.device.hostName, move.addresses, isUp: move.wasUp, &here)
      } catch { throw RuntimeError(at: move.device.culprit, "\(error)") }
    }
    moved = []
  }
}

extension ContainerPlan {
  /// - Returns: `nil` if there is nothing to move.
  func moveNetworkDevices(to pid: Int32) throws(RuntimeError) -> NetworkDeviceMoves? {
    if networkDevices.devices.isEmpty { return nil }
    if let joined = namespaces.joined.first(where: { $0.kind == .network }) {
      let moves = try NetworkDeviceMoves(to: joined.descriptor)
      try moves.perform(networkDevices, to: joined.descriptor)
      return moves
    }
    let namespace = try explaining { () throws(SyscallError) in try NetworkNamespace.open(ofProcess: pid) }
    let moves = try NetworkDeviceMoves(to: namespace)
    try moves.perform(networkDevices, to: namespace)
    return moves
  }
}
