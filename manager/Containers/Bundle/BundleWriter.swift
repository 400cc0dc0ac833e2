internal import Glibc
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import ShimProtocol

/// Writes what a shim and a runtime need to start a container whose root file system is mounted. Blocks.
struct BundleWriter {
  let record: ContainerRecord
  let paths: ContainerPaths
  let runtime: (name: String, path: String)
  let machine: MachineLimits
  let joined: JoinedNamespaces
  /// Those that it has links to.
  let linked: [LinkedContainer]
  let shimCgroups: [String]
  /// Where CDI's devices are described.
  let deviceFolders: [String]
  /// Under which containers reach the host.
  let hostAddress: String
  /// `nil`: the container's program is its first process.
  let initProgram: InitProgram?
  let defaultSeccomp: @Sendable (Set<String>) -> LinuxSeccomp?

  private var bundle: BundleLayout { paths.bundle(record.id) }

  /// - Throws: ``ContainerError``, or `SyscallError` of the disk.
  func write() throws {
    try Directory.make(paths.data(record.id), mode: 0o710)
    try Directory.make(paths.runtimeRoot(runtime.name), mode: 0o711)
    try Directory.make(bundle.sessions, mode: 0o700)
    var surroundings = SpecBuilder.Surroundings()
    surroundings.hostname = joined.hostname ?? Self.hostname(of: record)
    surroundings.cgroupParent = paths.cgroupParent
    surroundings.user = try UserLookup(root: bundle.rootfs).user(
      record.configuration.user, groups: record.host.groups)
    surroundings.devices = try record.host.devices.flatMap(DeviceRules.devices)
    if record.host.privileged { surroundings.hostDevices = try DeviceRules.hostDevices() }
    surroundings.capabilities = machine.capabilities
    surroundings.hostPaths = SpecMounts.sharedPaths.filter(Machine.exists)
    surroundings.seccompMachine = machine.seccomp
    surroundings.defaultSeccomp = defaultSeccomp
    surroundings.joined = joined
    surroundings.linkVariables = linked.flatMap(\.variables)
    surroundings.locksTrees = machine.locksTrees
    surroundings.blockIO = try record.host.resources.blockIO.spec()
    surroundings.initProgram = try initProgram.map(initPath)
    surroundings.volumes = record.volumes(in: bundle)
    surroundings.images = record.images(in: bundle)
    surroundings.files = try writeNameFiles(hostname: surroundings.hostname)
    let mapped = try record.mappedMounts
    if !mapped.isEmpty { try RuntimeFeatures(of: runtime).requireIDMaps(of: mapped) }
    try prepareBindSources()
    try prepareWorkingDirectory()
    let builder = SpecBuilder(
      id: record.id, configuration: record.configuration, host: record.host, surroundings: surroundings)
    var spec = try builder.spec()
    for request in record.host.driverDevices { try request.inject(into: &spec, folders: deviceFolders) }
    var shim = try shimConfiguration()
    shim.healthCheck = try spec.process.flatMap(healthCheck)
    try Self.write(JSONWriter.bytes(spec), to: bundle.configuration)
    try Self.write(JSONWriter.bytes(shim), to: bundle.shimConfiguration)
  }

  private func shimConfiguration() throws -> ShimConfiguration {
    var shim = ShimConfiguration()
    shim.id = record.id.text
    shim.cgroups = shimCgroups
    shim.openFiles = machine.openFiles
    shim.runtime = runtime.path
    shim.runtimeArguments = ["--root", paths.runtimeRoot(runtime.name)]
    shim.terminal = record.configuration.terminal
    shim.stdin = record.configuration.openStdin
    shim.stdinOnce = record.configuration.stdinOnce
    shim.log = try logConfiguration()
    let size = record.host.consoleSize
    if record.configuration.terminal, size.count == 2, size != [0, 0] {
      shim.consoleSize = TerminalSize(height: size[0], width: size[1])
    }
    return shim
  }

  private func initPath(_ program: InitProgram) throws -> String {
    let capabilities = try CapabilitySet.effective(for: record.host, available: machine.capabilities)
    let changesMounts = capabilities.contains("CAP_SYS_ADMIN")
    return changesMounts ? try program.own(in: paths.data(record.id)) : try program.shared()
  }

