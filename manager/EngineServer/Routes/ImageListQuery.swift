internal import Containers
internal import EngineAPI
internal import Images
internal import OCIImageSpec

/// What `GET /images/json` asks for.
struct ImageListQuery {
  private static let known: Set<String> = ["before", "dangling", "label", "reference", "since", "until"]

  private let filters: Filters
  private let until: Timestamp?
  private let withSharedSizes: Bool
  /// Whether the manifests that images came with are shown: since API 1.47.
  let withManifests: Bool
  /// Whether those are shown, too, that only others were made of.
  private let isComplete: Bool

  init(_ request: Request) throws(APIError) {
    if request.query.bool("identity") { throw .notImplemented("the parameter identity is not supported yet") }
    withManifests = request.query.bool("manifests") && request.version >= APIVersion(1, 47)
    filters = try request.query.filters()
    try filters.check(known: Self.known)
    until = try UntilFilter.time(filters, now: .now())
    withSharedSizes = request.query.bool("shared-size")
    isComplete = request.query.bool("all")
  }

  /// What the answer says of those of `images` that are asked for.
  func summaries(of images: [ResolvedImage], for version: APIVersion) throws -> [ImageSummary] {
    let sizes = withSharedSizes ? LayerSizes(images) : nil
    return try select(from: images).map { image in
      var summary = ImageSummary(image, for: version)
      if let sizes { summary.sharedSize = sizes.shared(by: image) }
      return summary
    }
  }

  /// Those of `images` that all filters let pass, with the names that the filter `reference` lets pass.
  func select(from images: [ResolvedImage]) throws -> [ResolvedImage] {
    let isDangling = try filters.bool("dangling")
    let labels = filters["label"].map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
    let before = try times("before", images)
    let since = try times("since", images)
    let parents = isComplete && isDangling != true ? [] : Set(images.compactMap(\.record.parent))
    return images.compactMap { image in
      if image.names.isEmpty, parents.contains(image.id) { return nil }
      var image = image
      if let isDangling, isDangling != image.isDangling { return nil }
      let own = image.configuration.config?.labels ?? [:]
      for label in labels {
        guard let value = own[String(label[0])], label.count == 1 || value == label[1] else { return nil }
      }
      if let until, image.created >= until.nanoseconds { return nil }
      guard before.allSatisfy({ image.created < $0 }), since.allSatisfy({ image.created > $0 }) else { return nil }
      let patterns = filters["reference"]
      guard !patterns.isEmpty else { return image }
      image.record.names.removeAll { name in !patterns.contains { NamePattern($0).matches(name) } }
      return image.names.isEmpty ? nil : image
    }
  }

  /// When the images were made that the filter `name` names.
  private func times(_ name: String, _ images: [ResolvedImage]) throws -> [Int64] {
    try filters[name].map { value in
      // An ID is no name.
      let reference = try? Reference(value)
      let digits = value.hasPrefix("sha256:") ? String(value.dropFirst(7)) : value
      let found = images.first { image in
        image.id.encoded == digits || reference.map(image.names.contains) ?? false
          || digits.count >= 12 && image.id.encoded.hasPrefix(digits)
      }
      guard let found else { throw ImageError.notFound(value) }
      return found.created
    }
  }
}

extension ResolvedImage {
  /// Whether no tag names it; a digest may.
  var isDangling: Bool { names.allSatisfy { $0.tag == nil } }

  /// Nanoseconds since 1970 of the image's making; 0 if it does not say.
  var created: Int64 { configuration.created.flatMap { Timestamp($0) }?.nanoseconds ?? 0 }
}
