/// What the system routes need of the engine.
package protocol SystemBackend: Sendable {
  /// What never changes while the daemon runs.
  var build: EngineBuild { get }
  /// What it is like now.
  func facts() async throws -> SystemFacts
}

/// What the engine was made of, and the kernel that it runs on.
package struct EngineBuild: Equatable, Sendable {
  package var version: String
  /// Empty: not known.
  package var commit: String
  /// RFC 3339; empty: not known.
  package var time: String
  package var kernelVersion: String

  package init(version: String, commit: String, time: String, kernelVersion: String) {
    self.version = version
    self.commit = commit
    self.time = time
    self.kernelVersion = kernelVersion
  }
}

/// What there is to know of an engine.
package struct SystemFacts: Sendable {
  package var id = ""
  /// How many containers there are, how many of them run, and how many are paused.
  package var containers = (total: 0, running: 0, paused: 0)
  package var images = 0
  /// Clients that wait for events.
  package var eventListeners = 0
  package var storageDriver = ""
  /// What the storage driver says of itself: names and values.
  package var storageStatus: [[String]] = []
  package var logDrivers: [String] = []
  package var defaultLogDriver = ""
  package var networkDrivers: [String] = []
  /// Executables by name.
  package var runtimes: [String: String] = [:]
  package var defaultRuntime = ""
  /// Where CDI's devices are described.
  package var deviceFolders: [String] = []
  package var registries = Registries()
  package var dataRoot = ""
  /// `name=seccomp,profile=builtin`.
  package var securityOptions: [String] = []
  /// For whoever administers the machine.
  package var warnings: [String] = []
  package var host = Host()
  /// RFC 3339.
  package var time = ""

  package init() {}
}

extension SystemFacts {
  /// How registries are spoken to.
  package struct Registries: Equatable, Sendable {
    package var mirrors: [String] = []
    package var httpProxy = ""
    package var httpsProxy = ""
    package var noProxy = ""

    package init() {}
  }

  /// The machine.
  package struct Host: Equatable, Sendable {
    package var name = ""
    package var operatingSystem = ""
    /// Of the operating system, `12`; empty: it has none.
    package var systemVersion = ""
    /// The machine's name for itself, `x86_64`.
    package var architecture = ""
    package var processors = 0
    /// Bytes.
    package var memory: Int64 = 0
    package var cgroupVersion = 2
    /// Of the kernel's cgroup controllers those that are mounted: `memory`, `cpu`, …
    package var controllers: Set<String> = []
    /// Whether memory limits can include swap.
    package var countsSwap = false
    package var forwardsIPv4 = false

    package init() {}
  }
}
