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

  /// The node that `request` names, or every node in the folder that it names, and the rules to use them.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's message if there is no such device on the host.
  static func devices(_ request: DeviceRequest) throws(ContainerError) -> [(LinuxDevice, LinuxDeviceCgroup)] {
    guard request.containerPath.hasPrefix("/"), request.permissions.allSatisfy("rwm".contains) else {
      throw .invalid("invalid device mapping: \(request.hostPath):\(request.containerPath):\(request.permissions)")
    }
    do throws(SyscallError) {
      let status = try status(request.hostPath)
      var found = node(status, at: request.containerPath).map { [$0] } ?? []
      if status.kind == .directory { try collect(request.hostPath, as: request.containerPath, into: &found) }
      guard !found.isEmpty else { throw SyscallError("open", request.hostPath, errno: .noDevice) }
      return found.map { ($0, rule(true, $0.type, $0.major, $0.minor, request.permissions)) }
    } catch {
      let reason = error.errno == .noDevice ? "not a device node" : "\(error.errno)"
      throw .invalid("error gathering device information while adding custom device \"\(request.hostPath)\": \(reason)")
    }
  }

  /// Every device node below `/dev` of the host, for privileged containers; terminals are each container's own.
  static func hostDevices() throws(SyscallError) -> [LinuxDevice] {
    var found: [LinuxDevice] = []
    try collect("/dev", as: "/dev", into: &found)
    return found
  }

  private static let notShared: Set<String> = [
    "/dev/pts", "/dev/shm", "/dev/fd", "/dev/mqueue", "/dev/console", "/dev/.lxc",
  ]

  private static func collect(
    _ folder: String, as target: String, into found: inout [LinuxDevice]
  ) throws(SyscallError) {
    for name in try Directory.names(folder).sorted() where !notShared.contains("\(folder)/\(name)") {
      guard let status = try FileStatus.of("\(folder)/\(name)") else { continue }
      if status.kind == .directory { try collect("\(folder)/\(name)", as: "\(target)/\(name)", into: &found) }
      if let device = node(status, at: "\(target)/\(name)") { found.append(device) }
    }
  }

  /// Through the descriptor, since a link to a device counts as the device.
  private static func status(_ path: String) throws(SyscallError) -> FileStatus {
    guard path.hasPrefix("/") else { throw SyscallError("open", path, errno: .noEntry) }
    return try FileDescriptor.open(path, [.pathOnly]).status()
  }

  /// Major and minor.
  static func numbers(of status: FileStatus) -> (Int64, Int64) {
    let number = status.represents
    return (Int64(number >> 8 & 0xFFF | number >> 32 & 0xFFFF_F000), Int64(number & 0xFF | number >> 12 & 0xFFFF_FF00))
  }

  private static func node(_ status: FileStatus, at path: String) -> LinuxDevice? {
    var device = LinuxDevice()
    switch status.kind {
    case .characterDevice: device.type = "c"
    case .blockDevice: device.type = "b"
    default: return nil
    }
    device.path = path
    let (major, minor) = numbers(of: status)
    (device.major, device.minor) = (major, minor)
    device.fileMode = status.permissions
    device.uid = status.owner
    device.gid = status.group
    return device
  }
}
