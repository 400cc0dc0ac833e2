internal import Synchronization

/// What could not be read and was set aside, in words for a person: part of `GET /info`'s warnings.
final class UnreadableThings: Sendable {
  /// As many are told; the log has every one.
  private static let limit = 100

  private let problems = Mutex<[String]>([])

  var all: [String] { problems.withLock { $0 } }

  func add(_ problem: String) {
    problems.withLock { if $0.count < Self.limit { $0.append(problem) } }
  }
}
