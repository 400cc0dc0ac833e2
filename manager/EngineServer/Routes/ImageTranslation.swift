internal import Containers
internal import EngineAPI
internal import Images
internal import JSON
internal import NIOCore
internal import OCIImageSpec

extension ImageSummary {
  init(_ image: ResolvedImage, for version: APIVersion) {
    self.init()
    id = image.id.description
    parentID = image.record.parent?.description ?? ""
    created = image.created.quotientAndRemainder(dividingBy: 1_000_000_000).quotient
    labels = image.configuration.config?.labels
    repoTags = image.tags
    repoDigests = image.digests
    size = image.record.size
    if version < APIVersion(1, 44) { unknown.append("VirtualSize", .number(JSONNumber(size))) }
    // Docker wrote these for images without a name until API 1.43.
    if version < APIVersion(1, 43), image.names.isEmpty {
      repoTags = ["<none>:<none>"]
      repoDigests = ["<none>@<none>"]
    }
  }
}

extension ImageInspect {
  /// - Parameter driver: the name of what keeps the layers.
  init(_ image: ResolvedImage, driver: String, for version: APIVersion) throws {
    self.init()
    let configuration = image.configuration
    id = image.id.description
    repoTags = image.tags
    repoDigests = image.digests
    parent = image.record.parent?.description ?? ""
    comment = configuration.comment ?? configuration.history.last?.comment ?? ""
    created = configuration.created
    dockerVersion = configuration.dockerVersion ?? ""
    author = configuration.author ?? ""
    config = try configuration.config.map { try ImageConfig(jsonText: JSONWriter.bytes($0)) }
    if version < APIVersion(1, 50) { try config?.addMembersOfContainers() }
    architecture = configuration.architecture
    variant = configuration.variant ?? ""
    os = configuration.os
    osVersion = configuration.osVersion ?? ""
    size = image.record.size
    if version < APIVersion(1, 44) { unknown.append("VirtualSize", .number(JSONNumber(size))) }
    if version < APIVersion(1, 45) {
      // The container that the image was made from, of which nobody knows any more; docker-compose 1.29 looks into it.
      unknown.append("Container", .string(""))
      unknown.append("ContainerConfig", try JSONReader.read(JSONWriter.bytes(ContainerConfig())))
    }
    graphDriver = DriverData()
    graphDriver?.name = driver
    rootFS.layers = configuration.rootfs.diffIDs.map(\.description)
    metadata.lastTagTime = Timestamp(nanoseconds: image.record.lastTagged).description
  }
}

extension ImageConfig {
  /// Until API 1.49 this had every member of a container's configuration, also those that say nothing.
  fileprivate mutating func addMembersOfContainers() throws {
    let own = try JSONReader.read(JSONWriter.bytes(self))
    let all = try JSONReader.read(JSONWriter.bytes(ContainerConfig())).object?.members ?? []
    for (name, value) in all where own[name] == nil { unknown.append(name, value) }
  }
}

extension ImageHistoryItem {
  /// One item per step of the image's making, the last one first.
  static func all(_ image: ResolvedImage) -> [ImageHistoryItem] {
    var sizes = image.record.layerSizes[...]
    var items = image.configuration.history.map { step in
      var item = ImageHistoryItem()
      item.id = "<missing>"
      item.comment = step.comment ?? ""
      item.created = step.created.flatMap { Timestamp($0) }?.seconds ?? 0
      item.createdBy = step.createdBy ?? ""
      item.size = step.emptyLayer ? 0 : sizes.popFirst() ?? 0
      return item
    }
    if let last = items.indices.last {
      items[last].id = image.id.description
      items[last].tags = image.tags.isEmpty ? nil : image.tags
    }
    return items.reversed()
  }
}

extension ImageDeleteResponseItem {
  init(_ removal: ImageRemoval) {
    self.init()
    switch removal {
    case .untagged(let name): untagged = name.familiar
    case .deleted(let digest): deleted = digest.description
    }
  }
}

extension ProgressMessage {
  /// A line of `docker load`'s output; `nil` if it is not to be told.
  init?(_ event: LoadProgress, isQuiet: Bool) {
    self.init()
    switch event {
    case .unpacking(let layer, let current, let total):
      guard !isQuiet else { return nil }
      id = layer.short
      status = "Loading layer"
      var detail = ProgressDetail()
      detail.current = current
      detail.total = total
      progressDetail = detail
    case .renaming(let name, let id):
      stream = "The image \(name.familiar) already exists, renaming the old one with ID \(id) to empty string\n"
    case .loaded(let id, let names):
      stream =
        names.isEmpty
        ? "Loaded image ID: \(id)\n" : names.map { "Loaded image: \($0.familiar)\n" }.joined()
    }
  }

  init(failure: any Error) {
    self.init()
    error = ErrorTable.apiError(for: failure).message
    var detail = ErrorDetail()
    detail.message = error
    errorDetail = detail
  }

  /// The message as the stream has it.
  var line: ByteBuffer {
    var buffer = ByteBuffer(bytes: JSONWriter.bytes(self))
    buffer.writeStaticString("\r\n")
    return buffer
  }
}

extension ResolvedImage {
  fileprivate var tags: [String] { names.filter { $0.digest == nil }.map(\.familiar) }
  fileprivate var digests: [String] { names.filter { $0.digest != nil }.map(\.familiar) }
}

extension ImageError {
  /// The status for a request that is about one server which the client names: that one's refusal is the answer.
  var refusal: APIError {
    switch self {
    case .remote(.unauthorized, _): APIError(.unauthorized, description)
    case .remote(.denied, _): .forbidden(description)
    case .remote(.invalid, _): .invalidParameter(description)
    default: apiError
    }
  }

  /// What `body` returns; what it throws has the status of ``refusal``.
  static func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as ImageError { throw error.refusal }
  }
}

extension ImageError: APIErrorConvertible {
  package var apiError: APIError {
    switch self {
    case .notFound, .notHere, .otherPlatform: .notFound(description)
    case .inUse: .conflict(description)
    case .ambiguous, .invalidReference, .invalidChange, .invalidArchive, .unsupported, .digestMismatch:
      .invalidParameter(description)
    case .remote(.notFound, _): .notFound(description)
    case .remote, .failed: .internalError(description)
    }
  }
}
