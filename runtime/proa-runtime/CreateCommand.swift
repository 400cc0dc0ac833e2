internal import ContainerRuntime

extension Command {
  static let pidfdSocketOption = Option.value(
    "pidfd-socket", help: "path to an AF_UNIX socket which will receive a file descriptor referencing the process")

  static let creationOptions: [Option] = [
    .value("bundle", "b", help: "path to the root of the bundle directory, defaults to the current directory"),
    .value(
      "console-socket",
      help: "path to an AF_UNIX socket which will receive a descriptor of the console's pseudoterminal"),
    .value("pid-file", help: "specify the file to write the process id to"),
    pidfdSocketOption,
    .flag("no-pivot", help: "do not use pivot root, for a rootfs on top of a ramdisk"),
    .flag("no-new-keyring", help: "do not create a new session keyring for the container"),
    .value("preserve-fds", help: "pass N additional file descriptors to the container (default: 0)"),
    .value("config", "f", help: "read the configuration from another file than the bundle's config.json"),
  ]

  static let create = Command(
    name: "create", summary: "create a container", usage: "[command options] <container-id>",
    options: creationOptions, arguments: 1...1, entersContainers: true
  ) { global, parsed throws(RuntimeError) in
    let creation = try ContainerCreation(
      ContainerID(parsed.arguments[0]), options: CreateOptions(global, parsed, isDetached: true))
    _ = try creation.create()
    return 0
  }

  static let start = Command(
    name: "start", summary: "executes the user defined process in a created container", usage: "<container-id>",
    options: [], arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let container = try Container(ContainerID(parsed.arguments[0]), root: global.root)
    for failure in try container.start() { global.log.warning("\(failure)") }
    return 0
  }
}

extension CreateOptions {
  init(_ global: GlobalOptions, _ parsed: ParsedOptions, isDetached: Bool) throws(RuntimeError) {
    self.init()
    root = global.root
    cache = global.cache
    rootless = global.rootless
    warn = { global.log.warning($0) }
    debug = global.log.debug
    bundle = try BundlePath.absolute(parsed["bundle"] ?? ".")
    if let config = parsed["config"] { configuration = config }
    consoleSocket = parsed["console-socket"]
    pidFile = parsed["pid-file"]
    pidfdSocket = parsed["pidfd-socket"]
    cgroupManager = global.cgroupManager
    noPivot = parsed.has("no-pivot")
    noNewKeyring = parsed.has("no-new-keyring")
    self.isDetached = isDetached
    preservedDescriptors = try parsed.count("preserve-fds")
  }
}

extension ParsedOptions {
  /// A number of things; 0 if it was not given.
  func count(_ name: String) throws(RuntimeError) -> Int32 {
    guard let text = self[name] else { return 0 }
    guard let count = Int32(text), (0...1024).contains(count) else {
      throw RuntimeError("--\(name): \"\(text)\" is no number from 0 to 1024")
    }
    return count
  }
}
