internal import ShimProtocol
internal import Synchronization

/// The attach connections that are open, by the process whose streams they carry. A client takes output at its own pace, and the
/// shim keeps what was not taken; when the process has ended and the shim goes, the rest has to be here.
final class AttachedConnections: Sendable {
  private struct Place: Hashable {
    let bundle: String
    let process: ProcessReference
  }

  private struct Weak {
    weak var connection: ShimConnection?
  }

  private let places = Mutex<[Place: [Weak]]>([:])

  func add(_ connection: ShimConnection, to process: ProcessReference, of bundle: BundleLayout) {
    let place = Place(bundle: bundle.path, process: process)
    places.withLock { $0[place] = ($0[place] ?? []).filter { $0.connection != nil } + [Weak(connection: connection)] }
  }

  /// The process has ended.
  func takeOver(_ process: ProcessReference, of bundle: BundleLayout) {
    let place = Place(bundle: bundle.path, process: process)
    let connections = places.withLock { $0.removeValue(forKey: place) } ?? []
    for weak in connections { weak.connection?.readAhead() }
  }

  /// The shim is about to go.
  func takeOver(_ bundle: BundleLayout) {
    let processes = places.withLock { $0.keys.filter { $0.bundle == bundle.path }.map(\.process) }
    for process in processes { takeOver(process, of: bundle) }
  }
}
