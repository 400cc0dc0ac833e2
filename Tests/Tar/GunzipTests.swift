import Tar
import Testing

struct GunzipTests {
  /// `echo hello proa | gzip -n`
  private let hello: [UInt8] = [
    0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0x28, 0x28, 0xCA, 0x4F, 0xE4, 0x02, 0,
    0xE6, 0x40, 0x43, 0x16, 0x0B, 0, 0, 0,
  ]

  private func gunzip(_ bytes: [UInt8], step: Int = .max, room: Int = 64) throws -> [UInt8] {
    let source = try Gunzip(MemorySource(bytes, step: step))
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: room)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  @Test(arguments: [1, 2, 5, .max], [1, 3, 64])
  func theTextComesOutWhateverThePieces(step: Int, room: Int) throws {
    #expect(try gunzip(hello, step: step, room: room) == Array("hello proa\n".utf8))
  }

  @Test(arguments: [0, 1, 1000, 300_000], [1, 100, 4096])
  func whatIsCompressedComesOutAgainAndIsAlwaysTheSame(count: Int, room: Int) throws {
    let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 >> 9) }
    func packed(room: Int) throws -> [UInt8] {
      let source = try Gzip(MemorySource(text))
      var result: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: room)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { return result }
        result += buffer[..<count]
      }
    }
    let bytes = try packed(room: room)
    #expect(try gunzip(bytes, room: 4096) == text)
    #expect(try packed(room: 64 << 10) == bytes)
  }

  @Test func membersFollowOneAnother() throws {
    #expect(try gunzip(hello + hello) == Array("hello proa\nhello proa\n".utf8))
  }

  @Test func everyCutIsNoticed() {
    for length in hello.indices {
      #expect(throws: Gunzip.Failure.truncated, "at \(length)") { try gunzip(Array(hello[..<length])) }
    }
  }

  @Test func whatFollowsMustBeAMemberToo() {
    #expect(throws: Gunzip.Failure.self) { try gunzip(hello + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) }
  }

  @Test func aWrongChecksumIsNoticed() {
    var bytes = hello
    bytes[bytes.count - 6] ^= 1
    #expect(throws: Gunzip.Failure.corrupt("incorrect data check")) { try gunzip(bytes) }
  }

  @Test func garbageNeverCrashesIt() {
    var random = SplitMix(state: 7)
    for _ in 0..<20_000 {
      var bytes = hello
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do { _ = try gunzip(bytes) } catch { #expect(error is Gunzip.Failure) }
    }
  }

  @Test(arguments: [
    ([0x1F, 0x8B, 8, 0] as [UInt8], Compression.gzip), ([0x28, 0xB5, 0x2F, 0xFD, 0], .zstd),
    ([0x42, 0x5A, 0x68, 0x39], .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz), ([0, 0, 0], .none), ([], .none),
  ])
  func aStreamIsKnownByItsFirstBytes(prefix: [UInt8], compression: Compression) {
    #expect(Compression(prefix) == compression)
  }
}
