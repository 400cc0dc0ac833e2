internal import Cgroups
internal import ContainerRuntime
internal import LinuxKernel

/// One of the program's commands.
struct Command: Sendable {
  let name: String
  let summary: String
  let usage: String
  let options: [Option]
  /// How many arguments it takes at least and at most.
  let arguments: ClosedRange<Int>
  /// Whether it puts processes into containers, from where this program's file must not be reached.
  let entersContainers: Bool
  /// The exit status when it fails.
  let failureStatus: Int32
  /// Does it.
  /// - Returns: the exit status.
  let run: @Sendable (GlobalOptions, ParsedOptions) throws(RuntimeError) -> Int32

  init(
    name: String, summary: String, usage: String, options: [Option], arguments: ClosedRange<Int>,
    entersContainers: Bool, failureStatus: Int32 = 1,
    run: @escaping @Sendable (GlobalOptions, ParsedOptions) throws(RuntimeError) -> Int32
  ) {
    self.name = name
    self.summary = summary
    self.usage = usage
    self.options = options
    self.arguments = arguments
    self.entersContainers = entersContainers
    self.failureStatus = failureStatus
    self.run = run
  }

  static let names = [
    "create", "delete", "events", "exec", "features", "kill", "list", "pause", "ps", "resume", "run", "spec", "start",
    "state", "update",
  ]

  static var all: [Command] { names.compactMap(named) }

  /// Commands of runc that are not here yet: to ask for one of them is no typing error.
  static let namesOfOthers: Set = ["checkpoint", "restore"]

  /// The names of those that put processes into containers.
  static let namesOfEntering = ["create", "exec", "run"]

  /// Makes this one alone: the program does one thing, and has to be quick.
  static func named(_ name: String) -> Command? {
    switch name {
    case "create": create
    case "delete": delete
    case "events": events
    case "exec": exec
    case "features": features
    case "kill": kill
    case "list": list
    case "pause": pause
    case "ps": ps
    case "resume": resume
    case "run": run
    case "spec": spec
    case "start": start
    case "state": state
    case "update": update
    default: nil
    }
  }

  var help: String {
    """
    NAME:
       proa-runtime \(name) - \(summary)

    USAGE:
       proa-runtime \(name) \(usage)

    OPTIONS:
    \(Help.table(options))

    """
  }
}

/// What stands before the command.
struct GlobalOptions {
  static let options: [Option] = [
    .flag("debug", help: "enable debug logging"),
    .value("log", help: "set the log file to write logs to (default is '/dev/stderr')"),
    .value("log-format", help: "set the log format ('text' (default), or 'json')"),
    .value(
      "root",
      help: "root directory for storage of container state (default: \"/run/proa-runtime\", or "
        + "proa-runtime in XDG_RUNTIME_DIR for an ordinary user)"),
    .value("criu", help: "ignored: there is no checkpointing"),
    .flag("systemd-cgroup", help: "have systemd keep containers: cgroupsPath is then \"slice:prefix:name\""),
    .value("cgroup-manager", help: "who keeps containers: cgroupfs (default), systemd, or disabled: no control groups"),
    .value("rootless", help: "ignore cgroup permission errors ('true', 'false', or 'auto') (default: auto)"),
    .flag("help", "h", help: "show help"),
    .flag("version", "v", help: "print the version"),
  ]

  var root = "/run/proa-runtime"
  var log = Log()
  var rootless = Rootless.auto
  var cgroupManager = CgroupManager.cgroupfs

  /// Where compiled seccomp filters are kept: with the state, so that they go with it. No container can have the name.
  var cache: String { "\(root)/.seccomp~" }

  init(_ options: ParsedOptions) throws(UsageError) {
    log = try Log(path: options["log"], format: options["log-format"] ?? "text", isDebugging: options.has("debug"))
    if let text = options["rootless"] {
      guard let rootless = Rootless(text) else {
        throw UsageError("--rootless: \"\(text)\" is neither true, false nor auto")
      }
      self.rootless = rootless
    }
    cgroupManager = try Self.cgroupManager(options)
    do throws(RuntimeError) {
      if let root = options["root"] {
        self.root = try Self.absolute(root)
      } else if let own = try Rootless.stateDirectory(in: CurrentProcess.environment) {
        root = own
      }
    } catch { throw UsageError("--root: \(error)") }
  }

  init() {}

  private static func cgroupManager(_ options: ParsedOptions) throws(UsageError) -> CgroupManager {
    let isSystemd = options.has("systemd-cgroup")
    guard let name = options["cgroup-manager"] else { return isSystemd ? .systemd : .cgroupfs }
    guard let manager = CgroupManager(rawValue: name) else {
      throw UsageError("--cgroup-manager: \"\(name)\" is none of cgroupfs, systemd and disabled")
    }
    guard !isSystemd || manager == .systemd else {
      throw UsageError("--systemd-cgroup and --cgroup-manager \(name) exclude each other")
    }
    return manager
  }

  private static func absolute(_ path: String) throws(RuntimeError) -> String {
    guard !path.isEmpty else { throw RuntimeError("empty") }
    return try BundlePath.absolute(path)
  }
}
