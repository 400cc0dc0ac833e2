internal import Cgroups
internal import Glibc
internal import JSON
internal import LinuxKernel
package import OCIRuntimeSpec

/// Where the runtime keeps what it knows of one container: `<root>/<id>`.
///
/// `state.json` says what was made, `config.json` is a copy of the bundle's, and `exec.fifo` stands until `start`, with another
/// name until the container is complete. For `run`, which starts it at once, that other name is only a mark.
/// `start.fifo` is there for ``StartOutcome``.
package struct ContainerFolder: Equatable {
  package let id: ContainerID
  package let path: String

  package init(_ id: ContainerID, in root: String) {
    self.id = id
    path = "\(root)/\(id)"
  }

  var statePath: String { "\(path)/state.json" }
  var configPath: String { "\(path)/config.json" }
  var fifoPath: String { "\(path)/exec.fifo" }
  private var earlyFIFOPath: String { "\(path)/exec.fifo~" }
  var outcomePath: String { "\(path)/start.fifo" }

  /// Takes the name: of two that try, one succeeds.
  func make(root: String) throws(RuntimeError) {
    let isNew = try explaining("the state directory") { () throws(SyscallError) in
      do throws(SyscallError) { return try Directory.makeOne(path, mode: 0o711) } catch {
        guard error.errno == .noEntry else { throw error }
        try Directory.make(root)
        // As runc: the sticky bit keeps what is in XDG_RUNTIME_DIR from being tidied away.
        if Rootless.isUnprivileged { try check("chmod", root) { chmod(root, 0o1700) } }
        return try Directory.makeOne(path, mode: 0o711)
      }
    }
    guard isNew else { throw RuntimeError("container with id exists: \(id)") }
  }

  /// The way for `start` to tell the waiting init. Opened for both directions, so that nobody blocks and the init sees no end.
  func makeGate() throws(RuntimeError) -> StartGate { StartGate(owning: try makeFIFO(earlyFIFOPath)) }

  /// From now on the container can be started.
  func complete() throws(RuntimeError) {
    try explaining { () throws(SyscallError) in
      try check("rename", earlyFIFOPath) { rename(earlyFIFOPath, fifoPath) }
    }
  }

  /// The same for a container that is started without a wait: only to show that it is not complete yet.
  func markIncomplete() throws(RuntimeError) {
    try explaining { () throws(SyscallError) in try check("mkfifo", earlyFIFOPath) { mkfifo(earlyFIFOPath, 0o600) } }
  }

  /// From now on the container runs.
  func removeMark() throws(RuntimeError) {
    try explaining { () throws(SyscallError) in try check("unlink", earlyFIFOPath) { unlink(earlyFIFOPath) } }
  }

  func makeFIFO(_ path: String) throws(RuntimeError) -> FileDescriptor {
    try explaining { () throws(SyscallError) in
      try check("mkfifo", path) { mkfifo(path, 0o600) }
      return try FileDescriptor.open(path, .readWrite)
    }
  }

  func remove() throws(RuntimeError) {
    // Mostly these two files are all that is left.
    unlink(statePath)
    unlink(configPath)
    if rmdir(path) == 0 { return }
    try explaining { () throws(SyscallError) in try Directory.removeTree(path) }
  }
}

extension ContainerFolder {
  /// Whether anything is kept under this name, readable or not.
  var exists: Bool { access(path, F_OK) == 0 }

  func save(_ record: ContainerRecord) throws(RuntimeError) {
    // The state directory is on tmpfs: there is no disk to wait for.
    try explaining { () throws(SyscallError) in
      try AtomicFile.write(JSONWriter.bytes(record), to: statePath, durability: .visible)
    }
  }

  /// - Throws: "container does not exist", or what is wrong with the file.
  package func load() throws(RuntimeError) -> ContainerRecord {
    let bytes: [UInt8]
    do { bytes = try AtomicFile.read(statePath, limit: 16 << 20) } catch {
      if error.errno == .noEntry { throw .notThere }
      throw RuntimeError(error)
    }
    do { return try ContainerRecord(jsonText: bytes) } catch { throw RuntimeError(error, in: statePath) }
  }

  func saveConfiguration(_ bytes: [UInt8]) throws(RuntimeError) {
    try explaining { () throws(SyscallError) in
      try FileDescriptor.open(configPath, [.writeOnly, .create, .exclusive]).writeAll(bytes)
    }
  }

  /// Keeps another configuration from now on.
  func replaceConfiguration(_ bytes: [UInt8]) throws(RuntimeError) {
    try explaining { () throws(SyscallError) in try AtomicFile.write(bytes, to: configPath, durability: .visible) }
  }

  /// The configuration that the container was created with, and the limits that it was given since.
  func configuration() throws(RuntimeError) -> Spec {
    let bytes = try explaining { () throws(SyscallError) in try AtomicFile.read(configPath, limit: 16 << 20) }
    do { return try Spec(jsonText: bytes) } catch { throw RuntimeError(error, in: configPath) }
  }

  package func status(of record: ContainerRecord) throws(RuntimeError) -> ContainerStatus {
    let isAlive = try explaining { () throws(SyscallError) in try record.identity.isAlive() }
    guard isAlive else { return .stopped }
    let isFrozen = try explaining { () throws(CgroupError) in try record.isFrozen }
    if isFrozen { return .paused }
    if access(fifoPath, F_OK) == 0 { return .created }
    return access(earlyFIFOPath, F_OK) == 0 ? .creating : .running
  }
}
