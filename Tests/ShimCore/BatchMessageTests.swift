import LinuxKernel
import Testing

@testable import ShimCore

@Suite struct BatchMessageTests {
  @Test func recordsArriveAsTheyWere() throws {
    var pipe = try Pipe()
    let output = pipe.takeWriteEnd()
    let input = pipe.takeReadEnd()
    let batch = LogFileTests.batch("a", "bcd", "")
    try output.writeAll(BatchMessage.bytes(batch, afterLosing: 7) + BatchMessage.bytes(RecordBatch(), afterLosing: 1))
    try output.close()
    let arrived = RecordBatch()
    let first = try BatchMessage.read(input, into: arrived)
    #expect(first == 7)
    #expect(arrived.bytes.elementsEqual(batch.bytes))
    #expect(arrived.ends == batch.ends)
    let second = try BatchMessage.read(input, into: arrived)
    #expect(second == 1 && arrived.count == 0)
    let end = try BatchMessage.read(input, into: arrived)
    #expect(end == nil)
  }

  @Test func messageThatIsCutIsNone() throws {
    var pipe = try Pipe()
    let output = pipe.takeWriteEnd()
    let input = pipe.takeReadEnd()
    try output.writeAll(Array(BatchMessage.bytes(LogFileTests.batch("a"), afterLosing: 0).dropLast()))
    try output.close()
    let cut = try BatchMessage.read(input, into: RecordBatch())
    #expect(cut == nil)
  }
}
