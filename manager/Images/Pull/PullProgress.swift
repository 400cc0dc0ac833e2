public import OCIImageSpec

/// What a pull is doing, for whoever waits for it.
public enum PullProgress: Equatable, Sendable {
  /// The manifest is there. `reference` is the tag or the digest, `path` the repository at the registry.
  case began(reference: String, path: String)
  /// Something about the layer with this digest.
  case layer(Digest, LayerProgress)
  /// Everything is there.
  /// - Parameter digest: of what the name stands for at the registry.
  /// - Parameter isNew: whether the name stood for something else before, or for nothing.
  case finished(Reference, digest: Digest, isNew: Bool)
  /// It was asked for another platform than it is made for, and there is no other.
  case otherPlatform(Reference, wanted: Platform, actual: Platform)
}

/// What becomes of a layer.
public enum LayerProgress: Equatable, Sendable {
  case isThere
  case found
  case waiting
  /// Bytes.
  case downloading(Int64, of: Int64)
  case verifying
  case downloaded
  /// Bytes of the blob.
  case unpacking(Int64, of: Int64)
  case unpacked
}

/// Lets through what is told only as often as somebody can read it.
struct ProgressPace {
  private static let interval = Duration.milliseconds(100)

  private var next = ContinuousClock.now

  /// - Returns: whether it is time.
  mutating func isDue() -> Bool {
    let now = ContinuousClock.now
    guard now >= next else { return false }
    next = now + Self.interval
    return true
  }
}
