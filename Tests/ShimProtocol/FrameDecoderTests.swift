import ShimProtocol
import Testing

@Suite struct FrameDecoderTests {
  static let frames = [
    Frame(.stdin, []), Frame(.stdout, Array("hello\n".utf8)), Frame(.stderr, [0, 255]),
    Frame(.request, Array(repeating: 0x20, count: 70_000)), Frame(.reply, [1]), Frame(.event, Array("{}".utf8)),
  ]

  @Test func headerIsDockers() {
    #expect(Frame(.stderr, Array("hi".utf8)).bytes == [2, 0, 0, 0, 0, 0, 0, 2, 0x68, 0x69])
    #expect(Frame.header(.stdout, length: 0x01_0203) == [1, 0, 0, 0, 0, 1, 2, 3])
  }

  @Test(arguments: [1, 2, 7, 8, 9, 4096, 1 << 20])
  func framesComeOutAsTheyWentInWhateverThePieces(size: Int) throws {
    let stream = Self.frames.flatMap(\.bytes)
    var decoder = FrameDecoder()
    var decoded: [Frame] = []
    var rest = stream[...]
    while !rest.isEmpty {
      decoder.append(rest.prefix(size))
      rest = rest.dropFirst(size)
      while let frame = try decoder.next() { decoded.append(frame) }
    }
    #expect(decoded == Self.frames)
    #expect(decoder.pendingCount == 0)
  }

  @Test func incompleteFrameIsHeldBack() throws {
    var decoder = FrameDecoder()
    decoder.append(Frame(.stdin, [1, 2, 3]).bytes.dropLast())
    #expect(try decoder.next() == nil)
    #expect(decoder.pendingCount == 10)
    decoder.append([3])
    #expect(try decoder.next() == Frame(.stdin, [1, 2, 3]))
  }

  @Test(arguments: [
    ([3] as [UInt8], FrameError.unknownKind(3)),
    ([0x47, 0x45, 0x54], .unknownKind(0x47)),
    ([0, 0, 0, 1, 0, 0, 0, 0], .reservedBytes),
    ([0, 0, 0, 0, 0, 1, 0, 1], .tooLong(kind: .stdin, length: 65_537)),
    ([16, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], .tooLong(kind: .request, length: 4_294_967_295)),
  ])
  func badHeaderIsRefusedForGood(bytes: [UInt8], error: FrameError) {
    var decoder = FrameDecoder()
    decoder.append(bytes)
    #expect(throws: error) { try decoder.next() }
    decoder.append(Frame(.stdin, [1]).bytes)
    #expect(throws: error) { try decoder.next() }
    #expect(decoder.pendingCount == 0)
  }

  @Test func longStreamsAreCutIntoAcceptedFrames() {
    let bytes = [UInt8](repeating: 7, count: 150_000)
    let frames = Frame.split(.stdout, bytes[...])
    #expect(frames.map(\.payload.count) == [65_536, 65_536, 18_928])
    #expect(frames.flatMap(\.payload) == bytes)
  }
}
