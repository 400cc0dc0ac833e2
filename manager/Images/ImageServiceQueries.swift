public import OCIImageSpec

extension ImageService {
  /// All images, the newest first.
  public func list() -> [ResolvedImage] {
    // Read once each, and not for each comparison.
    let dated = images.values.map { (image: $0, time: $0.configuration.created.flatMap { ImageTime($0) } ?? .unknown) }
    return dated.sorted { ($0.time, $0.image.id.encoded) > ($1.time, $1.image.id.encoded) }.map(\.image)
  }

  /// The image that a person means: by its full ID, a name, or the beginning of an ID.
  /// - Throws: ``ImageError/notFound(_:)``, ``ImageError/ambiguous(_:)`` or ``ImageError/invalidReference(_:)``.
  public func resolve(_ text: String) throws -> ResolvedImage {
    if let image = try find(text) { return image }
    throw ImageError.notFound(text)
  }

  /// The image that has the name, or `nil`.
  ///
  /// A tag beside a digest says nothing: the digest does.
  public func image(named name: Reference) -> ResolvedImage? {
    let name = name.tag == nil ? name : name.digest.map(name.digested) ?? name
    return ids[name].flatMap { images[$0] }
  }

  func find(_ text: String) throws -> ResolvedImage? {
    let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
    // Not everything is a whole digest.
    if let id = try? Digest(encoded: digits) { return images[id] }
    let isPrefix = !digits.isEmpty && digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    if !text.hasPrefix("sha256:") {
      do throws(ReferenceError) {
        if let image = image(named: try Reference(text)) { return image }
      } catch {
        throw ImageError.invalidReference(error)
      }
    }
    guard isPrefix else { return nil }
    let matches = images.values.filter { $0.id.encoded.hasPrefix(digits) }
    guard matches.count <= 1 else { throw ImageError.ambiguous(text) }
    return matches.first
  }
}
