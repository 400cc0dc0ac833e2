internal import NIOCore

/// A question that the user answers with `y`, or not.
enum Confirmation {
  /// - Returns: whether the first line of the input says yes; its end does not.
  static func ask(_ question: String) async throws -> Bool {
    try await StandardOutput.output.write("\(question) [y/N] ")
    let input = try InputReader.standardInput()
    var answer = ""
    // More than a line of a person's is none.
    while !answer.contains("\n"), answer.utf8.count < 4096, let piece = try await input.next() {
      answer += String(buffer: piece)
    }
    let line = answer.prefix { $0 != "\n" && $0 != "\r\n" }
    return line.filter { !$0.isWhitespace }.lowercased() == "y"
  }
}
