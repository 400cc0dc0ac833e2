import Synchronization

@testable import Volumes

/// Keeps records in memory, and refuses to when it is told so.
final class MemoryVolumes: VolumeStore {
  struct Refusal: Error {}

  private let records: Mutex<[String: Volume]>
  private let refuses = Mutex(false)
  private let kept = Mutex("")

  init(_ volumes: [Volume] = []) {
    records = Mutex(Dictionary(uniqueKeysWithValues: volumes.map { ($0.name, $0) }))
  }

  var names: [String] { records.withLock { $0.keys.sorted() } }

  func refuse(_ flag: Bool) { refuses.withLock { $0 = flag } }

  /// Only to remove this one.
  func refuse(_ name: String) { kept.withLock { $0 = name } }

  func insert(_ volume: Volume) async throws {
    if refuses.withLock({ $0 }) { throw Refusal() }
    records.withLock { $0[volume.name] = volume }
  }

  func remove(_ volume: Volume) async throws {
    if refuses.withLock({ $0 }) || kept.withLock({ $0 }) == volume.name { throw Refusal() }
    records.withLock { $0[volume.name] = nil }
  }

  func all() async throws -> [Volume] { records.withLock { Array($0.values) } }

  func pruned(reclaimed: Int64) async {}
}
