import NIOCore
import NIOPosix
import Tar
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ArrivingBytesTests {
  private struct Broken: Error {}

  private func read(_ source: ArrivingBytes, limit: Int = .max) async throws -> [UInt8] {
    try await NIOThreadPool.singleton.runIfActive {
      var all: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 7)
      while all.count < limit {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { break }
        all += buffer[..<count]
      }
      return all
    }
  }

  private func pieces(_ texts: [String], failing: Bool = false) -> AsyncThrowingStream<ByteBuffer, any Error> {
    AsyncThrowingStream { stream in
      for text in texts { stream.yield(ByteBuffer(string: text)) }
      stream.finish(throwing: failing ? Broken() : nil)
    }
  }

  @Test func `everything comes through in order`() async throws {
    let source = ArrivingBytes()
    async let size = source.send(pieces(["one", "", "a longer piece", "!"]))
    #expect(try await read(source) == Array("onea longer piece!".utf8))
    #expect(await size == 18)
  }

  @Test func `an error comes through as well`() async throws {
    let source = ArrivingBytes()
    async let sent = source.send(pieces(["one"], failing: true))
    await #expect(throws: Broken.self) { try await read(source) }
    _ = await sent
  }

  @Test func `who sends is let go when nobody reads any more`() async throws {
    let source = ArrivingBytes()
    async let sent = source.send(pieces(["one", "two", "three"]))
    _ = try await read(source, limit: 3)
    source.close()
    _ = await sent
  }
}
