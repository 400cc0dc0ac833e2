internal import Containers
internal import EngineAPI
internal import JSON
internal import LinuxKernel

/// A container's files: archives both ways, export, changes.
struct FileHandlers: Sendable {
  let service: ContainerService

  @Sendable func status(_ request: Request) async throws -> Response {
    let status = try await service.pathStatus(try request.parameter("id"), try path(request))
    return Response(.ok, headers: [PathTranslation.header: PathTranslation.text(status)])
  }

  @Sendable func archive(_ request: Request) async throws -> Response {
    let (status, archive) = try await service.archive(try request.parameter("id"), try path(request))
    var response = Self.stream(archive, "application/x-tar")
    response.headers.add(name: PathTranslation.header, value: PathTranslation.text(status))
    return response
  }

  @Sendable func extract(_ request: Request) async throws -> Response {
    var wish = ExtractionRequest()
    wish.path = try path(request)
    wish.keepsKinds = request.query.bool("noOverwriteDirNonDir")
    wish.belongsToUser = request.query.bool("copyUIDGID")
    try await service.extract(try request.parameter("id"), wish, request.body)
    return .empty(.ok)
  }

  @Sendable func export(_ request: Request) async throws -> Response {
    Self.stream(try await service.export(try request.parameter("id")), "application/octet-stream")
  }

  @Sendable func changes(_ request: Request) async throws -> Response {
    let changes = try await service.changes(try request.parameter("id"))
    // Docker's empty list is `null`.
    guard !changes.isEmpty else { return .json(encoded: Array("null".utf8)) }
    return .json(
      changes.map { change in
        var answer = FilesystemChange()
        answer.path = String(decoding: change.path, as: UTF8.self)
        answer.kind = change.kind.rawValue
        return answer
      })
  }

  private func path(_ request: Request) throws(APIError) -> String {
    guard let path = request.query["path"], !path.isEmpty else {
      throw .invalidParameter("bad parameter: path cannot be empty")
    }
    guard !path.contains("\0") else { throw .invalidParameter("bad parameter: path contains a null byte") }
    return path
  }

  private static func stream(_ archive: FileArchive, _ contentType: String) -> Response {
    .stream(contentType: contentType) { writer in
      while let piece = try await archive.next() { try await writer.write(piece) }
    }
  }
}

enum PathTranslation {
  static let header = "X-Docker-Container-Path-Stat"

  static func text(_ status: PathStatus) -> String { Base64.encode(JSONWriter.bytes(response(status))) }

  static func response(_ status: PathStatus) -> ContainerPathStat {
    var answer = ContainerPathStat()
    answer.name = status.name
    answer.size = status.size
    answer.mode = status.permissions & 0o777 | kind(status.kind)
    for (bit, meaning) in [
      (0o4000, ContainerPathStat.setUserID), (0o2000, ContainerPathStat.setGroupID), (0o1000, ContainerPathStat.sticky),
    ] as [(UInt32, UInt32)] where status.permissions & bit != 0 { answer.mode |= meaning }
    answer.modified = status.modified.description
    answer.linkTarget = status.linkTarget
    return answer
  }

  private static func kind(_ kind: FileStatus.Kind) -> UInt32 {
    switch kind {
    case .regular: 0
    case .directory: ContainerPathStat.directory
    case .symbolicLink: ContainerPathStat.symbolicLink
    case .characterDevice: ContainerPathStat.device | ContainerPathStat.characterDevice
    case .blockDevice: ContainerPathStat.device
    case .fifo: ContainerPathStat.fifo
    case .socket: ContainerPathStat.socket
    }
  }
}
