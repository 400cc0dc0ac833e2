/// Bytes that a container takes.
public struct ContainerSize: Equatable, Sendable {
  /// What it has written.
  public var written: Int64
  /// That and its image.
  public var total: Int64
}

extension ContainerService {
  /// How much each of `records` takes, in their order. Reads the disk: for those who asked for it.
  public func sizes(of records: [ContainerRecord]) async throws -> [ContainerSize] {
    let images = await images.sizes()
    var sizes: [ContainerSize] = []
    for record in records {
      try Task.checkCancellation()
      let written = try await surroundings.rootfs.usage(record.id)
      sizes.append(ContainerSize(written: written, total: written + (images[record.imageID] ?? 0)))
    }
    return sizes
  }

  /// Where the container's root file system is.
  public func place(of record: ContainerRecord) async throws -> RootfsPlace {
    var place = try await surroundings.rootfs.place(record.id, chainID: record.chainID)
    place.data?["MergedDir"] = paths.bundle(record.id).rootfs
    return place
  }

  /// The name of the driver that keeps root file systems.
  public var storageDriver: String { surroundings.rootfs.driver }

  /// What the storage driver says of itself, names and values.
  public func storageStatus() async throws -> [[String]] { try await surroundings.rootfs.status() }
}