  /// As the container's own process, with another command.
  private func healthCheck(in container: Process) throws -> HealthCheck? {
    let configuration = record.configuration
    guard let check = configuration.healthCheck, let arguments = configuration.probeArguments else { return nil }
    var session = ExecConfiguration()
    session.arguments = arguments
    let process = ExecProcess.process(
      session, container: container, user: container.user, available: machine.capabilities)
    return HealthCheck(check, process: try JSONReader.read(JSONWriter.bytes(process)))
  }

  private func logConfiguration() throws -> LogConfiguration {
    let configuration = try LogDrivers.driver(record.host.logDriver).configuration(record, paths)
    if let path = configuration.path, let slash = path.lastIndex(of: "/") {
      try Directory.make(String(path[..<slash]), mode: 0o700)
    }
    return configuration
  }

  /// In place, not by renaming: the bundle lives on a tmpfs and counts only once a shim listens in it.
  private static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(SyscallError) {
    let file = try FileDescriptor.open(path, [.writeOnly, .create, .truncate, .noFollow], mode: mode)
    try file.writeAll(bytes)
  }
}

// MARK: - Names

extension BundleWriter {
  static func hostname(of record: ContainerRecord) -> String {
    let sharesName = record.host.networkMode == .host || record.host.utsMode == .host
    guard record.configuration.hostname.isEmpty, sharesName else { return record.hostname }
    var name = [CChar](repeating: 0, count: 256)
    // Fails only for a buffer that is too short, and 64 bytes are enough.
    gethostname(&name, 255)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The container may change these files: others may read them, as on any machine.
  private func writeNameFiles(hostname: String) throws -> [(target: String, source: String)] {
    if let other = joined.namesOf { return try shareNameFiles(of: other) }
    let sharesNetwork = record.host.networkMode == .host
    let hosts = sharesNetwork ? try Self.hostFile("/etc/hosts") : ""
    let extra = try HostsFile.content(extra: record.host.extraHosts, host: hostAddress)
    let links = linked.map(HostsFile.lines).joined()
    let added = extra.dropFirst(HostsFile.base.count)
    let files = [
      ("/etc/resolv.conf", paths.resolver(record.id), try resolver(sharesNetwork: sharesNetwork)),
      ("/etc/hostname", paths.hostname(record.id), "\(hostname)\n"),
      ("/etc/hosts", paths.hosts(record.id), sharesNetwork ? hosts + added : extra + links),
    ]
    return try files.map { target, source, text in
      try Self.write(Array(text.utf8), to: source, mode: 0o644)
      return (target, source)
    }
  }

  /// They are one and the same, whoever changes them, and stay when the other container goes.
  private func shareNameFiles(of other: ContainerID) throws(SyscallError) -> [(target: String, source: String)] {
    let own = try Self.folder(paths.data(record.id))
    let others = try Self.folder(paths.data(other))
    for name in ["resolv.conf", "hostname", "hosts"] {
      do throws(SyscallError) { try own.remove(at: name) } catch {
        guard error.errno == .noEntry else { throw error }
      }
      try own.makeHardLink(at: name, to: name, in: others)
    }
    return [
      ("/etc/resolv.conf", paths.resolver(record.id)), ("/etc/hostname", paths.hostname(record.id)),
      ("/etc/hosts", paths.hosts(record.id)),
    ]
  }

  private static func folder(_ path: String) throws(SyscallError) -> FileDescriptor {
    try FileDescriptor.open(path, [.readOnly, .directory, .noFollow])
  }

  private func resolver(sharesNetwork: Bool) throws(SyscallError) -> String {
    ResolverFile.content(
      host: try Self.hostFile("/etc/resolv.conf"), configuration: record.host, sharesNetwork: sharesNetwork,
      asksForNames: record.asksForNames)
  }

  /// In the file that the container has mounted; one that the container has changed itself is left as it is.
  static func writeResolver(of record: ContainerRecord, paths: ContainerPaths) throws(SyscallError) {
    let host = try hostFile("/etc/resolv.conf")
    func content(_ asksForNames: Bool) -> String {
      ResolverFile.content(
        host: host, configuration: record.host, sharesNetwork: false, asksForNames: asksForNames)
    }
    let path = paths.resolver(record.id)
    guard try AtomicFile.read(path, limit: 1 << 20) == Array(content(false).utf8) else { return }
    try write(Array(content(true).utf8), to: path, mode: 0o644)
  }

  /// Who is asked for what no network of the container knows.
  static func nameServers(of record: ContainerRecord) throws(SyscallError) -> [String] {
    ResolverFile.servers(host: try hostFile("/etc/resolv.conf"), configuration: record.host)
  }

  /// A host without the file is like one with an empty file.
  private static func hostFile(_ path: String) throws(SyscallError) -> String {
    do throws(SyscallError) { return String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self) } catch
    {
      guard error.errno == .noEntry else { throw error }
      return ""
    }
  }

