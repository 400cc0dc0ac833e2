internal import Synchronization

/// What could not be understood when the daemon started, in words for a person: part of `GET /info`'s warnings.
final class StartProblems: Sendable {
  private let problems = Mutex<[String]>([])

  var all: [String] { problems.withLock { $0 } }

  func add(_ problem: String) { problems.withLock { $0.append(problem) } }
}
