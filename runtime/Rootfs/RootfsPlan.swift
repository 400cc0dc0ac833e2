internal import LinuxKernel
package import OCIRuntimeSpec

/// How the root file system is to be put together: everything checked, nothing done yet.
package struct RootfsPlan {
  /// Absolute path of the root on the host.
  package var rootPath: String
  package var isReadOnly: Bool
  package var propagation: RootfsPropagation?
  /// Detach from the old root by `chroot`, for a root on a ramdisk (`--no-pivot`).
  package var noPivot: Bool
  /// Whether programs of the host look for the root at its own path before it is entered: createContainer hooks.
  package var isAttachedInPlace: Bool
  /// Whether the container has a user namespace of its own: no device can be made, sources are opened before.
  package var hasUserNamespace: Bool
  package var mounts: [PlannedMount]
  /// SELinux's label of what the file systems hold that are made for the container; empty for none.
  package var mountLabel: String
  /// `nil` if `/dev` is the host's affair.
  package var devices: [PlannedDevice]?
  package var maskedPaths: [String]
  package var readonlyPaths: [String]
  package var cgroups: CgroupView?
  /// The pid namespace whose processes a procfs of the container is to show: a joined one, in which the process that mounts it
  /// is not. `nil` for that process's own.
  package var pidNamespace: Int32?

  /// - Parameter bundle: absolute path of the folder that relative paths start from.
  /// - Throws: what the specification forbids or this runtime cannot do.
  package init(_ spec: Spec, bundle: String, noPivot: Bool, hasUserNamespace: Bool) throws(RootfsError) {
    guard let root = spec.root else { throw RootfsError("root", "is required") }
    let linux = spec.linux ?? Linux()
    rootPath = root.path.hasPrefix("/") ? root.path : "\(bundle)/\(root.path)"
    isReadOnly = root.readonly
    propagation = linux.rootfsPropagation
    self.noPivot = noPivot
    isAttachedInPlace = spec.hooks.map { !$0.createContainer.isEmpty } ?? false
    self.hasUserNamespace = hasUserNamespace
    mountLabel = linux.mountLabel ?? ""
    maskedPaths = linux.maskedPaths
    readonlyPaths = linux.readonlyPaths
    mounts = try PlannedMount.all(spec.mounts, of: linux, bundle: bundle)
    let hasHostDevices = mounts.contains { $0.isBind && RootPath($0.destination).text == "/dev" }
    devices = hasHostDevices ? nil : try PlannedDevice.all(linux.devices)
    try Self.checkPaths(maskedPaths, "linux.maskedPaths")
    try Self.checkPaths(readonlyPaths, "linux.readonlyPaths")
  }

  /// What is odd, but no reason to give up.
  package var warnings: [String] {
    mounts.filter { $0.isRelative }.map { mount in
      "\(mount.culprit).destination: \(mount.destination.dropFirst()) is not absolute, and taken from the root"
    }
      // mount(2) takes no notice of them either, so there are configurations that have them.
      + mounts.filter { $0.options.isBind && !$0.options.data.isEmpty }.map { mount in
        "\(mount.culprit).options: \"\(mount.options.data)\" is without effect on a bind mount"
      }
  }

  private static func checkPaths(_ paths: [String], _ list: String) throws(RootfsError) {
    for (index, path) in paths.enumerated() where !path.hasPrefix("/") || RootPath(path).last == nil {
      throw RootfsError("\(list)[\(index)]", "\"\(path)\" is no absolute path below /")
    }
  }
}

/// Where the container's control groups are, for a mount of type `cgroup`.
package enum CgroupView: Equatable {
  /// One hierarchy; `directory` is the container's cgroup as the host sees it.
  case unified(directory: String, hasNamespace: Bool)
  case separate([CgroupHierarchy], hasNamespace: Bool)
}

/// One hierarchy of cgroup v1.
package struct CgroupHierarchy: Equatable {
  /// The name of its mount point: `memory`, `cpu,cpuacct`, `systemd`.
  package var name: String
  /// What selects it in a mount: `memory`, `none,name=systemd`.
  package var data: String
  /// The container's cgroup as the host sees it.
  package var directory: String

  package init(name: String, data: String, directory: String) {
    self.name = name
    self.data = data
    self.directory = directory
  }
}
