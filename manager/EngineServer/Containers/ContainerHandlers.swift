internal import Containers
internal import EngineAPI
internal import JSON
internal import NIOCore

/// Decode, call, encode: a container's life.
struct ContainerHandlers: Sendable {
  let service: ContainerService

  @Sendable func create(_ request: Request) async throws -> Response {
    var body: ContainerCreateRequest = try await request.decode()
    try body.check(for: request.version)
    body.adapt(to: request.version)
    var wish = try CreateTranslation.request(body)
    wish.name = request.query["name"].flatMap { $0.isEmpty ? nil : $0 }
    try CreateTranslation.check(platform: request.parameter("platform", since: APIVersion(1, 41)))
    var answer = ContainerCreateResponse()
    let (id, warnings) = try await service.create(wish)
    answer.id = id.text
    answer.warnings = warnings
    return .json(answer, status: .created)
  }

  @Sendable func list(_ request: Request) async throws -> Response {
    let containers = try await service.list(try ListTranslation.request(request.query))
    guard request.query.bool("size") else {
      return .json(
        encoded: SummaryTranslation.encoded(
          containers, linkNames: service.linkNames(), paths: service.paths, now: .now(), for: request.version))
    }
    return .json(
      try await SummaryTranslation.sized(containers.map(\.record), by: service, for: request.version))
  }

  @Sendable func inspect(_ request: Request) async throws -> Response {
    let record = try service.inspect(try request.parameter("id"))
    let execs = try await service.execIDs(record.id.text)
    var answer = InspectTranslation.response(
      record, execs: execs, links: service.links(of: record), paths: service.paths, runtimes: service.runtimes,
      for: request.version)
    answer.graphDriver = InspectTranslation.driver(try await service.place(of: record))
    answer.driver = service.storageDriver
    if request.query.bool("size"), let size = try await service.sizes(of: [record]).first {
      (answer.sizeRw, answer.sizeRootFs) = (size.written, size.total)
    }
    return .json(answer)
  }

  @Sendable func start(_ request: Request) async throws -> Response {
    try await checkBodyOfStart(request)
    for name in ["checkpoint", "checkpoint-dir"] where !(request.query[name] ?? "").isEmpty {
      throw APIError.notImplemented("starting from a checkpoint is not supported")
    }
    try await service.start(try request.parameter("id"))
    return .empty()
  }

  @Sendable func stop(_ request: Request) async throws -> Response {
    try await service.stop(
      try request.parameter("id"), signal: try stopSignal(request), timeout: try request.query.integer("t"))
    return .empty()
  }

  @Sendable func restart(_ request: Request) async throws -> Response {
    try await service.restart(
      try request.parameter("id"), signal: try stopSignal(request), timeout: try request.query.integer("t"))
    return .empty()
  }

  @Sendable func kill(_ request: Request) async throws -> Response {
    try await service.kill(try request.parameter("id"), try Self.signal(request.query["signal"]) ?? .kill)
    return .empty()
  }

  @Sendable func top(_ request: Request) async throws -> Response {
    let options = request.query["ps_args"].flatMap { $0.isEmpty ? nil : $0 } ?? "-ef"
    let table = try await service.processes(of: try request.parameter("id"), options: options)
    var answer = ContainerTopResponse()
    answer.titles = table.titles
    answer.processes = table.rows
    return .json(answer)
  }

  @Sendable func pause(_ request: Request) async throws -> Response {
    try await service.pause(try request.parameter("id"))
    return .empty()
  }

  @Sendable func unpause(_ request: Request) async throws -> Response {
    try await service.unpause(try request.parameter("id"))
    return .empty()
  }

  @Sendable func update(_ request: Request) async throws -> Response {
    let change = try UpdateTranslation.update(try await request.decode(), version: request.version)
    var answer = ContainerUpdateResponse()
    let warnings = try await service.update(try request.parameter("id"), change)
    answer.warnings = warnings.isEmpty ? nil : warnings
    return .json(answer)
  }

  @Sendable func rename(_ request: Request) async throws -> Response {
    guard let name = request.query["name"], !name.isEmpty else {
      throw APIError.invalidParameter("Neither old nor new names may be empty")
    }
    try await service.rename(try request.parameter("id"), to: name)
    return .empty()
  }

  @Sendable func resize(_ request: Request) async throws -> Response {
    let (height, width) = try TerminalQuery.size(request.query)
    try await service.resize(try request.parameter("id"), height: height, width: width)
    return .empty(.ok)
  }

  @Sendable func remove(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    if request.query.bool("link") {
      try await service.removeLink(name)
      return .empty()
    }
    try await service.remove(
      name, force: request.query.bool("force"), withVolumes: request.query.bool("v"))
    return .empty()
  }

  /// The head is sent at once: the client starts the container when it has seen it.
  @Sendable func wait(_ request: Request) async throws -> Response {
    let given = request.parameter("condition", since: APIVersion(1, 30))
    let text = given.flatMap { $0.isEmpty ? nil : $0 } ?? WaitCondition.notRunning.rawValue
    guard let condition = WaitCondition(rawValue: text) else {
      throw APIError.invalidParameter("invalid condition: \"\(text)\"")
    }
    let wait = try await service.wait(try request.parameter("id"), condition)
    return .stream(contentType: "application/json") { writer in
      let outcome = try await wait.outcome()
      var answer = ContainerWaitResponse()
      answer.statusCode = Int64(outcome.status)
      if let message = outcome.error {
        var error = ContainerWaitResponse.WaitError()
        error.message = message
        answer.error = error
      }
      try await writer.write(ByteBuffer(bytes: JSONWriter.bytes(answer) + [UInt8(ascii: "\n")]))
    }
  }

  private static func signal(_ text: String?) throws -> Signal? {
    guard let text, !text.isEmpty else { return nil }
    return try Signal(text)
  }

  private func stopSignal(_ request: Request) throws -> Signal? {
    try Self.signal(request.parameter("signal", since: APIVersion(1, 42)))
  }

  /// A body was the container's `HostConfig` once. `{}` and `null` are what some clients send who mean nothing.
  private func checkBodyOfStart(_ request: Request) async throws {
    do { _ = try await request.body.collect(limit: 7) } catch let error as APIError
      where error.status == .payloadTooLarge
    {
      throw APIError.invalidParameter(
        "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24")
    }
  }
}

/// A terminal's size in a request.
enum TerminalQuery {
  static func size(_ query: Query) throws(APIError) -> (height: UInt16, width: UInt16) {
    (try number("h", query), try number("w", query))
  }

  private static func number(_ name: String, _ query: Query) throws(APIError) -> UInt16 {
    guard let value = try query.integer(name), let number = UInt16(exactly: value) else {
      throw .invalidParameter("invalid resize \(name == "h" ? "height" : "width") \"\(query[name] ?? "")\"")
    }
    return number
  }
}
