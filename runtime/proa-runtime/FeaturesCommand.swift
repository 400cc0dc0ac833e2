internal import Confinement
internal import ContainerRuntime
internal import JSON
internal import OCIRuntimeSpec
internal import Rootfs

extension Command {
  static let features = Command(
    name: "features", summary: "show the enabled features", usage: "", options: [], arguments: 0...0,
    entersContainers: false
  ) { _, _ throws(RuntimeError) in
    print(JSONWriter.string(supportedFeatures, .indented("    ")))
    return 0
  }

  private static var supportedFeatures: Features {
    var features = Features()
    features.ociVersionMin = "1.0.0"
    features.ociVersionMax = Help.specVersion
    features.hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
    features.mountOptions = MountOption.names
    var linux = LinuxFeatures()
    linux.namespaces = ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"]
    linux.capabilities = Capability.names
    var cgroup = CgroupFeatures()
    (cgroup.v1, cgroup.v2, cgroup.systemd, cgroup.systemdUser, cgroup.rdma) = (true, true, true, true, true)
    linux.cgroup = cgroup
    linux.seccomp = seccomp
    linux.apparmor = FeatureSwitch(enabled: true)
    linux.selinux = FeatureSwitch(enabled: true)
    linux.netDevices = FeatureSwitch(enabled: true)
    var intelRdt = IntelRdtFeatures()
    (intelRdt.enabled, intelRdt.schemata, intelRdt.monitoring) = (true, true, true)
    linux.intelRdt = intelRdt
    var memoryPolicy = MemoryPolicyFeatures()
    (memoryPolicy.modes, memoryPolicy.flags) = (MemoryPolicy.modes, MemoryPolicy.flags.keys.sorted())
    linux.memoryPolicy = memoryPolicy
    var extensions = MountExtensions()
    extensions.idmap = FeatureSwitch(enabled: true)
    linux.mountExtensions = extensions
    features.linux = linux
    return features
  }

  private static var seccomp: SeccompFeatures {
    var seccomp = SeccompFeatures()
    seccomp.enabled = true
    seccomp.actions = LinuxSeccompAction.allCases.map { $0.rawValue }.sorted()
    seccomp.operators = LinuxSeccompOperator.allCases.map { $0.rawValue }.sorted()
    seccomp.archs = SeccompFilter.architectures.map { $0.rawValue }.sorted()
    seccomp.knownFlags = LinuxSeccompFlag.allCases.map { $0.rawValue }.sorted()
    seccomp.supportedFlags = SeccompFilter.supportedFlags.map { $0.rawValue }.sorted()
    return seccomp
  }
}
