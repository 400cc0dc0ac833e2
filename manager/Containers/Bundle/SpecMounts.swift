internal import OCIRuntimeSpec

/// What is mounted in a container, in order.
struct SpecMounts {
  static let sharedMemorySize: Int64 = 64 << 20

  let host: HostConfiguration
  /// Files that the manager keeps for the container, by where they appear: `/etc/hosts`, …
  let files: [(target: String, source: String)]
  /// Paths of the host that may be missing and are not.
  var hostPaths: Set<String> = SpecMounts.sharedPaths
  /// ``SpecBuilder/Surroundings/initProgram``
  var initProgram: String?

  /// What comes with the host's IPC namespace: its queues and its shared memory.
  static let sharedPaths: Set<String> = ["/dev/mqueue", "/dev/shm"]

  /// Docker's mounts, then the manager's files, then what was asked for, outer directories first; what was asked for
  /// takes the place of a default at the same path.
  func all() throws(ContainerError) -> [Mount] {
    let requested = try requestedMounts()
    let taken = Set(requested.map { PathCleaning.clean($0.destination) })
    let access = host.readonlyRootfs ? "ro" : "rw"
    let defaults = standard() + files.map { Self.bind($0.source, at: $0.target, ["rbind", access, "rprivate"]) }
    // Last, so that nothing else is where it is looked for.
    let last = initProgram.map { [Self.bind($0, at: InitProgram.target, ["bind", "ro", "rprivate"])] } ?? []
    return defaults.filter { !taken.contains($0.destination) } + requested + last
  }

  private func standard() -> [Mount] {
    let access = host.privileged ? "rw" : "ro"
    let size = host.sharedMemorySize ?? Self.sharedMemorySize
    var mounts = [
      Self.mount("proc", "/proc", "proc", ["nosuid", "noexec", "nodev"]),
      Self.mount("tmpfs", "/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
      Self.mount(
        "devpts", "/dev/pts", "devpts",
        ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
      Self.mount("sysfs", "/sys", "sysfs", ["nosuid", "noexec", "nodev", access]),
      Self.mount("cgroup", "/sys/fs/cgroup", "cgroup", ["nosuid", "noexec", "nodev", access]),
    ]
    if host.ipcMode == .host {
      if hostPaths.contains("/dev/mqueue") {
        mounts.append(Self.bind("/dev/mqueue", at: "/dev/mqueue", ["rbind", "nosuid", "noexec", "nodev"]))
      }
      if hostPaths.contains("/dev/shm") {
        mounts.append(Self.bind("/dev/shm", at: "/dev/shm", ["rbind", "rprivate"]))
      }
    } else {
      mounts.append(Self.mount("mqueue", "/dev/mqueue", "mqueue", ["nosuid", "noexec", "nodev"]))
      mounts.append(
        Self.mount("shm", "/dev/shm", "tmpfs", ["nosuid", "noexec", "nodev", "mode=1777", "size=\(size)"]))
    }
    return mounts
  }

  private func requestedMounts() throws(ContainerError) -> [Mount] {
    let mounts = try host.allMounts().map(Self.requested)
    var scratch: [Mount] = []
    for (path, options) in host.tmpfs {
      scratch.append(Self.mount("tmpfs", path, "tmpfs", try TmpfsOptions.merged(options)))
    }
    return (mounts + scratch).sorted { Self.depth($0.destination) < Self.depth($1.destination) }
  }

  private static func requested(_ request: MountRequest) -> Mount {
    let access = request.readOnly ? "ro" : "rw"
    switch request.kind {
    case .bind:
      let options = [request.recursive ? "rbind" : "bind", access, request.propagation ?? "rprivate"]
      return bind(request.source, at: request.target, options)
    case .tmpfs:
      let mode = request.mode.map { ["mode=\(String($0, radix: 8))"] } ?? []
      let size = request.size.map { ["size=\($0)"] } ?? []
      return mount("tmpfs", request.target, "tmpfs", ["noexec", "nosuid", "nodev", access] + mode + size)
    }
  }

  private static func depth(_ path: String) -> Int { PathCleaning.clean(path).split(separator: "/").count }

  private static func bind(_ source: String, at target: String, _ options: [String]) -> Mount {
    mount(source, target, "bind", options)
  }

  private static func mount(_ source: String, _ target: String, _ type: String, _ options: [String]) -> Mount {
    var mount = Mount()
    mount.source = source
    mount.destination = PathCleaning.clean(target)
    mount.type = type
    mount.options = options
    return mount
  }
}
