internal import EngineAPI
package import Images
internal import JSON
internal import NIOCore
internal import OCIImageSpec

extension Route {
  /// `POST /images/{name}/push`, `POST /auth` and `GET /distribution/{name}/json`.
  package static func registries(_ images: ImageService) -> [Route] {
    [
      Route(.POST, "/images/{name...}/push") { try push($0, images) },
      Route(.POST, "/auth") { request in
        let login: AuthConfig = try await request.decode()
        var answer = AuthResponse()
        answer.identityToken = try await ImageError.refusing {
          try await images.login(login.serverAddress, as: login.credentials)
        }
        answer.status = "Login Succeeded"
        return .json(answer)
      },
      Route(.GET, "/distribution/{name...}/json") { request in
        let name = try reference(request)
        let credentials = try RegistryAuthorization.credentials(request.headers)
        return .json(DistributionInspect(try await images.inspectRemote(name, as: credentials)))
      },
    ]
  }

  private static func reference(_ request: Request) throws -> Reference {
    let text = try request.parameter("name")
    do throws(ReferenceError) { return try Reference(text) } catch { throw ImageError.invalidReference(error) }
  }

  /// What goes wrong is a line of the stream, as with Docker: its first line goes out before anything is done.
  private static func push(_ request: Request, _ images: ImageService) throws -> Response {
    guard request.query["platform"] ?? "" == "" else {
      throw APIError.notImplemented("the parameter platform is not supported yet")
    }
    let name = try reference(request)
    let tag = request.query["tag"].flatMap { $0.isEmpty ? nil : $0 }
    let credentials = try RegistryAuthorization.credentials(request.headers)
    return .stream(contentType: "application/json") { writer in
      let (events, source) = AsyncStream<PushProgress>.makeStream()
      async let pushing: Void = {
        defer { source.finish() }
        try await images.push(name, tag: tag, as: credentials) { source.yield($0) }
      }()
      for await event in events {
        for message in ProgressMessage.all(event) { try await writer.write(message.line) }
      }
      do { try await pushing } catch { try await writer.write(ProgressMessage(failure: error).line) }
    }
  }
}

extension ProgressMessage {
  /// The lines that Docker tells it with.
  static func all(_ event: PushProgress) -> [ProgressMessage] {
    switch event {
    case .began(let name): [ProgressMessage(status: "The push refers to repository [\(name.repository)]")]
    case .layer(let diffID, let what): [ProgressMessage(diffID, what)]
    case .finished(let tag, let digest, let size):
      [ProgressMessage(status: "\(tag): digest: \(digest) size: \(size)"), ProgressMessage(tag, digest, size)]
    }
  }

  private init(_ diffID: Digest, _ what: LayerPush) {
    switch what {
    case .preparing: self.init(status: "Preparing")
    case .waiting: self.init(status: "Waiting")
    case .isThere: self.init(status: "Layer already exists")
    case .mounted(let path): self.init(status: "Mounted from \(path)")
    case .pushing(let current, let total): self.init(status: "Pushing", current, of: total)
    case .pushed: self.init(status: "Pushed")
    }
    id = diffID.short
    if progressDetail == nil { progressDetail = ProgressDetail() }
  }

  /// What programs read.
  private init(_ tag: String, _ digest: Digest, _ size: Int) {
    self.init()
    progressDetail = ProgressDetail()
    auxiliary = .object(
      JSONObject([
        ("Tag", .string(tag)), ("Digest", .string("\(digest)")), ("Size", .number(JSONNumber(Int64(size)))),
      ]))
  }
}

extension DistributionInspect {
  init(_ remote: RemoteInspection) {
    self.init()
    descriptor = ImageDescriptor(remote.descriptor)
    platforms = remote.platforms.map { ImagePlatform($0) }
  }
}
