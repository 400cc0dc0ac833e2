package import Containers
internal import EngineAPI
package import Images
internal import JSON
internal import NIOCore
internal import OCIImageSpec

extension Route {
  /// `POST /commit`.
  package static func commit(_ containers: ContainerService, _ images: ImageService) -> Route {
    Route(.POST, "/commit") { request in
      let query = request.query
      let name = query["container"] ?? ""
      let target = try repository(query)
      var changes = ConfigurationChanges(try await givenDefaults(request), isSignal: isSignal)
      try changes.apply(query.values("changes"))
      let (given, comment) = (changes.defaults, query["comment"] ?? "")
      let image = try await containers.commit(name, isPausing: query.bool("pause", default: true)) { snapshot in
        var draft = ImageDraft(
          on: try await images.resolve(snapshot.record.imageID), created: Timestamp.now().description,
          saying: given.filled(from: snapshot.record.configuration))
        draft.author = query["author"] ?? ""
        draft.comment = comment
        draft.createdBy = (snapshot.record.configuration.command ?? []).joined(separator: " ")
        draft.name = target
        return try await images.make(draft, of: snapshot.changes)
      }
      try await containers.committed(
        name, imageID: image.id.description, imageName: target?.familiar ?? "", comment: comment)
      return .json(JSONValue.object(JSONObject([("Id", .string(image.id.description))])), status: .created)
    }
  }

  /// `fromSrc` of `POST /images/create`: the body is a tar archive of a whole file system, or a web address has one.
  static func `import`(_ request: Request, _ images: ImageService) async throws -> Response {
    let query = request.query
    guard let source = query["fromSrc"], !source.isEmpty else {
      throw APIError.invalidParameter("neither fromImage nor fromSrc says where the image comes from")
    }
    var changes = ConfigurationChanges(ContainerDefaults(), isSignal: isSignal)
    try changes.apply(query.values("changes"))
    var draft = ImageDraft(
      on: nil, created: Timestamp.now().description, saying: changes.defaults, for: try platform(query) ?? .current)
    let message = query["message"] ?? ""
    draft.comment = message.isEmpty ? "Imported from \(source)" : message
    draft.name = try importedName(query)
    draft.isImport = true
    if source != "-" { return try await `import`(draft, from: source, images) }
    let image = try await images.make(draft, of: request.body)
    return .bytes(ProgressMessage(status: image.id.description).line, contentType: "application/json")
  }

  private static func `import`(
    _ draft: ImageDraft, from source: String, _ images: ImageService
  ) async throws -> Response {
    let archive = try await ImageError.refusing { try await images.archive(at: source) }
    return .stream(contentType: "application/json") { writer in
      let address = source.contains("://") ? source : "http://\(source)"
      try await writer.write(ProgressMessage(status: "Downloading from \(address)").line)
      let (events, told) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
      async let making: ResolvedImage = {
        defer { told.finish() }
        return try await images.make(draft, of: archive) { told.yield($0) }
      }()
      for await position in events {
        try await writer.write(ProgressMessage(importing: position, of: archive.size).line)
      }
      do { try await writer.write(ProgressMessage(status: "\(try await making.id)").line) } catch {
        try await writer.write(ProgressMessage(failure: error).line)
      }
    }
  }

  @Sendable private static func isSignal(_ text: String) -> Bool {
    // Only whether it is one is asked.
    (try? Signal(text)) != nil
  }

  /// `repo` without a tag, and `tag`.
  private static func repository(_ query: Query) throws -> Reference? {
    guard let repository = query["repo"], !repository.isEmpty else { return nil }
    let last = repository.split(separator: "/").last ?? ""
    guard !last.contains(":"), !repository.contains("@") else {
      throw APIError.invalidParameter("unexpected repository name: \(repository)")
    }
    return try importedName(query)
  }

  /// `repo`, which may have a tag, and `tag`.
  private static func importedName(_ query: Query) throws -> Reference? {
    guard let repository = query["repo"], !repository.isEmpty else { return nil }
    do throws(ReferenceError) {
      let name = try Reference(repository)
      guard name.digest == nil else { throw ReferenceError(.digest, repository) }
      guard let tag = query["tag"], !tag.isEmpty else { return name }
      return try name.tagged(tag)
    } catch { throw ImageError.invalidReference(error) }
  }

  /// What the body says, which may be missing or `null`.
  private static func givenDefaults(_ request: Request) async throws -> ContainerDefaults {
    guard let value: JSONValue = try await request.decodeIfPresent(), value != .null else { return ContainerDefaults() }
    let config = try ContainerConfig(json: value)
    return try ContainerDefaults(jsonText: JSONWriter.bytes(config))
  }
}

extension ProgressMessage {
  fileprivate init(importing position: Int64, of size: Int64?) {
    if let size {
      self.init(status: "Importing", position, of: size)
    } else {
      self.init(status: "Importing")
      progressDetail = ProgressDetail()
      progressDetail?.current = position
    }
  }
}

extension ContainerDefaults {
  /// These, filled up with what a container was made with.
  fileprivate func filled(from container: ContainerConfiguration) -> ContainerDefaults {
    var filled = self
    if (user ?? "").isEmpty { filled.user = container.user }
    let ports = Dictionary(uniqueKeysWithValues: container.exposedPorts.map { ($0, JSONObject()) })
    filled.exposedPorts = (exposedPorts ?? [:]).merging(ports) { own, _ in own }
    if filled.exposedPorts?.isEmpty == true { filled.exposedPorts = nil }
    let named = Set((env ?? []).map { $0.prefix { $0 != "=" } })
    filled.env = (env ?? []) + container.environment.filter { !named.contains($0.prefix { $0 != "=" }) }
    filled.labels = (labels ?? [:]).merging(container.labels) { own, _ in own }
    if (entrypoint ?? []).isEmpty {
      if (cmd ?? []).isEmpty { filled.cmd = container.command }
      if entrypoint == nil { filled.entrypoint = container.entrypoint }
    }
    filled.healthcheck = healthcheck.map { $0.filled(from: container.healthCheck) } ?? container.healthCheck?.inImage
    if (workingDir ?? "").isEmpty { filled.workingDir = container.workingDirectory }
    let volumes = Dictionary(uniqueKeysWithValues: container.volumes.map { ($0, JSONObject()) })
    filled.volumes = (self.volumes ?? [:]).merging(volumes) { own, _ in own }
    if filled.volumes?.isEmpty == true { filled.volumes = nil }
    if (stopSignal ?? "").isEmpty { filled.stopSignal = container.stopSignal }
    return filled
  }
}

extension Healthcheck {
  fileprivate func filled(from other: HealthConfiguration?) -> Healthcheck {
    guard let other = other?.inImage else { return self }
    var filled = self
    if test.isEmpty { filled.test = other.test }
    filled.interval = interval ?? other.interval
    filled.timeout = timeout ?? other.timeout
    filled.startPeriod = startPeriod ?? other.startPeriod
    filled.startInterval = startInterval ?? other.startInterval
    filled.retries = retries ?? other.retries
    return filled
  }
}

extension HealthConfiguration {
  /// The same as an image says it.
  fileprivate var inImage: Healthcheck {
    func given<Number: BinaryInteger>(_ value: Number) -> Number? { value == 0 ? nil : value }
    var check = Healthcheck()
    check.test = test
    check.interval = given(interval)
    check.timeout = given(timeout)
    check.startPeriod = given(startPeriod)
    check.startInterval = given(startInterval)
    check.retries = given(retries)
    return check
  }
}
