internal import ContainerRuntime
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

extension Command {
  static let exec = Command(
    name: "exec", summary: "execute new process inside the container",
    usage: "[command options] <container-id> <command> [command options]  || -p process.json <container-id>",
    options: execOptions, arguments: 1...Int.max, entersContainers: true, failureStatus: 255
  ) { global, parsed throws(RuntimeError) in
    return try ContainerExec(ContainerID(parsed.arguments[0]), options: ExecOptions(global, parsed)).run()
  }

  private static let execOptions: [Option] = [
    .value(
      "console-socket",
      help: "path to an AF_UNIX socket which will receive a descriptor of the console's pseudoterminal"),
    .value("cwd", help: "current working directory in the container"),
    .value("env", "e", help: "set environment variables"),
    .flag("tty", "t", help: "allocate a pseudo-TTY"),
    .value("user", "u", help: "UID (format: <uid>[:<gid>])"),
    .value("additional-gids", "g", help: "additional gids"),
    .value("process", "p", help: "path to the process.json"),
    .flag("detach", "d", help: "detach from the container's process"),
    .value("pid-file", help: "specify the file to write the process id to"),
    .value("process-label", help: "set the asm process label for the process commonly used with selinux"),
    .value("apparmor", help: "set the apparmor profile for the process"),
    .flag("no-new-privs", help: "set the no new privileges value for the process"),
    .value("cap", "c", help: "add a capability to the bounding set for the process"),
    .value("preserve-fds", help: "pass N additional file descriptors to the container (default: 0)"),
    .value("cgroup", help: "run the process in an (existing) sub-cgroup(s). Format is [<controller>:]<cgroup>"),
    pidfdSocketOption,
    .flag("ignore-paused", help: "allow exec in a paused container"),
  ]
}

extension ExecOptions {
  init(_ global: GlobalOptions, _ parsed: ParsedOptions) throws(RuntimeError) {
    self.init()
    root = global.root
    cache = global.cache
    warn = { global.log.warning($0) }
    args = Array(parsed.arguments.dropFirst())
    process = try parsed["process"].map(Self.readProcess)
    if process == nil, args.isEmpty { throw RuntimeError("process args cannot be empty") }
    cwd = parsed["cwd"]
    env = parsed.all("env")
    user = try parsed["user"].map(Self.parseUser)
    additionalGids = try parsed.all("additional-gids").map { text throws(RuntimeError) in
      guard let gid = UInt32(text) else { throw RuntimeError("--additional-gids: \"\(text)\" is no group id") }
      return gid
    }
    terminal = parsed.has("tty")
    noNewPrivileges = parsed.has("no-new-privs")
    capabilities = parsed.all("cap")
    apparmorProfile = parsed["apparmor"]
    selinuxLabel = parsed["process-label"]
    isDetached = parsed.has("detach")
    consoleSocket = parsed["console-socket"]
    pidFile = parsed["pid-file"]
    pidfdSocket = parsed["pidfd-socket"]
    cgroups = parsed.all("cgroup")
    ignorePaused = parsed.has("ignore-paused")
    preservedDescriptors = try parsed.count("preserve-fds")
  }

  private static func readProcess(_ path: String) throws(RuntimeError) -> Process {
    let bytes: [UInt8]
    do { bytes = try AtomicFile.read(path, limit: 16 << 20) } catch { throw RuntimeError(error) }
    do { return try Process(jsonText: bytes) } catch { throw RuntimeError(error, in: path) }
  }

  static func parseUser(_ text: String) throws(RuntimeError) -> User {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var user = User()
    guard parts.count <= 2, let uid = UInt32(parts[0]), let gid = parts.count > 1 ? UInt32(parts[1]) : 0 else {
      throw RuntimeError("--user: \"\(text)\" is not of the form <uid>[:<gid>]")
    }
    (user.uid, user.gid) = (uid, gid)
    return user
  }
}
