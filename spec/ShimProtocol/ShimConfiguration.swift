public import JSON

/// The content of `shim.json`: what a shim has to know before it listens.
public struct ShimConfiguration: Equatable, Sendable, JSONMappable {
  /// The container's identifier, as the runtime is to know it.
  public var id = ""
  /// Absolute path of the OCI runtime's executable.
  public var runtime = ""
  /// What comes before the runtime's command, `["--root", "/run/proa/runtime/proa"]`. The shim itself adds `--log` and
  /// `--log-format`.
  public var runtimeArguments: [String] = []
  /// Seconds that a command of the runtime may take before it is killed.
  public var runtimeTimeout: UInt32 = 120
  /// Whether the container's init has a terminal; says the same as `process.terminal` of `config.json`.
  public var terminal = false
  /// Whether standard input is open until a client or `closeStdin` ends it; otherwise it is at its end at once. A terminal
  /// takes input only if this is set.
  public var stdin = false
  /// Whether standard input ends when an attach client that has it half-closes or goes away.
  public var stdinOnce = false
  public var log = LogConfiguration()
  /// Folders in cgroup file systems that the shim itself joins before it detaches, by writing to their `cgroup.procs`. They
  /// exist already.
  public var cgroups: [String] = []
  /// The terminal's size from the start on, `nil` for the runtime's default.
  public var consoleSize: TerminalSize?
  /// How many descriptors the shim, and so the runtime and a container that says nothing of it, may have open: the soft limit
  /// that the manager was started with, which has raised its own. `nil`: as many as whoever starts the shim.
  public var openFiles: UInt64?
  /// `nil`: nobody asks whether the container is well.
  public var healthCheck: HealthCheck?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.required("runtime", &runtime)
    try json.nonEmpty("runtimeArguments", &runtimeArguments)
    try json.field("runtimeTimeout", &runtimeTimeout)
    try json.flag("terminal", &terminal)
    try json.flag("stdin", &stdin)
    try json.flag("stdinOnce", &stdinOnce)
    try json.field("log", &log)
    try json.nonEmpty("cgroups", &cgroups)
    try json.optional("consoleSize", &consoleSize)
    try json.optional("openFiles", &openFiles)
    try json.optional("healthCheck", &healthCheck)
    if json.isReading { try validate() }
  }

  private func validate() throws(JSONError) {
    guard !id.isEmpty, !id.hasPrefix("-") else { throw JSONError(.invalid("is not a container's name"), path: "id") }
    guard runtime.hasPrefix("/") else { throw JSONError(.invalid("is not an absolute path"), path: "runtime") }
    guard runtimeTimeout > 0 else { throw JSONError(.invalid("must not be 0"), path: "runtimeTimeout") }
    for (index, folder) in cgroups.enumerated() where !folder.hasPrefix("/") {
      throw JSONError(.invalid("is not an absolute path"), path: "cgroups[\(index)]")
    }
  }
}
