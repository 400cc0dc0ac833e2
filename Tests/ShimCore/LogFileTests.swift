import LinuxKernel
import ShimCore
import Testing

@Suite struct LogFileTests {
  /// A disk with room for so many bytes.
  final class Disk {
    var room = Int.max
  }

  static func batch(_ lines: String...) -> RecordBatch {
    let batch = RecordBatch()
    for line in lines {
      let time = WallTime(seconds: 0, nanoseconds: 0)
      Array(line.utf8).withUnsafeBytes {
        batch.add(LogPiece(bytes: $0, endsLine: true, time: time), .stdout, JSONFileFormat(attributes: [:]))
      }
    }
    return batch
  }

  static func withLog(
    _ rotation: LogRotation = LogRotation(), _ body: (LogFile, Disk, String) throws -> Void
  ) throws {
    let folder = "/tmp/proa-log-test-\(CurrentProcess.pid)-\(UInt64.random(in: 0 ... .max))"
    try Directory.make(folder)
    defer { #expect(throws: Never.self) { try Directory.removeTree(folder) } }
    let disk = Disk()
    try body(try open("\(folder)/log", disk, rotation), disk, "\(folder)/log")
  }

  static func open(_ path: String, _ disk: Disk, _ rotation: LogRotation = LogRotation()) throws -> LogFile {
    try LogFile(path: path, format: JSONFileFormat(attributes: [:]), rotation: rotation) {
      file, bytes throws(SyscallError) in
      guard disk.room > 0 else { throw SyscallError("write", errno: .noSpace) }
      let count = try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, disk.room)]))
      disk.room -= count
      return count
    }
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
    for path in ["/dev/null", "/nonexistent/log"] {
      #expect(throws: SyscallError.self) { try Self.open(path, Disk()) }
    }
  }

  @Test func tornLastRecordDoesNotSpoilTheNext() throws {
    try Self.withLog { log, disk, path in
      log.append(Self.batch("a"))
      try FileDescriptor.open(path, [.writeOnly, .append]).writeAll(Array(#"{"log":"torn"#.utf8))
      try Self.open(path, disk).append(Self.batch("b"))
      let lines = try Self.lines(path)
      #expect(lines == ["a", "torn", "b"])
    }
  }

  @Test func removedFileIsMadeAgain() throws {
    try Self.withLog { log, _, path in
      log.append(Self.batch("a"))
      try Directory.removeTree(path)
      log.append(Self.batch("b"))
      let lines = try Self.lines(path)
      #expect(lines == ["[proa: the log file was removed, and what was in it]", "b"])
    }
  }

  // MARK: - Rotation

  /// Bytes of a record with one letter.
  static let record = Int64(batch("a").count)

  @Test func fullFileBecomesTheFirstOfTheOldOnes() throws {
    try Self.withLog(LogRotation(maximumSize: Self.record * 2 - 1, maximumFiles: 3)) { log, _, path in
      log.append(Self.batch("a", "b", "c"))
      log.append(Self.batch("d"))
      let found1 = try Self.lines(path)
      #expect(found1 == ["c", "d"])
      let found2 = try Self.lines("\(path).1")
      #expect(found2 == ["a", "b"])
      log.append(Self.batch("e", "f", "g", "h", "i"))
      let found3 = try Self.lines(path)
      #expect(found3 == ["i"])
      let found4 = try Self.lines("\(path).1")
      #expect(found4 == ["g", "h"])
      let found5 = try Self.lines("\(path).2")
      #expect(found5 == ["e", "f"])
      let found6 = try FileStatus.of("\(path).3")
      #expect(found6 == nil)
    }
  }

  @Test func logOfOneFileBeginsAnewAndLeavesTheOldOneToItsReaders() throws {
    try Self.withLog(LogRotation(maximumSize: Self.record * 2, maximumFiles: 1)) { log, _, path in
      log.append(Self.batch("a", "b"))
      let reader = try FileDescriptor.open(path)
      log.append(Self.batch("c"))
      let found7 = try Self.lines(path)
      #expect(found7 == ["c"])
      let found8 = try reader.readAll().count
      #expect(found8 == Int(Self.record) * 2)
      let found9 = try FileStatus.of("\(path).next")
      #expect(found9 == nil)
    }
  }

  @Test func compressedFilesAreMovedOnToo() throws {
    try Self.withLog(LogRotation(maximumSize: Self.record, maximumFiles: 4)) { log, _, path in
      log.append(Self.batch("a", "b"))
      try GzipFile.compress("\(path).1", to: "\(path).1.gz")
      try Directory.removeTree("\(path).1")
      log.append(Self.batch("c"))
      let found10 = try FileStatus.of("\(path).2.gz")
      #expect(found10 != nil)
      let found11 = try Self.lines("\(path).1")
      #expect(found11 == ["b"])
    }
  }

  @Test func compressedFileHasTheTimeOfItsSource() throws {
    try Self.withLog { log, _, path in
      log.append(Self.batch("a"))
      try GzipFile.compress(path, to: "\(path).gz")
      let (source, target) = (try FileStatus.of(path), try FileStatus.of("\(path).gz"))
      #expect(source?.modified == target?.modified && source?.modifiedNanoseconds == target?.modifiedNanoseconds)
      #expect(try AtomicFile.read("\(path).gz").starts(with: [0x1F, 0x8B]))
    }
  }
}
