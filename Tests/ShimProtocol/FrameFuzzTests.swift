import JSON
import ShimProtocol
import Testing

/// Feeds the decoder and the message parsers what a hostile or broken peer might send. The generator is seeded, so that a
/// failure can be repeated.
@Suite struct FrameFuzzTests {
  /// SplitMix64.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static let seeds: [[UInt8]] =
    MessageTests.requests.map { Frame(.request, Array($0.1.utf8)).bytes }
    + [Frame(.stdin, Array("input".utf8)).bytes, Frame(.stdout, []).bytes]

  static func mutate(_ seed: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let index = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0 where !bytes.isEmpty: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
      case 1 where !bytes.isEmpty: bytes.remove(at: index)
      case 2: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: min(index, bytes.count))
      default: bytes.append(contentsOf: seeds.randomElement(using: &generator) ?? [])
      }
    }
    return bytes
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func decoderAnswersTheSameHoweverTheBytesAreCut(seed: UInt64) {
    var generator = Generator(state: seed)
    for _ in 0..<300 {
      let bytes = Self.mutate(Self.seeds.randomElement(using: &generator) ?? [], &generator)
      #expect(Self.outcome([bytes]) == Self.outcome(bytes.map { [$0] }))
    }
  }

  /// Every frame and the error that ended it, in words; requests that can be read must read the same when written again.
  static func outcome(_ chunks: [[UInt8]]) -> [String] {
    var decoder = FrameDecoder()
    var events: [String] = []
    do {
      for chunk in chunks {
        decoder.append(chunk)
        while let frame = try decoder.next() {
          events.append("\(frame.kind) \(frame.payload.count)")
          check(frame)
        }
      }
    } catch { events.append("\(error)") }
    return events
  }

  static func check(_ frame: Frame) {
    guard frame.kind == .request, let request = try? ShimRequest(jsonText: frame.payload) else { return }
    let again = try? ShimRequest(jsonText: JSONWriter.bytes(request))
    #expect(again == request)
  }
}
