internal import LinuxKernel
internal import OCIRuntimeSpec

/// What is mounted in a container, in order.
struct SpecMounts {
  static let sharedMemorySize: Int64 = 64 << 20

  let host: HostConfiguration
  /// Files that the manager keeps for the container, by where they appear: `/etc/hosts`, …
  let files: [(target: String, source: String)]
  var volumes: [ContainerVolume] = []
  /// ``ContainerRecord/images(in:)``
  var images: [MountRequest] = []
  /// Paths of the host that may be missing and are not.
  var hostPaths: Set<String> = SpecMounts.sharedPaths
  /// ``MachineLimits/locksTrees``
  var locksTrees = true
  /// ``JoinedNamespaces/sharedMemory``
  var sharedMemory: String?
  /// ``SpecBuilder/Surroundings/initProgram``
  var initProgram: String?

  /// What comes with the host's IPC namespace: its queues and its shared memory.
  static let sharedPaths: Set<String> = ["/dev/mqueue", "/dev/shm"]

  /// Docker's mounts, then the manager's files and what was asked for, outer directories first; what was asked for takes the
  /// place of a default at the same path.
  func all() throws(ContainerError) -> [Mount] {
    let requested = try requestedMounts()
    let taken = Set(requested.map { PathCleaning.clean($0.destination) })
    let access = host.readonlyRootfs ? "ro" : "rw"
    let own = files.map { Self.bind($0.source, at: $0.target, ["rbind", access, "rprivate"]) }
    // Last, so that nothing else is where it is looked for.
    let last = initProgram.map { [Self.bind($0, at: InitProgram.target, ["bind", "ro", "rprivate"])] } ?? []
    let placed = Self.outerFirst(own.filter { !taken.contains($0.destination) } + requested)
    return standard().filter { !taken.contains($0.destination) } + placed + last
  }

  private func standard() -> [Mount] {
    let access = host.privileged ? "rw" : "ro"
    return [
      Self.mount("proc", "/proc", "proc", ["nosuid", "noexec", "nodev"]),
      Self.mount("tmpfs", "/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
      Self.mount(
        "devpts", "/dev/pts", "devpts",
        ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
      Self.mount("sysfs", "/sys", "sysfs", ["nosuid", "noexec", "nodev", access]),
      Self.mount("cgroup", "/sys/fs/cgroup", "cgroup", ["nosuid", "noexec", "nodev", access]),
    ] + queues + memory
  }

  private var queues: [Mount] {
    guard host.ipcMode == .host else {
      return [Self.mount("mqueue", "/dev/mqueue", "mqueue", ["nosuid", "noexec", "nodev"])]
    }
    guard hostPaths.contains("/dev/mqueue") else { return [] }
    return [Self.bind("/dev/mqueue", at: "/dev/mqueue", ["rbind", "nosuid", "noexec", "nodev"])]
  }

  private var memory: [Mount] {
    switch host.ipcMode {
    case .none: return []
    case .isolated:
      let size = host.sharedMemorySize ?? Self.sharedMemorySize
      return [Self.mount("shm", "/dev/shm", "tmpfs", ["nosuid", "noexec", "nodev", "mode=1777", "size=\(size)"])]
    case .host, .shareable, .container:
      let source = host.ipcMode == .host ? hostPaths.first { $0 == "/dev/shm" } : sharedMemory
      return source.map { [Self.bind($0, at: "/dev/shm", ["rbind", "rprivate"])] } ?? []
    }
  }

  private func requestedMounts() throws(ContainerError) -> [Mount] {
    let asked = try host.allMounts().filter { [.bind, .tmpfs].contains($0.kind) } + volumes.map(\.bind) + images
    var mounts: [Mount] = []
    for request in asked { mounts.append(try requested(request)) }
    var scratch: [Mount] = []
    for (path, options) in host.tmpfs {
      scratch.append(Self.mount("tmpfs", path, "tmpfs", try TmpfsOptions.merged(options)))
    }
    return mounts + scratch
  }

  /// In the order that they have, where none is in another.
  private static func outerFirst(_ mounts: [Mount]) -> [Mount] {
    mounts.enumerated().sorted {
      (depth($0.element.destination), $0.offset) < (depth($1.element.destination), $1.offset)
    }.map(\.element)
  }

  private func requested(_ request: MountRequest) throws(ContainerError) -> Mount {
    switch request.kind {
    case .bind, .volume, .image:
      let access = request.readOnly ? (locksTree(request) ? "rro" : "ro") : "rw"
      let options = [request.recursive ? "rbind" : "bind", access, request.propagation ?? "rprivate"]
      var mount = Self.bind(request.source, at: request.target, options)
      if let ids = try request.ids() {
        mount.options.append(request.idMapOption)
        (mount.uidMappings, mount.gidMappings) = (ids.users.map(\.specified), ids.groups.map(\.specified))
      }
      return mount
    case .tmpfs:
      let access = [request.readOnly ? "ro" : "rw"]
      let mode = request.mode.map { ["mode=\(String($0, radix: 8))"] } ?? []
      let size = request.size.map { ["size=\($0)"] } ?? []
      let options = try TmpfsOptions.merged((access + mode + size + request.options).joined(separator: ","))
      return Self.mount("tmpfs", request.target, "tmpfs", options)
    }
  }

  /// Docker since 25: what is mounted under a read-only bind is read-only too, where the kernel can do it.
  private func locksTree(_ request: MountRequest) -> Bool {
    locksTrees && request.recursive && !request.readOnlyNonRecursive
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

extension IDMap.Entry {
  /// In runtime-spec's words, config.md §POSIX-platform Mounts.
  fileprivate var specified: LinuxIDMapping { LinuxIDMapping(containerID: stored, hostID: shown, size: count) }
}
