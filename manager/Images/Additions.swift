internal import OCIImageSpec
internal import Synchronization

/// What came into the stores, to be taken out again if nothing comes of it.
final class Additions: Sendable {
  private let state = Mutex<(blobs: [Digest], layers: [Digest])>(([], []))

  var blobs: [Digest] { state.withLock { $0.blobs } }
  /// From the bottom up.
  var layers: [Digest] { state.withLock { $0.layers } }

  func add(blob digest: Digest) { state.withLock { $0.blobs.append(digest) } }
  func add(layer chainID: Digest) { state.withLock { $0.layers.append(chainID) } }
}
