import GRDB
import Glibc
import Metadata
import Testing

struct DurabilityTests {
  @Test func `what was committed is there for the next process, what was not is not`() async throws {
    try await withDatabasePath { path in
      let database = try await Metadata.Database.open(at: path)
      try await database.insertContainer(row("kept"))
      // A copy of the files, taken with a transaction open and never ended, is what a killed process leaves.
      let writer = try DatabaseQueue(path: path)
      try await writer.writeWithoutTransaction { raw in
        try raw.execute(sql: "BEGIN IMMEDIATE; INSERT INTO containers VALUES ('lost', 'lost', 1, 'i', '{}')")
        for suffix in ["", "-wal"] { try copy(path + suffix, path + ".copy" + suffix) }
        try raw.execute(sql: "ROLLBACK")
      }
      let survivor = try await Metadata.Database.open(at: path + ".copy")
      #expect(try await survivor.containers { $0.id } == ["kept"])
    }
  }

  @Test func `the file is the owner's alone and in write-ahead mode`() async throws {
    try await withDatabasePath { path in
      let database = try await Metadata.Database.open(at: path)
      try await database.insertContainer(row("a"))
      var status = stat()
      for suffix in ["", "-wal"] {
        try #require(stat(path + suffix, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600, "\(suffix)")
      }
    }
  }

  @Test func `the log has space before it needs any`() async throws {
    try await withDatabasePath { path in
      let database = try await Metadata.Database.open(at: path)
      try await database.insertContainer(row("a"))
      var status = stat()
      try #require(stat(path + "-wal", &status) == 0)
      #expect(status.st_blocks * 512 >= 6 << 20)
      #expect(status.st_size < 1 << 20)
    }
  }

  @Test(arguments: [0, 4096])
  func `a damaged file is moved aside with a report and a fresh one begun`(offset: Int) async throws {
    try await withDatabasePath { path in
      let first = try await Metadata.Database.open(at: path)
      for number in 0..<40 { try await first.insertContainer(row("\(number)")) }
      try first.close()
      // Else the log, which is whole, would mend the damage.
      try await DatabaseQueue(path: path).writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try overwrite(path, at: offset, count: 64)
      let incidents = Incidents()
      let second = try await Metadata.Database.open(at: path, report: incidents.append)
      #expect(try await second.containers { $0.id }.isEmpty)
      let what = try #require(incidents.all.first)
      #expect(what.kind == .database)
      #expect(what.key.hasPrefix(path + ".unreadable-"))
      #expect(entries(of: what.key).contains("proa.db"))
    }
  }

  @Test func `a file of a newer version is refused and left alone`() async throws {
    try await withDatabasePath { path in
      let first = try await Metadata.Database.open(at: path)
      try first.close()
      let queue = try DatabaseQueue(path: path)
      try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('containers-99')") }
      try queue.close()
      await #expect {
        try await Metadata.Database.open(at: path)
      } throws: {
        "\($0)".contains("newer version")
      }
      #expect(entries(of: String(path.dropLast("/proa.db".count))).filter { $0.contains("unreadable") }.isEmpty)
    }
  }

  @Test func `a folder that is not there is named in the error`() async throws {
    await #expect {
      try await Metadata.Database.open(at: "/nonexistent-proa/proa.db")
    } throws: {
      "\($0)".contains("/nonexistent-proa/proa.db") && "\($0)".contains("no such file")
    }
  }
}

private struct Failure: Error { let call: String }

private func copy(_ source: String, _ target: String) throws {
  guard let input = fopen(source, "r"), let output = fopen(target, "w") else { throw Failure(call: "fopen") }
  defer {
    fclose(input)
    fclose(output)
  }
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = fread(&buffer, 1, buffer.count, input), count > 0 {
    guard fwrite(buffer, 1, count, output) == count else { throw Failure(call: "fwrite") }
  }
}

private func overwrite(_ path: String, at offset: Int, count: Int) throws {
  guard let file = fopen(path, "r+") else { throw Failure(call: "fopen") }
  defer { fclose(file) }
  let noise = [UInt8](repeating: 0xA5, count: count)
  guard fseek(file, offset, SEEK_SET) == 0, fwrite(noise, 1, count, file) == count else {
    throw Failure(call: "fwrite")
  }
}
