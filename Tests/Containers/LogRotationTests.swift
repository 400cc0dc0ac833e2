import LinuxKernel
import ShimCore
import Testing

@testable import Containers

/// Reading a log of several files, while they are moved on.
@Suite struct LogRotationTests {
  private typealias Log = LogReaderTests

  /// Makes what a shim makes of a file that is compressed.
  private func compress(_ path: String) throws {
    try GzipFile.compress(path, to: "\(path).gz")
    try Directory.removeTree(path)
  }

  private func rotate(_ files: LogFileSet, with text: String) throws {
    for index in stride(from: files.maximumFiles - 1, to: 0, by: -1) {
      let source = index == 1 ? files.path : "\(files.path).\(index - 1)"
      for suffix in ["", ".gz"] where try FileStatus.of(source + suffix) != nil {
        try Directory.move(source + suffix, to: "\(files.path).\(index)\(suffix)")
      }
    }
    try AtomicFile.write(Array(text.utf8), to: files.path, durability: .visible)
  }

  @Test(arguments: [nil, 0, 1, 2, 3, 4, 5, 9] as [Int?], [false, true])
  func oldFilesComeFirst(tail: Int?, compressed: Bool) throws {
    let all = (1...5).map { Log.line("\($0)", second: $0) }
    try Log.withLog(all[4], all[2] + all[3], all[0] + all[1]) { files in
      if compressed { for index in 1...2 { try compress("\(files.path).\(index)") } }
      let found = try Log.texts(Log.reader(files) { $0.tail = tail })
      #expect(found == (1...5).map { "\($0)\n" }.suffix(tail ?? 5))
    }
  }

  @Test func oldFilesAreNotReadForWhatIsNew() throws {
    try Log.withLog(Log.line("new", second: 9), "not even read") { files in
      try FileDescriptor.open("\(files.path).1", .writeOnly).setTimes(seconds: 1, nanoseconds: 0)
      let found = try Log.texts(Log.reader(files) { $0.since = Log.time(5) })
      #expect(found == ["new\n"])
    }
  }

  @Test func damagedCompressedFileIsReadAsFarAsPossibleAndMarked() throws {
    try Log.withLog(Log.line("new", second: 9), Log.line("old", second: 1)) { files in
      try compress("\(files.path).1")
      let whole = try AtomicFile.read("\(files.path).1.gz")
      try AtomicFile.write(Array(whole.dropLast(5)), to: "\(files.path).1.gz", durability: .visible)
      let found = try Log.texts(Log.reader(files))
      #expect(found == ["old\n", "[proa: log records were lost here: the gzip stream ends too early]\n", "new\n"])
    }
  }

  // MARK: - Following

  @Test(arguments: [1, 2, 3], [false, true])
  func nothingIsMissedWhenFilesMoveOn(rotations: Int, compressed: Bool) throws {
    try Log.withLog(Log.line("1", second: 1)) { files in
      let reader = Log.reader(files) { $0.follow = true }
      let found1 = try Log.texts(reader)
      #expect(found1 == ["1\n"])
      try Log.append(Log.line("2", second: 2), files.path)
      for index in 0..<rotations { try rotate(files, with: Log.line("\(index + 3)", second: index + 3)) }
      if compressed { try compress("\(files.path).\(rotations)") }
      let found2 = try Log.texts(reader)
      #expect(found2 == (2..<(rotations + 3)).map { "\($0)\n" })
      try Log.append(Log.line("9", second: 9), files.path)
      let found3 = try Log.texts(reader)
      #expect(found3 == ["9\n"])
    }
  }

  @Test func whatWentUnreadIsMarked() throws {
    try Log.withLog(Log.line("1", second: 1)) { files in
      let reader = Log.reader(files) { $0.follow = true }
      let found4 = try Log.texts(reader)
      #expect(found4 == ["1\n"])
      for index in 2...8 { try rotate(files, with: Log.line("\(index)", second: index)) }
      let found = try Log.texts(reader)
      #expect(found.first == "[proa: log records may be missing here: files went before they were read]\n")
      #expect(found.dropFirst() == ["4\n", "5\n", "6\n", "7\n", "8\n"])
    }
  }

  @Test(arguments: [(0, false), (3600, true)] as [(Int64, Bool)])
  func logOfOneFileIsReplaced(later: Int64, isMarked: Bool) throws {
    try Log.withLog(Log.line("1", second: 1)) { files in
      let files = LogFileSet(path: files.path, maximumFiles: 1)
      let reader = Log.reader(files) { $0.follow = true }
      let found5 = try Log.texts(reader)
      #expect(found5 == ["1\n"])
      try Log.append(Log.line("2", second: 2), files.path)
      let time = Timestamp(nanoseconds: Timestamp.now().nanoseconds + later * 1_000_000_000)
      let next = #"{"log":"3\n","stream":"stdout","time":"\#(time)"}"# + "\n"
      try AtomicFile.write(Array(next.utf8), to: files.path, durability: .visible)
      let found = try Log.texts(reader)
      #expect(found.filter { !$0.hasPrefix("[proa") } == ["2\n", "3\n"])
      #expect(found.contains { $0.hasPrefix("[proa: log records may be missing here") } == isMarked)
    }
  }

  @Test func cutFileIsReadFromItsBeginning() throws {
    try Log.withLog(Log.line("1", second: 1) + Log.line("2", second: 2)) { files in
      let reader = Log.reader(files) { $0.follow = true }
      let found6 = try Log.texts(reader)
      #expect(found6 == ["1\n", "2\n"])
      try FileDescriptor.open(files.path, .writeOnly).truncate(to: 0)
      let found7 = try Log.texts(reader)
      #expect(found7 == [])
      try Log.append(Log.line("3", second: 3), files.path)
      let found8 = try Log.texts(reader)
      #expect(found8 == ["3\n"])
    }
  }

  @Test func removedFileIsAwaited() throws {
    try Log.withLog(Log.line("1", second: 1)) { files in
      let reader = Log.reader(files) { $0.follow = true }
      let found9 = try Log.texts(reader)
      #expect(found9 == ["1\n"])
      try Directory.removeTree(files.path)
      let found10 = try Log.texts(reader)
      #expect(found10 == [])
      try Log.append(Log.line("2", second: 2), files.path)
      let found11 = try Log.texts(reader).last
      #expect(found11 == "2\n")
    }
  }
}
