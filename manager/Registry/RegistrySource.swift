public import NIOCore
public import OCIImageSpec
internal import Synchronization

/// One repository that is read from: from the first place that has copies of it and gives what is asked for, in the end from the registry itself.
public final class RegistrySource: Sendable {
  /// The last one is the registry itself.
  private let places: [Repository]
  /// Those that did not give what they were asked for: nobody asks them again for this image.
  private let failed = Mutex<Set<Int>>([])

  init(_ places: [Repository]) { self.places = places }

  /// - Parameter reference: a tag or a digest.
  /// - Throws: ``RegistryError`` of the registry itself, or `CancellationError`.
  public func manifest(_ reference: String) async throws -> FetchedManifest {
    // What is no digest is a tag.
    let isTag = (try? Digest(reference)) == nil
    return try await first(able: isTag ? [.pull, .resolve] : .pull) { try await $0.manifest(reference) }
  }

  /// As ``Repository/blob(_:from:restart:write:)``: what one place did not give to its end, the next goes on with.
  public func blob(
    _ descriptor: Descriptor, from start: Int64, restart: @Sendable () async throws -> Void,
    write: @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    let position = Mutex(start)
    try await first(able: .pull) { place in
      try await place.blob(descriptor, from: position.withLock { $0 }) {
        try await restart()
        position.withLock { $0 = 0 }
      } write: { piece in
        try await write(piece)
        position.withLock { $0 += Int64(piece.readableBytes) }
      }
    }
  }

  /// All tags that the repository has.
  public func tags() async throws -> [String] { try await first(able: [.pull, .resolve]) { try await $0.tags() } }

  private func first<Result: Sendable>(
    able capabilities: HostsFile.Capabilities, _ body: (Repository) async throws -> Result
  ) async throws -> Result {
    var failure: any Error = RegistryError(.invalid, "no place is known to ask for the image")
    for (index, place) in places.enumerated() {
      let isLast = index == places.count - 1
      guard place.endpoint.capabilities.isSuperset(of: capabilities), isLast || !failed.withLock({ $0.contains(index) })
      else { continue }
      do {
        try await place.connect()
        return try await body(place)
      } catch let error as RegistryError {
        try Task.checkCancellation()
        failure = error
        failed.withLock { _ = $0.insert(index) }
      }
    }
    throw failure
  }
}
