internal import NIOPosix
internal import OCIImageSpec

extension ImageService {
  /// Looks at every blob and every layer of all images, and for those that nothing needs. Images can be used and made meanwhile;
  /// what is removed meanwhile is removed when it has ended.
  /// - Parameter repairing: fetches again what is not as it must be, unpacks it again, and removes what nothing needs.
  /// - Throws: ``ImageError`` if that cannot be found out.
  public func check(repairing: Bool) async throws -> ImageCheckReport {
    try await check(repairing: repairing, blobs, layers)
  }

  private func check<Blobs: BlobStore, Layers: LayerStore>(
    repairing: Bool, _ blobs: Blobs, _ layers: Layers
  ) async throws -> ImageCheckReport {
    var report = ImageCheckReport()
    let records = try await catalog.records().records
    let strays = try await strays(blobs, layers)
    try await keeping(Array(images.values)) {
      let broken = try await checkBlobs(of: records, repairing: repairing, blobs, &report)
      try await relearn(records, from: blobs)
      try await checkLayers(without: broken, repairing: repairing, blobs, layers, &report)
    }
    if repairing, !strays.isEmpty { try await collect() }
    for var stray in strays {
      if repairing, isComplete { stray.repair = .done }
      report.faults.append(stray)
    }
    return report
  }

  /// - Returns: the blobs that are not what they must be, and could not be repaired.
  private func checkBlobs<Blobs: BlobStore>(
    of records: [ImageRecord], repairing: Bool, _ blobs: Blobs, _ report: inout ImageCheckReport
  ) async throws -> Set<Digest> {
    let repair = BlobRepair(blobs: blobs, registry: registry, pool: pool)
    var users: [Digest: [ImageRecord]] = [:]
    for record in records {
      for digest in Set(record.blobs) { users[digest, default: []].append(record) }
    }
    var broken: Set<Digest> = []
    // The manifests first: they say how long the configurations are.
    let manifests = Set(records.compactMap(\.manifest))
    for (digest, users) in users.sorted(by: { manifests.contains($0.key) && !manifests.contains($1.key) }) {
      report.blobs += 1
      guard let reason = try await repair.fault(digest) else { continue }
      var fault = ImageFault(kind: .blob, digest: digest, images: users.map(\.title), reason: reason)
      if repairing { fault.repair = try await fetch(digest, for: users, repair) }
      if fault.repair != .done { broken.insert(digest) }
      report.faults.append(fault)
    }
    return broken
  }

  private func fetch<Blobs: BlobStore>(
    _ digest: Digest, for users: [ImageRecord], _ repair: BlobRepair<Blobs>
  ) async throws -> ImageFault.Repair {
    var reason = ""
    for user in users {
      do {
        try await repair.fetch(digest, of: user)
        return .done
      } catch is CancellationError { throw CancellationError() } catch { reason = "\(error)" }
    }
    return .impossible(reason)
  }

  /// Takes up images again whose configurations can be read again.
  private func relearn<Blobs: BlobStore>(_ records: [ImageRecord], from blobs: Blobs) async throws {
    for record in records where images[record.id] == nil {
      // What cannot be read is among the faults.
      guard let configuration = try? await configuration(record.id, in: blobs) else { continue }
      try await change { service in
        // It may have been removed meanwhile.
        guard try await service.catalog.records().records.contains(where: { $0.id == record.id }) else { return }
        service.remember(ResolvedImage(record: record, configuration: configuration))
      }
    }
  }

  private func checkLayers<Blobs: BlobStore, Layers: LayerStore>(
    without broken: Set<Digest>, repairing: Bool, _ blobs: Blobs, _ layers: Layers, _ report: inout ImageCheckReport
  ) async throws {
    let repair = LayerRepair(blobs: blobs, layers: layers)
    let inUse = try await layersInUse(layers)
    var seen: Set<Digest> = []
    for image in list() {
      for layer in image.checkedLayers where seen.insert(layer.chainID).inserted {
        report.layers += 1
        let isInUse = inUse.contains(layer.chainID)
        let found: (fault: String, isReplaced: Bool)?
        do {
          found = try await pool.runIfActive {
            try repair.check(
              layer, isBlobWhole: !broken.contains(layer.blob.digest), mayReplace: repairing && !isInUse)
          }
        } catch { found = ("it cannot be compared: \(error)", false) }
        guard let found else { continue }
        let users = images.values.filter { $0.chain.contains(layer.chainID) }.map(\.record.title).sorted()
        var fault = ImageFault(kind: .layer, digest: layer.chainID, images: users, reason: found.fault)
        if repairing {
          fault.repair =
            found.isReplaced
            ? .done : .impossible(isInUse ? "a container stands on it" : "its blob \(layer.blob.digest) is not whole")
        }
        report.faults.append(fault)
      }
    }
  }

  /// All layers that containers stand on.
  private func layersInUse<Layers: LayerStore>(_ layers: Layers) async throws -> Set<Digest> {
    let tops = layersOfContainers?() ?? []
    return try await pool.runIfActive {
      try tops.reduce(into: []) { all, top in
        guard try layers.contains(top) else { return }
        all.formUnion([top] + (try layers.parents(of: top)))
      }
    }
  }

  /// What no image, no container and no pull needs.
  private func strays<Blobs: BlobStore, Layers: LayerStore>(
    _ blobs: Blobs, _ layers: Layers
  ) async throws -> [ImageFault] {
    guard isComplete else { return [] }
    return try await change { service in
      let needed = Set(service.images.values.flatMap(\.blobs)).union(service.pins.keys)
      let chains = Set(service.images.values.flatMap(\.chain)).union(service.pins.keys)
        .union(try await service.layersInUse(layers))
      return try await service.pool.runIfActive {
        let reason = "nothing needs it"
        let blobs = try blobs.list().filter { !needed.contains($0) }
        let layers = try layers.list().filter { !chains.contains($0) }
        return blobs.map { ImageFault(kind: .strayBlob, digest: $0, images: [], reason: reason) }
          + layers.map { ImageFault(kind: .strayLayer, digest: $0, images: [], reason: reason) }
      }
    }
  }
}

extension ImageRecord {
  /// How a person knows it.
  fileprivate var title: String { names.first?.familiar ?? "\(id)" }

  /// Every blob that the image needs.
  var blobs: [Digest] { [id] + layers.map(\.digest) + (manifest.map { [$0] } ?? []) }
}

extension ResolvedImage {
  fileprivate var checkedLayers: [CheckedLayer] {
    let chain = layerIDs
    return chain.indices.compactMap { index in
      guard record.layers.indices.contains(index), record.layerSizes.indices.contains(index) else { return nil }
      return CheckedLayer(
        chainID: chain[index], diffID: configuration.rootfs.diffIDs[index], parent: index > 0 ? chain[index - 1] : nil,
        blob: record.layers[index], size: record.layerSizes[index])
    }
  }
}
