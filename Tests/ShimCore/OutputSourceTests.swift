import LinuxKernel
import Testing

@testable import ShimCore

struct OutputSourceTests {
  /// A pipe with more in it than one read takes; what comes out of it.
  private func withPipe(_ body: (OutputSource, inout Pipe, () -> Int) throws -> Void) throws {
    let loop = try EventLoop()
    var pipe = try Pipe()
    let reader = pipe.takeReadEnd()
    try reader.setNonBlocking()
    try reader.setPipeSize(1 << 18)
    let source = OutputSource(reader, .stdout, isTerminal: false, loop)
    var count = 0
    source.received = { count += $0.count }
    source.start()
    try body(source, &pipe) { count }
  }

  @Test func whatIsThereAtTheEndIsRead() throws {
    try withPipe { source, pipe, count in
      var ends = 0
      source.ended = { ends += 1 }
      let writer = pipe.takeWriteEnd()
      try writer.writeAll([UInt8](repeating: 7, count: 200_000))
      // Somebody holds it open still, and nothing was read while a disk took its time.
      source.endAfterRest()
      #expect(count() == 200_000 && source.isEnded && ends == 1)
      source.endAfterRest()
      #expect(ends == 1)
      _ = consume writer
    }
  }

  @Test func whoWritesOnIsNotWaitedFor() throws {
    try withPipe { source, pipe, count in
      let writer = pipe.takeWriteEnd()
      try writer.writeAll([UInt8](repeating: 7, count: 1000))
      var total = 0
      source.received = {
        total += $0.count
        // As much again, for ever.
        do { try writer.writeAll([UInt8](repeating: 7, count: $0.count)) } catch { Issue.record("\(error)") }
      }
      source.endAfterRest()
      #expect(total == 1000 && source.isEnded)
    }
  }

  @Test func anEndIsAnEnd() throws {
    try withPipe { source, pipe, count in
      do { try pipe.takeWriteEnd().writeAll([1, 2, 3]) }
      source.endAfterRest()
      #expect(count() == 3 && source.isEnded)
    }
  }
}
