internal import AsyncHTTPClient
public import NIOCore
internal import NIOHTTP1

/// A file at a web address that has begun to come.
public final class WebDownload: Sendable {
  /// More than any file system in an archive, so that there is an end.
  private static let sizeLimit: Int64 = 64 << 30

  /// Bytes, if the server says.
  public let size: Int64?
  private let answer: Wire.Answer
  private let patience: Duration

  fileprivate init(_ answer: Wire.Answer, patience: Duration) {
    size = answer.headers.first(name: "Content-Length").flatMap { Int64($0) }
    (self.answer, self.patience) = (answer, patience)
  }

  /// Gives `write` all of it, in order. To be called once.
  /// - Throws: ``RegistryError``, `CancellationError`, or what `write` throws.
  public func read(_ write: (ByteBuffer) async throws -> Void) async throws {
    var (pace, total) = (Pace(patience: patience), Int64(0))
    var pieces = answer.response.body.makeAsyncIterator()
    while let piece = try await next(&pieces) {
      total += Int64(piece.readableBytes)
      guard total <= Self.sizeLimit else {
        throw RegistryError(.invalid, "\(answer.address): there are more than \(Self.sizeLimit) bytes")
      }
      do { try pace.count(piece.readableBytes) } catch let error as PassingFailure { throw error.error }
      try await write(piece)
    }
  }

  private func next(_ pieces: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
    do { return try await pieces.next() } catch {
      try Task.checkCancellation()
      throw PassingFailure(error, request: "Get \"\(answer.address)\"")?.error ?? error
    }
  }
}

extension RegistryClient {
  /// Asks for what is at a web address; without a scheme it is `http`. Nobody is told who asks.
  /// - Throws: ``RegistryError``, or `CancellationError`.
  public func download(_ text: String) async throws -> WebDownload {
    guard let address = WebAddress(text.contains("://") ? text : "http://\(text)") else {
      throw RegistryError(.invalid, "\"\(text.prefix(160))\" is no web address: http and https are known")
    }
    let wire = try await wireToAnybody()
    let request = Wire.Request(address: address)
    let answer: Wire.Answer
    do { answer = try await wire.send(request) } catch let error as RegistryError { throw error } catch {
      try Task.checkCancellation()
      throw PassingFailure(error, request: request.title)?.error ?? error
    }
    guard answer.status == .ok else {
      let status = "\(answer.status.code) \(answer.status.reasonPhrase)"
      throw RegistryError(
        Self.kind(of: answer.status), "failed to GET \(answer.address) with status \(status)")
    }
    return WebDownload(answer, patience: wire.patience)
  }

  private static func kind(of status: HTTPResponseStatus) -> RegistryError.Kind {
    switch status {
    case .notFound: .notFound
    case .unauthorized: .unauthorized
    case .forbidden: .denied
    case .badRequest: .invalid
    default: .unavailable
    }
  }
}
