public import JSON

/// What a manager asks of a shim, on a unix stream socket in the bundle.
///
/// ```
///  manager                                    proa-shim                     runtime
///     │ exec proa-shim --bundle DIR              │                             │
///     ├─────────────────────────────────────────▶│ reads shim.json, listens    │
///     │◀──────────────────── first process exits 0 (ready)                     │
///     │ connect DIR/shim.sock                    │                             │
///     ├ request create ─────────────────────────▶├ runtime create ────────────▶│
///     │◀──────────────────── reply process {pid} │◀──────────────── --pid-file │
///     │                                          │                             │
///     │ second connection                        │                             │
///     ├ request attach ─────────────────────────▶│ from here on this connection│
///     │◀───────────────────────────── reply done │ is one attach stream        │
///     │                                          │                             │
///     ├ request start ──────────────────────────▶├ runtime start ─────────────▶│
///     │◀───────────────────────────── reply done │                             │
///     │ third connection                         │                             │
///     ├ request wait ───────────────────────────▶│                             │
///     │                                          │                             │
///     │ on the attach stream:                    │                             │
///     ├ stdin … ────────────────────────────────▶│                             │
///     │◀───────────────────────── stdout, stderr │                             │
///     │ half-close: end of stdin (if stdinOnce) ▶│                             │
///     │                                          │ init exits, output drained, │
///     │                                          │ exit.json written, synced   │
///     │◀─────────── event closed {exited}, close │                             │
///     │◀──── on the third: reply exited {record} │                             │
///     ├ request delete ─────────────────────────▶├ runtime delete --force ────▶│
///     │◀───────────────────────────── reply done │ removes shim.sock, shim.pid │
///     │                                          ╵ and exits                   │
/// ```
///
/// - A connection carries control requests, or, once an `attach` was accepted, one attach stream.
/// - Requests on one connection are replied to in their order, one at a time: a `wait` holds up what comes after it, so
///   it has a connection to itself. Connections do not hold up one another, except that one command of the runtime runs
///   at a time.
/// - A malformed frame or message is answered by one reply `failure` with code `invalid`, then the connection ends.
/// - Only the shim's own user and root may speak; others are disconnected without an answer.
/// - There are at most 256 connections; who comes then waits until one has ended.
public enum ShimRequest: Equatable, Sendable {
  /// Runs `<runtime> create`. Reply: `process`.
  case create
  /// Runs `<runtime> start`. Reply: `done`.
  case start
  /// Sends a signal to a process, to all processes of the container if `all`. Reply: `done`.
  case signal(SignalRequest)
  /// Turns this connection into an attach stream. Reply: `done`.
  case attach(AttachRequest)
  /// Ends the process's standard input, whether or not `stdinOnce`, after what clients have sent so far. Reply: `done`.
  case closeStdin(ProcessReference)
  /// Sets the terminal's size. Reply: `done`; `conflict` without a terminal.
  case resize(ResizeRequest)
  /// Prepares an exec session, so that clients can attach before it starts. Reply: `done`.
  case exec(ExecRequest)
  /// Runs `<runtime> exec`. Reply: `process`.
  case execStart(ExecID)
  /// Forgets an exec session that has ended or was never started, and its folder. Reply: `done`.
  case execDelete(ExecID)
  /// Reply: `exited`, once the process has exited and its record is on disk; at once if that was long ago.
  case wait(ProcessReference)
  /// Reply: `state`.
  case state
  /// Reply: `health`, as soon as the report's sequence number is another than this one; at once if it is already. `conflict`
  /// without a health check, and when the container has ended.
  case health(after: UInt64)
  /// Answers questions about names in the container's network namespace from now on, by ``BundleLayout/names``; after `create`.
  /// Reply: `names`, the same ones if it does so already.
  case names
  /// Ends the health check: the container is about to be stopped. Reply: `done`, also if there is none.
  case stopHealthCheck
  /// Runs `<runtime> pause`. Reply: `done`.
  case pause
  /// Runs `<runtime> resume`. Reply: `done`, also if the container has ended meanwhile.
  case resume
  /// Runs `<runtime> update` with an OCI `linux.resources` object (runtime-spec config-linux.md §Control groups). Reply: `done`.
  case update(JSONValue)
  /// Runs `<runtime> delete --force`, which kills what still runs. Reply: `done`, then the shim is gone.
  /// After a failure the shim stays and can be asked again.
  case delete
}

extension ShimRequest: JSONConvertible {
  /// `{"request": "signal", "arguments": {"number": 15}}`
  public init(json: JSONValue) throws(JSONError) {
    var message = NamedMessage(key: "request")
    try message.read(json)
    self = try ShimRequest.make(message)
  }

  // One line per request: longer than other functions, and all there is to know.
  private static func make(_ message: NamedMessage) throws(JSONError) -> ShimRequest {
    switch message.name {
    case "create": .create
    case "start": .start
    case "signal": .signal(try message.arguments())
    case "attach": .attach(try message.arguments())
    case "closeStdin": .closeStdin(try message.arguments())
    case "resize": .resize(try message.arguments())
    case "exec": .exec(try message.arguments())
    case "execStart": .execStart(try message.arguments())
    case "execDelete": .execDelete(try message.arguments())
    case "wait": .wait(try message.arguments())
    case "state": .state
    case "health": .health(after: try message.arguments())
    case "names": .names
    case "stopHealthCheck": .stopHealthCheck
    case "pause": .pause
    case "resume": .resume
    case "update": .update(try message.arguments())
    case "delete": .delete
    default: throw message.unknownName
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .create: NamedMessage.write("request", "create", to: &writer)
    case .start: NamedMessage.write("request", "start", to: &writer)
    case .signal(let signal): NamedMessage.write("request", "signal", signal, to: &writer)
    case .attach(let attach): NamedMessage.write("request", "attach", attach, to: &writer)
    case .closeStdin(let process): NamedMessage.write("request", "closeStdin", process, to: &writer)
    case .resize(let resize): NamedMessage.write("request", "resize", resize, to: &writer)
    case .exec(let exec): NamedMessage.write("request", "exec", exec, to: &writer)
    case .execStart(let id): NamedMessage.write("request", "execStart", id, to: &writer)
    case .execDelete(let id): NamedMessage.write("request", "execDelete", id, to: &writer)
    case .wait(let process): NamedMessage.write("request", "wait", process, to: &writer)
    case .state: NamedMessage.write("request", "state", to: &writer)
    case .health(let sequence): NamedMessage.write("request", "health", sequence, to: &writer)
    case .names: NamedMessage.write("request", "names", to: &writer)
    case .stopHealthCheck: NamedMessage.write("request", "stopHealthCheck", to: &writer)
    case .pause: NamedMessage.write("request", "pause", to: &writer)
    case .resume: NamedMessage.write("request", "resume", to: &writer)
    case .update(let resources): NamedMessage.write("request", "update", resources, to: &writer)
    case .delete: NamedMessage.write("request", "delete", to: &writer)
    }
  }
}
