internal import EngineAPI
internal import JSON

/// Prints what the daemon says while it loads or pulls: on a terminal a line for each layer, that changes; elsewhere the
/// steps, without how far each is.
struct ProgressPrinter {
  let isQuiet: Bool
  var output = StandardOutput.output

  /// - Throws: ``ClientError/failed(_:)`` with the error that the daemon reports.
  func print(_ answer: Answer) async throws {
    var board = ProgressBoard(isTerminal: output.isTerminal)
    for try await line in answer.lines() {
      let message = try ProgressMessage(json: line)
      if !message.error.isEmpty { throw ClientError.failed(message.error) }
      if !message.stream.isEmpty {
        board.end()
        try await output.write(message.stream)
      } else if !isQuiet, !message.status.isEmpty {
        try await output.write(board.text(of: message))
      }
    }
  }
}

/// The lines that a terminal shows.
struct ProgressBoard {
  let isTerminal: Bool
  /// What has a line, from the top down.
  private var lines: [String] = []

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// What to print.
  mutating func text(of message: ProgressMessage) -> String {
    let step = (message.id.isEmpty ? "" : "\(message.id): ") + message.status
    let isMoving = message.progressDetail?.total != nil
    guard isTerminal, !message.id.isEmpty, message.progressDetail != nil else {
      end()
      return isMoving ? "" : step + "\n"
    }
    let text = message.progress.isEmpty ? step : "\(step) \(message.progress)"
    guard let place = lines.firstIndex(of: message.id) else {
      lines.append(message.id)
      return text + "\n"
    }
    // Up to its line, which is cleared and written, and down again.
    let distance = lines.count - place
    return "\u{1B}[\(distance)A\r\u{1B}[2K\(text)\r\u{1B}[\(distance)B"
  }

  /// What comes next stands below; what is above stays as it is.
  mutating func end() { lines = [] }
}