  /// Adds the address to `/etc/hosts`, in the file that the container has mounted.
  static func addHost(_ endpoint: ContainerEndpoint, of record: ContainerRecord, paths: ContainerPaths) throws {
    let file = try FileDescriptor.open(paths.hosts(record.id), [.writeOnly, .append, .noFollow])
    for address in endpoint.addresses {
      let line = HostsFile.line(
        address: address, hostname: hostname(of: record), domainname: record.configuration.domainname)
      try file.writeAll(Array(line.utf8))
    }
  }
}

extension BundleWriter {
  /// Takes the lines with the address out of `/etc/hosts`, in the file that the container has mounted; the others are as they were.
  static func removeHost(_ endpoint: ContainerEndpoint, of id: ContainerID, paths: ContainerPaths) throws {
    let path = paths.hosts(id)
    let text = String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.filter { line in !endpoint.addresses.contains { line.hasPrefix("\($0)\t") } }
    guard rest.count < lines.count else { return }
    let file = try FileDescriptor.open(path, [.writeOnly, .truncate, .noFollow])
    try file.writeAll(Array(rest.joined(separator: "\n").utf8))
  }

  /// Has the lines of the link lead to these addresses, in the file that the container has mounted; without any, takes them out.
  static func moveHost(_ alias: String, to addresses: [String], at path: String) throws {
    let text = String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self)
    let moved = HostsFile.moving(alias, to: addresses, in: text)
    guard moved != text else { return }
    let file = try FileDescriptor.open(path, [.writeOnly, .truncate, .noFollow])
    try file.writeAll(Array(moved.utf8))
  }
}

// MARK: - What must be there before the runtime looks

extension BundleWriter {
  private func prepareBindSources() throws {
    for mount in try record.host.allMounts() where mount.kind == .bind {
      try mount.checkSource()
      // Through symbolic links, as the mount will go.
      if Machine.exists(mount.source) { continue }
      try Directory.make(mount.source, mode: 0o755)
    }
    let passing = try record.host.allMounts().filter { $0.kind == .bind && $0.passesMountsOn }
    guard !passing.isEmpty else { return }
    let mounts = try SharedMounts.current()
    for mount in passing {
      try mounts.check(
        mount.propagation, source: mount.source, resolved: try CurrentProcess.resolve(mount.source))
    }
  }

  /// Makes the working directory if the image has none. Every prefix is resolved inside the root.
  private func prepareWorkingDirectory() throws {
    let wanted = PathCleaning.clean(record.configuration.workingDirectory)
    let root = try FileDescriptor.open(bundle.rootfs, [.readOnly, .directory])
    do throws(SyscallError) {
      var path = "."
      for name in wanted.split(separator: "/") {
        let parent = try root.open(at: path, [.readOnly, .directory], resolve: [.inRoot, .noMagicLinks])
        try Self.makeFolder(String(name), in: parent)
        path += "/\(name)"
      }
      _ = try root.open(at: path, [.pathOnly, .directory], resolve: [.inRoot, .noMagicLinks])
    } catch {
      guard error.errno == .notDirectory else { throw error }
      throw ContainerError.invalid("Cannot mkdir: \(wanted) is not a directory")
    }
  }

  private static func makeFolder(_ name: String, in parent: borrowing FileDescriptor) throws(SyscallError) {
    do throws(SyscallError) { try check("mkdirat", name) { mkdirat(parent.number, name, 0o755) } } catch {
      guard error.errno == .exists else { throw error }
    }
  }
}
