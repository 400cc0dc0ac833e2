internal import LinuxKernel
internal import NIOCore
internal import NIOPosix
internal import OCIImageSpec
internal import Synchronization
internal import Tar

/// Sends the blobs of one image to a repository, some at a time, and then its manifest.
struct ImagePush<Blobs: BlobStore>: Sendable {
  /// As many as Docker sends.
  private static var uploadLimit: Int { 5 }

  let image: ResolvedImage
  let pushed: PushedManifest
  let destination: any RemoteDestination
  /// Other repositories at the registry that have the blob, as far as is known here.
  let sources: [Digest: [String]]
  let blobs: Blobs
  let pool: NIOThreadPool
  let progress: @Sendable (PushProgress) -> Void

  /// Sends what the repository does not have yet.
  func sendBlobs() async throws {
    let diffIDs = image.configuration.rootfs.diffIDs
    for diffID in diffIDs.reversed() { progress(.layer(diffID, .preparing)) }
    for diffID in diffIDs.dropLast(Self.uploadLimit).reversed() { progress(.layer(diffID, .waiting)) }
    // A layer may be there twice; it is sent once.
    var seen: Set<Digest> = []
    let layers = zip(pushed.manifest.layers, diffIDs).filter { seen.insert($0.0.digest).inserted }
    try await withThrowingTaskGroup(of: Void.self) { group in
      var queue = Array(layers.reversed())[...]
      for _ in 0..<Self.uploadLimit {
        if let (layer, diffID) = queue.popFirst() { group.addTask { try await send(layer, diffID) } }
      }
      while try await group.next() != nil {
        if let (layer, diffID) = queue.popFirst() { group.addTask { try await send(layer, diffID) } }
      }
    }
    let configuration = pushed.manifest.config
    if try await !destination.has(configuration.digest) { try await upload(configuration) { _ in } }
  }

  private func send(_ layer: Descriptor, _ diffID: Digest) async throws {
    if try await destination.has(layer.digest) { return progress(.layer(diffID, .isThere)) }
    for source in sources[layer.digest] ?? [] where try await destination.mount(layer.digest, from: source) {
      return progress(.layer(diffID, .mounted(from: source)))
    }
    let pace = Mutex(ProgressPace())
    try await upload(layer) { position in
      guard pace.withLock({ $0.isDue() }) else { return }
      progress(.layer(diffID, .pushing(position, of: layer.size)))
    }
    progress(.layer(diffID, .pushed))
  }

  private func upload(_ descriptor: Descriptor, _ told: @escaping @Sendable (Int64) -> Void) async throws {
    let pool = pool
    let file: SharedFile
    do { file = try await pool.runIfActive { SharedFile(try blobs.openArrived(descriptor.digest)) } } catch {
      throw ImageError.failed("blob \(descriptor.digest) cannot be sent: \(error)")
    }
    try await destination.upload(
      descriptor,
      { offset, count in
        try await pool.runIfActive {
          var buffer = ByteBuffer()
          let source = FileSource(file, offset: offset, size: Int64(count))
          try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
            try source.readFully(into: .init(rebasing: $0[..<count]))
          }
          return buffer
        }
      }, told: told)
  }
}
