public import JSON

public struct SignalRequest: Equatable, Sendable, JSONMappable {
  public var process = ProcessReference.container
  /// A signal number of this machine, 1 to 64.
  public var number: Int32 = 0
  /// To every process of the container (`<runtime> kill --all`), not only to `process`.
  public var all = false

  public init() {}

  public init(number: Int32, process: ProcessReference = .container, all: Bool = false) {
    self.number = number
    self.process = process
    self.all = all
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("process", &process)
    try json.required("number", &number)
    try json.flag("all", &all)
    if json.isReading, !(1...64).contains(number) {
      throw JSONError(.invalid("\(number) is not a signal"), path: "number")
    }
  }
}

/// Which streams of a process a client wants.
///
/// A client gets what the process writes from the reply on; attached before the start, it sees every byte. A client that
/// reads too slowly is cut off (event `closed`, reason `slow`) rather than holding up the process, unless it is `lossless`.
public struct AttachRequest: Equatable, Sendable, JSONMappable {
  public var process = ProcessReference.container
  public var stdin = false
  public var stdout = false
  /// Nothing comes with a terminal: everything is `stdout` then.
  public var stderr = false
  /// Whether the process waits for this client, as it would for the reader of a pipe: `docker run image tar c / | slow`.
  /// It goes on as soon as the client reads or is gone. Its end waits for nobody: the shim keeps what was written before it,
  /// at most 4 MiB, for as long as the client takes, ten seconds and no longer.
  public var lossless = false

  public init() {}

  public init(
    process: ProcessReference = .container, stdin: Bool, stdout: Bool, stderr: Bool, lossless: Bool = false
  ) {
    self.process = process
    self.stdin = stdin
    self.stdout = stdout
    self.stderr = stderr
    self.lossless = lossless
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("process", &process)
    try json.flag("stdin", &stdin)
    try json.flag("stdout", &stdout)
    try json.flag("stderr", &stderr)
    try json.flag("lossless", &lossless)
  }
}

/// A terminal's size in characters.
public struct TerminalSize: Equatable, Sendable, JSONMappable {
  public var height: UInt16 = 0
  public var width: UInt16 = 0

  public init() {}

  public init(height: UInt16, width: UInt16) {
    self.height = height
    self.width = width
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("height", &height)
    try json.required("width", &width)
  }
}

public struct ResizeRequest: Equatable, Sendable, JSONMappable {
  public var process = ProcessReference.container
  public var size = TerminalSize()

  public init() {}

  public init(process: ProcessReference = .container, size: TerminalSize) {
    self.process = process
    self.size = size
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("process", &process)
    try size.map(&json)
  }
}

public struct ExecRequest: Equatable, Sendable, JSONMappable {
  /// Not in use by another session.
  public var id: ExecID
  /// An OCI `process` object (runtime-spec config.md §Process), given to the runtime as it is but for `consoleSize`. Its `terminal` member must
  /// say the same as `terminal`.
  public var process = JSONValue.null
  public var terminal = false
  /// Whether standard input is open until a client or `closeStdin` ends it; otherwise it is at its end at once.
  public var stdin = false
  /// The terminal's size from the start on, `nil` for the runtime's default.
  public var consoleSize: TerminalSize?

  public init() { id = ExecID.none }

  public init(
    id: ExecID, process: JSONValue, terminal: Bool = false, stdin: Bool = false, consoleSize: TerminalSize? = nil
  ) {
    self.id = id
    self.process = process
    self.terminal = terminal
    self.stdin = stdin
    self.consoleSize = consoleSize
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.required("process", &process)
    try json.flag("terminal", &terminal)
    try json.flag("stdin", &stdin)
    try json.optional("consoleSize", &consoleSize)
  }
}
