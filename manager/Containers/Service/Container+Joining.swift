internal import LinuxKernel
internal import OCIRuntimeSpec

/// What a container is to share with others that run.
struct JoinedNamespaces: Sendable {
  /// The files that stand for their namespaces.
  var paths: [LinuxNamespaceType: String] = [:]
  /// Whose `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf` are the container's too, `nil` for ones of its own.
  var namesOf: ContainerID?
  /// The host name that goes with them.
  var hostname: String?
  /// The host's path of what is to be `/dev/shm`, `nil` for one of the container's own.
  var sharedMemory: String?
}

extension Container {
  /// - Throws: ``ContainerError/failed(_:)`` in Docker's words if one of them does not run, or shares nothing.
  func joinedNamespaces() throws(ContainerError) -> JoinedNamespaces {
    var joined = JoinedNamespaces()
    if case .container(let name) = record.host.pidMode {
      let other = try running(name, explaining: "cannot join PID of a non running container: \(name): ")
      joined.paths[.pid] = "/proc/\(other.pid)/ns/pid"
    }
    if case .container(let name) = record.host.networkMode { try joinNetwork(of: name, &joined) }
    switch record.host.ipcMode {
    case .container(let name):
      let explanation = "can't join IPC of container \(name): "
      let other = try running(name, explaining: explanation, always: true)
      guard other.record.host.ipcMode == .shareable else {
        throw .failed("\(explanation)non-shareable IPC (hint: use IpcMode:shareable for the donor container)")
      }
      joined.paths[.ipc] = "/proc/\(other.pid)/ns/ipc"
      joined.sharedMemory = surroundings.paths.bundle(other.record.id).sharedMemory
    case .shareable: joined.sharedMemory = bundle.sharedMemory
    case .isolated, .none, .host: break
    }
    return joined
  }

  private func joinNetwork(of name: String, _ joined: inout JoinedNamespaces) throws(ContainerError) {
    let other = try surroundings.index.find(name).record
    try Self.checkNotRestarting(other)
    guard let pid = other.state.running?.pid, pid > 0 else {
      throw .conflict("cannot join network of a non running container: \(other.id)")
    }
    joined.paths[.network] = "/proc/\(pid)/ns/net"
    joined.namesOf = other.id
    joined.hostname = BundleWriter.hostname(of: surroundings.index.networkOwner(of: other))
  }

  private func running(
    _ name: String, explaining explanation: String, always: Bool = false
  ) throws(ContainerError) -> (record: ContainerRecord, pid: Int32) {
    let found: ContainerRecord
    do throws(ContainerError) { found = try surroundings.index.find(name).record } catch {
      throw .failed("\(explanation)\(error)")
    }
    let prefix = always ? explanation : ""
    try Self.checkNotRestarting(found, prefix)
    guard let pid = found.state.running?.pid, pid > 0 else {
      throw .failed("\(prefix)container \(found.id) is not running")
    }
    return (found, pid)
  }

  private static func checkNotRestarting(_ other: ContainerRecord, _ prefix: String = "") throws(ContainerError) {
    guard other.state.isRestarting else { return }
    throw .failed("\(prefix)Container \(other.id) is restarting, wait until the container is running")
  }

  /// Makes what others may share. Blocks.
  static func mountSharedMemory(at path: String, size: Int64) throws(SyscallError) {
    try Directory.make(path, mode: 0o700)
    try Mounts.mount(
      "shm", on: path, type: "tmpfs", flags: [.noSetUID, .noDevices, .noExecution], data: "mode=1777,size=\(size)")
  }

  /// Takes that back; those who share it keep it. Nothing there is fine.
  func unmountSharedMemory() async throws {
    guard record.host.ipcMode == .shareable else { return }
    let path = bundle.sharedMemory
    try await surroundings.threads.runIfActive { try Self.unmountSharedMemory(at: path) }
  }

  private static func unmountSharedMemory(at path: String) throws(SyscallError) {
    do throws(SyscallError) { try Mounts.detach(path) } catch {
      // Not there, or not mounted.
      guard [.noEntry, .invalid].contains(error.errno) else { throw error }
    }
    try Directory.removeEmpty(path)
  }
}

extension ContainerService {
  /// With the identifiers of the containers whose namespaces are to be joined in place of their names.
  func resolved(_ host: HostConfiguration) throws(ContainerError) -> HostConfiguration {
    var host = host
    if case .container(let name) = host.pidMode { host.pidMode = .container(try identifier(name)) }
    if case .container(let name) = host.networkMode { host.networkMode = .container(try identifier(name)) }
    if case .container(let name) = host.ipcMode { host.ipcMode = .container(try identifier(name)) }
    host.links = try resolvedLinks(host.links)
    return host
  }

  private func identifier(_ name: String) throws(ContainerError) -> String {
    do throws(ContainerError) { return try index.find(name).record.id.text } catch { throw .invalid("\(error)") }
  }
}

extension ContainerIndex {
  /// A process of another container that shares the container's interfaces and runs, `nil` if there is none.
  func sharer(ofNetworkOf id: ContainerID) -> Int32? {
    let guests = networkGuests().first { networkOwner(of: $0).id == id }
    return guests?.state.running?.pid
  }

  /// The container whose interfaces those of `record` are.
  func networkOwner(of record: ContainerRecord) -> ContainerRecord {
    var owner = record
    // Who was made later joins who was there: this ends. One that is gone has nothing to tell any more.
    while case .container(let name) = owner.host.networkMode, let next = try? find(name).record { owner = next }
    return owner
  }

  /// As ``ContainerService/networkProcesses``.
  func networkProcesses() -> [String: Int32] {
    var processes: [String: Int32] = [:]
    for guest in networkGuests() {
      let owner = networkOwner(of: guest)
      // The mode's name is an identifier, be it that of one which is gone.
      let id = if case .container(let gone) = owner.host.networkMode { gone } else { owner.id.text }
      processes[id] = guest.state.running?.pid
    }
    for record in records() where !record.host.networkMode.isContainer {
      if let pid = record.state.running?.pid, pid > 0 { processes[record.id.text] = pid }
    }
    return processes
  }
}
