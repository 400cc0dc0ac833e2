/// What Docker hides from containers that are not privileged.
enum DefaultPaths {
  static let masked = [
    "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
    "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
    "/sys/devices/virtual/powercap",
  ]

  static let readonly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}

extension HostConfiguration {
  /// What is masked unless the request says otherwise.
  public static var defaultMaskedPaths: [String] { DefaultPaths.masked }
  /// What is read-only unless the request says otherwise.
  public static var defaultReadonlyPaths: [String] { DefaultPaths.readonly }
}
