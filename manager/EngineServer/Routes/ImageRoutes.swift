internal import EngineAPI
package import Images
internal import JSON
internal import NIOCore
package import OCIImageSpec

extension Route {
  /// `/images`.
  /// - Parameter driver: the name of what keeps the layers.
  /// - Parameter containers: IDs of the containers of the image with this ID.
  /// - Parameter use: who makes containers of the image with this ID.
  package static func images(
    _ images: ImageService, driver: String, containers: @escaping @Sendable (Digest) -> [String] = { _ in [] },
    use: @escaping @Sendable (Digest) async throws -> ImageUse
  ) -> [Route] {
    [
      Route(.POST, "/images/load") { try await load($0, images) },
      Route(.GET, "/images/json") { request in
        let query = try ImageListQuery(request)
        let all = await images.list()
        var summaries = try query.summaries(of: all, for: request.version)
        if query.withManifests {
          let known = Dictionary(uniqueKeysWithValues: all.map { ($0.id.description, $0) })
          for (index, summary) in summaries.enumerated() {
            guard let image = known[summary.id] else { continue }
            summaries[index].manifests = .all(
              of: image, as: try await images.readableManifest(of: image), containers: containers)
          }
        }
        return .json(summaries)
      },
      Route(.GET, "/images/{name...}/json") { request in
        let withManifests = request.query.bool("manifests") && request.version >= APIVersion(1, 48)
        guard !withManifests || (request.query["platform"] ?? "").isEmpty else {
          throw APIError.invalidParameter(
            "conflicting options: manifests and platform options cannot both be set")
        }
        let image = try await find(request, images)
        var answer = try ImageInspect(image, driver: driver, for: request.version)
        if withManifests {
          answer.manifests = .all(of: image, as: try await images.keptManifest(of: image), containers: containers)
        }
        return .json(answer)
      },
      Route(.GET, "/images/{name...}/history") { request in
        .json(ImageHistoryItem.all(try await find(request, images)))
      },
      Route(.POST, "/images/{name...}/tag") { request in
        try await images.tag(request.parameter("name"), as: try target(request.query))
        return .empty(.created)
      },
      Route(.DELETE, "/images/{name...}") { request in
        try refuse(["platforms"], in: request)
        let removed = try await images.remove(
          request.parameter("name"), force: request.query.bool("force"),
          prunesParents: !request.query.bool("noprune"), use: use)
        return .json(removed.map { ImageDeleteResponseItem($0) })
      },
      Route(.GET, "/images/get") { try await save($0.query.values("names"), $0, images) },
      Route(.GET, "/images/{name...}/get") { try await save([$0.parameter("name")], $0, images) },
    ]
  }

  /// The image that the path names, if it is for the machine that is asked for.
  private static func find(_ request: Request, _ images: ImageService) async throws -> ResolvedImage {
    let name = try request.parameter("name")
    let image = try await images.resolve(name)
    try image.check(try request.query.platform(), as: name)
    return image
  }

  private static func save(_ names: [String], _ request: Request, _ images: ImageService) async throws -> Response {
    let selection = try await images.select(names, for: try request.query.platform())
    return .stream(contentType: "application/x-tar") { writer in
      try await images.save(selection) { try await writer.write($0) }
    }
  }

  /// The archive is taken in first, so that what goes wrong on the way has a status; what is wrong with it is a line of the stream.
  private static func load(_ request: Request, _ images: ImageService) async throws -> Response {
    let platform = try request.query.platform()
    let isQuiet = request.query.bool("quiet")
    let archive = try await images.receive(request.body)
    return .stream(contentType: "application/json") { writer in
      let (events, source) = AsyncStream<LoadProgress>.makeStream()
      async let loading: Void = {
        defer { source.finish() }
        try await images.load(archive, for: platform) { source.yield($0) }
      }()
      for await event in events {
        if let message = ProgressMessage(event, isQuiet: isQuiet) { try await writer.write(message.line) }
      }
      do { try await loading } catch { try await writer.write(ProgressMessage(failure: error).line) }
    }
  }

  /// `repo` and `tag`, of which the first may hold a tag too if the second is not there.
  private static func target(_ query: Query) throws -> Reference {
    let repository = query["repo"] ?? ""
    let tag = query["tag"] ?? ""
    do throws(ReferenceError) {
      let name = try Reference(repository)
      if name.digest != nil { throw ReferenceError(.digest, repository) }
      return tag.isEmpty ? name : try name.tagged(tag)
    } catch { throw ImageError.invalidReference(error) }
  }

  private static func refuse(_ parameters: [String], in request: Request) throws(APIError) {
    for name in parameters where !["", "0", "false"].contains(request.query[name] ?? "") {
      throw .notImplemented("the parameter \(name) is not supported yet")
    }
  }
}

extension Query {
  /// The machine that `platform` names as JSON, as API 1.48 and later have it; `nil` if it is not there.
  func platform() throws(APIError) -> Platform? {
    guard let text = self["platform"], !text.isEmpty else { return nil }
    do throws(JSONError) { return try Platform(jsonText: Array(text.utf8)) } catch {
      throw .invalidParameter("failed to parse platform: \(error)")
    }
  }
}
