public import NIOCore
internal import NIOHTTP1
public import OCIImageSpec

extension Repository {
  /// Bytes that count as something got by an attempt.
  private static var leastGain: Int64 { 64 << 10 }

  /// Fetches a blob, or what is missing of it, going on where an attempt broke off. What it holds is not verified, only
  /// that there are as many bytes as there should be.
  /// - Parameters:
  ///   - start: bytes that are there already.
  ///   - restart: what is there must be thrown away: the registry sends everything from the beginning.
  ///   - write: takes the next bytes.
  public func blob(
    _ descriptor: Descriptor, from start: Int64, restart: @Sendable () async throws -> Void,
    write: @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    var position = start
    var attempt = 1
    let request = Wire.Request(address: try address("blobs/\(descriptor.digest)"))
    while position < descriptor.size || descriptor.size == 0 {
      let before = position
      do {
        try await receive(descriptor, request, &position, restart: restart, write: write)
        guard position < descriptor.size else { return }
        throw PassingFailure(
          error: RegistryError(
            .unavailable, "\(request.title): unexpected EOF after \(position) of \(descriptor.size) bytes"))
      } catch {
        try Task.checkCancellation()
        guard let failure = PassingFailure(error, request: request.title) else {
          throw (error as? LocalFailure)?.cause ?? error
        }
        if position >= before + Self.leastGain { attempt = 1 }
        guard let pause = retries.pause(after: attempt, wish: failure.pause) else { throw failure.error }
        try await Task.sleep(for: pause)
        attempt += 1
      }
    }
  }

  private func receive(
    _ descriptor: Descriptor, _ request: Wire.Request, _ position: inout Int64,
    restart: @Sendable () async throws -> Void, write: @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    var request = request
    if position > 0 { request.headers.add(name: "Range", value: "bytes=\(position)-") }
    let answer = try await read(request, accepting: position > 0 ? [200, 206, 416] : [200])
    if position > 0, answer.status.code != 206 || !answer.continues(at: position) {
      try await locally(restart)
      position = 0
      // Some registries know no ranges; whatever else this answer is, it is not the blob's beginning.
      guard answer.status.code == 200 else { return }
    }
    try check(answer, holds: descriptor.size - position, of: descriptor)
    var pace = Pace(patience: wire.patience)
    for try await piece in answer.response.body {
      guard position + Int64(piece.readableBytes) <= descriptor.size else { throw wrongSize(descriptor, "more") }
      try await locally { try await write(piece) }
      position += Int64(piece.readableBytes)
      try pace.count(piece.readableBytes)
    }
  }

  private func locally(_ body: () async throws -> Void) async throws {
    do { try await body() } catch { throw LocalFailure(cause: error) }
  }

  private func check(_ answer: Wire.Answer, holds expected: Int64, of descriptor: Descriptor) throws {
    guard let length = answer.headers.first(name: "Content-Length").flatMap({ Int64($0) }), length != expected else {
      return
    }
    throw wrongSize(descriptor, length > expected ? "more" : "fewer")
  }

  private func wrongSize(_ descriptor: Descriptor, _ comparison: String) -> RegistryError {
    RegistryError(
      .invalid, "blob \(descriptor.digest) has \(comparison) bytes than the \(descriptor.size) its manifest says")
  }
}

extension Wire.Answer {
  /// Whether it begins where it was asked to (RFC 9110 §14.4).
  fileprivate func continues(at position: Int64) -> Bool {
    guard let range = headers.first(name: "Content-Range"), range.hasPrefix("bytes ") else { return false }
    return range.dropFirst(6).prefix { $0 != "-" } == "\(position)"
  }
}
