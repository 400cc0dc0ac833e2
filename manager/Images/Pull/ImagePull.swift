internal import LinuxKernel
internal import NIOPosix
internal import OCIImageSpec

/// Fetches the layers of one image, some at a time, and unpacks each as soon as it and all below it are there.
struct ImagePull<Blobs: BlobStore, Layers: LayerStore>: Sendable {
  /// As many as Docker fetches.
  private static var downloadLimit: Int { 3 }

  let image: RemoteImage
  let diffIDs: [Digest]
  let chain: [Digest]
  /// The blobs that are here, by the layers that they hold.
  let known: [Digest: Descriptor]
  let blobs: Blobs
  let layers: Layers
  let pool: NIOThreadPool
  let downloads: SharedWork<Digest, LayerProgress>
  let unpackings: SharedWork<Digest, LayerProgress>
  let progress: @Sendable (PullProgress) -> Void

  private enum Step: Sendable {
    case downloaded(Int), unpacked(Int)
  }

  /// - Returns: the blobs that hold the layers, from the bottom up.
  func run() async throws -> [Descriptor] {
    let there = try await pool.runIfActive { try countUnpacked() }
    var descriptors = image.manifest.layers
    for index in 0..<there {
      tell(index, .isThere)
      if let known = known[chain[index]], try await !has(descriptors[index]) { descriptors[index] = known }
    }
    var missing: [Int] = []
    for index in descriptors.indices {
      let isHere = if index < there { try await has(descriptors[index]) } else { false }
      if !isHere { missing.append(index) }
    }
    for index in missing where index >= there { tell(index, .found) }
    for index in missing.dropFirst(Self.downloadLimit) where index >= there { tell(index, .waiting) }
    try await fetch(missing, unpacking: there)
    return descriptors
  }

  /// - Parameter first: the layer from which on they have to be unpacked.
  private func fetch(_ missing: [Int], unpacking first: Int) async throws {
    try await withThrowingTaskGroup(of: Step.self) { group in
      var queue = missing[...]
      var arrived: Set<Int> = []
      var next = first
      func download() {
        guard let index = queue.popFirst() else { return }
        group.addTask { try await self.download(index) }
      }
      /// One at a time: each stands on the one before.
      func unpack() {
        guard next < chain.count, arrived.contains(next) else { return }
        let index = next
        group.addTask { try await self.unpack(index) }
      }
      for _ in 0..<Self.downloadLimit { download() }
      while let step = try await group.next() {
        switch step {
        case .downloaded(let index):
          arrived.insert(index)
          download()
          if index == next { unpack() }
        case .unpacked:
          next += 1
          unpack()
        }
      }
    }
  }

  private func download(_ index: Int) async throws -> Step {
    let work = BlobDownload(
      descriptor: image.manifest.layers[index], repository: image.repository, blobs: blobs, pool: pool)
    try await downloads.run(work.descriptor.digest, telling: { tell(index, $0) }) { try await work.run($0) }
    tell(index, .downloaded)
    return .downloaded(index)
  }

  private func unpack(_ index: Int) async throws -> Step {
    let work = LayerUnpacking(
      descriptor: image.manifest.layers[index], diffID: diffIDs[index], chainID: chain[index],
      parent: index > 0 ? chain[index - 1] : nil, blobs: blobs, layers: layers, pool: pool)
    try await unpackings.run(chain[index], telling: { tell(index, $0) }) { try await work.run($0) }
    tell(index, .unpacked)
    return .unpacked(index)
  }

  /// Gives the blobs their names, if everything is still there.
  /// - Returns: bytes of the layers' files; nil if something is missing. Blocks.
  func settle(_ descriptors: [Descriptor]) throws -> [Int64]? {
    guard try chain.allSatisfy(layers.contains) else { return nil }
    for digest in Set(descriptors.map(\.digest)).union([image.manifest.config.digest]) {
      if try blobs.contains(digest) { continue }
      try blobs.adopt(digest)
    }
    if try !blobs.contains(image.document.digest) {
      let blob = try blobs.ingest()
      try image.document.bytes.withUnsafeBytes { try blob.write($0) }
      try blob.finish(expecting: image.document.digest)
    }
    return try chain.map(layers.size)
  }

  /// How many layers are unpacked here, from the bottom up.
  private func countUnpacked() throws -> Int {
    try chain.firstIndex { try !layers.contains($0) } ?? chain.count
  }

  private func has(_ descriptor: Descriptor) async throws -> Bool {
    try await pool.runIfActive { try blobs.contains(descriptor.digest) }
  }

  private func tell(_ index: Int, _ what: LayerProgress) {
    progress(.layer(image.manifest.layers[index].digest, what))
  }
}
