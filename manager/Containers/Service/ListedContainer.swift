internal import Synchronization

/// A container's record as it is until the next change, and what somebody has made of it for whoever asks often.
public final class ListedContainer: Sendable {
  public let record: ContainerRecord
  private let made = Mutex<(key: String, bytes: [UInt8])?>(nil)

  public init(_ record: ContainerRecord) { self.record = record }

  /// What `make` has made of the record, now or at an earlier call with this key. Only the last key's is kept.
  /// - Parameter key: tells apart what depends on more than the record.
  public func bytes(_ key: String, _ make: () -> [UInt8]) -> [UInt8] {
    if let known = made.withLock({ $0?.key == key ? $0?.bytes : nil }) { return known }
    let bytes = make()
    made.withLock { $0 = (key, bytes) }
    return bytes
  }
}
