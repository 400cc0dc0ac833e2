/// Which part of a log somebody wants.
public struct LogRequest: Equatable, Sendable {
  public var stdout = true
  public var stderr = true
  public var follow = false
  /// The last so many lines; `nil`: all.
  public var tail: Int?
  public var since: Timestamp?
  public var until: Timestamp?

  public init() {}

  func wants(_ stream: LogEntry.Stream, _ time: Timestamp) -> Bool {
    guard stream == .stdout ? stdout : stderr else { return false }
    if let since, time < since { return false }
    if let until, time > until { return false }
    return true
  }
}
