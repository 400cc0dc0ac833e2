public import JSON

/// When a container that has ended is started again.
public struct RestartPolicy: Equatable, Sendable, JSONMappable {
  public enum Kind: String, Sendable, CaseIterable, JSONConvertible {
    // Docker names them, in this order.
    case no
    case always
    case onFailure = "on-failure"
    case unlessStopped = "unless-stopped"
  }

  public var kind = Kind.no
  /// How often, with ``Kind/onFailure``; 0: any number of times.
  public var maximumRetries = 0

  public init() {}

  public init(_ kind: Kind, maximumRetries: Int = 0) {
    self.kind = kind
    self.maximumRetries = maximumRetries
  }

  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  public init(docker name: String, maximumRetries: Int) throws(ContainerError) {
    guard !name.isEmpty else {
      self.init()
      return
    }
    guard let kind = Kind(rawValue: name) else {
      let kinds = "'no', 'always', 'on-failure', or 'unless-stopped'"
      throw .invalid("invalid restart policy: unknown policy '\(name)'; use one of \(kinds)")
    }
    if kind != .onFailure, maximumRetries != 0 {
      throw .invalid(
        "invalid restart policy: maximum retry count can only be used with 'on-failure'"
          + (maximumRetries < 0 ? " and cannot be negative" : ""))
    }
    guard maximumRetries >= 0 else {
      throw .invalid("invalid restart policy: maximum retry count cannot be negative")
    }
    self.init(kind, maximumRetries: maximumRetries)
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("kind", &kind)
    try json.field("maximumRetries", &maximumRetries)
  }
}

extension RestartPolicy {
  /// Whether a container that has just ended is to be started again.
  /// - Parameter retries: how often it was by this policy since somebody started it.
  func restarts(afterStatus status: Int32, retries: Int, wasStopped: Bool) -> Bool {
    switch kind {
    case .no: false
    case .onFailure: !wasStopped && status != 0 && (maximumRetries == 0 || retries < maximumRetries)
    case .always, .unlessStopped: !wasStopped
    }
  }

  /// Whether a container that had ended before the daemon did is to be started by the next one.
  func startsWithDaemon(wasStopped: Bool) -> Bool {
    switch kind {
    case .no, .onFailure: false
    case .always: true
    case .unlessStopped: !wasStopped
    }
  }
}

/// How long to wait before the next restart: twice as long as before the last one, unless the container has run well.
struct RestartDelay: Equatable {
  static let first = Duration.milliseconds(100)
  static let longest = Duration.seconds(60)
  /// A run of this length is a good one.
  static let goodRun = Duration.seconds(10)

  private var last: Duration?

  mutating func next(afterRunOf run: Duration) -> Duration {
    if run >= Self.goodRun { last = nil }
    let next = last.map { min($0 * 2, Self.longest) } ?? Self.first
    last = next
    return next
  }
}
