internal import Cgroups
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

extension CreateOptions {
  /// The group that a configuration names; nothing is made yet.
  func cgroup(at path: String?, of id: ContainerID) throws(RuntimeError) -> Cgroup {
    guard cgroupManager != .disabled else { return .none }
    let hierarchies: CgroupHierarchies
    do throws(CgroupError) { hierarchies = try .current() } catch {
      guard case .state = error.reason, !Self.isNamed(path), try rootless.forgivesCgroups else {
        throw RuntimeError(error)
      }
      return .none
    }
    return try explaining { () throws(CgroupError) in
      try Cgroup(cgroupsPath: path, containerID: "\(id)", in: hierarchies, by: cgroupManager)
    }
  }

  /// Whether the group is made where that is permitted, and done without elsewhere: as in runc, only one that nobody has named.
  func forgivesCgroups(_ linux: Linux) throws(RuntimeError) -> Bool {
    guard cgroupManager == .cgroupfs, !Self.isNamed(linux.cgroupsPath) else { return false }
    return try rootless.forgivesCgroups
  }

  private static func isNamed(_ path: String?) -> Bool { !(path ?? "").isEmpty }
}

extension ContainerPlan {
  /// Makes the container's group, and takes from the plan what of it could not be had.
  mutating func createCgroup(_ options: CreateOptions) throws(RuntimeError) {
    let planned = cgroup
    do throws(CgroupError) { return try planned.create() } catch {
      guard error.isRefusal, try options.forgivesCgroups(linux) else { throw RuntimeError(error) }
    }
    cgroup = try explaining { () throws(CgroupError) in try planned.createWherePermitted() }
    try showCgroups()
  }

  /// Writes the limits into the group. As runc: who is not the host's root cannot limit devices, nor make any.
  func limitCgroup(_ options: CreateOptions) throws(RuntimeError) {
    do throws(CgroupError) { try cgroup.apply(limits) } catch {
      guard error.isRefusalOfDevices, try options.rootless.forgivesCgroups else { throw RuntimeError(error) }
    }
  }

  /// What a mount of the type `cgroup` shows where the container has no group of its own.
  mutating func showCgroups() throws(RuntimeError) {
    let cgroup = cgroup
    let seen = try explaining { () throws(CgroupError) in try cgroup.completed(in: .current()) }
    rootfs.cgroups = CgroupView(of: seen, hasNamespace: namespaces.all.contains(.cgroup))
  }
}
