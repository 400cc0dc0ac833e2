internal import Containers
internal import HTTPWire
internal import NIOCore

/// Attach over a WebSocket: the process's output as messages, one for each piece, both streams alike.
struct WebSocketHandlers: Sendable {
  let service: ContainerService

  @Sendable func attach(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    let query = request.query
    let streams = StreamSelection(
      stdin: query.bool("stdin"), stdout: query.bool("stdout"), stderr: query.bool("stderr"))
    _ = try service.inspect(name)
    let headers = try WebSocketHandshake.accept(request.headers)
    let log = query.bool("logs") ? try service.logs(name, LogQuery.past(streams)) : nil
    let attachment =
      query.bool("stream") ? try await service.attach(name, streams, detachKeys: query["detachKeys"] ?? "") : nil
    let opcode: WebSocketFrame.Opcode = request.version < .sendsBinaryMessages ? .text : .binary
    let format = LogFormat(messages: opcode)
    return .webSocket(headers.map { $0 }, opcode) { socket in
      try await log?.read(format.bytes) { try await socket.write(frames: $0) }
      try await attachment?.run(input: socket.inbound, raw: true) { try await socket.write($0) }
    }
  }
}
