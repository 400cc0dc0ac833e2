internal import ArgumentParser
internal import Containers
internal import Logging

/// `proa daemon`
struct DaemonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon", abstract: "Looks after containers and serves the Engine API.")

  @Option(name: [.customShort("H"), .customLong("host")], help: "Where to listen, unix:///path. Can be repeated.")
  var hosts: [String] = []

  @Option(help: "What is to survive a reboot: images, containers, logs.")
  var dataRoot = "/var/lib/proa"

  @Option(help: "What is not: bundles, sockets. Best on a tmpfs.")
  var execRoot = "/run/proa"

  @Option(help: "An OCI runtime, NAME=/path. Can be repeated.")
  var addRuntime: [String] = []

  @Option(help: "The name of the runtime for containers that do not ask for one.")
  var defaultRuntime = DaemonConfiguration.ownRuntime

  @Option(
    name: .customLong("cdi-spec-dir"),
    help:
      "Where devices are described (CDI), the most important last. Can be repeated. (default: /etc/cdi /var/run/cdi)")
  var deviceFolders: [String] = []

  @Flag(name: .customLong("init"), help: "Run an init in containers that do not say whether they want one.")
  var initByDefault = false

  @Option(help: "How the output of containers is kept that do not ask for another way: json-file, local or none.")
  var logDriver = LogDefaults.standard.driver

  @Option(name: .customLong("log-opt"), help: "An option of that, NAME=VALUE. Can be repeated.")
  var logOptions: [String] = []

  @Option(
    name: .shortAndLong,
    help: "What keeps images and containers: overlay2, btrfs or vfs. (default: the first of them that works there)")
  var storageDriver: String?

  @Option(help: "The bridge's own address and its network.")
  var bip = "172.30.0.1/16"

  @Option(
    name: .customLong("default-address-pool"),
    help:
      "Where networks find their subnets whose maker names none, base=172.24.0.0/13,size=24 (the default). Can be repeated."
  )
  var addressPools: [String] = []

  @Flag(help: "Give the default network IPv6, too.")
  var ipv6 = false

  @Option(
    name: .customLong("fixed-cidr-v6"),
    help: "The default network's subnet of IPv6. (default: one of the unique local addresses)")
  var fixedCIDRv6: String?

  @Option(help: "The name of the bridge's interface.")
  var bridge = "proa0"

  @Option(
    help:
      "A registry that may be spoken to without knowing it: HOST, HOST:PORT or a network, 10.0.0.0/8. Can be repeated.")
  var insecureRegistry: [String] = []

  @Option(help: "A web address that has copies of what Docker's registry has. Can be repeated.")
  var registryMirror: [String] = []

  @Option(
    name: .customLong("certs-dir"),
    help:
      "Where certificates and hosts.toml are kept, each registry's in a folder of its name; the first one counts. Can be repeated. (default: /etc/proa/certs.d /etc/docker/certs.d)"
  )
  var certificateFolders: [String] = []

  @Option(help: "The proxy for registries without TLS. (default: HTTP_PROXY in the environment)")
  var httpProxy: String?

  @Option(help: "The proxy for registries with TLS. (default: HTTPS_PROXY)")
  var httpsProxy: String?

  @Option(help: "Registries that are spoken to without a proxy, with commas between. (default: NO_PROXY)")
  var noProxy: String?

  @Option(help: "For how many seconds a registry may be silent.")
  var registryTimeout = 60

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  mutating func run() async throws {
    guard let level = Logger.Level(rawValue: logLevel) else {
      throw ValidationError("unknown log level \"\(logLevel)\"")
    }
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "proa")
    logger.logLevel = level
    do { try await Daemon.run(try configuration(), logger: logger) } catch {
      logger.critical("\(error)")
      throw ExitCode.failure
    }
  }

  private func configuration() throws -> DaemonConfiguration {
    try DaemonConfiguration(
      hosts: hosts.isEmpty ? ["unix://\(execRoot)/proa.sock"] : hosts, dataRoot: dataRoot, execRoot: execRoot,
      addedRuntimes: addRuntime, defaultRuntime: defaultRuntime, logDriver: logDriver, logOptions: logOptions,
      bridge: NetworkOptions(bridge: bridge, address: bip, pools: addressPools, ipv6: ipv6, ipv6Subnet: fixedCIDRv6),
      initByDefault: initByDefault,
      deviceFolders: deviceFolders.isEmpty ? ["/etc/cdi", "/var/run/cdi"] : deviceFolders,
      storageDriver: storageDriver, registries: registries, registryTimeout: registryTimeout)
  }

  private var registries: RegistryOptions {
    RegistryOptions(
      insecure: insecureRegistry, mirrors: registryMirror,
      folders: certificateFolders.isEmpty ? ["/etc/proa/certs.d", "/etc/docker/certs.d"] : certificateFolders,
      httpProxy: httpProxy, httpsProxy: httpsProxy, noProxy: noProxy)
  }
}
