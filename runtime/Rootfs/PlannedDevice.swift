internal import Glibc
internal import OCIRuntimeSpec

/// A device node to make.
package struct PlannedDevice: Equatable {
  package var culprit: String
  package var path: RootPath
  /// Kind and permission bits.
  package var mode: UInt32
  package var major: UInt32
  package var minor: UInt32
  package var uid: UInt32
  package var gid: UInt32
  /// Whether the configuration names it.
  package var isAsked: Bool

  /// The six devices that every container has (config-linux.md §Default Devices), then those of `linux.devices`.
  static func all(_ devices: [LinuxDevice]) throws(RootfsError) -> [PlannedDevice] {
    var planned: [PlannedDevice] = []
    for (index, device) in devices.enumerated() { planned.append(try PlannedDevice(device, index)) }
    let defaults = [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)].map { name, minor in
      PlannedDevice(default: name, major: 1, minor: UInt32(minor))
    }
    return (defaults + [PlannedDevice(default: "tty", major: 5, minor: 0)]).filter { device in
      !planned.contains { $0.path == device.path }
    } + planned
  }

  private init(default name: String, major: UInt32, minor: UInt32) {
    culprit = "default device /dev/\(name)"
    path = RootPath("/dev/\(name)")
    mode = S_IFCHR | 0o666
    (self.major, self.minor, uid, gid) = (major, minor, 0, 0)
    isAsked = false
  }

  private init(_ device: LinuxDevice, _ index: Int) throws(RootfsError) {
    culprit = "linux.devices[\(index)]"
    path = RootPath(device.path)
    guard device.path.hasPrefix("/"), path.last != nil else {
      throw RootfsError("\(culprit).path", "\"\(device.path)\" is no absolute path")
    }
    let kind: UInt32
    switch device.type {
    case "c", "u": kind = S_IFCHR
    case "b": kind = S_IFBLK
    case "p": kind = S_IFIFO
    default: throw RootfsError("\(culprit).type", "\"\(device.type)\" is none of \"c\", \"u\", \"b\", \"p\"")
    }
    mode = kind | (device.fileMode.map { $0 & 0o7777 } ?? 0o666)
    major = try Self.number(device.major, required: kind != S_IFIFO, "\(culprit).major", below: 1 << 12)
    minor = try Self.number(device.minor, required: kind != S_IFIFO, "\(culprit).minor", below: 1 << 20)
    uid = device.uid ?? 0
    gid = device.gid ?? 0
    isAsked = true
  }

  private static func number(
    _ number: Int64?, required: Bool, _ culprit: String, below limit: Int64
  ) throws(RootfsError) -> UInt32 {
    guard let number else {
      if required { throw RootfsError(culprit, "is required") }
      return 0
    }
    guard (0..<limit).contains(number) else { throw RootfsError(culprit, "\(number) is no device number") }
    return UInt32(number)
  }
}
