internal import Containers
internal import EngineAPI
internal import NIOCore

/// Exec sessions.
struct ExecHandlers: Sendable {
  let service: ContainerService

  @Sendable func create(_ request: Request) async throws -> Response {
    var config: ExecConfig = try await request.decode()
    config.adapt(to: request.version)
    var answer = IDResponse()
    answer.id = try await service.createExec(
      in: try request.parameter("id"), try ExecTranslation.configuration(config))
    return .json(answer, status: .created)
  }

  @Sendable func start(_ request: Request) async throws -> Response {
    let id = try request.parameter("id")
    var wish: ExecStartRequest = try await request.decodeIfPresent() ?? ExecStartRequest()
    wish.adapt(to: request.version)
    let session = try await service.inspectExec(id)
    let size = wish.consoleSize ?? session.configuration.consoleSize
    try await service.beginExec(id)
    if wish.detach {
      _ = try await service.startExec(id, streams: nil, consoleSize: size)
      return .empty(.ok)
    }
    let terminal = session.configuration.terminal
    let streams = session.configuration.streams
    return .hijack(contentType: StreamContentType.forHijack(request, terminal: terminal)) { [service] connection in
      do {
        let attachment = try await service.startExec(id, streams: streams, consoleSize: size)
        try await attachment?.run(input: connection.inbound) { try await connection.write($0) }
      } catch let error as ContainerError {
        // The head is gone: the message goes where the output would have gone, as dockerd does it.
        try await connection.write(Self.message("\(error)\r\n", terminal: terminal))
      }
    }
  }

  @Sendable func resize(_ request: Request) async throws -> Response {
    let (height, width) = try TerminalQuery.size(request.query)
    try await service.resizeExec(try request.parameter("id"), height: height, width: width)
    return .empty(.ok)
  }

  @Sendable func inspect(_ request: Request) async throws -> Response {
    .json(ExecTranslation.response(try await service.inspectExec(try request.parameter("id"))))
  }

  private static func message(_ text: String, terminal: Bool) -> ByteBuffer {
    var buffer = ByteBuffer()
    if !terminal {
      buffer.writeBytes([1, 0, 0, 0])
      buffer.writeInteger(UInt32(text.utf8.count))
    }
    buffer.writeString(text)
    return buffer
  }
}

enum ExecTranslation {
  static func configuration(_ config: ExecConfig) throws(APIError) -> ExecConfiguration {
    var configuration = ExecConfiguration()
    configuration.arguments = config.command?.elements ?? []
    guard !configuration.arguments.isEmpty else { throw .invalidParameter("No exec command specified") }
    configuration.environment = config.environment ?? []
    if let variable = configuration.environment.first(where: { $0.hasPrefix("=") }) {
      throw .invalidParameter("invalid environment variable: \(variable)")
    }
    configuration.workingDirectory = config.workingDirectory.isEmpty ? nil : config.workingDirectory
    configuration.user = config.user
    configuration.terminal = config.tty
    configuration.privileged = config.privileged
    configuration.streams = StreamSelection(
      stdin: config.attachStdin, stdout: config.attachStdout, stderr: config.attachStderr)
    configuration.detachKeys = config.detachKeys
    configuration.consoleSize = config.consoleSize ?? []
    return configuration
  }

  static func response(_ session: ExecSnapshot) -> ExecInspectResponse {
    let configuration = session.configuration
    var response = ExecInspectResponse()
    response.id = session.id
    response.containerID = session.container.text
    response.openStdin = configuration.streams.stdin
    response.openStdout = configuration.streams.stdout
    response.openStderr = configuration.streams.stderr
    response.detachKeys = configuration.detachKeys
    response.processConfig.tty = configuration.terminal
    response.processConfig.entrypoint = configuration.arguments.first ?? ""
    response.processConfig.arguments = Array(configuration.arguments.dropFirst())
    response.processConfig.privileged = configuration.privileged
    response.processConfig.user = configuration.user
    switch session.state {
    case .created: break
    case .starting: response.isRunning = true
    case .running(let pid):
      response.isRunning = true
      response.pid = Int(pid)
    case .exited(let status, let pid):
      response.exitCode = status.map { Int($0) }
      response.pid = Int(pid ?? 0)
    }
    return response
  }
}
