internal import LinuxKernel
internal import OCIRuntimeSpec

/// Which device nodes a container has and which it may use.
enum DeviceRules {
  /// Docker's rules, with those that runtimes add by themselves said openly: any node may be made, few may be used.
  static func standard() -> [LinuxDeviceCgroup] {
    let usable: [(Int64, Int64?)] = [
      (1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, nil),
    ]
    return [rule(false, "a", nil, nil, "rwm"), rule(true, "c", nil, nil, "m"), rule(true, "b", nil, nil, "m")]
      + usable.map { rule(true, "c", $0.0, $0.1, "rwm") }
  }

  static func rule(
    _ allow: Bool, _ type: String, _ major: Int64?, _ minor: Int64?, _ access: String
  ) -> LinuxDeviceCgroup {
    var rule = LinuxDeviceCgroup()
    rule.allow = allow
    rule.type = type
    rule.major = major
    rule.minor = minor
    rule.access = access
    return rule
  }

  /// Reads `--device-cgroup-rule`'s form, `c 1:3 rwm`.
  static func parse(_ text: String) throws(ContainerError) -> LinuxDeviceCgroup {
    let parts = text.split(separator: " ")
    let numbers = parts.count == 3 ? parts[1].split(separator: ":").map { $0 == "*" ? nil : Int64($0) } : []
    let wildcards = parts.count == 3 ? parts[1].split(separator: ":").map { $0 == "*" } : []
    guard parts.count == 3, ["a", "b", "c"].contains(parts[0]), numbers.count == 2,
      zip(numbers, wildcards).allSatisfy({ $0 != nil || $1 }), parts[2].allSatisfy("rwm".contains)
    else { throw .invalid("invalid device cgroup rule format: '\(text)'") }
    return rule(true, String(parts[0]), numbers[0], numbers[1], String(parts[2]))
  }

  /// The node that `request` names, and the rule to use it.
  /// - Throws: ``ContainerError/invalid(_:)`` if there is no such device on the host.
  static func device(_ request: DeviceRequest) throws(ContainerError) -> (LinuxDevice, LinuxDeviceCgroup) {
    guard request.containerPath.hasPrefix("/"), request.permissions.allSatisfy("rwm".contains) else {
      throw .invalid("invalid device mapping: \(request.hostPath):\(request.containerPath):\(request.permissions)")
    }
    guard let status = status(request.hostPath), let device = node(status, at: request.containerPath) else {
      throw .invalid(
        "error gathering device information while adding custom device \"\(request.hostPath)\": not a device node")
    }
    return (device, rule(true, device.type, device.major, device.minor, request.permissions))
  }

  /// Every device node below `/dev` of the host, for privileged containers; terminals are each container's own.
  static func hostDevices() throws(SyscallError) -> [LinuxDevice] {
    var found: [LinuxDevice] = []
    try collect("/dev", into: &found)
    return found
  }

  private static func collect(_ folder: String, into found: inout [LinuxDevice]) throws(SyscallError) {
    for name in try Directory.names(folder).sorted() {
      let path = "\(folder)/\(name)"
      if ["/dev/pts", "/dev/shm", "/dev/fd", "/dev/mqueue", "/dev/console", "/dev/.lxc"].contains(path) { continue }
      guard let status = try FileStatus.of(path) else { continue }
      if status.kind == .directory { try collect(path, into: &found) }
      if let device = node(status, at: path) { found.append(device) }
    }
  }

  private static func status(_ path: String) -> FileStatus? {
    // Through the descriptor, since a link to a device counts as the device; what cannot be opened is no device.
    guard path.hasPrefix("/"), let file = try? FileDescriptor.open(path, [.pathOnly]) else { return nil }
    // Nothing but a missing descriptor makes fstat fail.
    return try? file.status()
  }

  private static func node(_ status: FileStatus, at path: String) -> LinuxDevice? {
    var device = LinuxDevice()
    switch status.kind {
    case .characterDevice: device.type = "c"
    case .blockDevice: device.type = "b"
    default: return nil
    }
    device.path = path
    device.major = Int64(status.represents >> 8 & 0xFFF | status.represents >> 32 & 0xFFFF_F000)
    device.minor = Int64(status.represents & 0xFF | status.represents >> 12 & 0xFFFF_FF00)
    device.fileMode = status.permissions
    device.uid = status.owner
    device.gid = status.group
    return device
  }
}
