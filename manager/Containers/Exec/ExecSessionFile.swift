public import JSON
internal import LinuxKernel
internal import ShimProtocol

/// `sessions/<id>.json` in the bundle: what of an exec session the shim does not know. Blocks.
///
/// ```
/// written when the session is made: {"configuration": …}
/// and when it has ended:            {"configuration": …, "ended": true, "status": 0, "pid": 42}
/// ```
enum ExecSessionFile {
  private static let limit = 4 << 20

  /// The bundle is on a tmpfs: nothing here is to survive a power cut.
  /// - Throws: `ENOENT` if the container has ended and its bundle is gone.
  static func write(_ session: ExecSnapshot, in bundle: BundleLayout) throws {
    guard let id = ExecID(session.id) else { throw ContainerError.execNotFound(session.id) }
    var form = StoredSession()
    form.container = session.container.text
    form.configuration = session.configuration
    if case .exited(let status, let pid) = session.state {
      form.ended = true
      form.status = status
      form.pid = pid
    }
    try AtomicFile.write(JSONWriter.bytes(form), to: bundle.session(id), durability: .visible)
  }

  /// Every session in the bundle, and the paths of files that cannot be read.
  static func readAll(in bundle: BundleLayout) throws -> (sessions: [ExecSnapshot], unreadable: [String]) {
    guard try FileStatus.of(bundle.sessions) != nil else { return ([], []) }
    var (sessions, unreadable): ([ExecSnapshot], [String]) = ([], [])
    for name in try Directory.names(bundle.sessions) {
      // A write that was cut short: the file before it is still there, or the client was not told of the session.
      guard name.hasSuffix(".json") else { continue }
      let path = "\(bundle.sessions)/\(name)"
      do { sessions.append(try read(path, id: String(name.dropLast(5)))) } catch {
        unreadable.append("\(path): \(error)")
      }
    }
    return (sessions, unreadable)
  }

  private static func read(_ path: String, id: String) throws -> ExecSnapshot {
    let form = try StoredSession(jsonText: AtomicFile.read(path, limit: limit))
    guard ExecID(id) != nil, let container = ContainerID(form.container) else {
      throw ContainerError.invalid("\"\(id)\" in \"\(form.container)\" is no exec session")
    }
    return ExecSnapshot(
      id: id, container: container, configuration: form.configuration,
      state: form.ended ? .exited(status: form.status, pid: form.pid) : .created)
  }
}

private struct StoredSession: JSONMappable {
  var container = ""
  var configuration = ExecConfiguration()
  var ended = false
  var status: Int32?
  var pid: Int32?

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("container", &container)
    try json.required("configuration", &configuration)
    try json.flag("ended", &ended)
    try json.optional("status", &status)
    try json.optional("pid", &pid)
  }
}

extension ExecConfiguration: JSONMappable {
  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("arguments", &arguments)
    try json.nonEmpty("environment", &environment)
    try json.optional("workingDirectory", &workingDirectory)
    try json.nonEmpty("user", &user)
    try json.flag("terminal", &terminal)
    try json.flag("privileged", &privileged)
    try json.flag("stdin", &streams.stdin)
    try json.flag("stdout", &streams.stdout)
    try json.flag("stderr", &streams.stderr)
    try json.nonEmpty("detachKeys", &detachKeys)
    try json.nonEmpty("consoleSize", &consoleSize)
  }
}
