internal import ShimProtocol

/// Turns what a start ran into into what a client is told, with the exit code that Docker gives for it.
enum StartFailureTranslation {
  static func error(_ error: any Error) -> ContainerError {
    switch error {
    case let error as ContainerError: error
    case let failure as ShimFailure where failure.code == .runtime: runtime(failure.message)
    default: .failed("\(error)")
    }
  }

  /// What the client makes its own exit code of stands in the message, so it keeps the runtime's words.
  static func runtime(_ message: String) -> ContainerError {
    .cannotStart(
      message: "failed to create task for container: failed to create shim task: OCI runtime create failed: \(message)",
      status: status(message))
  }

  static func status(_ message: String) -> Int32 {
    let text = message.lowercased()
    if ["executable file not found", "no such file or directory", "system cannot find the file specified"]
      .contains(where: text.contains)
    {
      return 127
    }
    return ["permission denied", "is a directory", "not a directory"].contains(where: text.contains) ? 126 : 128
  }
}
