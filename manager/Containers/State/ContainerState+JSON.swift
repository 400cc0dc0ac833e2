public import JSON

/// As the database keeps it: `{"status": "running", "pid": 42, "startedAt": "…"}`.
extension ContainerState: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let form = try StoredState(json: json)
    guard let status = Status(rawValue: form.status) else {
      throw JSONError(.invalid("unknown status \"\(form.status)\""), path: "status")
    }
    switch status {
    case .created:
      self = .created(form.error.map { StartFailure(message: $0, status: form.exitStatus ?? 128) })
    case .running, .paused:
      guard let pid = form.pid else { throw JSONError(.missing, path: "pid") }
      guard let startedAt = form.startedAt else { throw JSONError(.missing, path: "startedAt") }
      var running = Running(pid: pid, startedAt: startedAt, sandboxID: form.sandboxID)
      running.isPaused = status == .paused
      self = .running(running)
    case .exited, .restarting:
      guard let exitStatus = form.exitStatus else { throw JSONError(.missing, path: "exitStatus") }
      guard let finishedAt = form.finishedAt else { throw JSONError(.missing, path: "finishedAt") }
      let exit = Exit(
        status: exitStatus, outOfMemory: form.outOfMemory, startedAt: form.startedAt, finishedAt: finishedAt,
        error: form.error ?? "")
      self = status == .exited ? .exited(exit) : .restarting(exit)
    case .removing: self = .removing
    case .dead: self = .dead(reason: form.error ?? "")
    }
  }

  public func write(to writer: inout JSONWriter) {
    var form = StoredState()
    form.status = status.rawValue
    switch self {
    case .created(let failure):
      form.error = failure?.message
      form.exitStatus = failure?.status
    case .running(let running):
      form.pid = running.pid
      form.startedAt = running.startedAt
      form.sandboxID = running.sandboxID
    case .exited(let exit), .restarting(let exit):
      form.exitStatus = exit.status
      form.outOfMemory = exit.outOfMemory
      form.startedAt = exit.startedAt
      form.finishedAt = exit.finishedAt
      form.error = exit.error.isEmpty ? nil : exit.error
    case .removing: break
    case .dead(let reason): form.error = reason
    }
    form.write(to: &writer)
  }
}

private struct StoredState: JSONMappable {
  var status = ""
  var pid: Int32?
  var sandboxID = ""
  var startedAt: Timestamp?
  var finishedAt: Timestamp?
  var exitStatus: Int32?
  var outOfMemory = false
  var error: String?

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("status", &status)
    try json.optional("pid", &pid)
    try json.nonEmpty("sandboxID", &sandboxID)
    try json.optional("startedAt", &startedAt)
    try json.optional("finishedAt", &finishedAt)
    try json.optional("exitStatus", &exitStatus)
    try json.flag("outOfMemory", &outOfMemory)
    try json.optional("error", &error)
  }
}
