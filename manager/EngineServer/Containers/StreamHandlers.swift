internal import Containers
internal import NIOCore

/// Logs and attach: what streams a container's output.
struct StreamHandlers: Sendable {
  let service: ContainerService

  @Sendable func logs(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    let wish = try LogQuery.request(request.query)
    let terminal = try service.inspect(name).configuration.terminal
    let log = try service.logs(name, wish)
    let format = LogFormat(request.query, terminal: terminal)
    return .stream(contentType: StreamContentType.forStream(terminal: terminal, version: request.version)) { writer in
      try await log.read(format.bytes) { try await writer.write($0) }
    }
  }

  @Sendable func attach(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    let query = request.query
    let streams = StreamSelection(
      stdin: query.bool("stdin"), stdout: query.bool("stdout"), stderr: query.bool("stderr"))
    let terminal = try service.inspect(name).configuration.terminal
    let log = query.bool("logs") ? try service.logs(name, LogQuery.past(streams)) : nil
    let wantsStream = query.bool("stream")
    let attachment =
      wantsStream ? try await service.attach(name, streams, detachKeys: query["detachKeys"] ?? "") : nil
    let format = LogFormat(Query(), terminal: terminal)
    return .hijack(contentType: StreamContentType.forHijack(request, terminal: terminal)) { connection in
      try await log?.read(format.bytes) { try await connection.write($0) }
      try await attachment?.run(input: connection.inbound) { try await connection.write($0) }
    }
  }
}

/// The parameters of a logs request.
enum LogQuery {
  static func request(_ query: Query) throws(APIError) -> LogRequest {
    var request = LogRequest()
    request.stdout = query.bool("stdout")
    request.stderr = query.bool("stderr")
    guard request.stdout || request.stderr else {
      throw .invalidParameter("Bad parameters: you must choose at least one stream")
    }
    request.follow = query.bool("follow")
    request.since = try query.timestamp("since").flatMap { $0.nanoseconds == 0 ? nil : $0 }
    request.until = try query.timestamp("until").flatMap { $0.nanoseconds == 0 ? nil : $0 }
    // Docker takes whatever is no number for "all".
    request.tail = query["tail"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    return request
  }

  static func past(_ streams: StreamSelection) -> LogRequest {
    var request = LogRequest()
    request.stdout = streams.stdout
    request.stderr = streams.stderr
    return request
  }
}

extension StreamContentType {
  /// Only a client that asked for an upgrade is told that frames are coming.
  static func forHijack(_ request: Request, terminal: Bool) -> String {
    request.asksForUpgrade ? forStream(terminal: terminal, version: request.version) : raw
  }
}
