internal import Hashing
public import OCIImageSpec

/// The names of layers together with everything below them (image-spec config.md §Layer ChainID).
public enum ChainID {
  /// The chain ID of each layer, from the bottom up.
  public static func all(_ diffIDs: [Digest]) -> [Digest] {
    var chain: [Digest] = []
    for diffID in diffIDs {
      chain.append(chain.last.map { Digest(sha256: SHA256.hash(data: Array("\($0) \(diffID)".utf8))) } ?? diffID)
    }
    return chain
  }
}
