internal import Synchronization

/// Reads a log from a place on, as far as it has been written. Blocks. For one caller at a time.
final class LogReader: Sendable {
  private let cursor: Mutex<LogCursor>

  /// - Parameter request: what is wanted; ``LogRequest/tail`` says where it begins.
  init(_ files: LogFileSet, _ decoder: any LogDecoder, _ request: LogRequest) {
    cursor = Mutex(LogCursor(files, decoder, request))
  }

  /// The next entries, a chunk's worth; `nil` if there are none yet. There may be none among them that are wanted.
  func next() throws -> LogBatch? { try cursor.withLock { try $0.next() } }
}
