internal import LinuxKernel
internal import OCIRuntimeSpec

/// `linux.netDevices` (config-linux.md §Network Devices), checked: interfaces of the host that become the container's.
struct NetworkDevices {
  struct Device {
    /// Its name on the host.
    let hostName: String
    /// Its name in the container, in which `%d` stands for the first number that is free.
    let name: String
    var culprit: String { "linux.netDevices.\(hostName)" }
  }

  let devices: [Device]

  init(_ devices: [String: LinuxNetDevice], in namespaces: NamespacePlan) throws(RuntimeError) {
    self.devices = devices.sorted { $0.key < $1.key }.map { name, device in
      Device(hostName: name, name: device.name.flatMap { $0.isEmpty ? nil : $0 } ?? name)
    }
    if devices.isEmpty { return }
    guard namespaces.all.contains(.network) else {
      throw RuntimeError(at: "linux.netDevices", "unable to move network devices without a NET namespace")
    }
    guard !namespaces.isUnprivileged else {
      throw RuntimeError(at: "linux.netDevices", "network devices are not supported for rootless containers")
    }
    for device in self.devices {
      guard Self.isName(device.hostName) else {
        throw RuntimeError(at: "linux.netDevices", "invalid network device name \"\(device.hostName)\"")
      }
      guard Self.isName(device.name, isTemplate: true) else {
        throw RuntimeError(at: "\(device.culprit).name", "invalid network device name \"\(device.name)\"")
      }
    }
  }

  /// The kernel's rule.
  private static func isName(_ name: String, isTemplate: Bool = false) -> Bool {
    let parts = name.split(separator: "%", omittingEmptySubsequences: false)
    guard (1...NetlinkLink.longestName).contains(name.utf8.count), name != ".", name != "..",
      parts.count == 1 || isTemplate && parts.count == 2 && parts[1].hasPrefix("d")
    else { return false }
    return name.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
  }
}

extension NetworkDevices {
  /// The first name of a template that is not among `taken`.
  static func name(from template: String, notAmong taken: Set<String>) -> String {
    guard let place = template.firstIndex(of: "%") else { return template }
    let (start, end) = (template[..<place], template[place...].dropFirst(2))
    var number = 0
    while taken.contains("\(start)\(number)\(end)") { number += 1 }
    return "\(start)\(number)\(end)"
  }
}
