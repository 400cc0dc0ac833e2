internal import Containers
internal import EngineAPI

/// Health checks and what they have shown.
enum HealthTranslation {
  static func configuration(_ config: HealthConfig) -> HealthConfiguration {
    var configuration = HealthConfiguration()
    configuration.test = config.test
    configuration.interval = config.interval ?? 0
    configuration.timeout = config.timeout ?? 0
    configuration.startPeriod = config.startPeriod ?? 0
    configuration.startInterval = config.startInterval ?? 0
    configuration.retries = config.retries ?? 0
    return configuration
  }

  /// The way back, for inspect. As in Docker, 0 is not said.
  static func config(_ configuration: HealthConfiguration) -> HealthConfig {
    var config = HealthConfig()
    config.test = configuration.test
    config.interval = given(configuration.interval)
    config.timeout = given(configuration.timeout)
    config.startPeriod = given(configuration.startPeriod)
    config.startInterval = given(configuration.startInterval)
    config.retries = given(configuration.retries)
    return config
  }

  private static func given<Number: BinaryInteger>(_ value: Number) -> Number? { value == 0 ? nil : value }

  static func response(_ health: ContainerHealth) -> Health {
    var answer = Health()
    answer.status = health.status.rawValue
    answer.failingStreak = health.failingStreak
    answer.log = health.log.map { probe in
      var result = HealthcheckResult()
      result.start = probe.start
      result.end = probe.end
      result.exitCode = Int(probe.exitCode)
      result.output = probe.output
      return result
    }
    return answer
  }
}
