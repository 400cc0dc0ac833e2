internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// One request and its answer, over however many redirects (RFC 9110 §15.4).
struct Wire: Sendable {
  /// As many as Docker follows.
  static let redirectLimit = 10
  /// Bytes of an error's body that are read.
  static let errorLimit = 64 << 10

  /// For one request's body.
  private static let longestUpload = Duration.seconds(3600)

  let clients: HTTPClients
  /// How long a server may be silent.
  let patience: Duration
  /// Who is spoken to.
  let endpoint: RegistryEndpoint

  /// Whether certificates are not looked at, and redirects may lead out of TLS.
  var isInsecure: Bool { endpoint.isInsecure }

  struct Request: Sendable {
    var method: HTTPMethod = .GET
    var address: WebAddress
    var headers: HTTPHeaders = [:]
    var body: HTTPClientRequest.Body?
    /// For the address' own origin, and for no other one that a redirect leads to (CVE-2020-15157, CVE-2024-3727).
    var authorization: String?

    var title: String { "\(method.rawValue.capitalized) \"\(address)\"" }
  }

  struct Answer: Sendable {
    let response: HTTPClientResponse
    /// Who answered in the end.
    let address: WebAddress

    var status: HTTPResponseStatus { response.status }
    var headers: HTTPHeaders { response.headers }
  }

  /// - Throws: ``RegistryError``, or what went wrong with the connection.
  func send(_ request: Request) async throws -> Answer {
    var address = request.address
    for _ in 0...Self.redirectLimit {
      let isSame = address.origin == request.address.origin
      let response = try await execute(request, at: address, authorization: isSame ? request.authorization : nil)
      guard Self.isRedirect(response.status), request.body == nil, let next = try follow(response, from: address) else {
        return Answer(response: response, address: address)
      }
      address = next
    }
    throw RegistryError(.invalid, "\(request.title): stopped after \(Self.redirectLimit) redirects")
  }

  private func execute(
    _ request: Request, at address: WebAddress, authorization: String?
  ) async throws -> HTTPClientResponse {
    var outgoing = HTTPClientRequest(url: address.description)
    outgoing.method = request.method
    outgoing.headers = request.headers
    let isOwn = endpoint.origins.contains(address.origin)
    // They may say who asks: nobody else gets them.
    if isOwn {
      for header in endpoint.headers { outgoing.headers.replaceOrAdd(name: header.name, value: header.value) }
    }
    outgoing.headers.replaceOrAdd(name: "User-Agent", value: "proa/0.1 (linux)")
    if let authorization { outgoing.headers.replaceOrAdd(name: "Authorization", value: authorization) }
    outgoing.body = request.body
    outgoing.tlsConfiguration = isOwn ? endpoint.trust.own : endpoint.trust.others
    // What is sent takes its time; that it moves is looked after by the connection.
    let limit = request.body == nil ? patience : patience + Self.longestUpload
    return try await clients.client(for: address.origin).execute(
      outgoing, deadline: .now() + .nanoseconds(limit.nanoseconds))
  }

  private func follow(_ response: HTTPClientResponse, from address: WebAddress) throws -> WebAddress? {
    guard let location = response.headers.first(name: "Location") else { return nil }
    guard let next = address.resolving(location) else {
      throw RegistryError(.invalid, "\(address.origin) redirects to an address that cannot be understood")
    }
    guard next.origin.isSecure || !address.origin.isSecure || isInsecure else {
      throw RegistryError(.invalid, "\(address.origin) redirects to \(next.origin), which is not secure")
    }
    return next
  }

  private static func isRedirect(_ status: HTTPResponseStatus) -> Bool {
    switch status.code {
    case 301, 302, 303, 307, 308: true
    default: false
    }
  }
}

extension Wire.Answer {
  /// The whole body.
  /// - Throws: ``RegistryError`` if it has more than `limit` bytes.
  func body(limit: Int, patience: Duration) async throws -> [UInt8] {
    let length = headers.first(name: "Content-Length").flatMap { Int64($0) } ?? 0
    guard length <= limit else { throw tooLong(limit) }
    var bytes: [UInt8] = []
    var pace = Pace(patience: patience)
    for try await piece in response.body {
      guard bytes.count + piece.readableBytes <= limit else { throw tooLong(limit) }
      bytes.append(contentsOf: piece.readableBytesView)
      try pace.count(piece.readableBytes)
    }
    return bytes
  }

  private func tooLong(_ limit: Int) -> RegistryError {
    RegistryError(.invalid, "\(address): the answer is longer than the \(limit) bytes accepted")
  }

  /// What the server says of its refusal.
  func error(_ request: Wire.Request, patience: Duration) async -> RegistryError {
    // The status alone says enough where the rest does not come.
    let body = (try? await body(limit: Wire.errorLimit, patience: patience)) ?? []
    return ErrorBody.error(status, body, request: request.title)
  }
}

/// Sees that bytes come at a rate at which there is an end: a server that sends one now and then is as good as silent.
struct Pace {
  /// Bytes a second, on average.
  private static let leastRate: Int64 = 1024

  private let patience: Duration
  private let start = ContinuousClock.now
  private var total: Int64 = 0

  init(patience: Duration) { self.patience = patience }

  mutating func count(_ bytes: Int) throws {
    total += Int64(bytes)
    let elapsed = ContinuousClock.now - start
    guard elapsed <= patience || total >= Self.leastRate * elapsed.components.seconds else {
      throw PassingFailure(error: RegistryError(.unavailable, "the registry sends less than a kilobyte a second"))
    }
  }
}

extension Duration {
  /// Whole nanoseconds.
  var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
