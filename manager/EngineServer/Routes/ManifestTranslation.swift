internal import EngineAPI
internal import Images
internal import OCIImageSpec

extension [ImageManifestSummary] {
  /// What an image came as, of which there is one manifest at most: of an index only this machine's image is taken.
  /// - Parameter containers: IDs of the containers that were made of it.
  static func all(
    of image: ResolvedImage, as manifest: KeptManifest?, containers: @Sendable (Digest) -> [String]
  ) -> [ImageManifestSummary] {
    guard let manifest else { return [] }
    var summary = ImageManifestSummary()
    summary.id = manifest.descriptor.digest.description
    summary.descriptor = ImageDescriptor(manifest.descriptor)
    summary.isAvailable = true
    summary.kind = "image"
    summary.size.content = manifest.contentSize
    summary.size.total = manifest.size(with: image)
    var data = ImageManifestSummary.ImageData()
    data.platform = ImagePlatform(image.configuration.platform)
    data.containers = containers(image.id).sorted()
    data.size.unpacked = image.record.size
    summary.imageData = data
    return [summary]
  }
}

extension ImageDescriptor {
  /// What it is, how long and under which digest.
  init(_ descriptor: Descriptor) {
    self.init()
    mediaType = descriptor.mediaType.rawValue
    digest = descriptor.digest.description
    size = descriptor.size
  }
}

extension ImagePlatform {
  init(_ platform: Platform) {
    self.init()
    architecture = platform.architecture
    os = platform.os
    variant = platform.variant ?? ""
    osVersion = platform.osVersion ?? ""
    osFeatures = platform.osFeatures
  }
}
