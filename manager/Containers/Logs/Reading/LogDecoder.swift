/// Cuts the bytes of log files into records. One for each format.
package protocol LogDecoder: Sendable {
  /// Takes the bytes that follow those before, and adds to `batch` what is complete. What is no record is left out.
  mutating func decode(_ bytes: UnsafeRawBufferPointer, into batch: inout LogBatch)

  /// The file has ended: a record that is not complete never will be.
  mutating func reset()

  /// Does not add the next `count` records.
  mutating func skip(_ count: Int)

  /// How many records there are in the bytes; keeps what is not complete for the next call.
  mutating func count(_ bytes: UnsafeRawBufferPointer) -> Int

  /// Where the last `count` complete records of a file of `size` bytes begin.
  func position(ofLast count: Int, _ file: any LogFileContent, _ size: Int64) throws -> LogPosition
}

/// The bytes of a file, wherever in it they are.
package protocol LogFileContent {
  /// - Throws: an error if there are fewer.
  func bytes(_ range: Range<Int64>) throws -> [UInt8]
}

/// Where in a file the last records are.
package struct LogPosition: Equatable {
  package var offset: Int64
  /// Records after it that are not among them.
  package var skipped = 0
  /// How many of them there are: no more than were wanted.
  package var found: Int
}
