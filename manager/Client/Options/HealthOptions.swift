internal import ArgumentParser
internal import EngineAPI

/// Options about a new container's health check.
struct HealthOptions: ParsableArguments {
  @Option(name: .long, parsing: .unconditional, help: "Command to run to check health")
  var healthCmd = ""
  @Option(name: .long, help: "Time between running the check (ms|s|m|h)")
  var healthInterval = "0s"
  @Option(name: .long, parsing: .unconditional, help: "Consecutive failures needed to report unhealthy")
  var healthRetries = 0
  @Option(name: .long, help: "Time between running the check during the start period (ms|s|m|h)")
  var healthStartInterval = "0s"
  @Option(name: .long, help: "Start period for the container to initialize before counting retries (ms|s|m|h)")
  var healthStartPeriod = "0s"
  @Option(name: .long, help: "Maximum time to allow one check to run (ms|s|m|h)")
  var healthTimeout = "0s"
  @Flag(name: .long, help: "Disable any container-specified HEALTHCHECK")
  var noHealthcheck = false

  /// `nil`: as the image says.
  func healthConfig() throws(ClientError) -> HealthConfig? {
    var config = HealthConfig()
    config.interval = try Self.duration(healthInterval, "interval")
    config.timeout = try Self.duration(healthTimeout, "timeout")
    config.startPeriod = try Self.duration(healthStartPeriod, "start-period")
    config.startInterval = try Self.duration(healthStartInterval, "start-interval")
    if healthRetries < 0 { throw .usage("--health-retries cannot be negative") }
    config.retries = healthRetries == 0 ? nil : healthRetries
    config.test = healthCmd.isEmpty ? [] : ["CMD-SHELL", healthCmd]
    guard config != HealthConfig() else {
      if noHealthcheck { config.test = ["NONE"] }
      return noHealthcheck ? config : nil
    }
    if noHealthcheck { throw .usage("--no-healthcheck conflicts with --health-* options") }
    return config
  }

  private static func duration(_ text: String, _ name: String) throws(ClientError) -> Int64? {
    guard let duration = GoDuration(text) else {
      let value = GoText.quote(text)
      throw .usage("invalid argument \(value) for \"--health-\(name)\" flag: time: invalid duration \(value)")
    }
    if duration.nanoseconds < 0 { throw .usage("--health-\(name) cannot be negative") }
    return duration.nanoseconds == 0 ? nil : duration.nanoseconds
  }
}
