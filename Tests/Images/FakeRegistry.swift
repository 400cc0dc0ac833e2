import ImageFixtures
import Images
import JSON
import NIOCore
import OCIImageSpec

/// A registry in memory with one repository, that counts what it is asked and breaks off where it is told to.
actor FakeRegistry: RemoteRegistry, RemoteRepository {
  private var manifests: [String: RemoteManifest] = [:]
  private var blobs: [Digest: [UInt8]] = [:]
  /// Bytes of the next answers for a blob after which they break off.
  private var cuts: [Int] = []
  private(set) var starts: [Digest: [Int64]] = [:]
  private(set) var uploads: [Digest] = []
  private var gate: AsyncStream<Void>?

  nonisolated func repository(
    _ name: Reference, as credentials: RegistryCredentials
  ) async throws -> any RemoteRepository { self }

  nonisolated func destination(
    _ name: Reference, as credentials: RegistryCredentials, mounting sources: [String]
  ) async throws -> any RemoteDestination { self }

  nonisolated func archive(at address: String) async throws -> any RemoteArchive {
    throw ImageError.remote(.notFound, "nothing is at \(address)")
  }

  nonisolated func login(_ server: String, as credentials: RegistryCredentials) async throws -> String { "" }

  /// Stores an image of these uncompressed layers, and gives its identifier.
  @discardableResult
  func put(_ layers: [[UInt8]], tag: String = "latest", change: (inout Manifest) -> Void = { _ in }) -> Digest {
    func keep(_ bytes: [UInt8], _ type: MediaType) -> Descriptor {
      blobs[ImageArchive.digest(bytes)] = bytes
      return Descriptor(mediaType: type, digest: ImageArchive.digest(bytes), size: Int64(bytes.count))
    }
    var manifest = Manifest()
    manifest.mediaType = .manifest
    manifest.config = keep(JSONWriter.bytes(ImageArchive.configuration(layers)), .configuration)
    manifest.layers = layers.map { keep($0, .layer) }
    change(&manifest)
    put(JSONWriter.bytes(manifest), MediaType.manifest.rawValue, tag: tag)
    return manifest.config.digest
  }

  func put(_ document: [UInt8], _ type: String, tag: String) {
    let manifest = RemoteManifest(bytes: document, mediaType: type, digest: ImageArchive.digest(document))
    manifests[tag] = manifest
    manifests["\(manifest.digest)"] = manifest
  }

  func spoil(_ digest: Digest, _ change: (inout [UInt8]) -> Void) { change(&blobs[digest, default: []]) }
  func breakOff(after cuts: [Int]) { self.cuts = cuts }
  /// Lets blobs wait until the stream ends.
  func hold(_ gate: AsyncStream<Void>) { self.gate = gate }

  func manifest(_ reference: String) throws -> RemoteManifest {
    guard let manifest = manifests[reference] else { throw ImageError.remote(.notFound, "manifest unknown") }
    return manifest
  }

  func tags() -> [String] { manifests.keys.filter { !$0.contains(":") }.sorted() }

  nonisolated func search(
    _ term: String, limit: Int, as credentials: RegistryCredentials
  ) async throws -> [RemoteSearchResult] { [] }

  func blob(
    _ descriptor: Descriptor, from start: Int64, restart: @escaping @Sendable () async throws -> Void,
    write: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    starts[descriptor.digest, default: []].append(start)
    let bytes = blobs[descriptor.digest] ?? []
    let cut = cuts.isEmpty || descriptor.mediaType.isConfiguration ? nil : cuts.removeFirst()
    if let gate, !descriptor.mediaType.isConfiguration { for await _ in gate {} }
    try Task.checkCancellation()
    try await write(ByteBuffer(bytes: bytes[Int(start)..<(cut ?? bytes.count)]))
    if cut != nil { throw ImageError.remote(.unavailable, "broken off") }
  }
}

extension FakeRegistry: RemoteDestination {
  func has(_ digest: Digest) -> Bool { blobs[digest] != nil }

  func mount(_ digest: Digest, from path: String) -> Bool { false }

  func upload(
    _ descriptor: Descriptor, _ reader: @escaping BlobReader, told: @escaping @Sendable (Int64) -> Void
  ) async throws {
    let bytes = try await reader(0, Int(descriptor.size))
    blobs[descriptor.digest] = Array(bytes.readableBytesView)
    uploads.append(descriptor.digest)
  }

  func put(_ manifest: [UInt8], as mediaType: String, tag: String) {
    put(manifest, mediaType, tag: tag)
  }
}
