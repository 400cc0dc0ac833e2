import Tar
import Testing

struct UnzstdTests {
  /// `echo hello proa | zstd`
  private let hello: [UInt8] = [
    0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x59, 0, 0, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x20, 0x70, 0x72, 0x6F, 0x61, 0x0A,
    0xF9, 0xDA, 0xB4, 0xD7,
  ]
  /// A frame of no content that a decoder passes over.
  private let skipped: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]

  private func unzstd(_ bytes: [UInt8], step: Int = .max, room: Int = 64) throws -> [UInt8] {
    let source = try Unzstd(MemorySource(bytes, step: step))
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
    #expect(try unzstd(hello, step: step, room: room) == Array("hello proa\n".utf8))
  }

  @Test func framesFollowOneAnother() throws {
    #expect(try unzstd(hello + skipped + hello) == Array("hello proa\nhello proa\n".utf8))
  }

  /// 300,000 bytes of one value: `head -c 300000 /dev/zero | zstd`
  @Test(arguments: [100, 1000, 1 << 20])
  func aFrameGivesMoreThanItHas(room: Int) throws {
    let zeros: [UInt8] = [
      0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x54, 0, 0, 0x10, 0, 0, 0x01, 0, 0xFB, 0xFF, 0x39, 0xC0, 0x02, 0x02, 0, 0x10,
      0, 0x03, 0x9F, 0x04, 0, 0x2D, 0x28, 0xDE, 0x26,
    ]
    #expect(try unzstd(zeros, room: room) == [UInt8](repeating: 0, count: 300_000))
  }

  @Test func everyCutIsNoticed() {
    for length in hello.indices {
      #expect(throws: Unzstd.Failure.truncated, "at \(length)") { try unzstd(Array(hello[..<length])) }
    }
  }

  @Test func whatFollowsMustBeAFrameToo() {
    #expect(throws: Unzstd.Failure.self) { try unzstd(hello + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) }
  }

  @Test func aWrongChecksumIsNoticed() {
    var bytes = hello
    bytes[bytes.count - 1] ^= 1
    #expect(throws: Unzstd.Failure.corrupt("Restored data doesn't match checksum")) { try unzstd(bytes) }
  }

  @Test func aWindowOfAGibibyteIsRefused() {
    // Frame header: no single segment; the window's exponent is 10 + 20.
    #expect(throws: Unzstd.Failure.self) { try unzstd([0x28, 0xB5, 0x2F, 0xFD, 0x00, 20 << 3, 0x09, 0, 0, 0x61]) }
  }

  @Test func garbageNeverCrashesIt() {
    var random = SplitMix(state: 7)
    for _ in 0..<20_000 {
      var bytes = hello
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do { _ = try unzstd(bytes) } catch { #expect(error is Unzstd.Failure) }
    }
  }
}
