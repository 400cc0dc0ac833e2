internal import AsyncHTTPClient
public import NIOCore
internal import NIOHTTP1
public import OCIImageSpec

/// Where the bytes of a blob come from: a part of it, that begins at an offset and has at most so many bytes.
public typealias BlobReader = @Sendable (_ offset: Int64, _ count: Int) async throws -> ByteBuffer

extension Repository {
  /// Bytes that are sent in one request: a blob that has more is sent in parts, and goes on where a part failed.
  private static var chunkSize: Int64 { 32 << 20 }

  /// Whether the repository has the blob.
  public func has(_ digest: Digest) async throws -> Bool {
    let request = Wire.Request(method: .HEAD, address: try address("blobs/\(digest)"))
    return try await retrying(request.title) {
      try await read(request, accepting: [200, 404]).status == .ok
    }
  }

  /// Lets the repository have a blob that another one at the same registry has (distribution-spec §Mounting a blob).
  /// - Returns: whether it does now.
  public func mount(_ digest: Digest, from path: String) async throws -> Bool {
    let address = try address("blobs/uploads/").with("mount", "\(digest)").with("from", path)
    let request = Wire.Request(method: .POST, address: address, headers: ["Content-Length": "0"])
    // What else a registry answers leaves the upload to be done.
    return try await send(request).status == .created
  }

  /// Sends a blob.
  /// - Parameter told: is given how many bytes have gone.
  public func upload(
    _ descriptor: Descriptor, _ reader: @escaping BlobReader, told: @escaping @Sendable (Int64) -> Void
  ) async throws {
    let start = Wire.Request(
      method: .POST, address: try address("blobs/uploads/"), headers: ["Content-Length": "0"])
    try await retrying(start.title) {
      let answer = try await read(start, accepting: [202])
      var location = try location(answer, of: start)
      var position: Int64 = 0
      while descriptor.size - position > Self.chunkSize {
        (location, position) = try await patch(location, descriptor, from: position, reader, told)
      }
      var put = Wire.Request(method: .PUT, address: location.with("digest", "\(descriptor.digest)"))
      put.headers.add(name: "Content-Type", value: "application/octet-stream")
      put.body = Self.body(reader, position..<descriptor.size, told)
      _ = try await read(put, accepting: [201])
    }
  }

  /// Sends one part; if that fails for a reason that passes, the registry is asked how far it got.
  private func patch(
    _ location: WebAddress, _ descriptor: Descriptor, from position: Int64, _ reader: @escaping BlobReader,
    _ told: @escaping @Sendable (Int64) -> Void
  ) async throws -> (WebAddress, Int64) {
    let end = min(position + Self.chunkSize, descriptor.size)
    var patch = Wire.Request(method: .PATCH, address: location)
    patch.headers.add(name: "Content-Type", value: "application/octet-stream")
    patch.headers.add(name: "Content-Range", value: "\(position)-\(end - 1)")
    patch.body = Self.body(reader, position..<end, told)
    do {
      let answer = try await read(patch, accepting: [202])
      return (try self.location(answer, of: patch), end)
    } catch {
      guard let failure = PassingFailure(error, request: patch.title) else { throw error }
      let question = Wire.Request(address: location)
      let answer = try await retrying(question.title) { try await read(question, accepting: [204]) }
      let range = answer.headers.first(name: "Range")?.split(separator: "-").last.flatMap { Int64($0) }
      guard let range, range >= position, range < descriptor.size else { throw failure }
      return (try self.location(answer, of: question), range + 1)
    }
  }

  private func location(_ answer: Wire.Answer, of request: Wire.Request) throws -> WebAddress {
    guard let location = answer.headers.first(name: "Location"), let address = answer.address.resolving(location) else {
      throw RegistryError(.invalid, "\(request.title): the registry does not say where to send the blob")
    }
    guard address.origin.isSecure || !request.address.origin.isSecure || wire.isInsecure else {
      throw RegistryError(
        .invalid, "\(request.title): the registry wants the blob at \(address.origin), which is not secure")
    }
    return address
  }

  private static func body(
    _ reader: @escaping BlobReader, _ range: Range<Int64>, _ told: @escaping @Sendable (Int64) -> Void
  ) -> HTTPClientRequest.Body {
    .stream(BlobPieces(reader: reader, range: range, told: told), length: .known(range.upperBound - range.lowerBound))
  }

  /// Stores a manifest or an index, whose blobs are there.
  /// - Parameter reference: a tag or a digest.
  public func put(_ manifest: [UInt8], as mediaType: String, reference: String) async throws {
    let request = Wire.Request(
      method: .PUT, address: try address("manifests/\(reference)"), headers: ["Content-Type": mediaType],
      body: .bytes(ByteBuffer(bytes: manifest)))
    _ = try await retrying(request.title) { try await read(request, accepting: [201, 202]) }
  }
}

/// A part of a blob, piece by piece.
private struct BlobPieces: AsyncSequence, Sendable {
  let reader: BlobReader
  let range: Range<Int64>
  let told: @Sendable (Int64) -> Void

  struct AsyncIterator: AsyncIteratorProtocol {
    private static let pieceSize: Int64 = 256 << 10

    let pieces: BlobPieces
    var position: Int64

    mutating func next() async throws -> ByteBuffer? {
      pieces.told(position)
      guard position < pieces.range.upperBound else { return nil }
      let count = Int(Swift.min(Self.pieceSize, pieces.range.upperBound - position))
      let piece = try await pieces.reader(position, count)
      guard piece.readableBytes == count else {
        throw LocalFailure(cause: RegistryError(.invalid, "the blob that is sent has become shorter"))
      }
      position += Int64(count)
      return piece
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self, position: range.lowerBound) }
}
