/// Who makes the groups of containers.
public enum CgroupManager: String, Sendable, CaseIterable {
  /// This program, through the kernel's files.
  case cgroupfs
  /// systemd, which keeps each container in a scope; the limits are its properties as well.
  case systemd
  /// Nobody: a container stays in its maker's groups, and has no limits of its own.
  case disabled
}
