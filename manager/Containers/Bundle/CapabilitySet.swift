/// Linux capabilities by name, as Docker's `CapAdd` and `CapDrop` combine them.
enum CapabilitySet {
  /// Docker's default.
  static let standard = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
    "CAP_AUDIT_WRITE",
  ]

  /// All that there are, in the kernel's order: the index is the number.
  static let all = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
    "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
  ]

  /// What the container may come to have.
  /// - Parameter available: the daemon's own bounding set: "all" means all of these.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages for a name that no capability has, or that is not
  ///   available.
  static func effective(for host: HostConfiguration, available: [String]) throws(ContainerError) -> [String] {
    let added = try normalized(host.capabilitiesAdded, "CapAdd", available)
    let dropped = try normalized(host.capabilitiesDropped, "CapDrop", available)
    if host.privileged { return available }
    if dropped.contains("ALL") {
      return added.contains("ALL") ? available : available.filter(added.contains)
    }
    if added.contains("ALL") { return available.filter { !dropped.contains($0) } }
    return (standard.filter(available.contains) + added.filter { !standard.contains($0) })
      .filter { !dropped.contains($0) }
  }

  /// `net_admin`, `NET_ADMIN` and `CAP_NET_ADMIN` are one.
  private static func normalized(
    _ names: [String], _ field: String, _ available: [String]
  ) throws(ContainerError) -> [String] {
    var result: [String] = []
    for name in names {
      let upper = name.uppercased()
      let full = upper == "ALL" || upper.hasPrefix("CAP_") ? upper : "CAP_\(upper)"
      guard full == "ALL" || all.contains(full) else {
        throw .invalid("invalid \(field): unknown capability: \(full.debugDescription)")
      }
      guard full == "ALL" || available.contains(full) else {
        throw .invalid(
          "invalid \(field): capability not supported by your kernel or not available in the current environment: "
            + full.debugDescription)
      }
      if !result.contains(full) { result.append(full) }
    }
    return result
  }
}
