internal import EngineAPI
package import Images
internal import NIOCore
internal import OCIImageSpec

extension Route {
  /// `POST /images/create`.
  package static func pull(_ images: ImageService) -> Route {
    Route(.POST, "/images/create") { request in
      guard let name = request.query["fromImage"], !name.isEmpty else { return try await `import`(request, images) }
      let remote = try await images.findRemote(
        try reference(name, tag: request.query["tag"] ?? ""), for: try platform(request.query),
        as: try RegistryAuthorization.credentials(request.headers))
      return .stream(contentType: "application/json") { writer in
        let (events, source) = AsyncStream<PullProgress>.makeStream()
        async let pulling: Void = {
          defer { source.finish() }
          try await images.pull(remote) { source.yield($0) }
        }()
        for await event in events {
          for message in ProgressMessage.all(event) { try await writer.write(message.line) }
        }
        do { try await pulling } catch { try await writer.write(ProgressMessage(failure: error).line) }
      }
    }
  }

  /// `tag` may be a digest; the name may have either itself.
  private static func reference(_ name: String, tag: String) throws -> Reference {
    let repository = name.hasSuffix(":") ? String(name.dropLast()) : name
    let last = repository.split(separator: "/").last ?? ""
    guard !tag.isEmpty || last.contains(":") || last.contains("@") else {
      throw APIError.notImplemented("pulling all tags of a repository is not supported yet: name one")
    }
    do throws(ReferenceError) {
      let reference = try Reference(repository)
      guard !tag.isEmpty else { return reference }
      // Whatever is no digest must be a tag.
      if let digest = try? Digest(tag) { return reference.digested(digest) }
      return try reference.tagged(tag)
    } catch { throw ImageError.invalidReference(error) }
  }

  static func platform(_ query: Query) throws -> Platform? {
    guard let text = query["platform"], !text.isEmpty else { return nil }
    guard let platform = Platform.parse(text) else {
      throw APIError.invalidParameter(
        "\"\(text)\" is an invalid platform: expected OS, ARCHITECTURE or OS/ARCHITECTURE[/VARIANT]")
    }
    return platform
  }
}

extension ProgressMessage {
  /// The lines that Docker tells it with.
  static func all(_ event: PullProgress) -> [ProgressMessage] {
    switch event {
    case .began(let reference, let path):
      var message = ProgressMessage(status: "Pulling from \(path)")
      message.id = reference
      return [message]
    case .layer(let digest, let what): return [ProgressMessage(digest, what)]
    case .finished(let name, let digest, let isNew):
      let result = isNew ? "Downloaded newer image" : "Image is up to date"
      return [
        ProgressMessage(status: "Digest: \(digest)"), ProgressMessage(status: "Status: \(result) for \(name.familiar)"),
      ]
    case .otherPlatform(let name, let wanted, let actual):
      let what = "image with reference \(name.familiarRepository) was found but does not match the specified platform"
      return [ProgressMessage(status: "WARNING: \(what): wanted \(wanted), actual: \(actual)")]
    }
  }

  private init(_ digest: Digest, _ what: LayerProgress) {
    switch what {
    case .isThere: self.init(status: "Already exists")
    case .found: self.init(status: "Pulling fs layer")
    case .waiting: self.init(status: "Waiting")
    case .downloading(let current, let total): self.init(status: "Downloading", current, of: total)
    case .verifying: self.init(status: "Verifying Checksum")
    case .downloaded: self.init(status: "Download complete")
    case .unpacking(let current, let total): self.init(status: "Extracting", current, of: total)
    case .unpacked: self.init(status: "Pull complete")
    }
    id = digest.short
    if progressDetail == nil { progressDetail = ProgressDetail() }
  }

  init(status: String) {
    self.init()
    self.status = status
  }

  init(status: String, _ current: Int64, of total: Int64) {
    self.init(status: status)
    var detail = ProgressDetail()
    detail.current = current
    detail.total = total
    progressDetail = detail
    progress = ProgressBar.text(current, of: total)
  }
}

/// The bar that Docker draws: fifty characters and the numbers.
enum ProgressBar {
  private static let width = 50

  static func text(_ current: Int64, of total: Int64) -> String {
    guard current > 0 || total > 0 else { return "" }
    let numbers = padded(HumanSize.decimal(current, digits: 4))
    guard total > 0 else { return numbers }
    let filled = min(Int(Double(current) / Double(total) * 100) / 2, width)
    let bar = "[\(String(repeating: "=", count: filled))>\(String(repeating: " ", count: width - filled))] "
    return bar + (current > total ? numbers : "\(numbers)/\(HumanSize.decimal(total, digits: 4))")
  }

  private static func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, 8 - text.count)) + text
  }
}
