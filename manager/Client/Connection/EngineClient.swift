internal import EngineAPI
internal import HTTPWire
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends requests to the daemon, each on a connection of its own.
struct EngineClient: Sendable {
  /// The version of the Engine API that this client speaks.
  static let version = "1.51"
  /// The most bytes of an answer that is read whole.
  static let answerLimit = 64 << 20

  let address: DaemonAddress
  /// The version that requests name: this client's, or the daemon's if that is older.
  private(set) var version = Self.version

  init(address: DaemonAddress) { self.address = address }

  /// The same after asking the daemon for its version.
  func negotiated() async throws -> EngineClient {
    let answer = try await send(.HEAD, "/_ping", isVersioned: false)
    defer { answer.close() }
    var client = self
    if let theirs = answer.head.headers.first(name: "Api-Version"), Self.isOlder(theirs) { client.version = theirs }
    return client
  }

  private static func isOlder(_ version: String) -> Bool {
    func numbers(_ version: String) -> [Int] { version.split(separator: ".").compactMap { Int($0) } }
    return numbers(version).lexicographicallyPrecedes(numbers(Self.version))
  }

  /// Sends a request and returns when its answer begins.
  /// - Throws: ``ClientError/daemon(status:message:)`` for an answer that is an error.
  func send(
    _ method: HTTPMethod, _ target: RequestTarget, isVersioned: Bool = true, headers: HTTPHeaders = [:],
    body: RequestContent = .none
  ) async throws -> Answer {
    let uri = isVersioned ? "/v\(version)\(target.text)" : target.text
    let answer = try await exchange(method, uri, headers: headers, body)
    try await answer.checkStatus()
    return answer
  }

  /// Sends a request and decodes its answer.
  func decode<Value: JSONConvertible>(
    _ type: Value.Type = Value.self, _ method: HTTPMethod, _ target: RequestTarget, body: RequestContent = .none
  ) async throws -> Value {
    let answer = try await send(method, target, body: body)
    defer { answer.close() }
    return try await answer.decode()
  }

  /// Sends a request whose answer says nothing but that it worked.
  func perform(_ method: HTTPMethod, _ target: RequestTarget, body: RequestContent = .none) async throws {
    let answer = try await send(method, target, body: body)
    defer { answer.close() }
    _ = try await answer.collect()
  }

  /// Sends a request that turns the connection into a raw stream.
  func hijack(_ target: RequestTarget, body: RequestContent = .none) async throws -> Answer {
    let answer = try await exchange(
      .POST, "/v\(version)\(target.text)", headers: ["Connection": "Upgrade", "Upgrade": "tcp"], body)
    if answer.head.status.code != 101 { try await answer.checkStatus() }
    return answer
  }

  private func exchange(
    _ method: HTTPMethod, _ uri: String, headers: HTTPHeaders, _ body: RequestContent
  ) async throws -> Answer {
    let stream = try await connect()
    var head = HTTPRequestHead(
      version: .http1_1, method: method, uri: uri, headers: headers)
    head.headers.add(name: "Host", value: "api.proa.localhost")
    head.headers.add(name: "User-Agent", value: "Proa-Client (linux)")
    let reader = MessageReader(stream)
    do {
      try await body.send(after: head, on: stream)
    } catch let error as IOError where error.errnoCode == 32 {
      // The daemon may have answered before it had read all: that answer says why.
    }
    guard let answer = try await reader.responseHead() else {
      throw ClientError.unexpectedAnswer("the connection was closed")
    }
    if answer.status.code != 101 { reader.beginBody(try answer.bodyFraming(answering: method)) }
    return Answer(head: answer, stream: stream, reader: reader)
  }

  private func connect() async throws -> ByteStream {
    do {
      return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(unixDomainSocketPath: address.path) { channel in
          channel.eventLoop.makeCompletedFuture { try ByteStream.install(on: channel) }
        }
    } catch let error as IOError where error.errnoCode == 13 {
      throw ClientError.failed("permission denied while trying to connect to the Proa daemon socket at \(address)")
    } catch {
      throw ClientError.cannotConnect(address: address.description)
    }
  }
}
