public import JSON

/// What a shim answers. Which reply a request gets, unless it fails, is said at ``ShimRequest``.
public enum ShimReply: Equatable, Sendable {
  case done
  /// The process's id as seen from the shim.
  case process(pid: Int32)
  case exited(ExitRecord)
  case state(ShimState)
  case health(HealthReport)
  case names(NamePorts)
  case failure(ShimFailure)
}

extension ShimReply: JSONConvertible {
  /// `{"reply": "process", "arguments": 4711}`
  public init(json: JSONValue) throws(JSONError) {
    var message = NamedMessage(key: "reply")
    try message.read(json)
    switch message.name {
    case "done": self = .done
    case "process": self = .process(pid: try message.arguments())
    case "exited": self = .exited(try message.arguments())
    case "state": self = .state(try message.arguments())
    case "health": self = .health(try message.arguments())
    case "names": self = .names(try message.arguments())
    case "failure": self = .failure(try message.arguments())
    default: throw message.unknownName
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .done: NamedMessage.write("reply", "done", to: &writer)
    case .process(let pid): NamedMessage.write("reply", "process", pid, to: &writer)
    case .exited(let record): NamedMessage.write("reply", "exited", record, to: &writer)
    case .state(let state): NamedMessage.write("reply", "state", state, to: &writer)
    case .health(let report): NamedMessage.write("reply", "health", report, to: &writer)
    case .names(let ports): NamedMessage.write("reply", "names", ports, to: &writer)
    case .failure(let failure): NamedMessage.write("reply", "failure", failure, to: &writer)
    }
  }
}

/// Why a request was not carried out.
public struct ShimFailure: Error, Equatable, Sendable, JSONMappable {
  public enum Code: String, Sendable, JSONConvertible {
    /// The message is malformed, or an argument makes no sense.
    case invalid
    /// There is no such exec session.
    case notFound
    /// The process is not in a state that allows it.
    case conflict
    /// The runtime's command failed; the message is the runtime's own.
    case runtime
    /// The runtime's command took too long and was killed.
    case timeout
    /// A system call of the shim failed.
    case system
  }

  public var code = Code.invalid
  /// For a person: what was attempted, and why it failed.
  public var message = ""

  public init() {}

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("code", &code)
    try json.required("message", &message)
  }
}

/// What a shim says on an attach stream besides output.
public enum ShimEvent: Equatable, Sendable {
  /// The last frame of an attach stream.
  case closed(Reason)

  public enum Reason: String, Sendable, JSONConvertible {
    /// The process has exited and everything it wrote has been sent.
    case exited
    /// The client did not read what the process wrote; some of it is not sent.
    case slow
    /// The client sent something that is not allowed on an attach stream.
    case invalid
    /// The runtime could not make the process; the answer to `create` or `execStart` says why.
    case failed
    /// The container or the exec session was deleted.
    case deleted
  }
}

extension ShimEvent: JSONConvertible {
  /// `{"event": "closed", "arguments": "exited"}`
  public init(json: JSONValue) throws(JSONError) {
    var message = NamedMessage(key: "event")
    try message.read(json)
    guard message.name == "closed" else { throw message.unknownName }
    self = .closed(try message.arguments())
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .closed(let reason): NamedMessage.write("event", "closed", reason, to: &writer)
    }
  }
}
