internal import EngineAPI
package import Images
internal import NIOCore
internal import OCIImageSpec

extension Route {
  /// `POST /images/create`.
  package static func pull(_ images: ImageService) -> Route {
    Route(.POST, "/images/create") { request in
      guard let name = request.query["fromImage"], !name.isEmpty else { return try await `import`(request, images) }
      let tag = request.query["tag"] ?? ""
      let reference = try reference(name, tag: tag)
      let last = name.split(separator: "/").last ?? ""
      if tag.isEmpty, !last.contains("@"), !last.dropLast(last.hasSuffix(":") ? 1 : 0).contains(":") {
        return try await pullAll(reference, request, images)
      }
      let remote = try await images.findRemote(
        reference, for: try platform(request.query), as: try RegistryAuthorization.credentials(request.headers))
      return .stream(contentType: "application/json") { writer in
        do { try await pull(remote, images) { try await writer.write($0.line) } } catch let failure as PullFailure {
          try await writer.write(ProgressMessage(failure: failure.cause).line)
        }
      }
    }
  }

  /// What went wrong with a pull, and not with the one who is told.
  private struct PullFailure: Error {
    var cause: any Error
  }

  /// - Returns: whether the name stood for something else before, or for nothing.
  @discardableResult
  private static func pull(
    _ remote: RemoteImage, _ images: ImageService, isOneOfMany: Bool = false,
    _ tell: (ProgressMessage) async throws -> Void
  ) async throws -> Bool {
    let (events, source) = AsyncStream<PullProgress>.makeStream()
    async let pulling: Void = {
      defer { source.finish() }
      try await images.pull(remote) { source.yield($0) }
    }()
    var isChanged = false
    for await event in events {
      var messages = ProgressMessage.all(event)
      if case .finished(_, _, let isNew) = event {
        isChanged = isNew
        // Of many the result is told once.
        if isOneOfMany { messages.removeLast() }
      }
      for message in messages { try await tell(message) }
    }
    do { try await pulling } catch { throw PullFailure(cause: error) }
    return isChanged
  }

  /// Pulls every tag that the repository has, one after another.
  private static func pullAll(
    _ name: Reference, _ request: Request, _ images: ImageService
  ) async throws -> Response {
    let credentials = try RegistryAuthorization.credentials(request.headers)
    let platform = try platform(request.query)
    let tags = try await images.remoteTags(of: name, as: credentials)
    return .stream(contentType: "application/json") { writer in
      do {
        var isChanged = false
        for tag in tags {
          let remote: RemoteImage
          do {
            remote = try await images.findRemote(try name.tagged(tag), for: platform, as: credentials)
          } catch { throw PullFailure(cause: error) }
          let isNew = try await pull(remote, images, isOneOfMany: true) { try await writer.write($0.line) }
          isChanged = isChanged || isNew
        }
        let result = isChanged ? "Downloaded newer image" : "Image is up to date"
        try await writer.write(ProgressMessage(status: "Status: \(result) for \(name.familiarRepository)").line)
      } catch let failure as PullFailure {
        try await writer.write(ProgressMessage(failure: failure.cause).line)
      }
    }
  }

  /// `tag` may be a digest; the name may have either itself.
  private static func reference(_ name: String, tag: String) throws -> Reference {
    let repository = name.hasSuffix(":") ? String(name.dropLast()) : name
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
