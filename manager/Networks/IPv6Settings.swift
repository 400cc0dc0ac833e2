internal import LinuxKernel

/// The kernel's switches of IPv6, in the network namespace of the calling thread. Blocks; not for the cooperative pool.
enum IPv6Settings {
  private static let root = "net/ipv6/conf"

  /// Whether the kernel has IPv6 at all.
  static func isThere() throws(NetworkError) -> Bool { try isThere("all") }

  private static func isThere(_ interface: String) throws(NetworkError) -> Bool {
    do throws(SyscallError) { return try FileStatus.of("/proc/sys/\(root)/\(interface)") != nil } catch {
      throw .kernel(operation: "look for IPv6", reason: error.description)
    }
  }

  /// A container may send anything, but never say where the host, or another container, sends its packets (CVE-2020-13401).
  static func ignoreRouters(on interface: String) throws(NetworkError) {
    guard try isThere(interface) else { return }
    try Sysctl.write("\(root)/\(interface)/accept_ra", "0")
  }

  /// - Throws: ``NetworkError/unsupported(_:)`` if the kernel has no IPv6.
  static func enable(on interface: String) throws(NetworkError) {
    guard try isThere() else { throw .forbidden("this machine's kernel has no IPv6") }
    try Sysctl.write("\(root)/\(interface)/disable_ipv6", "0")
  }

  /// Lets the machine forward packets. Interfaces that have their addresses and routes from routers keep them: a machine that
  /// forwards would not listen to these any more.
  /// - Returns: whether it did not before.
  static func forward() throws(NetworkError) -> Bool {
    let names: [String]
    do throws(SyscallError) { names = try Directory.names("/proc/sys/\(root)") } catch {
      throw .kernel(operation: "list interfaces with IPv6", reason: error.description)
    }
    let (listening, evenForwarding) = ("1", "2")
    if try Sysctl.value("\(root)/all/forwarding") == "1" { return false }
    for name in names where !["all", "default", "lo"].contains(name) {
      // One that went meanwhile listens to nobody.
      guard try isThere(name), try Sysctl.value("\(root)/\(name)/accept_ra") == listening else { continue }
      try Sysctl.write("\(root)/\(name)/accept_ra", evenForwarding)
    }
    return try Sysctl.write("\(root)/all/forwarding", "1")
  }
}
