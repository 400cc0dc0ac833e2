import Metadata
import Synchronization

/// Collects what a database reports.
final class Incidents: Sendable {
  private let list = Mutex<[SetAside]>([])
  func append(_ what: SetAside) { list.withLock { $0.append(what) } }
  var all: [SetAside] { list.withLock { $0 } }
}
