internal import Containers
internal import EngineServer
internal import LinuxKernel
internal import Networks
internal import Registry
internal import Snapshots

/// The daemon's command line, understood.
struct DaemonConfiguration: Sendable {
  /// The name of the project's own runtime.
  static let ownRuntime = "proa"

  let addresses: [ListenAddress]
  let paths: ContainerPaths
  let runtimes: RuntimeTable
  /// Absolute path of `proa-shim`.
  let shim: String
  /// Where CDI's devices are described, the most important last.
  let deviceFolders: [String]
  /// Absolute path of what `--init` puts before a container's program.
  let initProgram: String
  /// Whether containers get that whose request does not say.
  let initByDefault: Bool
  let network: NetworkConfiguration
  let logDefaults: LogDefaults
  /// What keeps images and containers; `nil`: what did before, or what the file system allows.
  let storageDriver: StorageDriver?
  let registries: RegistryPlaces
  let proxies: ProxySettings
  /// How long a registry may be silent.
  let registryPatience: Duration

  /// - Throws: an error for a person, naming the option that is wrong.
  init(
    hosts: [String], dataRoot: String, execRoot: String, addedRuntimes: [String], defaultRuntime: String,
    logDriver: String, logOptions: [String], bridge: NetworkOptions, initByDefault: Bool, deviceFolders: [String],
    storageDriver: String?, registries: RegistryOptions, registryTimeout: Int
  ) throws {
    addresses = try hosts.map { try ListenAddress($0) }
    for (option, path) in [("--data-root", dataRoot), ("--exec-root", execRoot)] where !path.hasPrefix("/") {
      throw DaemonError.option(option, "\"\(path)\" is not an absolute path")
    }
    shim = try Programs.find("proa-shim")
    initProgram = try Programs.find("proa-runtime")
    self.initByDefault = initByDefault
    self.deviceFolders = deviceFolders
    for folder in deviceFolders where !folder.hasPrefix("/") {
      throw DaemonError.option("--cdi-spec-dir", "\"\(folder)\" is not an absolute path")
    }
    var runtimes: [String: String] = [:]
    for added in addedRuntimes {
      let parts = added.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw DaemonError.option("--add-runtime", "\"\(added)\" is not NAME=PATH") }
      runtimes[parts[0]] = parts[1]
    }
    if runtimes[Self.ownRuntime] == nil { runtimes[Self.ownRuntime] = initProgram }
    // `--default-runtime runc` alone is enough where there is one.
    if runtimes[defaultRuntime] == nil { runtimes[defaultRuntime] = try Programs.find(defaultRuntime) }
    self.runtimes = try RuntimeTable(runtimes, default: defaultRuntime)
    logDefaults = try Self.logDefaults(logDriver, logOptions)
    self.storageDriver = try storageDriver.map { name in
      guard let driver = StorageDriver(rawValue: name) else {
        throw DaemonError.option("--storage-driver", "\"\(name)\" is not overlay2, btrfs or vfs")
      }
      return driver
    }
    self.registries = try registries.places()
    proxies = try registries.proxies()
    guard (1...3600).contains(registryTimeout) else {
      throw DaemonError.option("--registry-timeout", "\(registryTimeout) is not from 1 to 3600 seconds")
    }
    registryPatience = .seconds(registryTimeout)
    network = try bridge.configuration()
    // Named as the bridge and the nftables table are, of which no two daemons can have the same either.
    paths = ContainerPaths(dataRoot: dataRoot, execRoot: execRoot, cgroupParent: "/\(network.table)")
  }

  private static func logDefaults(_ driver: String, _ options: [String]) throws -> LogDefaults {
    var values: [String: String] = [:]
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw DaemonError.option("--log-opt", "\"\(option)\" is not NAME=VALUE") }
      values[parts[0]] = parts[1]
    }
    do { return try LogDefaults(driver: driver, options: values) } catch {
      throw DaemonError.option("--log-driver, --log-opt", "\(error)")
    }
  }
}

/// Why the daemon does not run.
enum DaemonError: Error, CustomStringConvertible {
  case option(String, String)
  case programNotFound(String)
  case alreadyRunning(folder: String, option: String)

  var description: String {
    switch self {
    case .option(let name, let reason): "\(name): \(reason)"
    case .programNotFound(let name): "\(name) is neither beside proa nor in the PATH"
    case .alreadyRunning(let folder, let option):
      "another daemon uses \(folder); stop it, or choose another \(option)"
    }
  }
}

/// The executables that belong to this one.
enum Programs {
  /// Beside this executable, then in the `PATH`.
  static func find(_ name: String) throws -> String {
    let own = try Machine.ownExecutable()
    let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? ""
    let path = Machine.variable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    for folder in [folder] + path.split(separator: ":").map(String.init) where folder.hasPrefix("/") {
      let candidate = "\(folder)/\(name)"
      if Machine.canExecute(candidate) { return candidate }
    }
    throw DaemonError.programNotFound(name)
  }
}
