package import Containers
internal import EngineAPI
package import Images
internal import OCIImageSpec
package import Volumes

extension Route {
  /// `GET /system/df`.
  package static func diskUsage(
    _ containers: ContainerService, _ images: ImageService, _ volumes: VolumeService
  ) -> Route {
    Route(.GET, "/system/df") { request in
      let types = request.version < APIVersion(1, 42) ? [] : request.query.values("type")
      for type in types where !["container", "image", "volume", "build-cache"].contains(type) {
        throw APIError.invalidParameter("unknown object type: \(type)")
      }
      func isAsked(_ type: String) -> Bool { types.isEmpty || types.contains(type) }
      var usage = DiskUsage()
      let records = try await containers.list(.everything).map(\.record)
      if isAsked("image") {
        let measured = try await images.diskUsage()
        usage.layersSize = measured.total
        usage.images = await images.list().map { image in
          var summary = ImageSummary(image, for: request.version)
          summary.containers = records.filter { $0.imageID == image.id.description }.count
          summary.size = measured.size(of: image)
          summary.sharedSize = measured.shared(by: image)
          return summary
        }
      }
      if isAsked("container") {
        usage.containers = try await SummaryTranslation.sized(records, by: containers, for: request.version)
      }
      if isAsked("volume") { usage.volumes = try await VolumeTranslation.measured(volumes) }
      if isAsked("build-cache") { usage.buildCache = [] }
      return .json(usage)
    }
  }
}

extension ContainerListRequest {
  static var everything: ContainerListRequest {
    var request = ContainerListRequest()
    request.all = true
    return request
  }
}

/// Bytes by layer, and how many images have each.
struct LayerSizes {
  private var sizes: [Digest: (bytes: Int64, images: Int)] = [:]

  init(_ images: [ResolvedImage]) {
    for image in images {
      for (layer, bytes) in zip(image.layerIDs, image.record.layerSizes) {
        sizes[layer] = (bytes, (sizes[layer]?.images ?? 0) + 1)
      }
    }
  }

  /// Bytes of the layers that other images have, too.
  func shared(by image: ResolvedImage) -> Int64 {
    image.layerIDs.reduce(0) { sum, layer in
      guard let size = sizes[layer], size.images > 1 else { return sum }
      return sum.addingReportingOverflow(size.bytes).partialValue
    }
  }
}
