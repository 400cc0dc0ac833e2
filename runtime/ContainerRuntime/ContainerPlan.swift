package import Cgroups
internal import Confinement
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

/// Everything that `create` is going to do, checked before it does the first thing.
struct ContainerPlan {
  let spec: Spec
  let bundle: String
  let id: ContainerID
  let linux: Linux
  let namespaces: NamespacePlan
  let process: ProcessPlan
  let networkDevices: NetworkDevices
  let resourceControl: ResourceControl?
  var cgroup: Cgroup
  let limits: CgroupLimits
  var rootfs: RootfsPlan
  /// What is odd, but no reason to give up.
  private(set) var warnings: [String] = []

  init(_ spec: Spec, id: ContainerID, options: CreateOptions) throws(RuntimeError) {
    try Self.check(spec)
    self.spec = spec
    self.id = id
    bundle = options.bundle
    linux = spec.linux ?? Linux()
    let linux = self.linux
    guard let process = spec.process else { throw RuntimeError(at: "process", "is required") }
    namespaces = try NamespacePlan(linux)
    try namespaces.check(process.user)
    try namespaces.check(spec.mounts)
    try Self.check(spec, in: namespaces.all)
    self.process = try ProcessPlan(
      process, in: namespaces.all, of: linux, preserving: options.preservedDescriptors,
      cache: options.cache)
    networkDevices = try NetworkDevices(linux.netDevices, in: namespaces)
    resourceControl = try explaining { () throws(CgroupError) in
      try linux.intelRdt.map { rdt throws(CgroupError) in try ResourceControl(rdt, containerID: "\(id)") }
    }
    let cgroup = try options.cgroup(at: linux.cgroupsPath, of: id)
    self.cgroup = cgroup
    limits = try explaining { () throws(CgroupError) in
      try CgroupLimits(linux.resources ?? LinuxResources(), for: cgroup, annotations: spec.annotations)
    }
    let hasUserNamespace = namespaces.all.contains(.user)
    rootfs = try explaining { () throws(RootfsError) in
      try RootfsPlan(spec, bundle: options.bundle, noPivot: options.noPivot, hasUserNamespace: hasUserNamespace)
    }
    warnings = self.process.warnings + rootfs.warnings
    try leaveOutMountLabel()
    if !namespaces.all.contains(.mount) { try BorrowedMounts.check(rootfs) }
    rootfs.cgroups = CgroupView(of: cgroup, hasNamespace: namespaces.all.contains(.cgroup))
    rootfs.pidNamespace = namespaces.shownPIDs
    if cgroup.folders.isEmpty { try showCgroups() }
  }

  /// Where the kernel knows of none.
  private mutating func leaveOutMountLabel() throws(RuntimeError) {
    let label = linux.mountLabel
    let isTaken = try explaining { () throws(ConfinementError) in try SecurityLabels.takes(mountLabel: label) }
    if isTaken { return }
    rootfs.mountLabel = ""
    warnings.append("linux.mountLabel: mounts have no label, because SELinux is disabled or not supported")
  }

  private static func check(_ spec: Spec) throws(RuntimeError) {
    guard SpecVersion(spec.ociVersion) != nil else {
      throw RuntimeError(at: "ociVersion", "\"\(spec.ociVersion)\" is not supported, only 1.x.y is")
    }
  }

  private static func check(_ spec: Spec, in namespaces: NamespaceKinds) throws(RuntimeError) {
    if let name = spec.hostname, !name.isEmpty, !namespaces.contains(.uts) {
      throw RuntimeError(at: "hostname", "cannot be set without a uts namespace")
    }
    if let name = spec.domainname, !name.isEmpty, !namespaces.contains(.uts) {
      throw RuntimeError(at: "domainname", "cannot be set without a uts namespace")
    }
    try SysctlRules.check(spec.linux?.sysctl ?? [:], in: namespaces)
    try HookRunner.check(spec.hooks)
  }
}

extension CgroupView {
  init(of cgroup: Cgroup, hasNamespace: Bool) {
    if cgroup.folders.allSatisfy({ $0.version == .v2 }), let unified = cgroup.unified {
      self = .unified(directory: unified.path, hasNamespace: hasNamespace)
      return
    }
    // On a hybrid machine the v2 tree has no controllers, and is not shown, as runc has it.
    let hierarchies = cgroup.folders.filter { $0.version == .v1 }.map { folder in
      let isNamed = folder.controllers.first?.hasPrefix("name=") ?? false
      let data = folder.controllers.joined(separator: ",")
      return CgroupHierarchy(
        name: isNamed ? String(data.dropFirst(5)) : data, data: isNamed ? "none,\(data)" : data, directory: folder.path)
    }
    self = .separate(hierarchies, hasNamespace: hasNamespace)
  }
}

/// How a container is to be created, beside its configuration.
package struct CreateOptions {
  /// The state directory of all containers.
  package var root = ""
  /// Where compiled seccomp filters are kept.
  package var cache = ""
  /// Gets what is odd, but no reason to give up.
  package var warn: (String) -> Void = { _ in }
  /// Gets what is done, step by step; `nil` if nobody wants to know.
  package var debug: ((String) -> Void)?
  /// Absolute path.
  package var bundle = ""
  /// Where the configuration is, from the bundle.
  package var configuration = "config.json"
  package var consoleSocket: String?
  /// Whether the command ends while the container goes on.
  package var isDetached = true
  package var pidFile: String?
  /// Where somebody waits for a pidfd of the init.
  package var pidfdSocket: String?
  package var rootless = Rootless.auto
  package var cgroupManager = CgroupManager.cgroupfs
  package var noPivot = false
  package var noNewKeyring = false
  package var preservedDescriptors = Int32(0)

  package init() {}
}
