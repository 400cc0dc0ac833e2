import LinuxKernel
import ShimCore
import Testing

@Suite struct LogFileTests {
  /// A disk with room for so many bytes.
  final class Disk {
    var room = Int.max
  }

  static func batch(_ lines: String...) -> LogFile.Batch {
    var batch = LogFile.Batch()
    for line in lines {
      let time = WallTime(seconds: 0, nanoseconds: 0)
      batch.add(LogLineSplitter.Piece(bytes: Array(line.utf8)[...], endsLine: true, time: time), .stdout)
    }
    return batch
  }

  static func withLog(_ body: (LogFile, Disk, String) throws -> Void) throws {
    let path = "/tmp/proa-log-test-\(CurrentProcess.pid)-\(UInt64.random(in: 0 ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    let disk = Disk()
    let log = try LogFile(path: path) { file, bytes throws(SyscallError) in
      guard disk.room > 0 else { throw SyscallError("write", errno: .noSpace) }
      let count = try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, disk.room)]))
      disk.room -= count
      return count
    }
    try body(log, disk, path)
  }

  static func lines(_ path: String) throws -> [String] {
    String(decoding: try AtomicFile.read(path), as: UTF8.self).split(separator: "\n").map {
      String($0.dropFirst(#"{"log":""#.count).prefix { $0 != "\\" })
    }
  }

  @Test func recordsAreAppended() throws {
    try Self.withLog { log, _, path in
      log.append(Self.batch("a", "b"))
      log.append(Self.batch("c"))
      let lines1 = try Self.lines(path)
      #expect(lines1 == ["a", "b", "c"])
    }
  }

  @Test func fullDiskLosesWholeRecordsAndSaysSoLater() throws {
    try Self.withLog { log, disk, path in
      log.append(Self.batch("kept"))
      disk.room = Self.batch("b").bytes.count + 5
      log.append(Self.batch("b", "torn", "lost"))
      let lines2 = try Self.lines(path)
      #expect(lines2 == ["kept", "b"])
      log.append(Self.batch("lost too"))
      disk.room = .max
      log.append(Self.batch("after"))
      log.append(Self.batch("later"))
      let marker = "[proa: 3 log records were lost here: no space left on device]"
      let lines3 = try Self.lines(path)
      #expect(lines3 == ["kept", "b", marker, "after", "later"])
    }
  }

  @Test func markerThatDoesNotFitIsNotTorn() throws {
    try Self.withLog { log, disk, path in
      disk.room = 0
      log.append(Self.batch("lost"))
      disk.room = 10
      log.append(Self.batch("lost too"))
      let lines4 = try Self.lines(path)
      #expect(lines4 == [])
      disk.room = .max
      log.append(Self.batch("after"))
      let lines5 = try Self.lines(path)
      #expect(lines5 == ["[proa: 2 log records were lost here: no space left on device]", "after"])
    }
  }

  @Test func whatIsNoFileIsRefused() {
    #expect(throws: SyscallError.self) { try LogFile(path: "/dev/null") }
    #expect(throws: SyscallError.self) { try LogFile(path: "/nonexistent/log") }
  }
}
