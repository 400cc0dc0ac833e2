internal import Cgroups
internal import Glibc
internal import OCIRuntimeSpec

/// Stopping the processes of a container for a while, and changing what they may use.
extension Container {
  /// Stops every process until ``resume()``.
  package func pause() throws(RuntimeError) {
    guard status == .running || status == .created else { throw RuntimeError("container not running") }
    guard !record.cgroupPaths.isEmpty else { throw RuntimeError("cannot pause the container without a cgroup") }
    try explaining { () throws(CgroupError) in try cgroup().freeze() }
  }

  package func resume() throws(RuntimeError) {
    guard status == .paused else { throw RuntimeError("container not paused") }
    try explaining { () throws(CgroupError) in try cgroup().thaw() }
  }

  /// A frozen process dies only when it thaws.
  func thawToDie(of signal: Int32) throws(RuntimeError) {
    guard signal == SIGKILL, status == .paused else { return }
    try explaining { () throws(CgroupError) in try cgroup().thaw() }
  }

  /// Every process of the container, in this process's pid namespace.
  package func processes() throws(RuntimeError) -> [Int32] {
    guard !record.cgroupPaths.isEmpty else { throw RuntimeError("the container is not using cgroups") }
    return try explaining { () throws(CgroupError) in try cgroup().processes() }
  }

  private func cgroup() throws(CgroupError) -> Cgroup { try record.cgroup() }
}

extension ContainerRecord {
  /// The container's group as it was made.
  func cgroup() throws(CgroupError) -> Cgroup { try Cgroup(loading: cgroupPaths, unit: systemdUnit) }

  /// Whether somebody has stopped the container's processes.
  var isFrozen: Bool {
    get throws(CgroupError) {
      try Cgroup(loading: cgroupPaths.filter { $0.key == "freezer" || $0.key == "" }).freezerState() != .thawed
    }
  }
}
