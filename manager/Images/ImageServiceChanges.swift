public import OCIImageSpec

extension ImageService {
  /// Gives the image that `source` means the further name `target`, taken from another image if one has it.
  public func tag(_ source: String, as target: Reference) async throws {
    try await change { service in
      var image = try service.resolve(source)
      guard image.names.allSatisfy({ $0 != target }) else { return }
      image.record.names = (image.names + [target]).sorted { $0.canonical < $1.canonical }
      image.record.lastTagged = service.now()
      try await service.catalog.put(image.record, telling: [image.event(.tag, name: target)])
      service.remember(image)
    }
  }
}
