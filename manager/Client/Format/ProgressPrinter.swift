internal import EngineAPI
internal import JSON

/// Prints what the daemon says while it loads or pulls: what it says for a person, and steps when they change.
struct ProgressPrinter {
  let isQuiet: Bool

  /// - Throws: ``ClientError/failed(_:)`` with the error that the daemon reports.
  func print(_ answer: Answer) async throws {
    var last = ""
    for try await line in answer.lines() {
      let message = try ProgressMessage(json: line)
      if !message.error.isEmpty { throw ClientError.failed(message.error) }
      if !message.stream.isEmpty {
        try await StandardOutput.output.write(message.stream)
      } else if !isQuiet, !message.status.isEmpty {
        let step = (message.id.isEmpty ? "" : "\(message.id): ") + message.status
        if step != last { try await StandardOutput.output.writeLine(step) }
        last = step
      }
    }
  }
}
