public import OCIImageSpec

/// Images that are to leave this machine together, each with the names that it is to have.
public struct ImageSelection: Sendable {
  struct Item: Sendable {
    var image: ResolvedImage
    /// Tags, sorted.
    var names: [Reference]
  }

  var items: [Item] = []

  fileprivate mutating func add(_ image: ResolvedImage, _ names: [Reference]) {
    let index = items.firstIndex { $0.image.id == image.id } ?? items.count
    if index == items.count { items.append(Item(image: image, names: [])) }
    items[index].names = Set(items[index].names + names).sorted { $0.canonical < $1.canonical }
  }
}

extension ImageService {
  /// What a person means by `texts`: a repository alone is all of its tags, an identifier or digest an image without a name.
  /// - Parameter platform: what every image must be for, if not nil.
  /// - Throws: ``ImageError/notFound(_:)`` and what else ``resolve(_:)`` throws.
  public func select(_ texts: [String], for platform: Platform? = nil) throws -> ImageSelection {
    var selection = ImageSelection()
    for text in texts {
      for (image, names) in try find(text) {
        try image.check(platform, as: text)
        selection.add(image, names)
      }
    }
    return selection
  }

  private func find(_ text: String) throws -> [(ResolvedImage, [Reference])] {
    // An identifier need not be a name.
    let name = try? Reference(text)
    if let name, text.isRepository {
      let names = ids.keys.filter { $0.repository == name.repository && $0.digest == nil }
      if !names.isEmpty { return names.compactMap { name in ids[name].flatMap { images[$0] }.map { ($0, [name]) } } }
    }
    let image = try resolve(text)
    return [(image, name.map { $0.digest == nil && image.names.contains($0) ? [$0] : [] } ?? [])]
  }
}

extension ResolvedImage {
  /// - Throws: ``ImageError/otherPlatform(name:actual:wanted:)`` if it is not what a machine of that kind would be given.
  public func check(_ wanted: Platform?, as name: String) throws(ImageError) {
    let actual = configuration.platform
    guard let wanted, PlatformChoice.rank(actual, for: wanted) == nil else { return }
    throw .otherPlatform(name: name, actual: actual, wanted: wanted)
  }
}

extension String {
  /// Whether a name has neither tag nor digest.
  fileprivate var isRepository: Bool { !contains("@") && !(split(separator: "/").last ?? "").contains(":") }
}
