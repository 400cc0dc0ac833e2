internal import EngineAPI
internal import JSON

/// What `proa version` and `proa info` print.
enum SystemReport {
  static func client(address: DaemonAddress) -> String {
    "Client:\n"
      + lines([
        (" API version:", EngineClient.version), (" OS/Arch:", "linux/\(architecture)"), (" Host:", "\(address)"),
      ])
  }

  /// The client's part of `version`'s JSON.
  static var client: JSONValue {
    .object(
      JSONObject([
        ("ApiVersion", .string(EngineClient.version)), ("DefaultAPIVersion", .string(EngineClient.version)),
        ("Os", .string("linux")), ("Arch", .string(architecture)),
      ]))
  }

  static func server(_ version: SystemVersion) -> String {
    let engine =
      "Server: \(version.platform.name)".trimmingEnd() + "\n Engine:\n"
      + lines([
        ("  Version:", version.version),
        ("  API version:", "\(version.apiVersion) (minimum version \(version.minimumAPIVersion))"),
        ("  Git commit:", version.gitCommit), ("  Built:", version.buildTime),
        ("  OS/Arch:", "\(version.os)/\(version.architecture)"), ("  Experimental:", "\(version.experimental)"),
      ])
    return engine
      + version.components.filter { $0.name != "Engine" }.map { part in
        " \(part.name):\n"
          + lines([("  Version:", part.version), ("  GitCommit:", part.details?["GitCommit"] ?? "")])
      }.joined()
  }

  static func info(_ info: SystemInfo) -> String {
    var text = "Server:\n"
    func line(_ name: String, _ value: String, _ indent: Int = 1) {
      text += String(repeating: " ", count: indent) + "\(name): \(value)\n"
    }
    line("Containers", "\(info.containers.total)")
    line("Running", "\(info.containers.running)", 2)
    line("Paused", "\(info.containers.paused)", 2)
    line("Stopped", "\(info.containers.stopped)", 2)
    line("Images", "\(info.images)")
    line("Server Version", info.serverVersion)
    line("Storage Driver", info.driver)
    for pair in info.driverStatus where pair.count == 2 { line(pair[0], pair[1], 2) }
    line("Logging Driver", info.loggingDriver)
    line("Cgroup Driver", info.cgroupDriver)
    line("Cgroup Version", info.cgroupVersion)
    line("Runtimes", info.runtimes.keys.sorted().joined(separator: " "))
    line("Default Runtime", info.defaultRuntime)
    text += securityOptions(info.securityOptions)
    line("Kernel Version", info.host.kernelVersion)
    line("Operating System", info.host.operatingSystem)
    line("OSType", info.host.osType)
    line("Architecture", info.host.architecture)
    line("CPUs", "\(info.host.processors)")
    line("Total Memory", HumanSize.binary(info.host.memoryTotal))
    line("Name", info.host.name)
    line("ID", info.id)
    line("Root Dir", info.rootDirectory)
    line("Debug Mode", "\(info.activity.debug)")
    line("Live Restore Enabled", "\(info.liveRestoreEnabled)")
    return text + "\n"
  }

  /// `name=seccomp,profile=builtin` is a line for the name and one for each of its properties.
  private static func securityOptions(_ options: [String]) -> String {
    guard !options.isEmpty else { return "" }
    var text = " Security Options:\n"
    for option in options {
      for property in option.split(separator: ",") {
        let parts = property.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        let name = parts[0].prefix(1).uppercased() + parts[0].dropFirst()
        text += parts[0] == "name" ? "  \(parts[1])\n" : "   \(name): \(parts[1])\n"
      }
    }
    return text
  }

  /// Values stand under one another.
  private static func lines(_ pairs: [(String, String)]) -> String {
    pairs.map { name, value in
      (name + String(repeating: " ", count: max(1, 20 - name.count)) + value).trimmingEnd() + "\n"
    }.joined()
  }

  private static var architecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}

extension String {
  fileprivate func trimmingEnd() -> String { String(reversed().drop { $0 == " " }.reversed()) }
}
