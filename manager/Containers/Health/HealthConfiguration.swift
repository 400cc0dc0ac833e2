public import JSON
internal import OCIImageSpec

/// How somebody wants to find out whether a container is well. Times are nanoseconds; 0 is what the image says, or Docker's
/// default.
public struct HealthConfiguration: Equatable, Sendable, JSONMappable {
  /// Empty: the image's; `NONE`: none; `CMD` and arguments; or `CMD-SHELL` and a text.
  public var test: [String] = []
  public var interval: Int64 = 0
  public var timeout: Int64 = 0
  public var startPeriod: Int64 = 0
  public var startInterval: Int64 = 0
  public var retries = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("test", &test)
    try json.field("interval", &interval)
    try json.field("timeout", &timeout)
    try json.field("startPeriod", &startPeriod)
    try json.field("startInterval", &startInterval)
    try json.field("retries", &retries)
  }

  /// What is run in the container, `nil` if nothing is.
  /// - Parameter shell: what runs a text.
  func arguments(shell: [String]) -> [String]? {
    switch test.first {
    case "CMD": Array(test.dropFirst())
    case "CMD-SHELL": shell + test.dropFirst()
    default: nil
    }
  }

  /// - Throws: ``ContainerError/invalid(_:)``, with Docker's messages where it has some.
  func validate() throws(ContainerError) {
    let times = [
      ("Interval", interval), ("Timeout", timeout), ("StartPeriod", startPeriod), ("StartInterval", startInterval),
    ]
    for (name, time) in times where time != 0 && time < 1_000_000 {
      throw .invalid("\(name) in Healthcheck cannot be less than 1ms")
    }
    if retries < 0 { throw .invalid("Retries in Healthcheck cannot be negative") }
    guard let kind = test.first, kind != "NONE" else { return }
    guard ["CMD", "CMD-SHELL"].contains(kind) else {
      throw .invalid("Unknown healthcheck type '\(kind)' (expected 'CMD')")
    }
    guard test.count > 1, !test[1].isEmpty else { throw .invalid("the health check has no command") }
    for text in test where text.contains("\0") { throw .invalid("a null byte in the health check") }
  }
}

extension HealthConfiguration {
  /// What an image says.
  init(_ image: Healthcheck) {
    test = image.test
    interval = image.interval ?? 0
    timeout = image.timeout ?? 0
    startPeriod = image.startPeriod ?? 0
    startInterval = image.startInterval ?? 0
    retries = image.retries ?? 0
  }

  /// With what the image says in place of what the request does not.
  func filled(from image: HealthConfiguration) -> HealthConfiguration {
    var filled = self
    if test.isEmpty { filled.test = image.test }
    if interval == 0 { filled.interval = image.interval }
    if timeout == 0 { filled.timeout = image.timeout }
    if startPeriod == 0 { filled.startPeriod = image.startPeriod }
    if startInterval == 0 { filled.startInterval = image.startInterval }
    if retries == 0 { filled.retries = image.retries }
    return filled
  }
}

extension ContainerConfiguration {
  /// What is run to find out whether the container is well, `nil` if nobody asks.
  var probeArguments: [String]? { healthCheck?.arguments(shell: shell.isEmpty ? ["/bin/sh", "-c"] : shell) }
}
